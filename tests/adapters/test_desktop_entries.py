"""What the person's desktop and file managers are told, and that nothing of theirs is touched."""

import os
import subprocess
from pathlib import Path

import pytest

from mydoctransfer.adapters.desktop_entries import MARK, DesktopEntries

TEMPLATES = Path(__file__).parents[2] / "resources" / "linux"
READERS = ("dolphin", "thunar", "nautilus")
SCRIPT = "nautilus/scripts/Share with MyDoc Transfer"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    made = tmp_path / "a program's $place" / "mydoctransfer"
    made.parent.mkdir()
    made.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    made.chmod(0o755)
    return made


def entries(tmp_path: Path, program: Path, readers: tuple[str, ...] = READERS) -> DesktopEntries:
    tools = tmp_path / "bin"
    tools.mkdir(exist_ok=True)
    for reader in readers:
        (tools / reader).write_text("#!/bin/sh\n")
        (tools / reader).chmod(0o755)
    environ = {
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_DATA_DIRS": str(tmp_path / "system"),
        "PATH": str(tools),
    }
    return DesktopEntries((str(program),), TEMPLATES, environ)


def written(tmp_path: Path) -> list[str]:
    data = tmp_path / "data"
    return sorted(str(path.relative_to(data)) for path in data.rglob("*") if path.is_file())


def test_links_and_file_managers_start_this_program(tmp_path: Path, program: Path) -> None:
    entries(tmp_path, program).install()
    assert written(tmp_path) == [
        "Thunar/sendto/mydoctransfer-share.desktop",
        "applications/mydoctransfer.desktop",
        "kio/servicemenus/mydoctransfer-share.desktop",
        SCRIPT,
    ]
    entry = (tmp_path / "data/applications/mydoctransfer.desktop").read_text()
    assert "MimeType=x-scheme-handler/mydoctransfer;" in entry
    assert 'mydoctransfer" --link %u' in entry
    assert "\\\\$place" in entry
    dolphin = tmp_path / "data/kio/servicemenus/mydoctransfer-share.desktop"
    assert os.access(dolphin, os.X_OK)  # Dolphin asks for it
    assert "Name[de]=Mit MyDoc Transfer freigeben" in dolphin.read_text()


def test_the_script_hands_on_names_as_they_are(tmp_path: Path, program: Path) -> None:
    entries(tmp_path, program).install()
    script = str(tmp_path / "data" / SCRIPT)
    names = ["a b.txt", "--help", "$(touch x)", "ü.pdf"]
    ran = subprocess.run([script, *names], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert ran.stdout.splitlines() == ["--share-files", *names]
    assert not (tmp_path / "x").exists()


def test_only_file_managers_that_are_there_are_told(tmp_path: Path, program: Path) -> None:
    entries(tmp_path, program, ("thunar",)).install()
    assert written(tmp_path) == [
        "Thunar/sendto/mydoctransfer-share.desktop",
        "applications/mydoctransfer.desktop",
    ]


def test_a_packaged_entry_is_not_doubled(tmp_path: Path, program: Path) -> None:
    packaged = tmp_path / "system/applications/mydoctransfer.desktop"
    packaged.parent.mkdir(parents=True)
    packaged.touch()
    entries(tmp_path, program, ()).install()
    assert not (tmp_path / "data").exists()


def test_what_somebody_else_wrote_stays(tmp_path: Path, program: Path) -> None:
    theirs = tmp_path / "data" / SCRIPT
    theirs.parent.mkdir(parents=True)
    theirs.write_text("#!/bin/sh\n# mine\n")
    made = entries(tmp_path, program)
    made.install()
    made.remove()
    assert theirs.read_text() == "#!/bin/sh\n# mine\n"
    assert written(tmp_path) == [SCRIPT]


def test_a_program_that_moved_is_found_again_and_all_of_it_can_go(
    tmp_path: Path, program: Path
) -> None:
    entries(tmp_path, Path("/old/mydoctransfer")).install()
    made = entries(tmp_path, program)
    made.install()
    assert "/old/" not in (tmp_path / "data/applications/mydoctransfer.desktop").read_text()
    made.remove()
    assert written(tmp_path) == []


@pytest.mark.parametrize("name", ["dolphin-share.desktop", "thunar-share.desktop"])
def test_templates_are_no_files_of_ours_until_they_are_filled_in(name: str) -> None:
    assert MARK not in (TEMPLATES / name).read_text()
