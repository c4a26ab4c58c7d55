"""Which documents may leave the cloud, when, and how many at once (I2, I11, I18, R5, R14).

A document is withdrawn because the person took its content away by their own hand, seeing it (I2's
`sup`), on a device that published it.
"""

import json
from collections import defaultdict
from typing import Any

from mydoctransfer.model import guard as real_guard
from mydoctransfer.model.ignore import is_ignored
from mydoctransfer.model.trees import RelPath, Stat, name_of
from mydoctransfer_contract.documents import DocumentState
from mydoctransfer_contract.paths import decode_path
from tests.simulation.oracle.births import Births
from tests.simulation.oracle.findings import Findings
from tests.simulation.world.disk import stat_of

HOUR_NS = 3600 * 10**9
_Looks = tuple[str, Stat | None]  # a file of a device, as any look finds it
SHARE, ALL = real_guard.SHARE, real_guard.ALL  # MANY is a knob


class Withdrawals:
    """Knows who took what away, and judges every withdrawal by it.

    Attributes:
        lost_at: when the person first took a content away, by device and content (true ns).
        confirmed: documents and versions the person was asked about and let go, by device.
        commanded: contents the person removed from the cloud by command, sent or not.
        overlaid: contents that went where another document keeps the path.
    """

    def __init__(self, world: Any, findings: Findings, births: Births) -> None:
        self.lost_at: dict[tuple[str, str], int] = {}
        self.confirmed: defaultdict[str, set[tuple[str, int]]] = defaultdict(set)
        self.commanded: set[str] = set()
        self.overlaid: set[str] = set()
        self._world = world
        self._findings = findings
        self._births = births
        self._left_at: dict[tuple[str, str], int] = {}
        self._went_unseen: set[tuple[str, str]] = set()  # to where nobody could look then
        self._contents: dict[_Looks, set[str]] = {}  # of files, for as long as they looked the same
        self._taken_out: set[_Looks] = set()
        self._publishers: dict[str, set[str]] = {}  # who published a version, by document
        self._decided_ns: dict[str, int] = {}  # by the key of the call
        self._counted: set[str] = set()  # keys of calls
        self._withdrawn_ns: dict[str, list[int]] = {}
        self._ended_ns: dict[str, int] = {}  # per account: when a document last ended otherwise

    # --- the person's hand -----------------------------------------------------------------------

    def wrote(self, device: Any, path: str, sha: str) -> None:
        """Until what was taken out has been read and agreed on, nothing tells from it what comes
        without a trace (R6); from then on that is an edit (A18)."""
        looks = self._lay(device, path, sha)
        if looks not in self._taken_out:
            return
        seen, agreed = device.seen(path), device.agreed().get(path)
        is_known = seen is not None and (device.name, seen.stat) == looks and agreed is not None
        if not (is_known and seen.sha256 == agreed.sha256):
            self.commanded.add(sha)

    def lost(self, device: Any, path: str, sha: str) -> None:
        self._lay(device, path, sha)
        self.lost_at.setdefault((device.name, sha), self._world.time.ns)

    def _lay(self, device: Any, path: str, sha: str) -> _Looks | None:
        """Note what lies in a file that looks as it does now; return how it looks."""
        inode = device.folder.at(path)
        if inode is None or inode.kind != "file" or inode.sha != sha:
            return None  # it was only told of
        looks = _looks(device, inode)
        self._contents.setdefault(looks, set()).add(sha)
        return looks

    def left(self, device: Any, sha: str) -> None:
        """A content left a path for another; from then on, it is absent there."""
        self._left_at.setdefault((device.name, sha), self._world.time.ns)

    def moved(self, device: Any, new: str, sha: str) -> None:
        self.left(device, sha)
        if device.folder.is_hidden(new):
            self._went_unseen.add((device.name, sha))

    # --- the program's ---------------------------------------------------------------------------

    def decided(self, op_id: str) -> None:
        """A call with this key was decided on; when it was first."""
        self._decided_ns.setdefault(op_id, self._world.time.ns)

    def published(self, row: Any) -> None:
        self._publishers.setdefault(row.share_id, set()).add(row.host)

    def answered(self, device: Any, body: dict[str, Any], answer: Any) -> None:
        """R5's numbers, over the effects themselves. What another device had removed just before is
        taken out here, too."""
        for action in body["actions"]:
            row = self._world.row_of(action["share_id"])
            is_removal = action["action"] == "delete" and action["expected_version"] is None
            if is_removal and (row is None or row.state is not DocumentState.LIVE):
                self._take_out(device, action["share_id"])
        if answer.status != 200:
            return
        ended = self._ended_ns.get(device.user.sub, 0)
        results = {r["op_id"]: r for r in json.loads(answer.body)["results"]}
        fresh: list[int] = []  # when each was decided: a call may be on its way for an hour
        for action in body["actions"]:
            is_withdrawal = action["action"] == "delete" and action["expected_version"] is not None
            if not is_withdrawal or results[action["op_id"]]["document"] is None:
                continue
            if (action["share_id"], action["expected_version"]) in self.confirmed[device.name]:
                continue
            if action["op_id"] not in self._counted:
                self._counted.add(action["op_id"])
                fresh.append(self._decided_ns[action["op_id"]])
        if not fresh:
            return
        hour_ago = max(fresh) - HOUR_NS
        recent = [t for t in self._withdrawn_ns.get(device.name, []) if t > hour_ago]
        published = device.journal.published_count()
        total, base = len(fresh) + len(recent), published + len(recent)
        many = self._world.knobs.many
        is_mass = (total >= many and total >= SHARE * base) or (total >= base and total >= ALL)
        self._withdrawn_ns[device.name] = [*recent, *fresh]
        if is_mass and self._world.time.ns - ended > 600 * 10**9:
            self._findings.fail(
                "R5", f"{device.name} withdrew {len(fresh)} (recently {len(recent)}) of {published}"
            )

    def removed(self, was: Any) -> None:
        """A live document is one no more."""
        acting = self._world.backend.acting
        self._ended_ns[was.owner] = self._world.time.ns
        if acting.route == "sweep":
            if self._world.time.ms < was.expires_at:
                self._findings.fail("I18", f"{was.path} was swept before its time")
            return
        order = next(a for a in acting.body["actions"] if a["share_id"] == was.share_id)
        if order["expected_version"] is None:
            self.commanded.add(was.sha256)
            self._take_out(self._world.devices[acting.device], was.share_id)
            return
        if order["expected_version"] != was.version:
            self._findings.fail(
                "R14", f"{acting.device} withdrew version {was.version} of {was.path} unseen"
            )
        if (was.share_id, was.version) in self.confirmed[acting.device]:
            return
        if acting.device not in self._publishers[was.share_id]:
            self._findings.fail(
                "R14", f"{acting.device} withdrew {was.path}, which it only found, unasked"
            )
        self._ended_ns.pop(was.owner, None)
        self._check_taken(self._world.devices[acting.device], was)

    def _take_out(self, device: Any, share_id: str) -> None:
        """What lies in the folder for a document goes along, as does what lay there as the program
        looked: saved before it was removed, read by then or not, or changed without a trace."""
        for path, agreed in device.agreed().items():
            if agreed.share_id != share_id:
                continue
            taken_out = {(device.name, device.disk.asked_for.get(path))}
            inode = device.folder.at(path)
            if inode is not None and inode.kind == "file":
                self.commanded.add(inode.sha)
                taken_out.add(_looks(device, inode))
            self._taken_out |= taken_out
            for looks in taken_out:
                self.commanded |= self._contents.get(looks, set())

    def _check_taken(self, device: Any, was: Any) -> None:
        mine = (device.name, was.sha256)
        taken = self.lost_at.get(mine)
        if taken is not None:
            absent_since = min(taken, self._left_at.get(mine, taken))
            if self._world.time.ns - absent_since < device.grace * 10**9:
                self._findings.fail("I11", f"{device.name} withdrew {was.path} at the first look")
        elif self._is_elsewhere(was):
            self.overlaid.add(was.sha256)
        elif self._is_hidden(device, was):
            if mine in self._went_unseen:
                self._births.left_behind[mine] += 1  # new, when it is seen there
        else:
            self._findings.fail(
                "I2",
                f"{device.name} withdrew {was.path} ({self._findings.say(was.sha256)}), "
                "which nobody took away there",
            )

    def _is_elsewhere(self, was: Any) -> bool:
        """Whether another document has the content, or had it to its own end."""
        return any(
            row.sha256 == was.sha256 and row.share_id != was.share_id
            for row in self._world.documents(was.owner)
        )

    def _is_hidden(self, device: Any, was: Any) -> bool:
        """Whether a file went where it is ignored, or from where it was seen to where nobody can
        look: to the program it left the folder, until it has seen it there."""
        is_seen = not device.folder.is_hidden(decode_path(was.path))
        went_there = (device.name, was.sha256) in self._went_unseen

        def is_hidden(path: RelPath) -> bool:
            unseen = went_there and device.journal.local(path) is None
            return is_seen and (device.folder.is_hidden(path) or unseen)

        return any(
            inode.sha == was.sha256 and (is_ignored(name_of(path), False) or is_hidden(path))
            for path, inode in device.folder.files()
        )


def _looks(device: Any, inode: Any) -> _Looks:
    return (device.name, stat_of(inode, device.folder.dev))
