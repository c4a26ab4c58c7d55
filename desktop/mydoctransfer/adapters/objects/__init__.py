"""The bucket, seen through a grant (port `Objects`).

Bytes go over connections of our own, which are fast: small files over the plane, large ones in
parts. boto3 does what is rare, and sends what a limit slows, a proxy carries, or our own signature
does not get through.
"""

import time
from collections.abc import Callable, Mapping, Sequence

from zlib_ng import zlib_ng

from mydoctransfer.adapters.objects import puts
from mydoctransfer.adapters.objects.control import Control
from mydoctransfer.adapters.objects.lean import Given
from mydoctransfer.adapters.objects.parts import Parts
from mydoctransfer.adapters.objects.plane import Plane
from mydoctransfer.adapters.objects.reading import OpenFile, Source
from mydoctransfer.adapters.objects.sending import Setup, Unsent
from mydoctransfer.adapters.objects.workers import Workers
from mydoctransfer.adapters.pace import Pace
from mydoctransfer.adapters.web import Deadlines, Web
from mydoctransfer.engine.ports import (
    Arrived,
    Digest,
    Failure,
    Grant,
    Part,
    PartPut,
    SmallPut,
)
from mydoctransfer.model.trees import RelPath, Stat

__all__ = ["S3Objects"]

_TELL = 0.25  # seconds between two tellings of one part
_DEADLINES = Deadlines(connect=10.0, read=60.0, total=300.0)


class S3Objects:
    """The `Objects` port over S3 and what speaks like it.

    Args:
        endpoint: the store's address; None is AWS. open_file: opens a file of the folder that is
            as expected; it goes to other processes, and so must pickle. offset_ms: the server's
            clock minus this machine's. pace: how fast bytes may go up, the small files' and the
            parts' together. tell: hears of the path, the number and the bytes given of a part that
            takes a while, from whichever thread sends it.
    """

    def __init__(
        self,
        endpoint: str | None,
        open_file: OpenFile,
        offset_ms: Callable[[], int],
        web: Web | None = None,
        pace: Pace | None = None,
        tell: Callable[[RelPath, int, int], None] = lambda path, number, amount: None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._endpoint = endpoint
        self._tell = tell
        self._monotonic = monotonic
        self._pace = pace or Pace()
        self._parts = Parts(endpoint, offset_ms, _DEADLINES)
        self._source = Source(open_file)
        self._control = Control(endpoint, offset_ms, self._pace)
        self.workers = Workers(Setup(endpoint, _DEADLINES), open_file)
        self._plane = Plane(
            endpoint, self._source, web or Web(_DEADLINES), offset_ms, self._pace, self.workers
        )

    def expect(self, sizes: Sequence[int]) -> None:
        """Small files of these sizes will be put in a moment. Returns at once."""
        self._plane.expect(sizes)

    def put_many(self, grant: Grant, puts: Sequence[SmallPut]) -> list[Arrived | Failure]:
        """Send files of up to 8 MiB; answers in their order."""
        outcomes = self._plane.put_many(grant, puts)
        return [
            self._put_slowly(grant, put) if _is_unsigned(outcome) else outcome
            for put, outcome in zip(puts, outcomes, strict=True)
        ]

    def _put_slowly(self, grant: Grant, put: SmallPut) -> Arrived | Failure:
        content = self._source.whole(put.path, put.expects, put.sha256)
        if isinstance(content, Failure):
            return content
        return self._control.put(grant, put, content)

    def start(self, grant: Grant, key: str) -> str | Failure:
        """Begin a multipart upload; answers its id."""
        return self._control.start(grant, key)

    def put_part(self, grant: Grant, part: PartPut) -> Part | Failure:
        """Send one part; its checksum is of the bytes that were read."""
        with self._source.part(part.path, part.expects, part.offset, part.length) as content:
            if isinstance(content, Failure):
                return content
            crc32 = zlib_ng.crc32(content)
            told = self._telling(part)
            if not self._pace.is_limited and puts.is_direct(self._endpoint, grant):
                outcome = self._parts.put(grant, part, content, crc32, told)
                if not isinstance(outcome, Unsent) and not _is_unsigned(outcome):
                    return outcome
            return self._control.put_part(grant, part, content, crc32, told)

    def _telling(self, part: PartPut) -> Given:
        """Return what hears of a part's bytes, and tells of them now and then."""
        told = self._monotonic()

        def given(amount: int) -> None:
            nonlocal told
            now = self._monotonic()
            if now - told >= _TELL:
                told = now
                self._tell(part.path, part.number, amount)

        return given

    def list_parts(self, grant: Grant, key: str, multipart_id: str) -> dict[int, Part] | Failure:
        """What the store has; parts whose checksum it does not tell have crc32 -1."""
        return self._control.list_parts(grant, key, multipart_id)

    def finish(
        self, grant: Grant, key: str, multipart_id: str, parts: Mapping[int, Part]
    ) -> Failure | None:
        """Complete it. Where the object lies already it is a success, and the parts are dropped."""
        return self._control.finish(grant, key, multipart_id, parts)

    def abort(self, grant: Grant, key: str, multipart_id: str) -> Failure | None:
        """End a multipart upload; one that is unknown has ended."""
        return self._control.abort(grant, key, multipart_id)

    def digest(self, path: RelPath, expects: Stat, part_size: int) -> Digest | Failure:
        """Read the whole file once, for its hash and its parts' checksums."""
        return self._source.digest(path, expects, part_size)

    def close(self) -> None:
        """Begin nothing more."""
        self._pace.stop()
        self._plane.close()
        self._parts.close()


def _is_unsigned(outcome: object) -> bool:
    """Whether the store did not take our signature for one."""
    return isinstance(outcome, Failure) and outcome.code == "signature_does_not_match"
