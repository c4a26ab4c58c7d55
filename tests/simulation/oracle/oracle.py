"""What must hold. Told of everything that happens; knows more than any part of the system does.

A content is its SHA-256; every write of the person makes a new one, so that contents name writes.
"""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from chalicelib.rows import read_document
from mydoctransfer.model.trees import NEVER_SENT
from mydoctransfer_contract.paths import decode_path
from tests.simulation.oracle import decisions
from tests.simulation.oracle.births import Births
from tests.simulation.oracle.findings import Findings
from tests.simulation.oracle.rest import AtRest
from tests.simulation.oracle.withdrawals import Withdrawals
from tests.simulation.oracle.witnesses import Begun, Patience, Shown

QUIET_NS = 2 * 10**9


class Oracle:
    """Remembers what happened, and says at once when something must not have.

    Attributes:
        names: what the schedule calls a content. existed_on: where each once was a file.
        puts: bodies stored, by device and content. calls: mutating calls, by device.
    """

    def __init__(self, world: Any) -> None:
        self.world = world
        self.puts: Counter[tuple[str, str]] = Counter()
        self.calls: Counter[str] = Counter()
        self.existed_on: set[tuple[str, str]] = set()
        self._existed: set[str] = set()
        self._acknowledged: dict[tuple[str, int], str] = {}
        self._keys: dict[str, tuple[str, int]] = {}  # versions, by the key of their object
        self._revisions: dict[tuple[str, str], int] = {}
        self._emptied: set[tuple[str, int, int, int]] = set()  # what a power loss emptied
        findings = Findings(world)
        self.names, self._fail, self._say = findings.names, findings.fail, findings.say
        self.births = Births(world, findings)
        self.withdrawals = Withdrawals(world, findings, self.births)
        self.shown = Shown(self._fail, self._acknowledged)
        self.begun = Begun(self._fail)
        self.patience = Patience(self._fail, lambda: world.time.ns)
        self._at_rest = AtRest(world, findings, self.withdrawals, self._acknowledged)

    # --- the person's hand -----------------------------------------------------------------------

    def wrote(self, device: Any, path: str, sha: str) -> None:
        self._existed.add(sha)
        self.existed_on.add((device.name, sha))
        self.births.wrote(device, path, sha)
        self.withdrawals.wrote(device, path, sha)

    def lost(self, device: Any, path: str, sha: str) -> None:
        self.withdrawals.lost(device, path, sha)
        self.births.lost(device, path, sha)

    def exchanged(self, device: Any, path: str, sha: str, went: str, is_proven: bool) -> None:
        """A content came to this path by an exchange, and another went; without birth times nothing
        proves it, and it is two edits, as far as one can tell."""
        if is_proven:
            self.births.exchanged(device, path, sha, went)
        else:
            self.wrote(device, path, sha)
        # Where the exchange was not told in time, the documents stay where they were, and are
        # absent from when those paths are.
        self.withdrawals.left(device, sha)

    def moved(self, device: Any, path: str, new: str, sha: str) -> None:
        self.withdrawals.moved(device, new, sha)
        self.births.moved(device, path, new, sha)

    def known_bytes(self, device: Any) -> dict[str, tuple[str, int, int, int]]:
        """Return which files the journal knows to have bytes, as they are."""
        return {
            path: _writing(device, inode)
            for path, inode in device.folder.files()
            if (seen := device.journal.local(path)) is not None
            and (seen.stat.ino, seen.stat.mtime_ns) == (inode.ino, inode.mtime_ns)
            and min(seen.stat.size, len(inode.data)) > 0
        }

    def lost_power(self, device: Any, before: dict[str, tuple[str, int, int, int]]) -> None:
        """The power went: what is empty now and was not before lost its bytes."""
        for path, known in before.items():
            if device.folder.at(path).data:
                continue
            self._emptied.add(known)
            agreed = device.journal.synced(path)
            if agreed is not None and agreed.ino != known[1]:
                # R2: it was to be the next version, which will not come now. The path keeps its
                # document all the same, so that what went on from there is new where it lies.
                self.births.left_behind[device.name, agreed.sha256] += 1

    def forgot(self, device: Any) -> None:
        """The journal is gone, and all it knew."""
        self.begun.forgot(device)
        self._emptied = {known for known in self._emptied if known[0] != device.name}

    # --- the engine's hand -----------------------------------------------------------------------

    def put(self, device: Any, path: str, data: bytes) -> None:
        sha = self.world.sha(data)
        self.calls[device.name] += 1
        self.puts[device.name, sha] += 1
        if sha not in self._existed:
            self._fail("I14", f"{device.name} sent bytes that never were a file")
        inode = device.folder.at(path) if path else None
        if inode is not None and inode.kind == "file" and inode.sha == sha:
            if not data and _writing(device, inode) in self._emptied:
                self._fail("C02", f"{path} was sent without the bytes that a power loss took")
            age = self.world.time.ns - inode.written_at
            # A program whose clock was ahead took the file for old and read it; the next one does
            # not know. It is whole all the same (I14): it was read at one instant.
            was_read_before = device.clock.is_ahead and device.began_ns > inode.written_at
            if age < QUIET_NS and not was_read_before:
                self._fail("I14", f"{path} was sent {age / 1e9:.3f} s after it was written")

    def asked(self, device: Any, route: str, body: dict[str, Any], answer: Any) -> None:
        if route == "POST /docs":
            self.withdrawals.answered(device, body, answer)
        is_renewal = route == "POST /uploads" and not body.get("files")
        if route.startswith(("POST", "DELETE")) and not is_renewal:
            self.calls[device.name] += 1
        if route.startswith("GET /docs") and answer.status == 200:
            self._check_visible(device, json.loads(answer.body))

    def _check_visible(self, device: Any, page: dict[str, Any]) -> None:
        """I19, from the rows themselves."""
        found = page.get("documents") or [c["document"] for c in page.get("changes", ())]
        for document in found:
            if document is None:
                continue
            row = self.world.row_of(document["share_id"])
            sub = device.user.sub
            if row is not None and row.owner != sub and sub not in row.people:
                self._fail("I19", f"{device.name} saw {document['share_id']}")

    def settled(self, device: Any, settled: Any) -> None:
        """I23, R8: the journal never agrees on what the server did not acknowledge before."""
        for one in settled:
            if one.synced is None or one.synced.sha256 == "":
                continue
            self.births.agreed(device, one.path, one.synced.sha256)
            if one.synced.share_id == NEVER_SENT:
                self._check_left_out(device, one)
                continue
            if one.synced.is_gone and one.synced.sha256 in self.withdrawals.commanded:
                continue  # R6: what a person takes out is agreed to be gone, sent or not
            known = self._acknowledged.get((one.synced.share_id, one.synced.version))
            if known != one.synced.sha256:
                self._fail(
                    "I23", f"{device.name} agreed on {one.path} before the server did ({known})"
                )

    def _check_left_out(self, device: Any, one: Any) -> None:
        """Only what was in the folder when it was chosen may be left out, by the same bytes."""
        if one.synced.sha256 not in device.from_before:
            self._fail("R6", f"{device.name} leaves out {one.path}, which came later")

    def intended(self, device: Any, intents: Any, fresh: Any, op_ids: Any) -> None:
        """Judge what was decided just now; an intent with an older key was decided before."""
        for used in op_ids:
            self.withdrawals.decided(used)
        try:
            for intent, new, used in zip(intents, fresh, op_ids, strict=True):
                broken = decisions.judge(device.journal, intent) if new == used else None
                if broken is not None:
                    self._fail(broken[0], f"{device.name} {broken[1]}")
        except Exception as exc:  # else the engine's loop would make something of it
            self.world.broken = self.world.broken or exc

    def learned(self, device: Any, documents: Any) -> None:
        for document in documents:
            kept = device.journal.document(document.share_id)
            if kept is None:
                continue
            key = (device.name, document.share_id)
            if kept.revision < self._revisions.get(key, 0):
                self._fail("I13", f"{device.name} went back on {document.share_id}")
            self._revisions[key] = kept.revision

    def downloaded(self, device: Any, link: Any, data: bytes) -> None:
        if self.world.sha(data) != link.sha256:
            self._fail("I14", f"{device.name} was given other bytes than it was told")

    # --- the server ------------------------------------------------------------------------------

    def row_changed(self, key: Any, was: Any, now: Any) -> None:
        """Judge every change of a live document at the moment it is committed."""
        if not key.sk.startswith("DOC#") or key.table.value != "main":
            return
        was = None if was is None else read_document(was)
        now = None if now is None else read_document(now)
        if now is not None:
            self._check_content(now)
        if was is None:
            self.births.created(now)
            self.withdrawals.published(now)
        elif now is None:
            self.withdrawals.removed(was)
        elif now.version != was.version:
            self._check_replaced(was, now)
        if was is not None and now is not None and now.revision <= was.revision:
            self._fail("I13", f"{key.sk} went from {was.revision} to {now.revision}")

    def _check_content(self, row: Any) -> None:
        self._acknowledged[row.share_id, row.version] = row.sha256
        if row.sha256 not in self._existed:
            self._fail("I14", f"{row.path} has bytes that never were a file")
        version = self.world.backend.bucket.version(row.key, row.version_id)
        if version is None:
            self._fail("I16", f"{row.path} was published without its object")
        if self.world.sha(version.data) != row.sha256:
            self._fail("I14", f"{row.path} has another object than its hash")
        mine = (row.share_id, row.version)
        if self._keys.setdefault(row.key, mine) != mine:
            self._fail("I17", f"one upload made {self._keys[row.key]} and {mine}")

    def _check_replaced(self, was: Any, now: Any) -> None:
        self.withdrawals.published(now)
        if was.sha256 == now.sha256:
            return
        self.births.replaced(was, now)
        if (now.host, was.sha256) not in self.existed_on:
            self._fail(
                "I2",
                f"{now.host} replaced {now.path} ({self._say(was.sha256)}), which it never had",
            )
        device, path = self.world.devices[now.host], decode_path(now.path)
        if self.births.is_exchange(device, path, now.sha256, was.sha256):
            self._fail("R2", f"{now.host} sent as an edit of {now.path} what traded places with it")

    # --- the end of a run ------------------------------------------------------------------------

    def check_rest(self, statuses: Mapping[str, dict[str, Any]]) -> None:
        """What holds when nothing moves any more."""
        self._at_rest.check(statuses)
        for device in self.world.devices.values():
            self.shown.check(device, statuses[device.name])
        self.begun.check_rest(self.world.devices, self.world.backend.bucket.uploads)
        self.births.check()

    def check_clean(self) -> None:
        """What holds long after."""
        self.births.check()
        self._at_rest.check_clean()


def _writing(device: Any, inode: Any) -> tuple[str, int, int, int]:
    """Return what stays of a file, whatever it is called, until somebody writes to it."""
    return (device.name, inode.ino, inode.birth_ns, inode.mtime_ns)
