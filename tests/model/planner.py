"""One tree perturbed twice, planned for, and carried out in any order until nothing is left to do.

`python -m tests.model.planner CASE` prints a case round by round.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random

from mydoctransfer.model.actions import (
    Action,
    Adopt,
    Exchange,
    Forget,
    MarkGone,
    Move,
    NewVersion,
    Publish,
    Withdraw,
)
from mydoctransfer.model.reconcile import Surroundings, reconcile
from mydoctransfer.model.trees import (
    Document,
    DocumentState,
    LocalFile,
    RelPath,
    ShareId,
    Synced,
    Trees,
)
from tests.model.trees import agreed, document, file, gone

PATHS = tuple(RelPath(p) for p in ("a", "b", "d/a", "d/b", "a (from laptop)", "e.txt"))
CONTENTS = ("u", "v", "w", "x", "y", "z")
ROUNDS = 12
LOST = 0.15  # of the actions of the first rounds find something else, or their answer is lost
TROUBLED_ROUNDS = 3


@dataclass(slots=True)
class Case:
    """The three trees, and what a device and its cloud do to them.

    Attributes:
        seen: the content of each version of each document that this device agreed on.
        mistakes: what an action did that none may do.
    """

    draw: Random
    local: dict[RelPath, LocalFile] = field(default_factory=dict)
    synced: dict[RelPath, Synced] = field(default_factory=dict)
    remote: dict[ShareId, Document] = field(default_factory=dict)
    made: int = 0
    mistakes: list[str] = field(default_factory=list)

    def live(self) -> dict[RelPath, Document]:
        """Return my live documents by their path in the cloud."""
        found = self.remote.values()
        return {d.path: d for d in found if d.state is DocumentState.LIVE and d.path is not None}

    def plan(self, may_withdraw: bool) -> tuple[Action, ...]:
        """Decide, from what is different now."""
        trees = Trees(dict(self.local), dict(self.synced), dict(self.remote))
        homes = {synced.share_id: path for path, synced in self.synced.items()}
        around = Surroundings("laptop", self.live().get, lambda _: may_withdraw, homes.get)
        return reconcile(trees, around).actions

    def carry_out(self, action: Action) -> None:
        """Do it, unless the cloud is no longer what it expects."""
        match action:
            case Publish(path=path, file=sent, target=NewVersion() as target):
                self._publish_version(path, sent, target)
            case Publish(path=path, file=sent, target=target):
                if target.cloud_path not in self.live():
                    assert sent.sha256 is not None
                    self.made += 1
                    made = document(f"made {self.made}", "", target.cloud_path)
                    made = replace(made, sha256=sent.sha256, size=sent.stat.size)
                    self.remote[made.share_id] = made
                    self.synced[path] = agreed(made, sent)
            case Adopt(path=path, file=here, document=found, is_adopted=is_adopted):
                if self.remote.get(found.share_id) == found:
                    self.synced[path] = agreed(found, here, is_adopted)
            case Move():
                self._move((action,))
            case Exchange(moves=moves):
                self._move(moves)
            case Withdraw(path=path, share_id=share_id, version=version):
                self._withdraw(path, share_id, version)
            case Forget(path=path):
                self.synced.pop(path, None)
            case MarkGone(path=path, synced=synced):
                self.synced[path] = gone(synced)

    def _publish_version(self, path: RelPath, sent: LocalFile, target: NewVersion) -> None:
        found = self.remote.get(target.share_id)
        if found is None or not _is_live(found) or found.version != target.expected_version:
            return
        if found.sha256 != self.synced[path].sha256:
            self.mistakes.append(f"I2: {path} replaces a version nobody here has seen")
        assert sent.sha256 is not None
        newer = replace(found, version=found.version + 1, sha256=sent.sha256, size=sent.stat.size)
        self.remote[newer.share_id] = newer
        self.synced[path] = agreed(newer, sent, self.synced[path].is_adopted)

    def _move(self, moves: tuple[Move, ...]) -> None:
        live = self.live()
        going = {move.synced.share_id for move in moves}
        for move in moves:
            there = live.get(move.cloud_path or move.path)
            found = self.remote.get(move.synced.share_id)
            is_stale = not move.is_gone and (found is None or not _is_live(found))
            if is_stale or (there is not None and there.share_id not in going and not move.is_gone):
                return
        for move in moves:
            self.synced.pop(move.old_path, None)
        for move in moves:
            if not move.is_gone:
                found = self.remote[move.synced.share_id]
                moved = replace(found, path=move.cloud_path or move.path)
                self.remote[moved.share_id] = moved
            at = move.file
            self.synced[move.path] = replace(
                move.synced, dev=at.stat.dev, ino=at.stat.ino, birth_ns=at.birth_ns,
                is_gone=move.is_gone,
            )  # fmt: skip

    def _withdraw(self, path: RelPath, share_id: ShareId, version: int) -> None:
        found = self.remote.get(share_id)
        if path in self.local:
            self.mistakes.append(f"I11: {path} is withdrawn while it lies in the folder")
        if found is not None and _is_live(found) and found.version == version:
            if found.sha256 != self.synced[path].sha256:
                self.mistakes.append(f"I12: {path} is withdrawn in a version nobody here has seen")
            self.remote[share_id] = replace(found, state=DocumentState.REMOVED)
        self.synced.pop(path, None)


def _is_live(found: Document) -> bool:
    return found.state is DocumentState.LIVE


def make(number: int) -> Case:
    """Return the case with this number: a base tree, perturbed here and in the cloud."""
    draw = Random(number)
    case = Case(draw)
    for n, path in enumerate(draw.sample(PATHS, draw.randint(0, len(PATHS)))):
        content = draw.choice(CONTENTS)
        doc, here = document(f"doc {n}", content, path), file(content, n + 1)
        case.remote[doc.share_id] = doc
        case.local[path] = here
        case.synced[path] = agreed(doc, here, draw.random() < 0.3)
    for n in range(draw.randint(0, 4)):
        _perturb_folder(case, draw, n)
    for n in range(draw.randint(0, 3)):
        _perturb_cloud(case, draw, n)
    return case


def _perturb_folder(case: Case, draw: Random, n: int) -> None:
    path, other = draw.choice(PATHS), draw.choice(PATHS)
    match draw.choice(("write", "replace", "delete", "move", "swap", "copy")):
        case "write":
            inode = case.local[path].stat.ino if path in case.local else 50 + n
            case.local[path] = file(draw.choice(CONTENTS), inode)
        case "replace":
            case.local[path] = file(draw.choice(CONTENTS), 60 + n, birth=2)
        case "delete":
            case.local.pop(path, None)
        case "move" if path in case.local:
            case.local[other] = case.local.pop(path)
        case "swap" if path in case.local and other in case.local:
            case.local[path], case.local[other] = case.local[other], case.local[path]
        case "copy" if path in case.local:
            here = case.local[path]
            stat = here.stat._replace(ino=70 + n)
            case.local[other] = here._replace(stat=stat, birth_ns=3)


def _perturb_cloud(case: Case, draw: Random, n: int) -> None:
    live = [d for d in case.remote.values() if _is_live(d)]
    path = draw.choice(PATHS)
    kind = draw.choice(("newer", "ended", "unknown", "moved", "new"))
    if kind == "new":
        if path not in case.live():
            made = document(f"theirs {n}", draw.choice(CONTENTS), path)
            case.remote[made.share_id] = made
        return
    if not live:
        return
    doc = draw.choice(live)
    match kind:
        case "newer":
            newer = document("", draw.choice(CONTENTS), doc.path, version=doc.version + 1)
            case.remote[doc.share_id] = replace(newer, share_id=doc.share_id)
        case "ended":
            state = draw.choice(list(DocumentState)[1:])
            case.remote[doc.share_id] = replace(doc, state=state)
        case "unknown":
            del case.remote[doc.share_id]
        case "moved" if path not in case.live():
            case.remote[doc.share_id] = replace(doc, path=path)


def rounds(case: Case) -> Iterator[tuple[Action, ...]]:
    """Plan and carry out in any order, until nothing is left to do; yield each plan before."""
    for n in range(ROUNDS):
        is_troubled = n < TROUBLED_ROUNDS
        actions = case.plan(may_withdraw=not is_troubled or case.draw.random() < 0.7)
        yield actions
        if not actions and not is_troubled:
            return
        for action in case.draw.sample(actions, len(actions)):
            if not (is_troubled and case.draw.random() < LOST):
                case.carry_out(action)
    case.mistakes.append(f"I6: still planning after {ROUNDS} rounds: {case.plan(True)}")


def mistakes_of(number: int) -> list[str]:
    """Return what goes wrong in a case; nothing, if all is well."""
    case = make(number)
    first = dict(case.local)
    only_here = case.local.keys() - case.synced.keys()
    left = {
        path: case.local[path]
        for path, synced in case.synced.items()
        if synced.share_id not in case.remote and path in case.local
    }
    done = 0
    for n, actions in enumerate(rounds(case)):
        done += len(actions)
        if n == 0:
            case.mistakes += _wrong_intents(actions, case, set(only_here), set(left))
    if done > 4 * ROUNDS * (len(PATHS) + 1):
        case.mistakes.append(f"I6: {done} actions")
    if case.local != first:
        case.mistakes.append("I1: the folder has changed")
    return case.mistakes + _unsettled(case)


def _wrong_intents(
    actions: tuple[Action, ...], case: Case, only_here: set[RelPath], left: set[RelPath]
) -> list[str]:
    """Only here: sent, never deleted. Agreed on and here, absent in the cloud: nothing happens
    to the file, and only an edit makes a document again."""
    found: list[str] = []
    about: dict[RelPath, Action] = {}
    for action in actions:
        moves = action.moves if isinstance(action, Exchange) else ()
        about |= {move.path: action for move in moves}
        if not moves:
            about[action.path] = action  # type: ignore[union-attr]
    for path in sorted(only_here):
        if not isinstance(about.get(path), Publish | Adopt | Move | Exchange):
            found.append(f"only here, and not sent: {path}: {about.get(path)}")
    for path in sorted(left):
        action = about.get(path)
        is_edited = case.local[path].sha256 != case.synced[path].sha256
        if isinstance(action, Withdraw | Forget):
            found.append(f"here, absent in the cloud, and forgotten: {path}: {action}")
        if isinstance(action, Publish) and not is_edited:
            found.append(f"I9: what left the cloud comes back by itself: {path}")
    return found


def _unsettled(case: Case) -> list[str]:
    """I5: in the end every file is in the cloud as here, overtaken there, or known as gone."""
    found: list[str] = []
    for path, here in case.local.items():
        synced = case.synced.get(path)
        if synced is None:
            found.append(f"I5: nothing is agreed on for {path}")
            continue
        doc = case.remote.get(synced.share_id)
        if doc is None or not _is_live(doc):
            if not synced.is_gone or synced.sha256 != here.sha256:
                found.append(f"I5: {path} is not in the cloud, and not known as gone")
        elif synced.is_gone:
            found.append(f"I15: {path} is called gone, and is in the cloud")
        elif here.sha256 not in (doc.sha256, synced.sha256):
            found.append(f"I5: {path} is not in the cloud as it is here")
    found += [f"I5: {path} is agreed on and nowhere" for path in case.synced.keys() - case.local]
    return found


def main() -> None:
    number = int(sys.argv[1])
    case = make(number)
    for tree in ("local", "synced", "remote"):
        print(tree, *getattr(case, tree).items(), sep="\n  ")
    for actions in rounds(case):
        print("plan", *actions, sep="\n  ")
    print(mistakes_of(number))


if __name__ == "__main__":
    main()
