"""How many documents a content may become (I4, I9): one for each place it came to by hand.

A path keeps its document (R2). What a document had is therefore new wherever it went, once
something else lies at its path and has become the document's next version; and what trades places
with another file becomes nothing new at all. Both are counted here, by content and device.
"""

import hashlib
from collections import Counter
from itertools import pairwise
from typing import Any

from mydoctransfer.model.conflicts import is_second
from mydoctransfer.model.ignore import is_ignored
from mydoctransfer.model.trees import is_beneath, name_of
from mydoctransfer_contract.paths import decode_path
from tests.simulation.oracle.findings import Findings

_NO_BYTES = hashlib.sha256(b"").hexdigest()


class Births:
    """Counts what came into being, and what was made of it.

    Attributes:
        by_hand: how often a content came into being at a path of a device, by the person's hand.
        left_behind: how often it lost its document to what took its path, by device and content.
    """

    def __init__(self, world: Any, findings: Findings) -> None:
        self.by_hand: Counter[tuple[str, str]] = Counter()
        self.left_behind: Counter[tuple[str, str]] = Counter()
        self._world = world
        self._findings = findings
        # New documents published from a device, by content; and as they were then.
        self._made: Counter[tuple[str, str]] = Counter()
        self._firsts: dict[tuple[str, str], list[Any]] = {}
        self._went_on: set[tuple[str, str]] = set()  # to a path without a document
        self._kept_paths: set[tuple[str, str, int]] = set()  # by device: versions left behind
        # What came to a path by an exchange nobody agreed on yet, and what it came for.
        self._exchanges: dict[tuple[str, str], tuple[str, str]] = {}

    # --- the person's hand -----------------------------------------------------------------------

    def wrote(self, device: Any, path: str, sha: str) -> None:
        if not is_ignored(name_of(path), False):
            self.by_hand[device.name, sha] += 1

    def lost(self, device: Any, path: str, sha: str) -> None:
        came, went = self._exchanges.pop((device.name, path), ("", ""))
        if came == sha:
            # R2: with one half taken away it is no exchange. The path keeps the document that the
            # other half had, which is new where it lies.
            self.by_hand[device.name, went] += 1

    def exchanged(self, device: Any, path: str, sha: str, went: str) -> None:
        self._exchanges[device.name, path] = (sha, went)
        if path not in device.agreed():
            self._went_on.add((device.name, sha))

    def moved(self, device: Any, path: str, new: str, sha: str) -> None:
        mine = (device.name, sha)
        if device.folder.is_hidden(path):
            self.left_behind[mine] += 1  # R9: as in `hid`
        self._went_on.add(mine)
        live = self._world.live(device.user.sub)
        lying = {decode_path(row.path): row.sha256 for row in live}
        if lying.get(path, sha) != sha:
            # Another device's bytes keep the document, should anything take this path again.
            self.left_behind[mine] += 1
        kept = device.agreed().get(new)  # wherever another device has moved it since
        had = next((r.sha256 for r in live if kept and r.share_id == kept.share_id), None)
        had = lying.get(new, had)
        if device.folder.at(new) is None and had is not None:
            # R2: the path keeps its document, also after its file was taken away. To that this is
            # an edit, as where it replaces the file, and new if another device's edit comes first.
            # What the document had is new wherever it went, also if this is taken away unsent.
            self.by_hand[mine] += 1
            self.left_behind[device.name, had] += 1
        is_common = max(self.by_hand[mine], self._made[mine]) > 1 or sha == _NO_BYTES
        if not self._world.knobs.has_birth and is_common:
            # R2: without a birth time only the content tells where a file came from, and only if
            # exactly one vanished document has it, and it is not empty; else it is new there.
            self.by_hand[mine] += 1

    def hid(self, device: Any, name: str) -> None:
        """R9: from where nothing can be read, nobody can tell that a file has left, or to where."""
        for path, synced in device.agreed().items():
            inode = device.folder.at(path)
            if is_beneath(path, name) and (inode is None or inode.ino != synced.ino):
                self.left_behind[device.name, synced.sha256] += 1

    # --- what the program makes of it ------------------------------------------------------------

    def agreed(self, device: Any, path: str, sha: str) -> None:
        """The journal agrees on what lies at a path: an exchange is over with that. What has left
        meanwhile from where nothing can be read is new wherever it went, as in `hid` (R9)."""
        if self._exchanges.get((device.name, path), ("", ""))[0] == sha:
            del self._exchanges[device.name, path]
        if device.folder.is_hidden(path) and device.folder.at(path) is None:
            self.left_behind[device.name, sha] += 1

    def created(self, row: Any) -> None:
        self._made[row.host, row.sha256] += 1
        self._firsts.setdefault((row.host, row.sha256), []).append(row)
        if "(conflict from " in row.path:
            self._learn_overtaken(self._world.devices[row.host], row)

    def replaced(self, was: Any, now: Any) -> None:
        """R2: the path keeps its document, so the old content is without one wherever it went; also
        on the other devices where it went from there."""
        path = decode_path(was.path)
        for name, device in self._world.devices.items():
            there = device.folder.at(path)
            if name == now.host or there is None or there.sha != was.sha256:
                self._leave_behind(name, was.share_id, was.version, was.sha256)

    def is_exchange(self, device: Any, path: str, came: str, went: str) -> bool:
        """Whether one content came to a path for another by an exchange that has both halves."""
        return self._exchanges.get((device.name, path)) == (came, went) and any(
            _has_traded(device, path, other)
            for (name, other), traded in self._exchanges.items()
            if name == device.name and traded == (went, came)
        )

    def check(self) -> None:
        """I9, I4: no content has more documents than places it came to by the person's hand."""
        for made, count in self._made.items():
            overtaken = sum(self._is_overtaken(*two) for two in pairwise(self._firsts[made]))
            if count > self.by_hand[made] + self.left_behind[made] + overtaken:
                self._findings.fail(
                    "I9",
                    f"{made[0]} published {self._findings.say(made[1])} {count} times as new, "
                    f"written {self.by_hand[made]} times",
                )

    def _learn_overtaken(self, device: Any, row: Any) -> None:
        """R7: an edit that another device's came before is a document beside the one it was meant
        for. The path keeps that one (R2), as it does where the edit comes first: what was agreed on
        there is new wherever it went, and so is what came by half of an exchange."""
        known = device.agreed()
        for path, agreed in known.items():
            there = device.folder.at(path)
            is_here = there is not None and there.sha == row.sha256
            if not is_here or not is_second(path, decode_path(row.path)):
                continue
            document = self._world.row_of(agreed.share_id)
            if document is None or document.version == agreed.version:
                continue
            self._leave_behind(device.name, agreed.share_id, agreed.version, agreed.sha256)
            came, went = self._exchanges.get((device.name, path), ("", ""))
            has_document = any(a.sha256 == came for other, a in known.items() if other != path)
            is_half = came == row.sha256 and not self.is_exchange(device, path, came, went)
            if is_half and has_document:
                self.left_behind[device.name, came] += 1

    def _leave_behind(self, name: str, share_id: str, version: int, sha: str) -> None:
        """The path of this version keeps the document, without it, on this device: once."""
        if (name, share_id, version) not in self._kept_paths:
            self._kept_paths.add((name, share_id, version))
            self.left_behind[name, sha] += 1

    def _is_overtaken(self, row: Any, next_one: Any) -> bool:
        """Whether a document ended before the edit of its path reached it: the path keeps it (R2),
        so the content that had gone on from there was new where it lay."""
        there = self._world.devices[row.host].folder.at(decode_path(row.path))
        now = self._world.time.ms
        has_ended = self._world.row_of(row.share_id) is None or row.expires_at <= now
        is_edited = there is not None and there.sha != row.sha256
        had_gone_on = (row.host, row.sha256) in self._went_on
        return has_ended and is_edited and had_gone_on and next_one.uploaded_at < row.expires_at


def _has_traded(device: Any, one: str, other: str) -> bool:
    """Whether two files still lie in each other's inodes, as far as the journal knows them."""
    known = device.agreed()  # the sweep may publish what was sent before its process ended
    agreed = [known.get(path) for path in (one, other)]
    lying = [device.folder.at(path) for path in (other, one)]
    return all(
        synced is not None
        and inode is not None
        and (synced.ino, synced.birth_ns) == (inode.ino, inode.birth_ns)
        for synced, inode in zip(agreed, lying, strict=True)
    )
