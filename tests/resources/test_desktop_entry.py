"""The files that tell a Linux desktop about the application say the truth in the right form."""

import configparser
import shlex
import subprocess
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from mydoctransfer.cli.arguments import parse

ROOT = Path(__file__).parents[2]
LINUX = ROOT / "resources" / "linux"
ENTRY = LINUX / "mydoctransfer.desktop"
METAINFO = LINUX / "org.mydoctransfer.MyDocTransfer.metainfo.xml"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_the_desktop_entry_is_valid() -> None:
    done = subprocess.run(["desktop-file-validate", ENTRY], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_appstream_description_is_valid() -> None:
    done = subprocess.run(
        ["appstreamcli", "validate", "--no-net", METAINFO], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["mydoctransfer", "thunar-share", "dolphin-share"])
def test_an_entry_starts_the_command_this_project_installs_with_what_it_takes(name: str) -> None:
    entry = configparser.RawConfigParser()
    entry.read(LINUX / f"{name}.desktop", "utf-8")
    commands = [section["Exec"] for section in entry.values() if "Exec" in section]
    assert commands
    for command in commands:
        program, *options = shlex.split(command)
        assert program in PROJECT["scripts"]
        filled = {"%u": ["mydoctransfer://open?share=x"], "%F": ["/a b", "/c"]}
        parse([word for option in options for word in filled.get(option, [option])])


def test_the_desktop_entry_shows_this_programs_icon() -> None:
    entry = configparser.RawConfigParser()
    entry.read(ENTRY, "utf-8")
    assert entry["Desktop Entry"]["Icon"] == "mydoctransfer"


def test_the_appstream_description_names_this_version() -> None:
    releases = ET.parse(METAINFO).findall("releases/release")
    assert releases[0].get("version") == PROJECT["version"]
