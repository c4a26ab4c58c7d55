"""Watching what no table shows: the rows of the window, what was begun in the store, patience."""

from collections.abc import Callable, Mapping
from typing import Any

from mydoctransfer.engine.ports import Failure, FailureKind
from mydoctransfer.model.events import Event, ItemState, Row, RowsChanged
from mydoctransfer.model.trees import DocumentState

_PASSING = (FailureKind.BUSY, FailureKind.OFFLINE)

Fail = Callable[[str, str], None]

MOST_AT_ONCE = 3  # failures of one thing within a second


class Shown:
    """The rows of every device's window, as its events make them."""

    def __init__(self, fail: Fail, acknowledged: Mapping[tuple[str, int], str]) -> None:
        self._fail = fail
        self._acknowledged = acknowledged
        self._rows: dict[str, dict[str, Row]] = {}

    def take(self, device: Any, event: Event) -> None:
        if not isinstance(event, RowsChanged):
            return
        rows = self._rows.setdefault(device.name, {})
        if event.is_snapshot:
            rows.clear()
        for key in event.removed:
            rows.pop(key, None)
        for row in event.rows:
            rows[row.key] = row
            if row.path is not None and row.state is ItemState.SYNCED:
                self._check_synced(device, row)

    def _check_synced(self, device: Any, row: Row) -> None:
        """I15, R8: the bytes last seen on disk are those that the server acknowledged."""
        agreed, seen = device.journal.synced(row.path), device.journal.local(row.path)
        known = agreed and self._acknowledged.get((agreed.share_id, agreed.version))
        if seen is None or known is None or seen.sha256 != known:
            self._fail("I15", f"{device.name} shows {row.path} as synced, which it is not")

    def check(self, device: Any, status: Mapping[str, Any]) -> None:
        """I15: the window, told of changes only, shows what there is."""
        shown = {key: row.state.value for key, row in self._rows.get(device.name, {}).items()}
        wanted = {item["path"]: item["state"] for item in status["items"]}
        here = {agreed.share_id for agreed in device.journal.synced_all().values()}
        for document in device.journal.documents():
            if document.share_id not in here:
                is_live = document.state is DocumentState.LIVE
                state = ItemState.SYNCED if is_live else ItemState.GONE
                wanted[document.share_id] = state.value
        if shown != wanted:
            wrong = sorted(shown.items() ^ wanted.items())
            self._fail("I15", f"{device.name} shows other rows than there are: {wrong[:4]}")


class Begun:
    """What was begun in the store: nothing unfinished stays that anybody knew of (I16)."""

    def __init__(self, fail: Fail) -> None:
        self._fail = fail
        self._known: dict[str, str] = {}
        self._given_up: set[str] = set()

    def saved(self, device: Any, multipart_id: str | None) -> None:
        """A journal knows of this multipart upload."""
        if multipart_id is not None:
            self._known[multipart_id] = device.name

    def gave_up(self, multipart_id: str) -> None:
        """Somebody tried to abort it. Where that fails, the bucket's lifecycle has to do."""
        self._given_up.add(multipart_id)

    def forgot(self, device: Any) -> None:
        """The journal is gone, and what it knew."""
        self._known = {i: name for i, name in self._known.items() if name != device.name}

    def check_rest(self, devices: Mapping[str, Any], unfinished: Mapping[str, Any]) -> None:
        for upload_id in unfinished:
            if upload_id in self._known and upload_id not in self._given_up:
                self._fail("I16", f"{self._known[upload_id]} left {upload_id} unfinished")
        for device in devices.values():
            if left := device.journal.intents():
                self._fail("I16", f"{device.name} still intends {sorted(left)[:2]}")
            if left := device.journal.transfers():
                self._fail("I16", f"{device.name} still transfers {[t.path for t in left]}")


class Patience:
    """How often one thing is tried: with rest after each failure (I21)."""

    def __init__(self, fail: Fail, now_ns: Callable[[], int]) -> None:
        self._fail = fail
        self._now_ns = now_ns
        self._failed: dict[tuple[str, str], list[int]] = {}

    def stirred(self, device: Any) -> None:
        """The person asked, or the process is a new one: everything may be tried at once."""
        self._failed = {key: at for key, at in self._failed.items() if key[0] != device.name}

    def answered(self, device: Any, call: Any, result: object) -> None:
        """A call came back."""
        for thing, answer in _answers(call, result):
            if isinstance(answer, Failure) and answer.kind in _PASSING:
                self._told_no(device, thing, answer)

    def _told_no(self, device: Any, thing: str, failure: Failure) -> None:
        now = self._now_ns()
        recent = [at for at in self._failed.get((device.name, thing), ()) if now - at < 10**9]
        self._failed[device.name, thing] = [*recent, now]
        if len(recent) >= MOST_AT_ONCE:
            self._fail("I21", f"{device.name} asks without rest: {thing} ({failure.code})")


def _answers(call: Any, result: object) -> list[tuple[str, object]]:
    """Return what a call was about, thing by thing, each with its answer."""
    name = getattr(call.method, "__name__", "")
    if name not in ("register", "complete", "act", "put_part", "put_many") or not call.args:
        return []
    batch = call.args[-1] if name.startswith("put_") else call.args[0]
    things = batch if isinstance(batch, list | tuple) else [batch]
    names = [f"{name} {_name_of(thing)}" for thing in things]
    if isinstance(result, Failure):
        return [(one, result) for one in names]
    answers = getattr(result, "results", result)
    if not isinstance(answers, list | tuple):
        return []
    return list(zip(names, answers, strict=True))


def _name_of(thing: Any) -> str:
    for attribute in ("op_id", "upload_id", "number"):
        found = getattr(thing, attribute, None)
        if found is not None:
            return f"{getattr(thing, 'key', '')}{found}"
    return str(thing.key)
