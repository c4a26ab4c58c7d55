"""What must hold. Told of everything that happens; knows more than any part of the system does.

A content is its SHA-256; every write of the person makes a new one, so that contents name writes.
`lost` means that the person took a content from a path by their own hand, seeing it (I2's `sup`).
"""

import json
from collections import Counter
from itertools import pairwise
from typing import Any

from chalicelib.rows import read_document
from mydoctransfer.model import guard as real_guard
from mydoctransfer.model.conflicts import is_second
from mydoctransfer.model.ignore import is_ignored
from mydoctransfer.model.trees import NEVER_SENT, RelPath, is_beneath, name_of
from mydoctransfer_contract.documents import DocumentState
from mydoctransfer_contract.paths import decode_path
from tests.simulation import decisions
from tests.simulation.hidden import may_have_traded
from tests.simulation.witnesses import Begun, Patience, Shown

HOUR_NS = 3600 * 10**9
QUIET_NS = 2 * 10**9
TOLD_MS = 60_000  # a device ends its documents itself, once every doubt about clocks is over
MANY, SHARE, ALL = real_guard.MANY, real_guard.SHARE, real_guard.ALL


class Violation(AssertionError):
    """An invariant does not hold. `rule` is its number in the catalogue."""

    def __init__(self, rule: str, words: str) -> None:
        # Names may be no text, and what reports it may take nothing else.
        super().__init__(f"{rule}: {words}".encode(errors="backslashreplace").decode())
        self.rule = rule


class Oracle:
    """Remembers what happened, and says at once when something must not have.

    Attributes:
        births: how often a content came into being at a path of a device, by the person's hand.
        made: new documents published from a device, by content. firsts: as they were then.
        lost_at: when the person first took a content away, by device and content (true ns).
        exchanges: what came to a path by an exchange nobody agreed on yet, and what it came for,
            by device and path.
        emptied: what a power loss emptied, by device: inode, birth and time of change.
        puts: bodies stored, by device and content. calls: mutating calls, by device.
    """

    def __init__(self, world: Any) -> None:
        self.world = world
        self.births: Counter[tuple[str, str]] = Counter()
        self.made: Counter[tuple[str, str]] = Counter()
        self.went_on: set[tuple[str, str]] = set()  # to a path without a document
        self.firsts: dict[tuple[str, str], list[Any]] = {}
        self.left_behind: Counter[tuple[str, str]] = Counter()
        self.kept_paths: set[tuple[str, str, int]] = set()  # by device: versions left behind
        self.went_unseen: set[tuple[str, str]] = set()  # to where nobody could look then
        self.lost_at: dict[tuple[str, str], int] = {}
        self.left_at: dict[tuple[str, str], int] = {}
        self.exchanges: dict[tuple[str, str], tuple[str, str]] = {}
        self.existed: set[str] = set()
        self.existed_on: set[tuple[str, str]] = set()
        self.acknowledged: dict[tuple[str, int], str] = {}
        self.keys: dict[str, tuple[str, int]] = {}
        self.revisions: dict[tuple[str, str], int] = {}
        self.puts: Counter[tuple[str, str]] = Counter()
        self.calls: Counter[str] = Counter()
        self.withdrawn_ns: dict[str, list[int]] = {}
        self.decided_ns: dict[str, int] = {}  # by the key of the call
        self.confirmed: dict[str, set[str]] = {}
        self.commanded: set[str] = set()  # contents the person removed from the cloud by command
        self.overlaid: set[str] = set()  # contents that went where another document keeps the path
        self.ended_ns: dict[str, int] = {}  # per account: when a document last ended otherwise
        self.names: dict[str, str] = {}
        self.emptied: set[tuple[str, int, int, int]] = set()
        self.publishers: dict[str, set[str]] = {}  # who published a version, by document
        self.shown = Shown(self.fail, self.acknowledged)
        self.begun = Begun(self.fail)
        self.patience = Patience(self.fail, lambda: world.time.ns)

    def fail(self, rule: str, words: str) -> None:
        """Remember the first violation. It is raised when the step ends: the code under test, in
        the middle of which this may be, would make something of an exception."""
        self.world.broken = self.world.broken or Violation(rule, words)

    def say(self, sha: str) -> str:
        return self.names.get(sha, sha[:8])

    # --- the person's hand -----------------------------------------------------------------------

    def wrote(self, device: Any, path: str, sha: str) -> None:
        self.existed.add(sha)
        self.existed_on.add((device.name, sha))
        if not is_ignored(name_of(path), False):
            self.births[device.name, sha] += 1

    def lost(self, device: Any, path: str, sha: str) -> None:
        self.lost_at.setdefault((device.name, sha), self.world.time.ns)
        came, went = self.exchanges.pop((device.name, path), ("", ""))
        if came == sha:
            # R2: with one half taken away it is no exchange. The path keeps the document that the
            # other half had, which is new where it lies.
            self.births[device.name, went] += 1

    def exchanged(self, device: Any, path: str, sha: str, went: str, is_proven: bool) -> None:
        """A content came to this path by an exchange, and another went; without birth times nothing
        proves it, and it is two edits, as far as one can tell."""
        if is_proven:
            self.exchanges[device.name, path] = (sha, went)
            if path not in device.agreed():
                self.went_on.add((device.name, sha))
        else:
            self.wrote(device, path, sha)
        # Where the exchange was not told in time, the documents stay where they were, and are
        # absent from when those paths are.
        self.left_at.setdefault((device.name, sha), self.world.time.ns)

    def moved(self, device: Any, path: str, new: str, sha: str) -> None:
        self.left_at.setdefault((device.name, sha), self.world.time.ns)
        if device.folder.is_hidden(path):
            self.left_behind[device.name, sha] += 1  # R9: as in `hid`
        if device.folder.is_hidden(new):
            self.went_unseen.add((device.name, sha))
        self.went_on.add((device.name, sha))
        live = {decode_path(r.path): r.sha256 for r in self.world.live(device.user.sub)}
        if live.get(path, sha) != sha:
            # Another device's bytes keep the document, should anything take this path again.
            self.left_behind[device.name, sha] += 1
        if device.folder.at(new) is None and new in live:
            # R2: the path keeps its document, also after its file was taken away. To that this is
            # an edit, as where it replaces the file, and new if another device's edit comes first.
            # What the document had is new wherever it went, also if this is taken away unsent.
            self.births[device.name, sha] += 1
            self.left_behind[device.name, live[new]] += 1
        mine = (device.name, sha)
        if not self.world.knobs.has_birth and max(self.births[mine], self.made[mine]) > 1:
            # R2: without a birth time only the content tells where a file came from, and only if
            # exactly one vanished document has it; else it is new there.
            self.births[device.name, sha] += 1

    def hid(self, device: Any, name: str) -> None:
        """R9: from where nothing can be read, nobody can tell that a file has left, or to where."""
        for path, synced in device.agreed().items():
            inode = device.folder.at(path)
            if is_beneath(path, name) and (inode is None or inode.ino != synced.ino):
                self.left_behind[device.name, synced.sha256] += 1

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
            self.emptied.add(known)
            agreed = device.journal.synced(path)
            if agreed is not None and agreed.ino != known[1]:
                # R2: it was to be the next version, which will not come now. The path keeps its
                # document all the same, so that what went on from there is new where it lies.
                self.left_behind[device.name, agreed.sha256] += 1

    def forgot(self, device: Any) -> None:
        """The journal is gone, and all it knew."""
        self.begun.forgot(device)
        self.emptied = {known for known in self.emptied if known[0] != device.name}

    # --- the engine's hand -----------------------------------------------------------------------

    def read(self, device: Any, path: str, inode: Any) -> None:
        pass

    def put(self, device: Any, path: str, data: bytes) -> None:
        sha = self.world.sha(data)
        self.calls[device.name] += 1
        self.puts[device.name, sha] += 1
        if sha not in self.existed:
            self.fail("I14", f"{device.name} sent bytes that never were a file")
        inode = device.folder.at(path) if path else None
        if inode is not None and inode.kind == "file" and inode.sha == sha:
            if not data and _writing(device, inode) in self.emptied:
                self.fail("C02", f"{path} was sent without the bytes that a power loss took")
            age = self.world.time.ns - inode.written_at
            # A program whose clock was ahead took the file for old and read it; the next one does
            # not know. It is whole all the same (I14): it was read at one instant.
            was_read_before = device.clock.is_ahead and device.began_ns > inode.written_at
            if age < QUIET_NS and not was_read_before:
                self.fail("I14", f"{path} was sent {age / 1e9:.3f} s after it was written")

    def asked(self, device: Any, route: str, body: dict[str, Any], answer: Any) -> None:
        if route == "POST /docs":
            self._check_not_mass(device, body, answer)
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
                self.fail("I19", f"{device.name} saw {document['share_id']}")

    def _check_not_mass(self, device: Any, body: dict[str, Any], answer: Any) -> None:
        """R5's numbers, over the effects themselves."""
        if answer.status != 200:
            return
        ended = self.ended_ns.get(device.user.sub, 0)
        results = {r["op_id"]: r for r in json.loads(answer.body)["results"]}
        fresh: list[int] = []  # when each was decided: a call may be on its way for an hour
        for action in body["actions"]:
            is_withdrawal = action["action"] == "delete" and action["expected_version"] is not None
            if not is_withdrawal or results[action["op_id"]]["document"] is None:
                continue
            if action["share_id"] in self.confirmed.get(device.name, set()):
                continue
            if action["op_id"] not in self.keys:
                self.keys[action["op_id"]] = (action["share_id"], 0)
                fresh.append(self.decided_ns[action["op_id"]])
        if not fresh:
            return
        hour_ago = max(fresh) - HOUR_NS
        recent = [t for t in self.withdrawn_ns.get(device.name, []) if t > hour_ago]
        published = device.journal.published_count()
        total, base = len(fresh) + len(recent), published + len(recent)
        many = self.world.knobs.many
        is_mass = (total >= many and total >= SHARE * base) or (total >= base and total >= ALL)
        self.withdrawn_ns[device.name] = [*recent, *fresh]
        if is_mass and self.world.time.ns - ended > 600 * 10**9:
            self.fail(
                "R5", f"{device.name} withdrew {len(fresh)} (recently {len(recent)}) of {published}"
            )

    def settled(self, device: Any, settled: Any) -> None:
        """I23, R8: the journal never agrees on what the server did not acknowledge before."""
        for one in settled:
            if one.synced is None or one.synced.sha256 == "":
                continue
            if self.exchanges.get((device.name, one.path), ("", ""))[0] == one.synced.sha256:
                del self.exchanges[device.name, one.path]
            if one.synced.share_id == NEVER_SENT:
                self._check_left_out(device, one)
                continue
            known = self.acknowledged.get((one.synced.share_id, one.synced.version))
            if known != one.synced.sha256:
                self.fail(
                    "I23", f"{device.name} agreed on {one.path} before the server did ({known})"
                )

    def _check_left_out(self, device: Any, one: Any) -> None:
        """Only what was in the folder when it was chosen may be left out, by the same bytes."""
        if one.synced.sha256 not in device.from_before:
            self.fail("R6", f"{device.name} leaves out {one.path}, which came later")

    def intended(self, device: Any, intents: Any, fresh: Any, op_ids: Any) -> None:
        """Judge what was decided just now; an intent with an older key was decided before."""
        for used in op_ids:
            self.decided_ns.setdefault(used, self.world.time.ns)
        try:
            for intent, new, used in zip(intents, fresh, op_ids, strict=True):
                broken = decisions.judge(device.journal, intent) if new == used else None
                if broken is not None:
                    self.fail(broken[0], f"{device.name} {broken[1]}")
        except Exception as exc:  # else the engine's loop would make something of it
            self.world.broken = self.world.broken or exc

    def learned(self, device: Any, documents: Any) -> None:
        for document in documents:
            kept = device.journal.document(document.share_id)
            if kept is None:
                continue
            key = (device.name, document.share_id)
            if kept.revision < self.revisions.get(key, 0):
                self.fail("I13", f"{device.name} went back on {document.share_id}")
            self.revisions[key] = kept.revision

    def downloaded(self, device: Any, link: Any, data: bytes) -> None:
        if self.world.sha(data) != link.sha256:
            self.fail("I14", f"{device.name} was given other bytes than it was told")

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
            self._check_created(now)
        elif now is None:
            self._check_removed(was)
        elif now.version != was.version:
            self._check_replaced(was, now)
        if was is not None and now is not None and now.revision <= was.revision:
            self.fail("I13", f"{key.sk} went from {was.revision} to {now.revision}")

    def _check_content(self, row: Any) -> None:
        self.acknowledged[row.share_id, row.version] = row.sha256
        if row.sha256 not in self.existed:
            self.fail("I14", f"{row.path} has bytes that never were a file")
        version = self.world.backend.bucket.version(row.key, row.version_id)
        if version is None:
            self.fail("I16", f"{row.path} was published without its object")
        if self.world.sha(version.data) != row.sha256:
            self.fail("I14", f"{row.path} has another object than its hash")
        mine = (row.share_id, row.version)
        if self.keys.setdefault(row.key, mine) != mine:
            self.fail("I17", f"one upload made {self.keys[row.key]} and {mine}")

    def _check_created(self, row: Any) -> None:
        self.made[row.host, row.sha256] += 1
        self.firsts.setdefault((row.host, row.sha256), []).append(row)
        self.publishers.setdefault(row.share_id, set()).add(row.host)
        if "(conflict from " in row.path:
            self._learn_overtaken(self.world.devices[row.host], row)

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
            document = self.world.row_of(agreed.share_id)
            if document is None or document.version == agreed.version:
                continue
            self._leave_behind(device.name, agreed.share_id, agreed.version, agreed.sha256)
            came, went = self.exchanges.get((device.name, path), ("", ""))
            has_document = any(a.sha256 == came for other, a in known.items() if other != path)
            is_half = came == row.sha256 and not self._is_exchange(device, path, came, went)
            if is_half and has_document:
                self.left_behind[device.name, came] += 1

    def _leave_behind(self, name: str, share_id: str, version: int, sha: str) -> None:
        """The path of this version keeps the document, without it, on this device: once."""
        if (name, share_id, version) not in self.kept_paths:
            self.kept_paths.add((name, share_id, version))
            self.left_behind[name, sha] += 1

    def _check_births(self) -> None:
        """I9, I4: no content has more documents than places it came to by the person's hand."""
        for made, count in self.made.items():
            overtaken = sum(self._is_overtaken(*two) for two in pairwise(self.firsts[made]))
            if count > self.births[made] + self.left_behind[made] + overtaken:
                self.fail(
                    "I9",
                    f"{made[0]} published {self.say(made[1])} {count} times as new, "
                    f"written {self.births[made]} times",
                )

    def _is_overtaken(self, row: Any, next_one: Any) -> bool:
        """Whether a document ended before the edit of its path reached it: the path keeps it (R2),
        so the content that had gone on from there was new where it lay."""
        there = self.world.devices[row.host].folder.at(decode_path(row.path))
        has_ended = self.world.row_of(row.share_id) is None or row.expires_at <= self.world.time.ms
        is_edited = there is not None and there.sha != row.sha256
        had_gone_on = (row.host, row.sha256) in self.went_on
        return has_ended and is_edited and had_gone_on and next_one.uploaded_at < row.expires_at

    def _check_replaced(self, was: Any, now: Any) -> None:
        self.publishers.setdefault(now.share_id, set()).add(now.host)
        if was.sha256 == now.sha256:
            return
        # R2: the path keeps its document, so the old content is without one wherever it went; also
        # on the other devices where it went from there.
        path = decode_path(was.path)
        for name, device in self.world.devices.items():
            there = device.folder.at(path)
            if name == now.host or there is None or there.sha != was.sha256:
                self._leave_behind(name, was.share_id, was.version, was.sha256)
        if (now.host, was.sha256) not in self.existed_on:
            self.fail(
                "I2",
                f"{now.host} replaced {now.path} ({self.say(was.sha256)}), which it never had",
            )
        path = decode_path(now.path)
        if self._is_exchange(self.world.devices[now.host], path, now.sha256, was.sha256):
            self.fail("R2", f"{now.host} sent as an edit of {now.path} what traded places with it")

    def _is_exchange(self, device: Any, path: str, came: str, went: str) -> bool:
        """Whether one content came to a path for another by an exchange that has both halves."""
        return self.exchanges.get((device.name, path)) == (came, went) and any(
            self._has_traded(device, path, other)
            for (name, other), traded in self.exchanges.items()
            if name == device.name and traded == (went, came)
        )

    def _has_traded(self, device: Any, one: str, other: str) -> bool:
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

    def _check_removed(self, was: Any) -> None:
        acting = self.world.backend.acting
        self.ended_ns[was.owner] = self.world.time.ns
        if acting.route == "sweep":
            if self.world.time.ms < was.expires_at:
                self.fail("I18", f"{was.path} was swept before its time")
            return
        order = next(a for a in acting.body["actions"] if a["share_id"] == was.share_id)
        if order["expected_version"] is None:
            self.commanded.add(was.sha256)
            return
        if order["expected_version"] != was.version:
            self.fail("R14", f"{acting.device} withdrew version {was.version} of {was.path} unseen")
        if order["share_id"] in self.confirmed.get(acting.device, set()):
            return
        if acting.device not in self.publishers[was.share_id]:
            self.fail("R14", f"{acting.device} withdrew {was.path}, which it only found, unasked")
        self.ended_ns.pop(was.owner, None)
        device = self.world.devices[acting.device]
        taken = self.lost_at.get((acting.device, was.sha256))
        if taken is None:
            if self._is_elsewhere(was):
                self.overlaid.add(was.sha256)
                return
            if self._is_hidden(device, was):
                if (acting.device, was.sha256) in self.went_unseen:
                    self.left_behind[acting.device, was.sha256] += 1  # new, when it is seen there
                return
            self.fail(
                "I2",
                f"{acting.device} withdrew {was.path} ({self.say(was.sha256)}), "
                "which nobody took away there",
            )
        absent_since = min(taken, self.left_at.get((acting.device, was.sha256), taken))
        if self.world.time.ns - absent_since < device.grace * 10**9:
            self.fail("I11", f"{acting.device} withdrew {was.path} at the first look")

    def _is_elsewhere(self, was: Any) -> bool:
        """Whether another document has the content, or had it to its own end."""
        return any(
            row.sha256 == was.sha256 and row.share_id != was.share_id
            for row in self.world.documents(was.owner)
        )

    def _is_hidden(self, device: Any, was: Any) -> bool:
        """Whether a file went where it is ignored, or from where it was seen to where nobody can
        look: to the program it left the folder, until it has seen it there."""
        is_seen = not device.folder.is_hidden(decode_path(was.path))
        went_there = (device.name, was.sha256) in self.went_unseen

        def is_hidden(path: RelPath) -> bool:
            unseen = went_there and device.journal.local(path) is None
            return is_seen and (device.folder.is_hidden(path) or unseen)

        return any(
            inode.sha == was.sha256 and (is_ignored(name_of(path), False) or is_hidden(path))
            for path, inode in device.folder.files()
        )

    # --- at rest ---------------------------------------------------------------------------------

    def check_rest(self, statuses: dict[str, dict[str, Any]]) -> None:
        """What holds when nothing moves any more: I2, I4, I5, I12, I15, I22."""
        for device in self.world.devices.values():
            items = {item["path"]: item for item in statuses[device.name]["items"]}
            for path, inode in device.folder.files():
                if not self.world.is_visible(device, path):
                    continue
                item = items.get(path)
                if item is None:
                    self.fail("I5", f"{device.name} knows nothing of {path}")
                    continue
                self._check_item(device, path, inode, item)
            self._check_absent(device)
            self._check_gone(device)
            self._check_known(device)
            self.shown.check(device, statuses[device.name])
        self._check_rows_have_objects()
        self.begun.check_rest(self.world.devices, self.world.backend.bucket.uploads)
        self._check_births()

    def _check_absent(self, device: Any) -> None:
        """I5: what is gone from the folder has left the cloud, if nobody is asked about any of it
        (then `sync --once` says so, and waits for no second look)."""
        if json.loads(device.journal.get("deletes_held") or "[]"):
            return
        live = {row.share_id for row in self.world.live(device.user.sub)}
        for path, agreed in device.journal.synced_all().items():
            is_absent = device.folder.is_absent(path) and not self._is_locked(device, agreed)
            if agreed.share_id in live and is_absent:
                self.fail("I5", f"{device.name} keeps {path} in the cloud, whose file is gone")

    def _is_locked(self, device: Any, agreed: Any) -> bool:
        """Whether the file lies under another name, where nobody may read it."""
        return any(
            inode.ino == agreed.ino and not inode.is_readable for _, inode in device.folder.files()
        )

    def _check_known(self, device: Any) -> None:
        """I5: no change that anybody made was passed over in the feed (L08)."""
        for row in self.world.live(device.user.sub):
            known = device.journal.document(row.share_id)
            if known is None or known.revision != row.revision:
                was = "nothing" if known is None else f"revision {known.revision}"
                self.fail(
                    "I5",
                    f"{device.name} knows {was} of {row.path}, which is at {row.revision}",
                )

    def _check_gone(self, device: Any) -> None:
        """R6: the person is told of every document that left the cloud, once, for good."""
        live = {row.share_id for row in self.world.live(device.user.sub)}
        known = {d.share_id for d in device.journal.documents() if d.state is DocumentState.LIVE}
        for path, agreed in device.journal.synced_all().items():
            is_gone = agreed.share_id not in live and agreed.share_id not in known
            seen = device.journal.local(path)
            is_as_agreed = seen is not None and seen.sha256 == agreed.sha256
            row = self.world.row_of(agreed.share_id)
            is_old = row is None or not self._is_end_of_now(row.expires_at)
            if is_gone and not agreed.is_gone and is_as_agreed and is_old:
                self.fail("R6", f"{device.name} never said that {path} is gone from the cloud")

    def _check_item(self, device: Any, path: str, inode: Any, item: dict[str, Any]) -> None:
        state, sha = item["state"], inode.sha
        live = [r for r in self.world.live(device.user.sub) if r.sha256 == sha]
        where = f"{device.name} {path} ({self.say(sha)})"
        match state:
            case "synced":
                is_overtaken = item["message"].startswith("A newer version")
                is_excused = is_overtaken and self._was_taken_somewhere(sha, device)
                if not live and not is_excused and not self._expired_just_now(sha, device):
                    self.fail("I15", f"{where} is called synced and is not in the cloud")
                if live:
                    self._check_place(device, path, where)
            case "gone":
                agreed = device.journal.synced(path)
                here = {row.share_id for row in self.world.live(device.user.sub)}
                if agreed is not None and agreed.share_id in here:
                    self.fail("I15", f"{where} is called gone, and its document is in the cloud")
                if live and not self._was_ended(sha, device):
                    self.fail("I15", f"{where} is called gone and is in the cloud")
                if not self._was_ended(sha, device):
                    self.fail("I2", f"{where} is gone from the cloud for no reason")
            case "conflict":
                is_excused = self._was_taken_somewhere(sha, device)
                if not live and not is_excused and not self._expired_just_now(sha, device):
                    self.fail("I4", f"{where} is in conflict and nowhere in the cloud")
            case "problem":
                if inode.is_readable and not may_have_traded(device, inode):
                    self.fail("I22", f"{where}: {item['message']}")
            case "skipped" if not inode.data:
                pass  # emptied within one tick of its clock: shown, not sent (C02)
            case _:
                self.fail("I5", f"{where} is still {state}: {item['message']}")

    def _check_place(self, device: Any, path: str, where: str) -> None:
        """I5: the document lies in the cloud where the file lies here, or under a second name."""
        agreed = device.journal.synced(path)
        document = agreed and self.world.row_of(agreed.share_id)
        others = [d for d in self.world.devices.values() if d.user == device.user]
        if document is None or len(others) > 1:
            return  # another device may have moved it
        if decode_path(document.path) != path and not is_second(path, decode_path(document.path)):
            self.fail("I5", f"{where} lies in the cloud at {document.path!a}")

    def _expired_just_now(self, sha: str, device: Any) -> bool:
        """Whether nobody can know of the end yet: the sweep tells it, and a poll asks."""
        documents = self.world.documents(device.user.sub)
        return any(d.sha256 == sha and self._is_end_of_now(d.expires_at) for d in documents)

    def _is_end_of_now(self, expires_at: int) -> bool:
        now: int = self.world.time.ms
        return now - TOLD_MS < expires_at <= now

    def _was_ended(self, sha: str, device: Any) -> bool:
        """Whether a document with this content expired, or was taken out by somebody's hand. One
        that another device has given a newer version since ended for the older one as well."""
        if sha in self.commanded | self.overlaid or self._was_taken_somewhere(sha, device):
            return True
        had_it = {share_id for (share_id, _), had in self.acknowledged.items() if had == sha}
        live = {row.share_id for row in self.world.live(device.user.sub)}
        newest = {share_id: had for (share_id, _), had in sorted(self.acknowledged.items())}
        if any(newest[share_id] != sha for share_id in had_it - live):
            return True  # whether its end was right was judged when it came
        return any(
            row.state is DocumentState.EXPIRED or row.expires_at <= self.world.time.ms
            for row in self.world.documents(device.user.sub)
            if row.share_id in had_it
        )

    def _was_taken_somewhere(self, sha: str, device: Any) -> bool:
        return any(
            (other.name, sha) in self.lost_at
            for other in self.world.devices.values()
            if other.user == device.user
        )

    def _check_rows_have_objects(self) -> None:
        for user in self.world.users:
            for row in self.world.live(user.sub):
                if self.world.backend.bucket.version(row.key, row.version_id) is None:
                    self.fail("I16", f"{row.path} has no object")

    def check_clean(self) -> None:
        """I16, long after: no unfinished upload, and every object has exactly one document."""
        self._check_births()
        bucket = self.world.backend.bucket
        if bucket.uploads:
            self.fail("I16", f"unfinished uploads: {sorted(bucket.uploads)}")
        rows = [row for user in self.world.users for row in self.world.live(user.sub)]
        owned = {row.key for row in rows if row.expires_at > self.world.time.ms}
        for key, versions in bucket.objects.items():
            if key not in owned:
                self.fail("I16", f"the object {key} belongs to nothing")
            if len(versions) > 1:
                self.fail("I16", f"the object {key} has {len(versions)} versions")


def _writing(device: Any, inode: Any) -> tuple[str, int, int, int]:
    """Return what stays of a file, whatever it is called, until somebody writes to it."""
    return (device.name, inode.ino, inode.birth_ns, inode.mtime_ns)
