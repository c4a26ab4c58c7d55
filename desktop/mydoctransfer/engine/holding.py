"""Deletions that wait for the person's answer, and those that were confirmed (R5).

Both are in the journal: a question outlives a restart, and so does its answer. A yes holds for the
documents and versions that were asked about, as long as their files stay away.
"""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from mydoctransfer.engine import keeping
from mydoctransfer.engine.execution import agreements
from mydoctransfer.engine.ports import Journal
from mydoctransfer.model import guard
from mydoctransfer.model.actions import Plan, Withdraw
from mydoctransfer.model.trees import RelPath, ShareId

HELD_KEY = "deletes_held"
CONFIRMED_KEY = "deletes_let_go"


class Holding:
    """Lets a plan through, but for deletions that have to be asked about.

    `now_ms` is the server's time: a clock here that is set forward would make an hour of deletions
    look old, and the last of them no mass delete.

    Attributes:
        held: withdrawals that wait for an answer.
    """

    def __init__(
        self,
        journal: Journal,
        now_ms: Callable[[], int],
        touched: Callable[[Iterable[RelPath], Iterable[ShareId]], None],
    ) -> None:
        self._journal = journal
        self._now_ms = now_ms
        self._touched = touched
        self._confirmed = frozenset(_loaded(journal.get(CONFIRMED_KEY)))
        self.held = _loaded(journal.get(HELD_KEY))
        self._held_paths = {action.path for action in self.held}

    def is_held(self, path: RelPath) -> bool:
        """Whether the withdrawal of this path waits for the person's answer."""
        return path in self._held_paths

    def keep(self, absent: Collection[RelPath]) -> None:
        """Forget the yes to what is not absent any more: it is back, or has left the cloud."""
        kept = frozenset(action for action in self._confirmed if action.path in absent)
        if kept != self._confirmed:
            self._confirm(kept)

    def guarded(self, plan: Plan) -> Plan:
        """Return the plan without what is held from now on."""
        hour_ago = self._now_ms() - guard.WINDOW_MS
        plan = guard.hold(
            plan,
            self._journal.published_count(),
            self._journal.withdrawals_since(hour_ago),
            self._confirmed,
        )
        if plan.held != self.held:
            self._hold(plan.held)
        return plan

    def answer(self, confirm: bool) -> int:
        """Withdraw what is held, or keep it in the cloud; return how many documents it was."""
        held = self.held
        if confirm:
            self._confirm(self._confirmed.union(held))
        else:
            self._journal.settle([agreements.kept(action) for action in held])
        self._touched((), (a.share_id for a in held))
        self._hold(())
        return len(held)

    def sent(self, withdrawals: Iterable[Withdraw]) -> None:
        """These go out now: they count from here on, since their answers may be lost. What was
        confirmed counts towards no mass delete."""
        confirmed = {action.share_id: action in self._confirmed for action in withdrawals}
        self._journal.log_withdrawals(confirmed, self._now_ms())

    def _hold(self, held: tuple[Withdraw, ...]) -> None:
        self._touched((a.path for a in (*self.held, *held)), ())
        self.held = held
        self._held_paths = {action.path for action in held}
        self._journal.put(HELD_KEY, _dumped(held))

    def _confirm(self, withdrawals: frozenset[Withdraw]) -> None:
        self._confirmed = withdrawals
        in_order = sorted(withdrawals, key=lambda action: action.path)
        self._journal.put(CONFIRMED_KEY, _dumped(in_order))


def _dumped(withdrawals: Sequence[Withdraw]) -> str | None:
    rows = [[a.path, a.share_id, a.version, a.needs_answer] for a in withdrawals]
    return json.dumps(rows) if rows else None


def _loaded(text: str | None) -> tuple[Withdraw, ...]:
    return keeping.read(text, _withdrawals_of) or ()


def _withdrawals_of(written: Any) -> tuple[Withdraw, ...]:
    return tuple(
        Withdraw(RelPath(str(path)), ShareId(str(share_id)), int(version), bool(asks))
        for path, share_id, version, asks in written
    )
