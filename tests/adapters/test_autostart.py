"""Starting at login: the entry and what would not be believed (T82)."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from mydoctransfer.adapters.autostart import NAME, Autostart, this_program
from mydoctransfer.model.errors import AppError


@pytest.fixture
def entry(tmp_path: Path) -> Path:
    return tmp_path / "config" / "autostart" / NAME


def autostart(tmp_path: Path, *command: str) -> Autostart:
    words = command or ("/opt/my doc/mydoctransfer",)
    return Autostart(words, {"XDG_CONFIG_HOME": str(tmp_path / "config")})


def test_it_is_switched_on_and_off_and_on(tmp_path: Path, entry: Path) -> None:
    """M06."""
    start = autostart(tmp_path)
    assert not start.is_enabled
    start.disable()
    for _ in range(2):
        start.enable()
        start.enable()
        assert start.is_enabled
        assert [file.name for file in entry.parent.iterdir()] == [NAME]
        start.disable()
        assert not start.is_enabled


def test_each_account_has_an_entry_of_its_own(tmp_path: Path, entry: Path) -> None:
    environ = {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    own = autostart(tmp_path)
    two = Autostart(("/opt/x", "--home", "/h/2"), environ, "mydoctransfer-abc.desktop")
    own.enable()
    two.enable()
    assert own.is_enabled and two.is_enabled
    own.disable()
    assert not own.is_enabled and two.is_enabled


def test_the_desktop_takes_the_entry(tmp_path: Path, entry: Path) -> None:
    autostart(tmp_path, '/opt/a `b` $c "d" \\e 100%/x', "--home", "/h").enable()
    done = subprocess.run(["desktop-file-validate", entry], capture_output=True, text=True)
    assert done.stdout + done.stderr == ""


@pytest.mark.parametrize("path", ["/opt/my doc/x", "/a/100%/x", '/a/"b"/x', "/a/$b`c`/x", "/ü/x"])
def test_t82_the_path_is_absolute_and_quoted(tmp_path: Path, entry: Path, path: str) -> None:
    autostart(tmp_path, path, "--home", "/h e").enable()
    (line,) = (one for one in entry.read_text().splitlines() if one.startswith("Exec="))
    # Undone as the specification says: the string's escapes, the field codes, the shell's quoting.
    quoted = line.removeprefix("Exec=").replace("\\\\", "\\").replace("%%", "%")
    words = subprocess.run(["sh", "-c", f"printf '%s\\n' {quoted}"], capture_output=True, text=True)
    assert words.stdout.splitlines() == [path, "--home", "/h e"]


def test_t82_an_entry_others_could_have_written_is_not_ours(tmp_path: Path, entry: Path) -> None:
    start = autostart(tmp_path)
    start.enable()
    entry.chmod(0o666)
    assert not start.is_enabled
    start.enable()
    assert start.is_enabled
    assert stat.S_IMODE(entry.stat().st_mode) == 0o600


def test_t82_an_entry_that_starts_something_else_is_not_ours(tmp_path: Path, entry: Path) -> None:
    start = autostart(tmp_path)
    start.enable()
    entry.write_text(entry.read_text().replace("/opt/my doc", "/tmp"))
    assert not start.is_enabled


def test_t82_a_link_is_replaced_and_never_written_through(tmp_path: Path, entry: Path) -> None:
    (tmp_path / "target").write_text("theirs")
    entry.parent.mkdir(parents=True)
    entry.symlink_to(tmp_path / "target")
    start = autostart(tmp_path)
    assert not start.is_enabled
    start.enable()
    assert start.is_enabled
    assert (tmp_path / "target").read_text() == "theirs"


def test_what_cannot_stand_in_an_entry_is_said(tmp_path: Path) -> None:
    with pytest.raises(AppError, match="cannot stand"):
        autostart(tmp_path, "/a\nExec=/evil").enable()
    assert not autostart(tmp_path, "/a\nExec=/evil").is_enabled


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file")
    with pytest.raises(AppError):
        autostart(tmp_path).enable()


def test_this_program_is_named_by_an_absolute_path() -> None:
    first, *rest = this_program("/h")
    assert Path(first).is_absolute()
    assert Path(first).exists()
    assert rest[-2:] == ["--home", "/h"]
    assert Path(first).parent == Path(sys.executable).parent
