"""What is on its way is published under the rule that holds when it is first created (R12)."""

import pytest

from mydoctransfer.engine.execution.errand import outdated
from mydoctransfer.engine.execution.intents import publish_intent, published_by
from mydoctransfer.model import commands as c
from mydoctransfer.model.actions import NewDocument, Publish
from mydoctransfer.model.rules import FolderRule
from mydoctransfer.model.trees import LocalFile, RelPath, Stat
from tests.engine.days import Day, a_day
from tests.engine.test_halting import OFTEN, sent
from tests.simulation.world.cloud import OTHER, USER
from tests.simulation.world.rest import quiesce

SIZES = {"small": "s00001", "large": "L00001"}


def with_a_rule(day: Day, *people: str) -> None:
    day.tell(c.SetFolderRule("team", 3600, people))


def is_on_its_way(day: Day, content: str) -> None:
    """Go on until bytes of the file are in the store, and no document is made of them yet."""
    is_large = content.startswith("L")
    arrives = (lambda: any(0 < n < 72 for n in sent(day))) if is_large else (lambda: day.puts > 0)
    day.until(arrives, "nothing arrives", OFTEN)
    assert day.live_paths() == []


def killed_while_it_sends(day: Day, content: str) -> None:
    """A file was on its way to the people of a rule, and the program is there again."""
    with_a_rule(day, OTHER.email)
    day.sync()
    day.write("team/a.txt", content)
    is_on_its_way(day, content)
    day.device().crash()
    day.device().start()


def given(day: Day) -> dict[str, tuple[list[str], int]]:
    """For whom each document is, and how many seconds it lives."""
    return {
        d.path: ([p.email for p in d.people.values()], (d.expires_at - d.uploaded_at) // 1000)
        for d in day.live(USER.sub)
    }


def nothing_is_left(day: Day) -> None:
    journal = day.device().engine._journal
    assert (journal.transfers(), journal.intents()) == ([], {})


@pytest.mark.parametrize("content", SIZES.values(), ids=SIZES)
def test_a_rule_changed_while_a_file_is_sent_holds_for_it(content: str) -> None:
    """A wrong person got it, for a time nobody wanted any more."""
    with a_day() as day:
        with_a_rule(day, OTHER.email)
        day.sync()
        day.write("team/a.txt", content)
        is_on_its_way(day, content)
        day.tell(c.SetFolderRule("team", 60, ()))
        day.pass_time(20)
        assert given(day) == {"team/a.txt": ([], 60)}
        nothing_is_left(day)
        quiesce(day)


@pytest.mark.parametrize("content", SIZES.values(), ids=SIZES)
def test_a_rule_that_comes_while_a_file_is_sent_gives_it_to_its_people(content: str) -> None:
    with a_day() as day:
        day.sync()
        day.write("team/a.txt", content)
        is_on_its_way(day, content)
        with_a_rule(day, OTHER.email)
        day.pass_time(20)
        assert given(day) == {"team/a.txt": ([OTHER.email], 3600)}
        nothing_is_left(day)
        quiesce(day)


def test_what_goes_along_under_another_rule_is_sent_once() -> None:
    with a_day(batch=10) as day:
        with_a_rule(day, OTHER.email)
        day.sync()
        day.write("team/a.txt", "s00001")
        day.write("b.txt", "s00002")
        is_on_its_way(day, "s00001")
        day.tell(c.SetFolderRule("team", 3600, ()))
        day.pass_time(60)
        assert {path: people for path, (people, _) in given(day).items()} == {
            "b.txt": [],
            "team/a.txt": [],
        }
        assert day.puts == 3


@pytest.mark.parametrize("goal", ["a.txt", "other/a.txt"])
def test_a_file_that_leaves_its_rule_while_it_is_sent_goes_to_nobody(goal: str) -> None:
    with a_day() as day:
        with_a_rule(day, OTHER.email)
        day.sync()
        day.write("team/a.txt", "L00001")
        is_on_its_way(day, "L00001")
        assert day.device().folder.rename("team/a.txt", goal)
        day.did("team/a.txt", goal)
        day.pass_time(120)
        assert {path: people for path, (people, _) in given(day).items()} == {goal: []}
        nothing_is_left(day)
        quiesce(day)


def test_a_file_that_is_deleted_while_it_is_sent_to_people_is_never_theirs() -> None:
    with a_day() as day:
        with_a_rule(day, OTHER.email)
        day.sync()
        day.write("team/a.txt", "L00001")
        is_on_its_way(day, "L00001")
        assert day.device().folder.delete("team/a.txt")
        day.did("team/a.txt")
        day.pass_time(30)
        assert given(day) == {}
        nothing_is_left(day)


@pytest.mark.parametrize("content", SIZES.values(), ids=SIZES)
def test_killed_while_it_sends_a_file_the_program_asks_for_the_rule_of_its_next_start(
    content: str,
) -> None:
    with a_day() as day:
        killed_while_it_sends(day, content)
        day.tell(c.SetFolderRule("team", 60, ()))
        day.pass_time(60)
        assert given(day) == {"team/a.txt": ([], 60)}
        nothing_is_left(day)
        quiesce(day)


@pytest.mark.parametrize("content", SIZES.values(), ids=SIZES)
def test_a_rule_set_beside_no_running_program_gives_up_what_was_begun_under_another(
    content: str,
) -> None:
    """The sweep would publish what has arrived of it before the program is started again."""
    with a_day() as day:
        killed_while_it_sends(day, content)
        day.device().engine._standing.works = False
        day.tell(c.SetFolderRule("team", 60, ()))
        nothing_is_left(day)
        day.pass_time(1200)
        assert given(day) == {}
        day.device().crash()
        day.device().start()
        day.pass_time(60)
        assert given(day) == {"team/a.txt": ([], 60)}


@pytest.mark.parametrize("has_rules", [True, False])
def test_what_is_not_there_any_more_is_published_only_where_no_rule_can_be_meant(
    has_rules: bool,
) -> None:
    """Its bytes arrived whole, and it was moved or deleted then. Where all documents are alike it
    needs not be sent again for another name."""
    with a_day() as day:
        if has_rules:
            with_a_rule(day, OTHER.email)
        tools = day.device().engine._tools
        file = LocalFile(Stat(1, 2, 3, 0, 0), 4, "5")
        terms = tools.rules().terms(RelPath("team/a.txt"), with_people=True)
        gone = Publish(RelPath("team/a.txt"), file, NewDocument(RelPath("team/a.txt"), True, terms))
        assert outdated(tools, [gone]) == ([gone] if has_rules else [])


def test_an_intent_says_for_whom_and_one_of_the_version_before_can_be_read() -> None:
    file = LocalFile(Stat(1, 2, 3, 0, 0), 4, "5")
    rule = FolderRule(3600, (OTHER.email,))
    action = Publish(RelPath("a"), file, NewDocument(RelPath("a"), True, rule))
    assert published_by(publish_intent(action)) == action
    plain = Publish(RelPath("a"), file, NewDocument(RelPath("a"), True))
    assert publish_intent(action) != publish_intent(plain)
    assert published_by('publish|["a", "a", null, null, true, 1, 2, 3, 4, "5"]') == plain
