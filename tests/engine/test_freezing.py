"""What nobody can look into stays as it was, and so does what rules would keep here (R9)."""

from collections.abc import Callable

import pytest

from mydoctransfer.engine.ignoring import MOST_BYTES
from mydoctransfer.model import commands as c
from mydoctransfer.model.errors import AppError
from tests.engine.days import Day, a_day


def _no_rules(kind: str) -> Callable[[Day, str], object]:
    """Return what puts something that is no file of rules at a path."""
    if kind == "dir":
        return lambda day, path: day.device().folder.make_directory(path)
    if kind == "large":
        return lambda day, path: day.device().folder.write(path, b"#" * (MOST_BYTES + 1))
    return lambda day, path: day.device().folder.special(path, kind)


SPOILT = {
    "symlink": "for that is a link, and links are not followed. Put the file itself there",
    "fifo": "for that is no regular file of yours. Put one there or remove it",
    "dir": "for that is no regular file of yours. Put one there or remove it",
    "large": "for that has more than 256 KB. Make it smaller",
}


def _message(day: Day, path: str) -> str:
    (found,) = [i for i in day.status(day.device())["items"] if i["path"] == path]
    assert found["state"] == "problem"
    return found["message"]


def _is_problem(answer: object) -> bool:
    return isinstance(answer, AppError) and answer.code == "items_failed"


@pytest.mark.parametrize("directory", ["", "d/"])
@pytest.mark.parametrize("kind", SPOILT)
def test_rules_that_are_no_file_to_read_keep_everything_here_and_say_so(kind, directory):
    """R9, D02: a link in the place of rules counted as no rules, and what they name was sent."""
    with a_day() as day:
        rules = f"{directory}.mydocignore"
        assert _no_rules(kind)(day, rules)
        day.write(f"{directory}secret.txt", "s00001")
        day.write(f"{directory}sub/secret.txt", "s00002")
        assert _is_problem(day.sync())
        assert day.live_paths() == []
        said = f"Nothing in the folder of “{rules}” is sent or withdrawn, {SPOILT[kind]}"
        assert (
            _message(day, directory.rstrip("/") or rules) == f"{said}, and this goes on by itself."
        )
        assert day.device().folder.delete(rules)
        assert day.device().folder.write(rules, b"secret.txt\n")
        day.write(f"{directory}sub/open.txt", "s00003")
        day.did(rules)
        assert day.sync()["failed"] == 0
        assert day.live_paths() == [f"{directory}sub/open.txt"]
        assert set(day.states()) == set(day.live_paths())


@pytest.mark.parametrize("kind", SPOILT)
def test_nothing_is_withdrawn_where_rules_became_a_link(kind):
    """R9: the old ones hold no more, and no others are known."""
    with a_day() as day:
        day.write("d/a.txt", "s00001")
        day.write("d/sub/b.txt", "s00002")
        day.write("c.txt", "s00003")
        assert day.device().folder.write("d/.mydocignore", b"secret.txt\n")
        day.sync()
        assert day.device().folder.delete("d/.mydocignore")
        assert _no_rules(kind)(day, "d/.mydocignore")
        for path in ("d/a.txt", "d/sub/b.txt"):
            assert day.device().folder.delete(path)
        day.did("d/.mydocignore", "d/a.txt", "d/sub/b.txt")
        day.write("d/secret.txt", "s00004")
        assert _is_problem(day.sync(grace=0))
        assert day.live_paths() == ["c.txt", "d/a.txt", "d/sub/b.txt"]
        assert day.device().folder.delete("d/.mydocignore")
        day.did("d/.mydocignore")
        day.sync(grace=0)
        assert day.live_paths() == ["c.txt", "d/secret.txt"]


def _make_unreadable(day: Day, path: str) -> None:
    day.device().folder.write(path, b"secret.txt\n")
    day.device().folder.at(path).is_readable = False


@pytest.mark.parametrize("spoil", [_make_unreadable, _no_rules("symlink"), _no_rules("dir")])
def test_a_change_deeper_down_is_not_looked_at_before_the_rules_above_it_are_read(spoil):
    """R9: the look at a part went straight to where the change was."""
    with a_day() as day:
        spoil(day, "d/.mydocignore")
        day.write("d/sub/a.txt", "s00001")
        day.write("c.txt", "s00002")
        day.sync()
        day.write("d/sub/secret.txt", "s00003")
        day.write("d/sub/deep/secret.txt", "s00004")
        day.pass_time(30)
        assert _is_problem(day.sync())
        assert day.live_paths() == ["c.txt"]
        assert day.device().folder.delete("d/.mydocignore")
        day.did("d/.mydocignore")
        day.pass_time(30)
        assert day.live_paths() == [
            "c.txt", "d/sub/a.txt", "d/sub/deep/secret.txt", "d/sub/secret.txt"
        ]  # fmt: skip


@pytest.mark.parametrize("spoil", [_make_unreadable, _no_rules("symlink")])
def test_what_was_seen_before_the_rules_were_spoilt_is_not_sent_either(spoil):
    """R9, D14."""
    with a_day() as day:
        day.write("c.txt", "s00001")
        day.sync()
        day.tell(c.Pause())
        day.write("d/secret.txt", "s00002")
        day.pass_time(30)
        spoil(day, "d/.mydocignore")
        day.did("d/.mydocignore")
        day.pass_time(30)
        day.tell(c.Resume())
        assert _is_problem(day.sync())
        day.pass_time(30)
        assert day.live_paths() == ["c.txt"]
        assert day.device().folder.delete("d/.mydocignore")
        day.did("d/.mydocignore")
        assert day.sync()["failed"] == 0
        assert day.live_paths() == ["c.txt", "d/secret.txt"]
