"""Collects what the engine, the adapters and the cloud say to people, for the translators.

They speak English and know no Qt; the window says it in the person's language. A sentence is found
by how it is written: a text (or f-string) that begins like one and ends like one, or the title of
an error. `scripts.translations` writes them into `ui/sentences.py`, where lupdate finds them.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
CLIENT = ROOT / "desktop" / "mydoctransfer"
SPEAKERS = (
    *(CLIENT / name for name in ("engine", "adapters", "model", "outside", "app.py")),
    CLIENT / "cli" / "main.py",
    *(ROOT / "backend" / "chalicelib" / name for name in ("controllers", "services")),
    ROOT / "backend" / "chalicelib" / "refusals.py",
)
TARGET = CLIENT / "ui" / "sentences.py"
# What a program says to a program: only a broken client would ever hear it.
UNHEARD = {"cursors.py", "policy.py"}

_SQL = re.compile(r"^(SELECT|DELETE|REPLACE|INSERT|UPDATE|PRAGMA)\b|\bWHERE\b")
_ERRORS = {"AppError", "UsageError", "Offline", "Refused", "__init__"}
_HEAD = '''"""What engine, adapters and cloud say. Written by `python -m scripts.translations`."""

from PySide6.QtCore import QT_TRANSLATE_NOOP

SENTENCES: tuple[object, ...] = (
'''


def collected() -> list[str]:
    """Return every sentence once, with `{0}`, `{1}` where values stand."""
    files = [f for place in SPEAKERS for f in ([place] if place.is_file() else place.rglob("*.py"))]
    return sorted({s for f in files if f.name not in UNHEARD for s in in_source(f.read_text())})


def in_source(source: str) -> Iterator[str]:
    """Yield the sentences of a module's text."""
    tree = ast.parse(source)
    silent = {id(part) for node in ast.walk(tree) for part in _silent(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _title(node)
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in silent:
            pattern = _pattern(node)
            if is_sentence(pattern):
                yield pattern


def is_sentence(pattern: str) -> bool:
    """Whether a text is made for people: it begins and ends as sentences do, and has words."""
    words = pattern.split()
    has_words = any(len(word) > 1 and word.strip(".,:").isalpha() for word in words)
    begins = pattern[:1].isupper() or pattern[:1] == "{"
    is_sql = bool(_SQL.search(pattern))
    return (
        not is_sql
        and len(words) > 1
        and has_words
        and begins
        and (pattern[-1] in ".?!" or " DIR" in pattern)
    )


def written(sentences: list[str]) -> str:
    """Return the module that holds them."""
    return _HEAD + "".join(map(_entry, sentences)) + ")\n"


def _entry(sentence: str) -> str:
    text = sentence.replace("\\", "\\\\").replace('"', '\\"')
    return f'    QT_TRANSLATE_NOOP("Sentences", "{text}"),\n'


def _silent(node: ast.AST) -> Iterator[ast.AST]:
    """Yield texts that are only part of another, docstrings, and what goes to the log."""
    match node:
        case ast.Expr(value=ast.Constant() as text):
            yield text
        case ast.JoinedStr():
            yield from (part for part in ast.walk(node) if part is not node and _is_plain(part))
        case ast.Call(func=ast.Attribute(value=ast.Name(id="log" | "_log"))):
            yield from ast.walk(node)


def _is_plain(part: ast.AST) -> bool:
    return isinstance(part, ast.Constant | ast.JoinedStr)


def _title(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    match call.args:
        case [ast.Constant(value=str(title)), _, *_] if name in _ERRORS and title[:1].isupper():
            yield title


def _pattern(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    places = iter(range(len(node.values)))
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else f"{{{next(places)}}}"
        for part in node.values
    )
