"""Every language is complete, and what is shipped was made from what is written."""

import ast
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import translations

PLACES = r"\{\w+\}|%L?n"
LANGUAGES = sorted(translations.TRANSLATIONS.glob("*.ts"))


@pytest.fixture(params=LANGUAGES, ids=lambda path: path.stem)
def language(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_every_text_of_the_source_is_translated(language: Path, tmp_path: Path) -> None:
    fresh = tmp_path / language.name
    fresh.write_bytes(language.read_bytes())
    translations.update(language.stem.rpartition("_")[2], fresh)
    messages = ET.parse(fresh).iter("message")
    unfinished = [
        message.findtext("source")
        for message in messages
        if (found := message.find("translation")) is None or found.get("type") == "unfinished"
    ]
    assert unfinished == []


def test_names_and_numbers_keep_their_places(language: Path) -> None:
    for message in ET.parse(language).iter("message"):
        source = message.findtext("source") or ""
        forms = [form.text or "" for form in message.iter("numerusform")]
        for text in forms or [message.findtext("translation") or ""]:
            assert sorted(re.findall(PLACES, text)) == sorted(re.findall(PLACES, source)), source
            assert ("&" in text) == ("&" in source), (
                f"{source}: no key on the keyboard, or too many"
            )


def test_no_text_is_hidden_from_the_translators(tmp_path: Path) -> None:
    """lupdate does not see into f-strings, nor whose `tr` it is when that is not `self`."""
    fresh = tmp_path / "mydoctransfer_de.ts"
    translations.update("de", fresh)
    seen = {message.findtext("source") for message in ET.parse(fresh).iter("message")}
    written = {text for path in translations.SOURCES.rglob("*.py") for text in texts(path)}
    assert written
    assert written - seen == set()


def texts(path: Path) -> Iterator[str]:
    """Yield what a module gives to `tr`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Attribute(attr="tr"), args=[ast.Constant(value=str(text)), *_]):
                yield text
            case ast.Call(func=ast.Attribute(attr="tr")):
                raise AssertionError(f"{path.name}:{node.lineno} says what only running tells")


def test_the_compiled_file_is_up_to_date(language: Path, tmp_path: Path) -> None:
    compiled = tmp_path / "fresh.qm"
    translations.release(language, compiled)
    assert compiled.read_bytes() == language.with_suffix(".qm").read_bytes()


SPEAKING = """
from mydoctransfer.ui.application import make_application
from mydoctransfer.ui import text
app = make_application(["speaking"])
print(text.size(1_300_000), text.countdown(50 * 3_600_000), text.lifetime(86_400), sep="|")
"""


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"LANG": "de_AT.UTF-8"}, "1,2 MiB|2 Tagen 2 Std.|1 Tag"),
        ({"LANG": "it_CH.UTF-8"}, "1.2 MiB|2 giorni 2 h|1 giorno"),
        ({"LANG": "en_GB.UTF-8"}, "1.2 MiB|2 days 2 h|1 day"),
        ({"LANG": "C.UTF-8"}, "1.2 MiB|2 days 2 h|1 day"),
        ({"LANG": "nl_NL.UTF-8"}, "1,2 MiB|2 days 2 h|1 day"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "de_DE.UTF-8"}, "1.2 MiB|2 Tagen 2 Std.|1 Tag"),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "it:de"}, "1.2 MiB|2 giorni 2 h|1 giorno"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "nl:it"}, "1,2 MiB|2 giorni 2 h|1 giorno"),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system's settings decide")
def test_the_person_s_environment_chooses_language_and_numbers(
    environment: dict[str, str], said: str
) -> None:
    kept = {k: v for k, v in os.environ.items() if k != "LANGUAGE" and not k.startswith("LC_")}
    ran = subprocess.run(
        [sys.executable, "-c", SPEAKING],
        env={**kept, "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1", **environment},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert ran.stdout.strip() == said
