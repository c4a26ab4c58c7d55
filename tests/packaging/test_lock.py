"""The lock is what pyproject.toml asks for, pinned by hash, and names no registry."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "packaging" / "requirements.lock").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PYTHONS = ("3.11", "3.12", "3.13")

ENTRIES = [block.replace("\\\n", " ") for block in re.split(r"\n(?=\S)", LOCK.strip())]
PINNED = [Requirement(entry.partition(" --hash")[0]) for entry in ENTRIES]
ASKED = [
    Requirement(text)
    for texts in (PROJECT["dependencies"], *PROJECT["optional-dependencies"].values())
    for text in texts
]


def holds(requirement: Requirement, python: str) -> bool:
    environment = {"python_version": python, "python_full_version": f"{python}.1"}
    return requirement.marker is None or requirement.marker.evaluate(environment)


@pytest.mark.parametrize("python", PYTHONS)
def test_everything_asked_for_is_pinned_to_a_version_that_will_do(python: str) -> None:
    pinned = {
        canonicalize_name(one.name): next(iter(one.specifier)).version
        for one in PINNED
        if holds(one, python)
    }
    for asked in ASKED:
        if holds(asked, python):
            version = pinned.get(canonicalize_name(asked.name))
            assert version and asked.specifier.contains(version), asked


@pytest.mark.parametrize("python", PYTHONS)
def test_no_python_gets_two_versions_of_one_package(python: str) -> None:
    names = [canonicalize_name(one.name) for one in PINNED if holds(one, python)]
    assert len(names) == len(set(names))


def test_every_pin_is_exact_and_has_hashes() -> None:
    """T85."""
    for entry, pin in zip(ENTRIES, PINNED, strict=True):
        assert [one.operator for one in pin.specifier] == ["=="], entry
        assert "--hash=sha256:" in entry


def test_the_lock_names_no_place_to_download_from() -> None:
    assert "://" not in LOCK
    assert "index" not in LOCK.replace("indexed", "")
    assert "find-links" not in LOCK
