"""What a power loss emptied, and somebody renamed since (C02)."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mydoctransfer.engine.rows import SKIPPED
from mydoctransfer.model import commands as c
from mydoctransfer.model.trees import Skip
from tests.engine.days import Day, a_day
from tests.simulation.world.cloud import USER

ELSEWHERE = ".hidden.tmp"  # a name that nobody looks after
GRACE = 60  # seconds until an absence counts


def _empty(day: Day, path: str) -> None:
    """What a power loss leaves: the name, the times, and no bytes."""
    assert day.device().folder.write(path, b"", forge=True)


def _rename(day: Day, old: str, new: str) -> None:
    assert day.device().folder.rename(old, new)


def _settle(day: Day) -> None:
    """Long enough for an absence to be acted on."""
    day.sync()
    day.pass_time(2 * GRACE)
    day.sync()


@pytest.fixture(params=[True, False], ids=["birth times", "no birth times"])
def day(request: pytest.FixtureRequest) -> Iterator[Day]:
    """A device with one published file."""
    with a_day(has_birth=request.param) as day:
        day.write("a.txt", "s00001")
        day.sync()
        yield day


@contextmanager
def _one_lost_unsent() -> Iterator[Day]:
    """A published file, and one that was seen, never sent, and emptied while nothing ran."""
    with a_day() as day:
        day.write("keep.txt", "s00002")
        day.sync()
        day.write("a.txt", "s00001")
        day.until(lambda: day.device().journal.local("a.txt") is not None, "a.txt is not seen")
        day.device().crash()
        _empty(day, "a.txt")
        yield day


def _check_kept_as(day: Day, path: str, share_id: str) -> None:
    assert (day.id_of(path), day.content_at(path)) == (share_id, "s00001")
    assert day.live_paths() == [path]
    assert (day.states(), day.puts) == ({path: "skipped"}, 1)


@pytest.mark.parametrize("is_seen", [True, False], ids=["seen before", "unseen"])
def test_a_document_follows_its_emptied_file_and_keeps_its_bytes(day, is_seen):
    """C02: whether or not anybody looked between the power loss and the renaming."""
    before = day.id_of("a.txt")
    day.device().crash()
    _empty(day, "a.txt")
    if is_seen:
        day.device().start()
        day.sync()
        day.device().crash()
    _rename(day, "a.txt", "d/b.txt")
    day.device().start()
    _settle(day)
    _check_kept_as(day, "d/b.txt", before)
    day.device().crash()
    day.device().start()
    _settle(day)
    _check_kept_as(day, "d/b.txt", before)
    _rename(day, "d/b.txt", "c.txt")
    day.did("d/b.txt", "c.txt")
    _settle(day)
    _check_kept_as(day, "c.txt", before)


def test_an_emptied_file_is_known_again_when_it_was_away_for_a_look(day):
    """C02: dragged out of the folder and back in under another name."""
    before = day.id_of("a.txt")
    _empty(day, "a.txt")
    _rename(day, "a.txt", ELSEWHERE)
    day.did("a.txt", ELSEWHERE)
    day.until(lambda: day.device().journal.local("a.txt") is None, "a.txt is not missed")
    _rename(day, ELSEWHERE, "b.txt")
    day.did(ELSEWHERE, "b.txt")
    _settle(day)
    _check_kept_as(day, "b.txt", before)


def test_an_emptied_file_that_trades_places_takes_its_document_along():
    """C02, R2: what lies there now is no edit of it."""
    with a_day() as day:
        day.write("a.txt", "s00001")
        day.write("b.txt", "s00002")
        day.sync()
        ids = day.id_of("a.txt"), day.id_of("b.txt")
        _empty(day, "a.txt")
        assert day.device().folder.swap("a.txt", "b.txt")
        day.did("a.txt", "b.txt")
        _settle(day)
        assert (day.id_of("b.txt"), day.id_of("a.txt")) == ids
        assert (day.content_at("b.txt"), day.content_at("a.txt")) == ("s00001", "s00002")
        assert (day.states(), day.puts) == ({"a.txt": "synced", "b.txt": "skipped"}, 2)


def test_an_emptied_and_renamed_file_is_sent_once_somebody_touches_it(day):
    """C02: then it is meant to be empty, and is a version of its document."""
    before = day.id_of("a.txt")
    _empty(day, "a.txt")
    _rename(day, "a.txt", "b.txt")
    day.did("a.txt", "b.txt")
    _settle(day)
    assert day.device().folder.touch("b.txt")
    day.did("b.txt")
    _settle(day)
    (document,) = day.live(USER.sub)
    assert (document.path, document.share_id, document.size) == ("b.txt", before, 0)
    assert day.states() == {"b.txt": "synced"}


def test_an_emptied_and_renamed_file_may_be_deleted(day):
    """C02, R5: it is a deletion like any other."""
    _empty(day, "a.txt")
    _rename(day, "a.txt", "b.txt")
    day.did("a.txt", "b.txt")
    day.sync()
    assert day.device().folder.delete("b.txt")
    day.did("b.txt")
    _settle(day)
    assert (day.live_paths(), day.states()) == ([], {})


def test_what_a_person_empties_and_renames_is_suspected_of_nothing(day):
    """A06, C01: its time says that somebody wrote, whatever is done to it afterwards."""
    day.pass_time(5)
    day.write("a.txt", "empty")
    _rename(day, "a.txt", "b.txt")
    day.did("a.txt", "b.txt")
    day.sync()
    day.device().folder.permit("b.txt", False)
    day.device().folder.permit("b.txt", True)
    _rename(day, "b.txt", "c.txt")
    day.did("b.txt", "c.txt")
    _settle(day)
    (document,) = day.live(USER.sub)
    assert (document.path, document.size) == ("c.txt", 0)
    assert day.states() == {"c.txt": "synced"}


def test_what_was_never_sent_and_lost_its_bytes_is_not_sent_under_another_name():
    """C02: the journal knew its bytes, though the cloud never had them."""
    with _one_lost_unsent() as day:
        _rename(day, "a.txt", "b.txt")
        day.device().start()
        _settle(day)
        assert (day.live_paths(), day.puts) == (["keep.txt"], 1)
        assert day.states() == {"b.txt": "skipped", "keep.txt": "synced"}


def test_a_second_name_of_an_emptied_file_is_no_new_document(day):
    """C02, C13."""
    before = day.id_of("a.txt")
    _empty(day, "a.txt")
    assert day.device().folder.link("a.txt", "b.txt")
    day.did("a.txt", "b.txt")
    _settle(day)
    assert (day.live_paths(), day.id_of("a.txt")) == (["a.txt"], before)
    assert (day.states(), day.puts) == ({"a.txt": "skipped", "b.txt": "skipped"}, 1)


def test_an_emptied_file_is_not_sent_again_after_its_document_has_expired():
    """C02, R6: there is nothing to send."""
    with a_day(lifetime=120) as day:
        day.write("a.txt", "s00001")
        day.sync()
        _empty(day, "a.txt")
        _rename(day, "a.txt", "b.txt")
        day.did("a.txt", "b.txt")
        day.sync()
        day.pass_time(200)
        _settle(day)
        answer = day.tell(c.SendAgain("b.txt"))
        assert (answer.code, answer.message) == ("not_sent", SKIPPED[Skip.EMPTIED])
        _settle(day)
        assert (day.live(USER.sub), day.puts) == ([], 1)
        assert day.states() == {"b.txt": "skipped"}


def test_a_second_name_of_what_was_never_sent_and_lost_its_bytes_is_not_sent():
    """C02: it is made when nobody looks at the first any more."""
    with _one_lost_unsent() as day:
        day.device().start()
        _settle(day)
        assert day.device().folder.link("a.txt", "d/b.txt")
        day.did("d/b.txt")
        _settle(day)
        assert (day.live_paths(), day.puts) == (["keep.txt"], 1)
        assert day.states() == {"a.txt": "skipped", "d/b.txt": "skipped", "keep.txt": "synced"}


@pytest.mark.parametrize("is_seen", [True, False], ids=["seen before", "unseen"])
def test_a_document_follows_a_next_version_that_lost_its_bytes_before_it_was_sent(day, is_seen):
    """C02: saved in the file's place, as most programs save, emptied, and renamed."""
    before = day.id_of("a.txt")
    assert day.device().folder.write(ELSEWHERE, day.bytes_of("s00002"))
    _rename(day, ELSEWHERE, "a.txt")
    day.did("a.txt")
    inode = day.device().folder.at("a.txt").ino
    day.until(lambda: day.device().journal.local("a.txt").stat.ino == inode, "it is not seen")
    day.device().crash()
    _empty(day, "a.txt")
    if is_seen:
        day.device().start()
        _settle(day)
        _check_kept_as(day, "a.txt", before)
        day.device().crash()
    _rename(day, "a.txt", "d/b.txt")
    day.device().start()
    _settle(day)
    _check_kept_as(day, "d/b.txt", before)
    _rename(day, "d/b.txt", "c.txt")
    day.did("d/b.txt", "c.txt")
    _settle(day)
    _check_kept_as(day, "c.txt", before)
    assert day.device().folder.touch("c.txt")
    day.did("c.txt")
    _settle(day)
    (document,) = day.live(USER.sub)
    assert (document.path, document.share_id, document.size) == ("c.txt", before, 0)


def test_a_document_stays_in_the_cloud_when_its_emptied_file_takes_anothers_place(day):
    """C02, R2: the path keeps its own document, and nothing can be sent there."""
    day.write("b.txt", "s00002")
    day.sync()
    before = day.id_of("a.txt"), day.id_of("b.txt")
    _empty(day, "a.txt")
    _rename(day, "a.txt", "b.txt")
    day.did("a.txt", "b.txt")
    _settle(day)
    assert (day.id_of("a.txt"), day.id_of("b.txt")) == before
    assert (day.content_at("a.txt"), day.content_at("b.txt")) == ("s00001", "s00002")
    assert (day.states(), day.puts) == ({"b.txt": "skipped"}, 2)
    assert day.device().folder.delete("b.txt")
    day.did("b.txt")
    _settle(day)
    assert (day.live_paths(), day.states()) == (["a.txt"], {})


def test_what_is_deleted_beside_an_emptied_file_of_the_same_bytes_leaves_the_cloud(day):
    """C02, R5: nobody asked for more to be kept."""
    day.write("b.txt", "s00001")
    day.sync()
    _empty(day, "a.txt")
    assert day.device().folder.delete("b.txt")
    day.did("a.txt", "b.txt")
    _settle(day)
    assert (day.live_paths(), day.content_at("a.txt")) == (["a.txt"], "s00001")
    assert day.states() == {"a.txt": "skipped"}


def test_an_emptied_file_that_was_never_sent_is_known_again_after_the_first_look():
    """C02: renamed while the first look after the power loss went on, it is seen nowhere."""
    with _one_lost_unsent() as day:
        _rename(day, "a.txt", ELSEWHERE)
        day.device().start()
        day.until(lambda: day.device().journal.local("a.txt") is None, "a.txt is not missed")
        _rename(day, ELSEWHERE, "b.txt")
        day.did(ELSEWHERE, "b.txt")
        _settle(day)
        assert (day.live_paths(), day.puts) == (["keep.txt"], 1)
        assert day.states() == {"b.txt": "skipped", "keep.txt": "synced"}
