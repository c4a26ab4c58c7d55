"""What engine and cloud say, in the person's language.

They speak English, to the command line as to the window; a sentence may have lain in the journal
since last week, or come from the server. So it is recognised by its pattern (ADR 0030): the values
that stand in it are taken out, and put into the translation. What is not known is left as it is.
"""

import re
from functools import cache, lru_cache
from itertools import islice

from PySide6.QtCore import QCoreApplication, QObject

from mydoctransfer.model.errors import AppError
from mydoctransfer.ui.sentences import SENTENCES

_PLACE = re.compile(r"\{(\d)\}")
_AMOUNT = re.compile(r"(\d+) (file|document)s?")
_BETWEEN = re.compile(r"(?<=[.?!]) ")
_MOST = 2000  # characters: longer than anything that is said
_MOST_PIECES = 8


def said(message: str) -> str:
    """Return a message in the person's language."""
    if not message or len(message) > _MOST:
        return message
    amount = _AMOUNT.fullmatch(message)
    if amount is not None:
        return _AMOUNTS.of(amount[2], int(amount[1]))
    known = _recognised(message)
    if known is not None:
        sentence, values = known
        pattern = QCoreApplication.translate("Sentences", sentence)
        return _PLACE.sub(lambda place: said(values[int(place[1])]), pattern)
    return _by_pieces(message)


def said_of(error: AppError) -> AppError:
    """Return an error that says the same in the person's language."""
    translated = type(error).__new__(type(error), said(error.message))
    translated.__dict__.update(error.__dict__)  # each kind has an `__init__` of its own
    translated.title, translated.message = said(error.title), said(error.message)
    return translated


def _by_pieces(message: str) -> str:
    """Say several sentences in a row: the longest beginning that is known, then the rest."""
    ends = [found.start() for found in islice(_BETWEEN.finditer(message), _MOST_PIECES)]
    for end in reversed(ends):
        if _recognised(message[:end]) is not None:
            return f"{said(message[:end])} {said(message[end + 1 :])}"
    return message


@lru_cache(maxsize=4096)
def _recognised(message: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the sentence a message was made from, and the values in it."""
    for sentence, pattern in _patterns():
        found = pattern.fullmatch(message)
        if found is not None and not _swallows(sentence, found.groups()):
            return sentence, found.groups()
    return None


def _swallows(sentence: str, values: tuple[str, ...]) -> bool:
    """Whether the value a sentence begins with holds the end of another sentence."""
    if not sentence.startswith("{0}"):
        return False
    return bool(_BETWEEN.search(values[0])) and values[0][-1] not in ".?!"


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return all sentences, the most particular first: what has most words of its own."""
    order = sorted(map(str, SENTENCES), key=lambda sentence: -len(_PLACE.sub("", sentence)))
    return tuple((sentence, re.compile(_expression(sentence), re.DOTALL)) for sentence in order)


def _expression(sentence: str) -> str:
    pieces = _PLACE.split(sentence)[::2]
    return "(.*?)".join(map(re.escape, pieces))


class _Amounts(QObject):
    """Numbers of things; an object because only `tr` of an object knows plurals."""

    def of(self, what: str, number: int) -> str:
        if what == "file":
            return self.tr("%Ln file(s)", "", number)
        return self.tr("%Ln document(s)", "", number)


_AMOUNTS = _Amounts()
