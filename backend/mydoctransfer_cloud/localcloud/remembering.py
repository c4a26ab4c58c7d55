"""What the emulator would work out anew for every request, remembered.

It answers everything in one thread, so what each request costs there is what a synchronisation of
many small files waits for. The same few policies are parsed for every request, and the same few
conditions checked for every row; both depend on nothing but their text. Whether a transaction is
allowed is asked for every row, though the answer is the same for all of one kind in one table; to
ask, its hundred rows are parsed three times before they are parsed to be carried out. Which key is
the root's, which never changes, is read from the environment up to four times. Whose key it is, is
looked up twice, the first time for a name that never changes. Where an object's file lies is
resolved link by link three times, down from the root of the disk. A row is copied nine times to be
changed once, by what can copy anything. What it saves is spelled value by value, in Python, where a
text at once would be spelled in C. And it starts a thread for every object that arrives, to queue
one event.
"""

import copy
import json
import os
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TextIO

from ministack.core import iam_actions as _actions
from ministack.core import iam_evaluator as _permissions
from ministack.core import persistence as _persistence
from ministack.core.responses import get_account_id
from ministack.core.router import extract_access_key_id
from ministack.services import dynamodb as _tables
from ministack.services import s3 as _objects

_POLICIES, _EXPRESSIONS, _BUCKETS = 256, 1024, 16  # texts; each grant brings a policy
_KEYS = 256  # each grant brings one
_DIRECTORIES = 256  # each grant has one

# Typed loosely, as in `emulator`.
_checks: Any = _actions
_evaluator: Any = _permissions
_expressions: Any = _tables
_store: Any = _objects
_saving: Any = _persistence


def prepare() -> None:
    """Change what is said above."""
    _evaluator.parse_policy_document = _remembered_by_text(_evaluator.parse_policy_document)
    _evaluator.request_caller_arn = _remembered_by_key(_evaluator.request_caller_arn)
    _evaluator.os = _Instead(os, environ=dict(os.environ))
    last_read = _LastRead()
    _checks.json = _Instead(json, loads=last_read.loads)
    _expressions.json = _Instead(json, loads=last_read.take)
    _checks.dynamodb_transaction_checks = _once_each(_checks.dynamodb_transaction_checks)
    _expressions._condition_syntax_error = lru_cache(_EXPRESSIONS)(
        _expressions._condition_syntax_error
    )
    _expressions._tokenize = _copied(lru_cache(_EXPRESSIONS)(_expressions._tokenize))
    _store._parse_notification_config_raw = lru_cache(_BUCKETS)(
        _store._parse_notification_config_raw
    )
    _expressions.copy = _Instead(copy, deepcopy=deep_copy)
    _store.os = _Instead(os, path=_Instead(os.path, realpath=real_path))
    _store._fire_s3_event_async = _fire
    _saving.json = _Instead(json, dump=_dump)


class _Instead:
    """A module, but for some of its names."""

    def __init__(self, module: Any, **names: Any) -> None:
        self._module = module
        self.__dict__.update(names)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


def _dump(value: Any, file: TextIO, **how: Any) -> None:
    """`json.dump`, in a third of its time and with the text in memory for a moment."""
    file.write(json.dumps(value, **how))


def deep_copy(value: Any) -> Any:
    """A deep copy. Rows are maps, lists and texts within each other, and nothing else."""
    kind = type(value)
    if kind is dict:
        return {name: deep_copy(inner) for name, inner in value.items()}
    if kind is str:
        return value
    if kind is list:
        return [deep_copy(inner) for inner in value]
    return copy.deepcopy(value)


def real_path(path: str) -> str:
    """`os.path.realpath`, but each directory is resolved once: only the cloud makes them here, and
    it makes no links. Whether the path itself is one is looked at each time."""
    directory, name = os.path.split(path)
    if name in ("", ".", "..") or os.path.islink(path):
        return os.path.realpath(path)
    return os.path.join(_real_directory(directory), name)


_real_directory = lru_cache(_DIRECTORIES)(os.path.realpath)


def _remembered_by_text(parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """`parse`, once for each text; nobody changes what comes of it."""
    remembered = lru_cache(_POLICIES)(parse)

    def parsed(document: Any) -> Any:
        return remembered(document) if isinstance(document, str) else parse(document)

    return parsed


def _remembered_by_key(named: Callable[..., str]) -> Callable[..., str]:
    """`named`, once for each key that somebody has; whether it still counts is asked elsewhere."""
    known: dict[tuple[str, str], str] = {}

    def caller(headers: dict[str, Any], query: dict[str, Any] | None = None) -> str:
        key = (extract_access_key_id(headers or {}, query or {}), get_account_id())
        if key in known:
            return known[key]
        name = named(headers, query)
        if name.endswith(":root"):
            return name  # what unknown keys are called, too, and they may be known later
        if len(known) >= _KEYS:
            known.clear()
        known[key] = name
        return name

    return caller


class _LastRead:
    """What was read last is not read again: those who ask whether a request is allowed all read
    its body, and none of them changes what comes of it. Who carries it out does, and takes it."""

    def __init__(self) -> None:
        self._last: tuple[Any, Any] = (None, None)

    def loads(self, text: Any) -> Any:
        """Parse; bytes that were the last ones asked for are known."""
        if not isinstance(text, bytes):
            return json.loads(text)
        last, found = self._last
        if text is not last:
            found = json.loads(text)
            self._last = (text, found)
        return found

    def take(self, text: Any) -> Any:
        """Parse, for somebody who may change what comes of it."""
        found = self.loads(text)
        self._last = (None, None)
        return found


def _once_each(
    checks: Callable[..., list[tuple[str, str]]],
) -> Callable[..., list[tuple[str, str]]]:
    """`checks`, each of them once: what is done, and in which table, is all they depend on."""

    def distinct(*request: Any) -> list[tuple[str, str]]:
        return list(dict.fromkeys(checks(*request)))

    return distinct


def _copied(listed: Callable[[str], list[Any]]) -> Callable[[str], list[Any]]:
    """`listed`, whose list may be changed by who asked for it."""
    return lambda text: list(listed(text))


def _fire(bucket: str, key: str, event: str, *details: Any, **more: Any) -> None:
    """Queue what happened to an object here: only functions listen, and they are not waited for."""
    if bucket in _store._bucket_notifications:
        more["sequencer"] = _store._next_event_sequencer(event)
        _store._fire_s3_event(bucket, key, event, *details, **more)
