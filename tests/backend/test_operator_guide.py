"""The operator's guide says what is there: its settings, its commands, its example."""

import re
import shlex
from dataclasses import fields
from pathlib import Path

from chalicelib.services.policy import Rules, load
from mydoctransfer.cli.arguments import parse

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "operator-guide.md").read_text("utf-8")


def test_every_setting_of_the_policy_is_explained_and_no_other() -> None:
    table = GUIDE.split("| Setting | Standard | Means |")[1].split("\n\n")[0]
    explained = {
        name for row in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", row.split("|")[1])
    }
    assert explained == {field.name for field in fields(Rules)}


def test_the_example_is_a_policy() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)
    assert load(example).directory == "exact"


def test_every_command_of_ours_can_be_typed() -> None:
    lines = [line.strip() for line in GUIDE.splitlines()]
    typed = [shlex.split(line)[1:] for line in lines if line.startswith("mydoctransfer ")]
    assert len(typed) >= 4
    for words in typed:
        parse(words)


def test_every_file_it_names_is_there() -> None:
    named = set(re.findall(r"`((?:backend|packaging)/[\w./-]+)`", GUIDE))
    assert len(named) >= 4
    assert all((ROOT / name).exists() for name in named)
