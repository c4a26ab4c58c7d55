"""What engine and cloud say in English, a person reads in their language."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from mydoctransfer.model.errors import AppError, NotSignedIn, Refused
from mydoctransfer.ui import theme
from mydoctransfer.ui.said import said, said_of
from mydoctransfer.ui.sentences import SENTENCES
from mydoctransfer_contract.problems import Code
from scripts import sentences


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    translator = QTranslator(qapp)
    directory = str(theme.resources() / "translations")
    assert translator.load(QLocale("de"), "mydoctransfer", "_", directory)
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


def test_what_is_said_is_what_the_source_says() -> None:
    """Fails when a sentence was added or changed: run `python -m scripts.translations`."""
    assert sentences.TARGET.read_text("utf-8") == sentences.written(sentences.collected())


def test_every_refusal_of_the_cloud_is_known_to_the_translators(german: None) -> None:
    from chalicelib.refusals import Refused as CloudRefuses

    for code in Code:
        title = CloudRefuses(code).problem.title
        assert title in SENTENCES
        assert said(title) != title


@pytest.mark.parametrize(
    ("english", "german_words"),
    [
        ("The disk reports an error.", "Das Laufwerk meldet einen Fehler."),
        ("a/b.txt: It is not there any more.", None),
        ("a/b.txt: The disk is full.", None),
        ("3 files could not be sent.", "Nicht gesendet: 3 Dateien."),
        ("1 file could not be sent.", "Nicht gesendet: 1 Datei."),
        (
            "The document has expired. The document was removed.",
            "Das Dokument ist abgelaufen. Das Dokument wurde entfernt.",
        ),
        (
            "a.txt has expired. Ask ada@example.org to send it again.",
            "a.txt ist abgelaufen. Bitten Sie ada@example.org, es noch einmal zu senden.",
        ),
        (
            "There is no folder /home/a. Choose another folder.",
            "Es gibt keinen Ordner /home/a. Wählen Sie einen anderen Ordner.",
        ),
    ],
)
def test_values_stand_in_the_translation(
    german: None, english: str, german_words: str | None
) -> None:
    words = said(english)
    assert words != english
    if german_words is not None:
        assert words == german_words


@pytest.mark.parametrize("name", ["{0}", "a {1} b", "%n", "x. The disk is full.", "100 files", ""])
def test_a_name_is_never_taken_for_words_of_ours(german: None, name: str) -> None:
    words = said(f"There is no file {name!r} in the folder.")
    assert words == f"Im Ordner gibt es keine Datei {name!r}."


def test_what_nobody_knows_is_said_as_it_came(german: None) -> None:
    for message in ("", "Something of a newer server", "x" * 10_000, "A. B. C. D."):
        assert said(message) == message


def test_an_error_keeps_its_kind_its_code_and_whom_it_means(german: None) -> None:
    error = said_of(Refused("Refused", "This is not allowed.", "forbidden", ("a@b.example",)))
    assert isinstance(error, Refused)
    assert (error.title, error.message) == ("Abgelehnt", "Das ist nicht erlaubt.")
    assert (error.code, error.emails) == ("forbidden", ("a@b.example",))
    original = NotSignedIn()
    assert said_of(original) is not original
    assert original.title == "Not signed in"


def test_many_sentences_are_said_at_once(german: None) -> None:
    """A server that says much must not stop the window: 2,000 words of nonsense take no time."""
    message = "No. " * 499 + "The disk is full"
    assert said(message) == message
    assert isinstance(said_of(AppError("x", message)), AppError)


def test_log_texts_and_sql_are_no_sentences() -> None:
    found = list(
        sentences.in_source(
            'log.info("It is odd.")\nx = "SELECT a FROM b WHERE c."\n'
            'y = f"{a} is gone."\nz = AppError("Gone", f"It {b!r} went. Look.")\n'
        )
    )
    assert sorted(found) == ["Gone", "It {0} went. Look.", "{0} is gone."]


SPEAKING = """
from mydoctransfer.app import in_own_words
from mydoctransfer.model.errors import AppError
told = in_own_words(AppError("MyDoc Transfer did not start", "The disk is full.", "disk_full"))
print(told.title, told.message, told.code, sep="|")
"""


def test_who_ends_before_any_window_speaks_the_persons_language() -> None:
    kept = {k: v for k, v in os.environ.items() if k != "LANGUAGE" and not k.startswith("LC_")}
    spoken = subprocess.run(
        [sys.executable, "-c", SPEAKING],
        env={**kept, "LANG": "de_DE.UTF-8", "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout.strip()
    assert spoken == "MyDoc Transfer wurde nicht gestartet|Das Laufwerk ist voll.|disk_full"
