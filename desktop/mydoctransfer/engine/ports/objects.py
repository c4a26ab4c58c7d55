"""The bytes: from the disk into the bucket, from the cloud into the inbox.

In the pool, but for `Objects.expect`, `Inbox.allow` and `Inbox.cancel`, which return at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from mydoctransfer.engine.ports.cloud import DownloadLink
from mydoctransfer.engine.ports.failures import Failure
from mydoctransfer.engine.ports.uploads import Grant
from mydoctransfer.model.trees import RelPath, ShareId, Stat


@dataclass(frozen=True, slots=True)
class SmallPut:
    """A file of up to 8 MiB to put at `key`: read, checked against stat and hash, then sent."""

    path: RelPath
    expects: Stat
    sha256: str
    key: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """A small file lies at its key. `version`: the one its PUT made; None where none was told."""

    version: str | None = None


@dataclass(frozen=True, slots=True)
class PartPut:
    """One part to send: `length` bytes of `path` from `offset`."""

    path: RelPath
    expects: Stat
    key: str
    multipart_id: str
    number: int
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Part:
    """An acknowledged part: its ETag, CRC32 and size in bytes."""

    etag: str
    crc32: int
    size: int


@dataclass(frozen=True, slots=True)
class Digest:
    """The whole file's SHA-256 and the CRC32 of each part, read in one go from one descriptor."""

    sha256: str
    crcs: tuple[int, ...]


class Objects(Protocol):
    """The bucket, seen through a grant. Never overwrites (`If-None-Match: *`)."""

    def expect(self, sizes: Sequence[int]) -> None:
        """Small files of these sizes will be put in a moment; returns at once."""

    def put_many(self, grant: Grant, puts: Sequence[SmallPut]) -> list[Arrived | Failure]:
        """Send each; what lies at a key already has arrived, in a version nobody tells."""

    def start(self, grant: Grant, key: str) -> str | Failure:
        """Begin a multipart upload; answers its id."""

    def put_part(self, grant: Grant, part: PartPut) -> Part | Failure: ...
    def list_parts(self, grant: Grant, key: str, multipart_id: str) -> dict[int, Part] | Failure:
        """What the store has; parts whose checksum it does not tell have crc32 -1."""

    def finish(
        self, grant: Grant, key: str, multipart_id: str, parts: Mapping[int, Part]
    ) -> Failure | None:
        """Complete it. Where the object lies already it is a success, and the parts are dropped."""

    def abort(self, grant: Grant, key: str, multipart_id: str) -> Failure | None: ...
    def digest(self, path: RelPath, expects: Stat, part_size: int) -> Digest | Failure: ...


class Inbox(Protocol):
    """Where downloads land: temp file, verify, fsync, rename without replacing."""

    def fetch(self, link: DownloadLink, directory: str | None, share_id: ShareId) -> str | Failure:
        """Download; answers the absolute path. None is the inbox; a name taken gets ` (2)`.

        A file of that name with the same content is adopted instead.
        """

    def allow(self, share_id: ShareId) -> None:
        """Forget a `cancel` of before: the next `fetch` of it is wanted; returns at once."""

    def cancel(self, share_id: ShareId) -> None:
        """End a `fetch` that runs or is about to; it answers REFUSED `cancelled`."""
