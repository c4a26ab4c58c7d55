"""Changes into transactions: what belongs together stands or falls together.

A `Unit` is one document's change: its rows, its idempotency row, its audit entries, whom it
touches. Units are packed into transactions of at most a hundred items, in order. To each
transaction are added, once: a change-feed line for every person touched, the day's audit row, the
hints. When a condition of one unit fails, that unit alone is left out and the others go again.

**The feed never skips.** Line n+1 of a person's feed is written in the transaction that moves the
person's `SEQ` row from n to n+1, on the condition that it is n. So no line is written before the
one before it is committed, and a reader that sees consecutive numbers has seen everything. Two
writers for one person collide on that row; the loser reads the number again and repeats: with
batches of a hundred documents that is one collision for some twenty documents, and none for one
device. The alternative, times with an overlap window, needs no such row but makes every poll
repeat the last minute and trusts the clocks of all functions.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chalicelib.connectors.ports import (
    MAX_TRANSACTION,
    Absent,
    Cancelled,
    Cell,
    Check,
    Committed,
    ConditionFailed,
    Is,
    Key,
    Put,
    Row,
    Write,
)
from chalicelib.parts import Parts
from chalicelib.refusals import Refused
from chalicelib.rows import FEED_MS, feed_pk, feed_sk, number, sequence_key, ttl
from chalicelib.services import audit, hints
from chalicelib.services.audit import Entry
from chalicelib.services.hints import Hint
from mydoctransfer_contract.problems import Code

_TRIES = 12
_FIRST_PAUSE = 0.01  # seconds


@dataclass(frozen=True, slots=True)
class Touch:
    """A person whose view of a document changes. `owner` finds the document for a recipient."""

    sub: str
    share_id: str
    owner: str


@dataclass(frozen=True, slots=True)
class Unit:
    """Writes that stand or fall together, under conditions on other rows, which it may share with
    further units: `checks`."""

    writes: tuple[Write, ...]
    touched: tuple[Touch, ...] = ()
    entries: tuple[Entry, ...] = ()
    hints: tuple[Hint, ...] = ()
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """The unit is committed: `lines` has its line's number in the feed of everybody it touches."""

    lines: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Failed:
    """A condition of the unit did not hold: which of its writes, or behind them of its checks, and
    the row found there."""

    at: int
    row: Row | None


Outcome = Done | Failed


@dataclass(slots=True)
class _Transaction:
    """Units on their way into one transaction. `names` are their places in the caller's list."""

    names: list[int] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    keys: set[Key] = field(default_factory=set)
    checks: dict[Key, Check] = field(default_factory=dict)
    people: set[str] = field(default_factory=set)
    due: set[tuple[str, int]] = field(default_factory=set)
    items: int = 1  # the day's audit row

    def takes(self, unit: Unit) -> bool:
        if self.keys.intersection(write.key for write in unit.writes):
            return False  # two operations on one row cannot share a transaction
        if any(self.checks.get(check.key, check) != check for check in unit.checks):
            return False
        return self.items + self._cost(unit) <= MAX_TRANSACTION

    def add(self, name: int, unit: Unit) -> None:
        self.items += self._cost(unit)
        self.names.append(name)
        self.units.append(unit)
        self.keys.update(write.key for write in unit.writes)
        self.checks.update((check.key, check) for check in unit.checks)
        self.people.update(touch.sub for touch in unit.touched)
        self.due.update((hint.look.value, hint.due) for hint in unit.hints)

    def _cost(self, unit: Unit) -> int:
        people = {touch.sub for touch in unit.touched} - self.people
        due = {(hint.look.value, hint.due) for hint in unit.hints} - self.due
        checks = {check.key for check in unit.checks} - self.checks.keys()
        return len(unit.writes) + 2 * len(people) + len(due) + len(checks)


def commit_one(parts: Parts, unit: Unit) -> Outcome:
    """Commit one unit."""
    return commit_all(parts, [unit])[0]


def commit_all(parts: Parts, units: Sequence[Unit]) -> list[Outcome]:
    """Commit units in order; each has an outcome of its own.

    Raises:
        Refused: 429, other writers did not let us through.
    """
    outcomes: dict[int, Outcome] = {}
    if any(unit.entries for unit in units):
        audit.list_day(parts, parts.clock())
    sequences = _Sequences(parts, {touch.sub for unit in units for touch in unit.touched})
    for transaction in _packed(units):
        _settle(parts, transaction, sequences, outcomes)
    return [outcomes[name] for name in range(len(units))]


def fits(unit: Unit) -> bool:
    """Return whether a unit is small enough for a transaction of its own."""
    return _Transaction().takes(unit)


def _packed(units: Sequence[Unit]) -> list[_Transaction]:
    packed = [_Transaction()]
    for name, unit in enumerate(units):
        if packed[-1].units and not packed[-1].takes(unit):
            packed.append(_Transaction())
        packed[-1].add(name, unit)
    return packed


def _settle(
    parts: Parts,
    transaction: _Transaction,
    sequences: "_Sequences",
    outcomes: dict[int, Outcome],
) -> None:
    """Commit one transaction, leaving out the units whose conditions fail."""
    left = dict(zip(transaction.names, transaction.units, strict=True))
    pause = _FIRST_PAUSE
    for _ in range(_TRIES):
        if not left:
            return
        lines = sequences.lines([touch for unit in left.values() for touch in unit.touched])
        writes, owners = _spelled(left, lines)
        result = parts.store.commit(writes)
        if isinstance(result, Committed):
            sequences.advance(lines)
            done = Done({sub: last + 1 for sub, (last, _) in lines.items()})
            outcomes.update((name, done) for name in left)
            return
        failed = _failed_checks(result, writes, left) | _failed(result, owners)
        for name, failure in failed.items():
            outcomes[name] = failure
            del left[name]
        if not failed:
            parts.pause(pause * random.uniform(0.5, 1.5))
            pause = min(1.0, pause * 2)
        sequences.read_again(result, writes)
    if left:
        raise Refused(Code.TOO_MANY_REQUESTS, retry_after=1)


def _spelled(
    left: dict[int, Unit], lines: dict[str, tuple[int, list[Touch]]]
) -> tuple[list[Write], list[tuple[int, int] | None]]:
    """Return the writes of a transaction, and for each the unit and place it comes from."""
    writes: list[Write] = []
    owners: list[tuple[int, int] | None] = []
    for name, unit in left.items():
        writes.extend(unit.writes)
        owners.extend((name, place) for place in range(len(unit.writes)))
    entries = [entry for unit in left.values() for entry in unit.entries]
    now = entries[0].at if entries else 0
    for sub, (sequence, touches) in lines.items():
        writes.extend(_feed_line(sub, sequence, touches, now))
    writes.extend(audit.writes(entries))
    writes.extend(hints.writes([hint for unit in left.values() for hint in unit.hints]))
    writes.extend(dict.fromkeys(check for unit in left.values() for check in unit.checks))
    owners.extend(None for _ in range(len(writes) - len(owners)))
    return writes, owners


def _feed_line(sub: str, last: int, touches: Sequence[Touch], now: int) -> list[Write]:
    ids: dict[str, Cell] = {t.share_id: t.owner for t in touches}
    line: dict[str, Cell] = {"n": last + 1, "at": now, "ids": ids, "ttl": ttl(now, FEED_MS)}
    was = Is("n", last) if last else Absent()
    return [
        Put(sequence_key(sub), {"n": last + 1, "at": now}, (was,)),
        Put(Key(feed_pk(sub), feed_sk(last + 1)), line, (Absent(),)),
    ]


def _failed(result: Cancelled, owners: list[tuple[int, int] | None]) -> dict[int, Failed]:
    failed: dict[int, Failed] = {}
    for reason, owner in zip(result.reasons, owners, strict=True):
        if isinstance(reason, ConditionFailed) and owner is not None:
            name, place = owner
            failed.setdefault(name, Failed(place, reason.row))
    return failed


def _failed_checks(
    result: Cancelled, writes: Sequence[Write], left: Mapping[int, Unit]
) -> dict[int, Failed]:
    """Return who shared a condition that did not hold."""
    rows = {
        write: reason.row
        for reason, write in zip(result.reasons, writes, strict=True)
        if isinstance(write, Check) and isinstance(reason, ConditionFailed)
    }
    return {
        name: Failed(len(unit.writes) + place, rows[check])
        for name, unit in left.items()
        for place, check in enumerate(unit.checks)
        if check in rows
    }


class _Sequences:
    """The last feed numbers of the people touched, read once and kept up."""

    def __init__(self, parts: Parts, subs: set[str]) -> None:
        rows = parts.store.read([sequence_key(sub) for sub in sorted(subs)]) if subs else {}
        self._last = {
            sub: number(rows[sequence_key(sub)], "n") if sequence_key(sub) in rows else 0
            for sub in subs
        }

    def lines(self, touches: Sequence[Touch]) -> dict[str, tuple[int, list[Touch]]]:
        """Return for every person touched the last number and what touches them."""
        lines: dict[str, tuple[int, list[Touch]]] = {}
        for touch in touches:
            lines.setdefault(touch.sub, (self._last[touch.sub], []))[1].append(touch)
        return lines

    def advance(self, lines: dict[str, tuple[int, list[Touch]]]) -> None:
        for sub in lines:
            self._last[sub] += 1

    def read_again(self, result: Cancelled, writes: Sequence[Write]) -> None:
        """Take the numbers that a failed condition on a `SEQ` row showed."""
        for reason, write in zip(result.reasons, writes, strict=True):
            if not isinstance(reason, ConditionFailed) or write.key.sk != "SEQ":
                continue
            sub = write.key.pk.removeprefix("P#")
            self._last[sub] = number(reason.row, "n") if reason.row else 0
