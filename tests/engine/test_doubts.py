"""Moves and exchanges whose answers were lost: nobody gets another document's file (R2)."""

from collections.abc import Sequence
from itertools import pairwise

import pytest

from mydoctransfer.model import commands as c
from tests.engine.days import Day, a_day
from tests.simulation.world.rest import quiesce

PATHS = ("a.txt", "b.txt", "c.txt")


def _with_files(day: Day, paths: Sequence[str]) -> list[str]:
    """Publish a file at each path; return the documents."""
    for n, path in enumerate(paths):
        day.write(path, f"s0000{n}")
    day.sync()
    return [day.id_of(path) for path in paths]


def _hears_nothing(day: Day, after: int = 0) -> None:
    """From the n-th call on, what the server says to moves is lost; it does them all the same."""
    left = [after]

    def fault(device, site, what):
        if what != "POST /v1/docs":
            return None
        left[0] -= 1
        return "lost_after" if left[0] < 0 else None

    day.fault = fault


def _hears_again(day: Day) -> None:
    day.fault = lambda *_: None
    quiesce(day)


def _go_round(day: Day, paths: Sequence[str]) -> None:
    """Let the files trade places: each comes to the path before its own, the first to the last."""
    folder = day.device().folder
    for one, other in pairwise(paths):
        assert folder.swap(one, other)
    day.did(*paths)


def _saved_anew(day: Day, path: str) -> None:
    """Another file takes the place."""
    assert day.device().folder.delete(path)
    day.write(path, "s00099")


def test_a_move_over_what_is_gone_is_asked_for_again():
    """R2: what has left the cloud keeps no claim to its path. Taken for a claim, it left the
    document under its new name unheard of, and a new file at the old one went to its people."""
    with a_day() as day:
        moved, _ = _with_files(day, PATHS[:2])
        day.tell(c.Remove("b.txt"))
        _hears_nothing(day)
        folder = day.device().folder
        assert folder.rename("a.txt", "b.txt")
        day.did("a.txt", "b.txt")
        day.until(lambda: day.live_paths() == ["b.txt"], "nothing is moved")
        assert folder.delete("b.txt")
        day.did("b.txt")
        day.write("a.txt", "s00099")
        day.pass_time(20)
        _hears_again(day)
        assert day.live_paths() == ["a.txt"] and day.id_of("a.txt") != moved


@pytest.mark.parametrize(
    ("anew", "heard"), [("a.txt", 0), ("b.txt", 1), ("c.txt", 2), ("a.txt", 3)]
)
def test_an_exchange_of_three_is_carried_to_its_end_before_a_file_is_saved_anew(anew, heard):
    """R2, B05: the path keeps the document that had come to it."""
    with a_day() as day:
        came = dict(zip(("c.txt", "a.txt", "b.txt"), _with_files(day, PATHS), strict=True))
        _hears_nothing(day, heard)
        _go_round(day, PATHS)
        day.pass_time(10)
        _saved_anew(day, anew)
        day.pass_time(10)
        _hears_again(day)
        assert {path: day.id_of(path) for path in PATHS} == came
        assert day.content_at(anew) == "s00099"


@pytest.mark.parametrize(("gone", "heard"), [("a.txt", 0), ("b.txt", 1), ("c.txt", 1)])
def test_an_exchange_with_what_is_gone_is_carried_to_its_end(gone, heard):
    """R2, R6: its live documents were left where the last unheard step had brought them."""
    with a_day() as day:
        came = dict(zip(("c.txt", "a.txt", "b.txt"), _with_files(day, PATHS), strict=True))
        lost = day.id_of(gone)
        day.tell(c.Remove(gone))
        _hears_nothing(day, heard)
        _go_round(day, PATHS)
        day.pass_time(10)
        live = {path: share_id for path, share_id in came.items() if share_id != lost}
        anew = min(live)
        _saved_anew(day, anew)
        day.pass_time(10)
        _hears_again(day)
        assert {path: day.id_of(path) for path in day.live_paths()} == live
        assert day.content_at(anew) == "s00099"
        assert day.states() == {path: "synced" if path in live else "gone" for path in PATHS}


def test_nobody_steps_aside_where_a_path_is_free():
    """A name of nobody's choosing was shown to a document's people for a moment."""
    with a_day() as day:
        live, _ = _with_files(day, PATHS[:2])
        day.tell(c.Remove("b.txt"))
        asked = []
        day.fault = lambda device, site, what: asked.append(what)
        _go_round(day, PATHS[:2])
        day.sync()
        assert day.id_of("b.txt") == live and day.states() == {"a.txt": "gone", "b.txt": "synced"}
        assert asked.count("POST /v1/docs") == 1


def test_a_document_that_ends_before_its_move_is_heard_of_is_waited_for_by_nobody():
    """R6, invariant I5: the journal follows the file, and nothing is asked any more."""
    with a_day(lifetime=120) as day:
        _with_files(day, PATHS[:1])
        _hears_nothing(day)
        assert day.device().folder.rename("a.txt", "b.txt")
        day.did("a.txt", "b.txt")
        day.until(lambda: day.live_paths() == ["b.txt"], "nothing is moved")
        day.pass_time(200)
        _hears_again(day)
        assert day.states() == {"b.txt": "gone"} and day.puts == 1
