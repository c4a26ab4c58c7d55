"""What is to be done now: the plan, guarded, and which of it waits for files that are still unread.

Begins nothing and settles nothing. Leaves to others: the decision itself (`model.reconcile`), what
waits for the person's answer (`holding`), and what runs when (`dispatch`).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeGuard

from mydoctransfer.engine.execution import agreements
from mydoctransfer.engine.execution.intents import paths_in, published_by
from mydoctransfer.engine.halting import Halts
from mydoctransfer.engine.holding import Holding
from mydoctransfer.engine.lanes import inode_of
from mydoctransfer.engine.observe import Observer
from mydoctransfer.engine.ports import Journal
from mydoctransfer.engine.removing import Removals
from mydoctransfer.engine.unseen import Unseen
from mydoctransfer.engine.verdicts import PATIENCE, Verdicts
from mydoctransfer.model import moves
from mydoctransfer.model.actions import (
    Action,
    Adopt,
    Move,
    NewDocument,
    Publish,
    Withdraw,
    paths_of,
)
from mydoctransfer.model.events import Halt
from mydoctransfer.model.reconcile import Surroundings, is_live, reconcile
from mydoctransfer.model.rules import Rules
from mydoctransfer.model.trees import Document, DocumentState, RelPath, Synced, Trees

FEW_UNREAD = 256


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan over the trees it was made from.

    Attributes:
        whole: every action of it. timely: those that need not wait for a file to be read.
        local: of those, what is settled in the journal alone.
        stopped: which files of it the person has stopped.
    """

    trees: Trees
    whole: Sequence[Action]
    timely: Sequence[Action]
    local: list[Action]
    stopped: dict[RelPath, Halt]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What of a plan may begin.

    Attributes:
        begin: what may begin in the cloud now. waits: whether anything waits for a file to be read.
        strangers: of that, what is sent from another inode than its path's: it may begin only while
            the trees are as they were, for it may turn out to have traded places.
        hidden: what is not sent because it may have traded places with what cannot be seen: where.
    """

    begin: list[Action]
    waits: bool
    strangers: set[RelPath]
    hidden: dict[RelPath, RelPath]


class Planner:
    """Plans over what differs. `only_new_since`: see `Surroundings`."""

    def __init__(
        self,
        journal: Journal,
        observer: Observer,
        holding: Holding,
        halts: Halts,
        verdicts: Verdicts,
        removals: Removals,
        host: str,
        only_new_since: Callable[[], int],
        rules: Callable[[], Rules],
    ) -> None:
        self._journal = journal
        self._observer = observer
        self._holding = holding
        self._halts = halts
        self._verdicts = verdicts
        self._removals = removals
        self._unseen = Unseen(journal, observer, verdicts.is_problem)
        self._host = host
        self._only_new_since = only_new_since
        self._rules = rules

    def count(self) -> int:
        """Return how many actions a plan would have that are neither local nor stopped. What is
        back ends the yes to its deletion here, too: files may come and go during a pause."""
        trees = self._journal.differences()
        self._holding.keep(_vanished(trees))
        actions = reconcile(trees, self._surroundings(trees, lambda _: True)).actions
        stopped = self._halts.stopped(actions)
        return sum(
            not agreements.is_local_only(action) and not _is_stopped(action, stopped)
            for action in actions
        )

    def plan(self, in_flight: Collection[RelPath]) -> Planned:
        """Plan. What went wrong with files that want nothing any more is forgotten."""
        trees = self._journal.differences()
        vanished = _vanished(trees)
        self._observer.absence.keep(vanished)
        self._holding.keep(vanished)
        self._removals.forget_agreed()
        unread = self._observer.reading.unhashed.values() if vanished else ()
        inodes = {(stat.dev, stat.ino) for stat in unread}
        may_turn_up = self._observer.reading.may_turn_up()
        may_withdraw = partial(self._may_withdraw, trees, may_turn_up)
        around = self._surroundings(trees, may_withdraw, inodes)
        plan = self._holding.guarded(reconcile(trees, around))
        wanted = {path for action in (*plan.actions, *plan.held) for path in paths_of(action)}
        self._verdicts.only_these_want(wanted | self._observer.reading.unhashed.keys())
        timely = self._without_open(self._without_early(plan.actions, trees), in_flight)
        local = [action for action in timely if agreements.is_local_only(action)]
        return Planned(trees, plan.actions, timely, local, self._halts.stopped(plan.actions))

    def choose(self, planned: Planned, being_sent: Mapping[RelPath, Publish]) -> Chosen:
        """Return what may begin in the cloud.

        Args:
            being_sent: what is on its way: a file that is sent under its old name is moved when it
                has arrived, not sent twice. What is wanted as it is being sent waits for nothing.
        """
        trees, stopped = planned.trees, planned.stopped
        waits = len(planned.timely) < len(planned.whole)
        unread, hiding = self._unread_homes(planned.whole, trees)
        homes = unread | {inode_of(action) for action in being_sent.values()}
        hidden = {
            action.path: hiding[inode]
            for action in planned.whole
            if _is_stranger(action, trees)
            and (inode := inode_of(action)) in hiding
            and inode not in homes
            and (action.path in trees.synced or self._unseen.is_of_gone(inode))
        }
        publications = [
            action
            for action in planned.whole
            if isinstance(action, Publish) and stopped.get(action.path) is not Halt.CANCELLED
        ]
        arriving = {action.file.sha256 for action in publications}
        soon = [
            action
            for action in publications
            if self._verdicts.backoff.failures(action.path) < PATIENCE
            and action.path not in stopped
            and action.path not in hidden
        ]
        arriving_soon = {action.file.sha256 for action in soon}
        replaced = _replaced(soon, trees)
        begin: list[Action] = []
        for action in planned.timely:
            if _is_stopped(action, stopped) or _is_sent_so(action, being_sent):
                continue
            if isinstance(action, Publish) and action.path in hidden:
                continue  # nobody knows for how long: it is told, and not waited for
            if _is_stranger(action, trees) and inode_of(action) in homes:
                waits = True
            elif _is_new(action) and inode_of(action) in replaced:
                # Should that document turn out to be gone, this is its file, and not sent (R6).
                waits = True
            elif isinstance(action, Withdraw) and trees.synced[action.path].sha256 in arriving:
                # The same bytes first arrive under their new name, however long that takes.
                waits |= trees.synced[action.path].sha256 in arriving_soon
            elif not agreements.is_local_only(action):
                begin.append(action)
        strangers = {action.path for action in begin if _is_stranger(action, trees)}
        return Chosen(begin, waits, strangers & trees.synced.keys(), hidden)

    def _surroundings(
        self,
        trees: Trees,
        may_withdraw: Callable[[RelPath], bool],
        unread: Collection[tuple[int, int]] = (),
    ) -> Surroundings:
        return Surroundings(
            self._host,
            self._finder(trees),
            may_withdraw,
            self._journal.synced_path,
            unread,
            self._only_new_since(),
            self._rules(),
            self._removals.of,
        )

    def _finder(self, trees: Trees) -> Callable[[RelPath], Document | None]:
        """Return what finds my live document at a path, asking the journal only when it must."""
        live = {
            d.path: d for d in trees.remote.values() if d.is_mine and d.state is DocumentState.LIVE
        }

        def document_at(path: RelPath) -> Document | None:
            if path in trees.local:
                return live.get(path)
            return self._journal.document_at(path)

        return document_at

    def _may_withdraw(
        self, trees: Trees, may_turn_up: Callable[[Synced], bool], path: RelPath
    ) -> bool:
        """A file that was not read yet may be the vanished one under its new name. So may one in a
        directory that cannot be read: a gone document is remembered for it (R6)."""
        synced = trees.synced[path]
        if not self._observer.may_withdraw(path) or may_turn_up(synced):
            return False
        return is_live(synced, trees) or not self._observer.frozen

    def _unread_homes(
        self, actions: Sequence[Action], trees: Trees
    ) -> tuple[set[moves.Inode | None], dict[moves.Inode, RelPath]]:
        """Return the agreed inodes of files that were not read yet, and those that lead there; then
        those of files that nobody can see, with the places.

        A file that came from such a place may be part of an exchange: sent as an edit, it would
        reach the people of another document (R2). Where documents are gone it would go up again
        (R6). What lies where none was and came from a live one's place is new, whatever is there.
        """
        strangers = [action for action in actions if _is_stranger(action, trees)]
        if not strangers:
            return set(), {}
        is_only_new = not any(action.path in trees.synced for action in strangers)
        if is_only_new and len(self._observer.reading.unhashed) > FEW_UNREAD:
            # A first look at many files: to ask for each would cost more than it saves.
            return set(), {}
        unread, unreadable = self._unseen.unread()
        hiding = unreadable | self._unseen.unseen(trees)
        return (
            set(moves.unsettled(unread, trees.local, trees.synced)),
            moves.unsettled(hiding, trees.local, trees.synced),
        )

    def _without_open(
        self, actions: Sequence[Action], in_flight: Collection[RelPath]
    ) -> Sequence[Action]:
        """Leave out what the journal alone would settle on a path of which an answer is still out:
        the answer would overwrite it, and what is gone would be forgotten (R6). For the same reason
        what is gone leaves a path at which a new document is about to arrive."""
        if not any(agreements.is_local_only(action) for action in actions):
            return actions
        intents = self._journal.intents()
        arrivals = {
            intent: publication.path
            for intent in intents
            if (publication := published_by(intent)) is not None and _is_new(publication)
        }
        others = paths_in(intent for intent in intents if intent not in arrivals)
        free_to_leave = set(arrivals.values()).difference(others)
        is_open = {*in_flight, *others, *arrivals.values()}

        def is_settled(action: Action) -> bool:
            leaves = {action.old_path} & free_to_leave if isinstance(action, Move) else set()
            return is_open.isdisjoint({*paths_of(action)} - leaves)

        return [
            action
            for action in actions
            if not agreements.is_local_only(action) or is_settled(action)
        ]

    def _without_early(self, actions: Sequence[Action], trees: Trees) -> list[Action]:
        """Leave out what would take the place of a gone document whose file may be one of those not
        read yet, or one that nobody has seen where another was found, or in what was looked at
        before: the document follows it first (R6), or the file would go up again as new."""
        displaced = {
            action.path: synced
            for action in actions
            if isinstance(action, Adopt | Move | Publish)
            and (synced := trees.synced.get(action.path)) is not None
            and not is_live(synced, trees)
        }
        self._observer.displaced.keep(displaced)
        if not displaced:
            return list(actions)
        others, unread = self._observer.reading.others(), self._observer.reading.waiting()
        may_be_any = any(self._observer.frozen.above(path) is None for path in others)
        early = {
            path
            for path, s in displaced.items()
            if may_be_any
            or (s.dev, s.ino, s.size) in unread
            or self._may_lie_elsewhere(path, s, trees)
        }
        return [action for action in actions if early.isdisjoint(paths_of(action))]

    def _may_lie_elsewhere(self, path: RelPath, synced: Synced, trees: Trees) -> bool:
        """Whether a file that another one lies in the place of may have gone to a directory that
        was looked at before it went."""
        file = trees.local.get(path)
        home = (synced.dev, synced.ino, synced.birth_ns)
        is_another = file is not None and (file.stat.dev, file.stat.ino, file.birth_ns) != home
        return is_another and not self._observer.displaced.is_confirmed(path)


def _vanished(trees: Trees) -> set[RelPath]:
    """Return where something was agreed on, and no file is."""
    return {path for path in trees.synced if path not in trees.local}


def _is_stopped(action: Action, stopped: Collection[RelPath]) -> bool:
    return isinstance(action, Publish) and action.path in stopped


def _is_new(action: Action) -> TypeGuard[Publish]:
    return isinstance(action, Publish) and isinstance(action.target, NewDocument)


def _replaced(publications: Iterable[Publish], trees: Trees) -> set[moves.Inode | None]:
    """Return where the documents lay whose next version comes from another file."""
    strangers = (action.path for action in publications if _is_stranger(action, trees))
    homes = (trees.synced[path] for path in strangers if path in trees.synced)
    return {(home.dev, home.ino, home.birth_ns) for home in homes if home.birth_ns}


def _is_sent_so(action: Action, being_sent: Mapping[RelPath, Publish]) -> bool:
    """Whether a publication is on its way just as it is wanted."""
    return isinstance(action, Publish) and being_sent.get(action.path) == action


def _is_stranger(action: Action, trees: Trees) -> TypeGuard[Publish]:
    """Whether the bytes to send lie in another inode than the one agreed on for their path."""
    if not isinstance(action, Publish):
        return False
    synced = trees.synced.get(action.path)
    return synced is None or (synced.dev, synced.ino, synced.birth_ns) != inode_of(action)
