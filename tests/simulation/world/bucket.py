"""A versioned bucket: what the functions see of it, and what a client sees through a grant."""

import base64
import hashlib
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.connectors.ports import Credentials, ObjectFacts, OnlyVersion
from mydoctransfer.engine.ports import (
    Arrived,
    Digest,
    Failure,
    FailureKind,
    Grant,
    Part,
    PartPut,
    SmallPut,
)
from mydoctransfer.model.checksums import composite_crc32
from mydoctransfer.model.trees import RelPath, Stat
from tests.simulation.world.disk import FakeDisk

GRANT_MS = 900_000
UNFINISHED_MS = 86_400_000  # the bucket's lifecycle ends what was not finished after a day
OFFLINE = Failure(FailureKind.OFFLINE, "The store cannot be reached.", "offline")
BROKEN = Failure(FailureKind.BUSY, "The store is busy; it is tried again.", "internal_error")
SLOW_DOWN = Failure(FailureKind.BUSY, "The store asks for patience.", "SlowDown", retry_after=2.0)
GRANT_ENDED = Failure(FailureKind.GRANT_ENDED, "The grant has ended.", "ExpiredToken")
UPLOAD_ENDED = Failure(FailureKind.UPLOAD_ENDED, "There is no such upload.", "NoSuchUpload")
ASTRAY = Failure(FailureKind.REFUSED, "The grant does not reach there.", "AccessDenied")
BAD_DIGEST = Failure(FailureKind.CORRUPT, "The bytes were damaged on the way.", "BadDigest")


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an object."""

    version_id: str
    data: bytes
    sha256: str | None
    crc32: str | None
    is_composite: bool


@dataclass(slots=True)
class Multipart:
    """An unfinished upload."""

    key: str
    began_ms: int
    parts: dict[int, tuple[str, bytes]] = field(default_factory=dict)


class Bucket:
    """The bucket's state, and the functions' `Objects` port.

    Attributes:
        arrived: told of every object created: key, version, size.
        put: told of every body a client stored whole: key, bytes.
    """

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._count = 0
        self.objects: dict[str, list[Version]] = {}
        self.uploads: dict[str, Multipart] = {}
        self.finished: set[str] = set()
        self.arrived: Callable[[str, str, int], None] = lambda key, version, size: None

    def number(self) -> int:
        self._count += 1
        return self._count

    def store(self, key: str, version: Version) -> None:
        self.objects.setdefault(key, []).append(version)
        self.arrived(key, version.version_id, len(version.data))

    def lifecycle(self) -> None:
        """End uploads that nobody finished in a day."""
        limit = self._now_ms() - UNFINISHED_MS
        self.uploads = {i: u for i, u in self.uploads.items() if u.began_ms > limit}

    # --- the functions' side ---------------------------------------------------------------------

    def facts(self, key: str, version_id: str | None = None) -> ObjectFacts | None:
        versions = self.objects.get(key, [])
        if version_id is not None:
            versions = [v for v in versions if v.version_id == version_id]
        if not versions:
            return None
        v = versions[-1]
        return ObjectFacts(v.version_id, len(v.data), v.sha256, v.crc32, v.is_composite)

    def only_versions(self, prefix: str) -> Mapping[str, OnlyVersion]:
        return {
            key: OnlyVersion(versions[0].version_id, len(versions[0].data))
            for key, versions in self.objects.items()
            if key.startswith(prefix) and len(versions) == 1
        }

    def delete_version(self, key: str, version_id: str) -> None:
        left = [v for v in self.objects.get(key, []) if v.version_id != version_id]
        if left:
            self.objects[key] = left
        else:
            self.objects.pop(key, None)

    def delete_all_versions(self, key: str) -> int:
        return len(self.objects.pop(key, []))

    def presign(
        self, key: str, version_id: str, disposition: str, seconds: int, until: int
    ) -> str | None:
        end = min(self._now_ms() + seconds * 1000, until)
        return f"https://bucket.test/{key}?v={version_id}&until={end}"

    def version(self, key: str, version_id: str) -> Version | None:
        found = [v for v in self.objects.get(key, []) if v.version_id == version_id]
        return found[0] if found else None


@dataclass(slots=True)
class Minter:
    """The functions' `Grants` port."""

    now_ms: Callable[[], int]

    def mint(self, session_name: str, prefix: str) -> Credentials:
        return Credentials("AKIA", "secret-canary", prefix, self.now_ms() + GRANT_MS)


class FakeObjects:
    """The client's `Objects` port: reads the device's disk, checks as S3 does.

    Attributes:
        fault: asked before every operation; answers a kind of trouble, or None.
        sent: told of every body that was stored: path and bytes.
        gave_up: told of every multipart upload that somebody wants to abort.
    """

    def __init__(
        self,
        bucket: Bucket,
        disk: Callable[[], FakeDisk],
        now_ms: Callable[[], int],
        fault: Callable[[str], str | None],
        sent: Callable[[RelPath, bytes], None],
        operate: Callable[..., Any] = lambda name, act, refused: act(),
        gave_up: Callable[[str], None] = lambda multipart_id: None,
    ) -> None:
        self.bucket = bucket
        self._gave_up = gave_up
        self._operate = operate
        self._disk = disk
        self._now_ms = now_ms
        self._fault = fault
        self._sent = sent

    def expect(self, sizes: Sequence[int]) -> None:
        """Nothing has to be made ready here."""

    def put_many(self, grant: Grant, puts: Sequence[SmallPut]) -> list[Arrived | Failure]:
        return [
            self._operate("put", lambda put=put: self._put(grant, put), lambda: OFFLINE)
            for put in puts
        ]

    def _put(self, grant: Grant, put: SmallPut) -> Arrived | Failure:
        inode = self._disk().open(put.path, put.expects)
        if isinstance(inode, Failure):
            return inode
        data = inode.data
        if hashlib.sha256(data).hexdigest() != put.sha256:
            return Failure(FailureKind.CHANGED, "It has changed meanwhile.", "changed")
        trouble = self._trouble("put", grant, put.key)
        if trouble is not None and trouble is not OFFLINE:
            return trouble
        if trouble is OFFLINE and self._is_lost_before:
            return trouble
        if put.key in self.bucket.objects:  # If-None-Match: *
            return trouble or Arrived()
        raw = base64.b64encode(hashlib.sha256(data).digest()).decode()
        version = Version(f"v{self.bucket.number()}", data, raw, None, False)
        self._sent(put.path, data)
        self.bucket.store(put.key, version)
        return trouble or Arrived(version.version_id)

    def start(self, grant: Grant, key: str) -> str | Failure:
        return self._operate("start", lambda: self._start(grant, key), lambda: OFFLINE)

    def _start(self, grant: Grant, key: str) -> str | Failure:
        trouble = self._trouble("start", grant, key)
        if trouble is not None and (trouble is not OFFLINE or self._is_lost_before):
            return trouble
        upload_id = f"mpu{self.bucket.number()}"
        self.bucket.uploads[upload_id] = Multipart(key, self._now_ms())
        return trouble or upload_id

    def put_part(self, grant: Grant, part: PartPut) -> Part | Failure:
        return self._operate("put_part", lambda: self._put_part(grant, part), lambda: OFFLINE)

    def _put_part(self, grant: Grant, part: PartPut) -> Part | Failure:
        inode = self._disk().open(part.path, part.expects)
        if isinstance(inode, Failure):
            return inode
        data = inode.data[part.offset : part.offset + part.length]
        trouble = self._trouble("part", grant, part.key)
        if trouble is not None and (trouble is not OFFLINE or self._is_lost_before):
            return trouble
        upload = self.bucket.uploads.get(part.multipart_id)
        if upload is None or upload.key != part.key:
            return UPLOAD_ENDED
        etag = hashlib.md5(data, usedforsecurity=False).hexdigest()
        upload.parts[part.number] = (etag, data)
        return trouble or Part(etag, zlib.crc32(data), len(data))

    def list_parts(self, grant: Grant, key: str, multipart_id: str) -> dict[int, Part] | Failure:
        return self._operate(
            "list_parts", lambda: self._list_parts(grant, key, multipart_id), lambda: OFFLINE
        )

    def _list_parts(self, grant: Grant, key: str, multipart_id: str) -> dict[int, Part] | Failure:
        trouble = self._trouble("list", grant, key)
        if trouble is not None:
            return trouble
        upload = self.bucket.uploads.get(multipart_id)
        if upload is None or upload.key != key:
            return UPLOAD_ENDED
        return {n: Part(e, zlib.crc32(d), len(d)) for n, (e, d) in upload.parts.items()}

    def finish(
        self, grant: Grant, key: str, multipart_id: str, parts: Mapping[int, Part]
    ) -> Failure | None:
        return self._operate(
            "finish", lambda: self._finish(grant, key, multipart_id, parts), lambda: OFFLINE
        )

    def _finish(
        self, grant: Grant, key: str, multipart_id: str, parts: Mapping[int, Part]
    ) -> Failure | None:
        trouble = self._trouble("finish", grant, key)
        if trouble is not None and (trouble is not OFFLINE or self._is_lost_before):
            return trouble
        upload = self.bucket.uploads.get(multipart_id)
        if upload is None or upload.key != key:
            return UPLOAD_ENDED
        for n, part in parts.items():
            if n not in upload.parts or upload.parts[n][0] != part.etag:
                return UPLOAD_ENDED
        if key in self.bucket.objects:
            del self.bucket.uploads[multipart_id]
            return trouble
        body = b"".join(upload.parts[n][1] for n in sorted(parts))
        checksum = composite_crc32(zlib.crc32(upload.parts[n][1]) for n in sorted(parts))
        del self.bucket.uploads[multipart_id]
        self._sent(RelPath(""), body)
        self.bucket.store(key, Version(f"v{self.bucket.number()}", body, None, checksum, True))
        return trouble

    def abort(self, grant: Grant, key: str, multipart_id: str) -> Failure | None:
        self._gave_up(multipart_id)
        return self._operate(
            "abort", lambda: self._abort(grant, key, multipart_id), lambda: OFFLINE
        )

    def _abort(self, grant: Grant, key: str, multipart_id: str) -> Failure | None:
        trouble = self._trouble("abort", grant, key)
        if trouble is not None and (trouble is not OFFLINE or self._is_lost_before):
            return trouble
        self.bucket.uploads.pop(multipart_id, None)
        return trouble

    def digest(self, path: RelPath, expects: Stat, part_size: int) -> Digest | Failure:
        inode = self._disk().open(path, expects)
        if isinstance(inode, Failure):
            return inode
        data = inode.data
        crcs = [zlib.crc32(data[at : at + part_size]) for at in range(0, len(data), part_size)]
        return Digest(hashlib.sha256(data).hexdigest(), tuple(crcs))

    _is_lost_before = False

    def _trouble(self, operation: str, grant: Grant, key: str) -> Failure | None:
        if not key.startswith(grant.prefix):
            return ASTRAY
        if self._now_ms() >= grant.expires_at:
            return GRANT_ENDED
        kind = self._fault(operation)
        self._is_lost_before = kind == "lost_before"
        match kind:
            case None:
                return None
            case "lost_before" | "lost_after":
                return OFFLINE
            case "slow_down":
                return SLOW_DOWN
            case "internal_error":
                return BROKEN
            case "bad_digest":
                return BAD_DIGEST
            case "grant_ended":
                return GRANT_ENDED
            case _:
                raise AssertionError(kind)
