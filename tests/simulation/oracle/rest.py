"""What holds when nothing moves any more: I2, I4, I5, I12, I15, I16, I22."""

import json
from collections.abc import Mapping
from typing import Any

from mydoctransfer.model.conflicts import is_second
from mydoctransfer_contract.documents import DocumentState
from mydoctransfer_contract.paths import decode_path
from tests.simulation.oracle.findings import Findings
from tests.simulation.oracle.hidden import may_have_traded
from tests.simulation.oracle.withdrawals import Withdrawals

TOLD_MS = 60_000  # a device ends its documents itself, once every doubt about clocks is over


class AtRest:
    """Holds what each device says of its files against what lies in the folder and the cloud."""

    def __init__(
        self,
        world: Any,
        findings: Findings,
        withdrawals: Withdrawals,
        acknowledged: Mapping[tuple[str, int], str],
    ) -> None:
        self._world = world
        self._fail = findings.fail
        self._say = findings.say
        self._withdrawals = withdrawals
        self._acknowledged = acknowledged

    def check(self, statuses: Mapping[str, dict[str, Any]]) -> None:
        """Judge every file of every device, and every document."""
        for device in self._world.devices.values():
            items = {item["path"]: item for item in statuses[device.name]["items"]}
            for path, inode in device.folder.files():
                if not self._world.is_visible(device, path):
                    continue
                item = items.get(path)
                if item is None:
                    self._fail("I5", f"{device.name} knows nothing of {path}")
                    continue
                self._check_item(device, path, inode, item)
            self._check_absent(device)
            self._check_gone(device)
            self._check_known(device)
        self._check_rows_have_objects()

    def _check_absent(self, device: Any) -> None:
        """I5: what is gone from the folder has left the cloud, if nobody is asked about any of it
        (then `sync --once` says so, and waits for no second look)."""
        if json.loads(device.journal.get("deletes_held") or "[]"):
            return
        live = {row.share_id for row in self._world.live(device.user.sub)}
        for path, agreed in device.journal.synced_all().items():
            is_absent = device.folder.is_absent(path) and not self._is_locked(device, agreed)
            if agreed.share_id in live and is_absent:
                self._fail("I5", f"{device.name} keeps {path} in the cloud, whose file is gone")

    def _is_locked(self, device: Any, agreed: Any) -> bool:
        """Whether the file lies under another name, where nobody may read it."""
        return any(
            inode.ino == agreed.ino and not inode.is_readable for _, inode in device.folder.files()
        )

    def _check_known(self, device: Any) -> None:
        """I5: no change that anybody made was passed over in the feed (L08)."""
        for row in self._world.live(device.user.sub):
            known = device.journal.document(row.share_id)
            if known is None or known.revision != row.revision:
                was = "nothing" if known is None else f"revision {known.revision}"
                self._fail(
                    "I5",
                    f"{device.name} knows {was} of {row.path}, which is at {row.revision}",
                )

    def _check_gone(self, device: Any) -> None:
        """R6: the person is told of every document that left the cloud, once, for good."""
        live = {row.share_id for row in self._world.live(device.user.sub)}
        known = {d.share_id for d in device.journal.documents() if d.state is DocumentState.LIVE}
        for path, agreed in device.journal.synced_all().items():
            is_gone = agreed.share_id not in live and agreed.share_id not in known
            seen = device.journal.local(path)
            is_as_agreed = seen is not None and seen.sha256 == agreed.sha256
            row = self._world.row_of(agreed.share_id)
            is_old = row is None or not self._is_end_of_now(row.expires_at)
            if is_gone and not agreed.is_gone and is_as_agreed and is_old:
                self._fail("R6", f"{device.name} never said that {path} is gone from the cloud")

    def _check_item(self, device: Any, path: str, inode: Any, item: dict[str, Any]) -> None:
        state, sha = item["state"], inode.sha
        live = [r for r in self._world.live(device.user.sub) if r.sha256 == sha]
        where = f"{device.name} {path} ({self._say(sha)})"
        match state:
            case "synced":
                is_overtaken = item["message"].startswith("A newer version")
                is_excused = is_overtaken and self._was_taken_somewhere(sha, device)
                if not live and not is_excused and not self._expired_just_now(sha, device):
                    self._fail("I15", f"{where} is called synced and is not in the cloud")
                if live:
                    self._check_place(device, path, where)
            case "gone":
                agreed = device.journal.synced(path)
                here = {row.share_id for row in self._world.live(device.user.sub)}
                if agreed is not None and agreed.share_id in here:
                    self._fail("I15", f"{where} is called gone, and its document is in the cloud")
                if live and not self._was_ended(sha, device):
                    self._fail("I15", f"{where} is called gone and is in the cloud")
                if not self._was_ended(sha, device):
                    self._fail("I2", f"{where} is gone from the cloud for no reason")
            case "conflict":
                is_excused = self._was_taken_somewhere(sha, device)
                if not live and not is_excused and not self._expired_just_now(sha, device):
                    self._fail("I4", f"{where} is in conflict and nowhere in the cloud")
            case "problem":
                if inode.is_readable and not may_have_traded(device, inode):
                    self._fail("I22", f"{where}: {item['message']}")
            case "skipped" if not inode.data:
                pass  # emptied within one tick of its clock: shown, not sent (C02)
            case _:
                self._fail("I5", f"{where} is still {state}: {item['message']}")

    def _check_place(self, device: Any, path: str, where: str) -> None:
        """I5: the document lies in the cloud where the file lies here, or under a second name."""
        agreed = device.journal.synced(path)
        document = agreed and self._world.row_of(agreed.share_id)
        others = [d for d in self._world.devices.values() if d.user == device.user]
        if document is None or len(others) > 1:
            return  # another device may have moved it
        if decode_path(document.path) != path and not is_second(path, decode_path(document.path)):
            self._fail("I5", f"{where} lies in the cloud at {document.path!a}")

    def _expired_just_now(self, sha: str, device: Any) -> bool:
        """Whether nobody can know of the end yet: the sweep tells it, and a poll asks."""
        documents = self._world.documents(device.user.sub)
        return any(d.sha256 == sha and self._is_end_of_now(d.expires_at) for d in documents)

    def _is_end_of_now(self, expires_at: int) -> bool:
        now: int = self._world.time.ms
        return now - TOLD_MS < expires_at <= now

    def _was_ended(self, sha: str, device: Any) -> bool:
        """Whether a document with this content expired, or was taken out by somebody's hand. One
        that another device has given a newer version since ended for the older one as well."""
        if sha in self._withdrawals.commanded | self._withdrawals.overlaid:
            return True
        if self._was_taken_somewhere(sha, device):
            return True
        had_it = {share_id for (share_id, _), had in self._acknowledged.items() if had == sha}
        live = {row.share_id for row in self._world.live(device.user.sub)}
        newest = {share_id: had for (share_id, _), had in sorted(self._acknowledged.items())}
        if any(newest[share_id] != sha for share_id in had_it - live):
            return True  # whether its end was right was judged when it came
        return any(
            row.state is DocumentState.EXPIRED or row.expires_at <= self._world.time.ms
            for row in self._world.documents(device.user.sub)
            if row.share_id in had_it
        )

    def _was_taken_somewhere(self, sha: str, device: Any) -> bool:
        return any(
            (other.name, sha) in self._withdrawals.lost_at
            for other in self._world.devices.values()
            if other.user == device.user
        )

    def _check_rows_have_objects(self) -> None:
        for user in self._world.users:
            for row in self._world.live(user.sub):
                if self._world.backend.bucket.version(row.key, row.version_id) is None:
                    self._fail("I16", f"{row.path} has no object")

    def check_clean(self) -> None:
        """I16, long after: no unfinished upload, and every object has exactly one document."""
        bucket = self._world.backend.bucket
        if bucket.uploads:
            self._fail("I16", f"unfinished uploads: {sorted(bucket.uploads)}")
        rows = [row for user in self._world.users for row in self._world.live(user.sub)]
        owned = {row.key for row in rows if row.expires_at > self._world.time.ms}
        for key, versions in bucket.objects.items():
            if key not in owned:
                self._fail("I16", f"the object {key} belongs to nothing")
            if len(versions) > 1:
                self._fail("I16", f"the object {key} has {len(versions)} versions")
