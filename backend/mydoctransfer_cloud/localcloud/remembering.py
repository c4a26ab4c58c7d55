"""What the emulator would work out anew for every request, remembered.

It answers everything in one thread, so what each request costs there is what a synchronisation of
many small files waits for. The same few policies are parsed for every request, and the same few
conditions checked for every row; both depend on nothing but their text. Whether a transaction is
allowed is asked for every row, though the answer is the same for all of one kind in one table. And
it starts a thread for every object that arrives, to queue one event.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from ministack.core import iam_actions as _actions
from ministack.core import iam_evaluator as _permissions
from ministack.services import dynamodb as _tables
from ministack.services import s3 as _objects

_POLICIES, _EXPRESSIONS, _BUCKETS = 256, 1024, 16  # texts; each grant brings a policy

# Typed loosely, as in `emulator`.
_checks: Any = _actions
_evaluator: Any = _permissions
_expressions: Any = _tables
_store: Any = _objects


def prepare() -> None:
    """Change what is said above."""
    _evaluator.parse_policy_document = _remembered_by_text(_evaluator.parse_policy_document)
    _checks.dynamodb_transaction_checks = _once_each(_checks.dynamodb_transaction_checks)
    _expressions._condition_syntax_error = lru_cache(_EXPRESSIONS)(
        _expressions._condition_syntax_error
    )
    _expressions._tokenize = _copied(lru_cache(_EXPRESSIONS)(_expressions._tokenize))
    _store._parse_notification_config_raw = lru_cache(_BUCKETS)(
        _store._parse_notification_config_raw
    )
    _store._fire_s3_event_async = _fire


def _remembered_by_text(parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """`parse`, once for each text; nobody changes what comes of it."""
    remembered = lru_cache(_POLICIES)(parse)

    def parsed(document: Any) -> Any:
        return remembered(document) if isinstance(document, str) else parse(document)

    return parsed


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
