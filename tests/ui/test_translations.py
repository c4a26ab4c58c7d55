"""Every language is complete, and what is shipped was made from what is written."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from scripts import translations

BRACES = r"\{\w+\}"
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


def test_what_stands_in_braces_is_kept(language: Path) -> None:
    for message in ET.parse(language).iter("message"):
        source = message.findtext("source") or ""
        forms = [form.text or "" for form in message.iter("numerusform")]
        for text in forms or [message.findtext("translation") or ""]:
            assert sorted(re.findall(BRACES, text)) == sorted(re.findall(BRACES, source)), source


def test_the_compiled_file_is_up_to_date(language: Path, tmp_path: Path) -> None:
    compiled = tmp_path / "fresh.qm"
    translations.release(language, compiled)
    assert compiled.read_bytes() == language.with_suffix(".qm").read_bytes()
