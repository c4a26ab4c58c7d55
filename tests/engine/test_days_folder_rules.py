"""What a person sees of folder rules (R12)."""

import pytest

from mydoctransfer.model import commands as c
from mydoctransfer.model.errors import UsageError
from mydoctransfer.model.events import RulesChanged
from mydoctransfer.model.rules import Rule
from tests.engine.days import Day, a_day
from tests.simulation.world.cloud import OTHER, USER


def message_of(day: Day, path: str) -> str:
    return {item["path"]: item["message"] for item in day.status(day.device())["items"]}[path]


def test_a_rule_with_a_person_unknown_here_is_named_and_sends_as_soon_as_it_is_right():
    with a_day() as day:
        day.tell(c.SetFolderRule("team", None, ("nobody@example.org",)))
        day.write("team/a.txt")
        day.pass_time(400)
        assert message_of(day, "team/a.txt") == (
            "The rule of this folder shares with nobody@example.org. "
            "Somebody among the recipients has no account here. Correct the rule."
        )
        assert day.live_paths() == []
        day.tell(c.SetFolderRule("team", None, (OTHER.email,)))
        day.pass_time(5)
        assert (day.live_paths(), message_of(day, "team/a.txt")) == (["team/a.txt"], "")


def rules_told(day: Day) -> list[tuple[Rule, ...]]:
    return [event.rules for event in day.device().events if isinstance(event, RulesChanged)]


def test_the_window_is_told_of_every_rule_that_is_set_changed_or_removed():
    with a_day() as day:
        day.tell(c.SetFolderRule("team", 3600, (OTHER.email,)))
        day.tell(c.SetFolderRule("a/b", 60))
        day.tell(c.SetFolderRule("team", None, ()))
        day.tell(c.RemoveFolderRule("a/b"))
        day.pass_time(1)
        ab, team = Rule("a/b", 60, ()), Rule("team", 3600, (OTHER.email,))
        plain = Rule("team", None, ())
        assert rules_told(day) == [(team,), (ab, team), (ab, plain), (plain,)]


def test_a_removed_rule_holds_no_more_for_what_is_new_and_changes_nothing_that_is_there():
    with a_day() as day:
        day.tell(c.SetFolderRule("team", 3600, (OTHER.email,)))
        day.write("team/before.txt")
        day.pass_time(10)
        day.tell(c.RemoveFolderRule("team"))
        day.write("team/after.txt")
        day.pass_time(10)
        people = {d.path: [p.email for p in d.people.values()] for d in day.live(USER.sub)}
        assert people == {"team/before.txt": [OTHER.email], "team/after.txt": []}


@pytest.mark.parametrize("path", ["", ".", "team/.."])
def test_the_watched_folder_itself_has_no_rule(path: str):
    with a_day() as day:
        refused = day.tell(c.SetFolderRule(path, 3600))
        assert isinstance(refused, UsageError)
        assert "inside the watched folder" in refused.message
        assert rules_told(day) == [()]
