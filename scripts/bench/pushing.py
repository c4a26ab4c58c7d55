"""The product's data path alone: every file of a directory into a bucket, without API and journal.

    python -m scripts.bench.pushing URL BUCKET DIRECTORY

Every file is hashed first, as the scan does. Then small ones go in batches, four at once as the
engine sends them, and large ones in parts with their SHA-256 beside. Exit 1 when something did not
arrive. The grant comes from the environment, as the peers' credentials do.
"""

import os
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait

from mydoctransfer.adapters._descent import as_stat
from mydoctransfer.adapters.clock import SystemClock
from mydoctransfer.adapters.collector import collect_rarely
from mydoctransfer.adapters.disk import FolderDisk
from mydoctransfer.adapters.objects import S3Objects
from mydoctransfer.engine.ports import Digest, Failure, Grant, Part, PartPut, SmallPut
from mydoctransfer.engine.speed import Speed
from mydoctransfer.model.trees import RelPath, Stat

# As in engine/lanes.py and engine/execution, whose modules would bring in the whole engine.
BATCH, BATCHES, WINDOW = 100, 4, 4
PART = SINGLE = 8 * 1024 * 1024

File = tuple[RelPath, Stat]


def main(url: str, bucket: str, directory: str) -> None:
    """Send everything in `directory`."""
    collect_rarely()  # as `sync --once` does
    disk = FolderDisk(directory)
    objects = S3Objects(url, disk.open_file, lambda: 0)
    push = Push(disk, objects, _grant(bucket))
    found = [
        (RelPath(entry.name), as_stat(entry.stat(follow_symlinks=False)))
        for entry in os.scandir(directory)
    ]
    small = [file for file in found if file[1].size <= SINGLE]
    with ThreadPoolExecutor(BATCHES) as threads:
        batches = (small[at : at + BATCH] for at in range(0, len(small), BATCH))
        list(threads.map(push.batch, batches))
    for file in found:
        if file[1].size > SINGLE:
            push.large(*file)
    objects.close()


class Push:
    """Files on their way into one bucket; SystemExit where one does not arrive."""

    def __init__(self, disk: FolderDisk, objects: S3Objects, grant: Grant) -> None:
        self._disk = disk
        self._objects = objects
        self._grant = grant

    def batch(self, files: Sequence[File]) -> None:
        """Hash and send small files."""
        puts = list(self._hashed(files))
        for outcome in self._objects.put_many(self._grant, puts):
            if isinstance(outcome, Failure):
                raise SystemExit(outcome.message)

    def _hashed(self, files: Sequence[File]) -> Iterator[SmallPut]:
        for hashed in self._disk.hash_files(files):
            if isinstance(hashed, Failure):
                raise SystemExit(hashed.message)
            yield SmallPut(hashed.path, hashed.stat, hashed.sha256, hashed.path)

    def large(self, path: RelPath, stat: Stat) -> None:
        """Send one file in parts, the whole of it being hashed beside them."""
        with ThreadPoolExecutor(WINDOW + 1) as threads:
            digest = threads.submit(self._objects.digest, path, stat, PART)
            upload = self._objects.start(self._grant, path)
            if isinstance(upload, Failure):
                raise SystemExit(upload.message)
            parts = [
                PartPut(path, stat, path, upload, at // PART + 1, at, min(PART, stat.size - at))
                for at in range(0, stat.size, PART)
            ]
            done = self._parts(threads, parts)
        finished = self._objects.finish(self._grant, path, upload, done)
        if finished is not None or not isinstance(digest.result(), Digest):
            raise SystemExit("The large file did not arrive.")

    def _parts(self, threads: Executor, parts: Sequence[PartPut]) -> dict[int, Part]:
        """Send these, as many at a time as the engine would."""
        speed, waiting = Speed(SystemClock()), deque(parts)
        running: dict[Future[Part | Failure], tuple[int, float]] = {}
        done: dict[int, Part] = {}
        while waiting or running:
            while waiting and len(running) < speed.at_a_time(PART, WINDOW):
                part = waiting.popleft()
                sending = threads.submit(self._objects.put_part, self._grant, part)
                running[sending] = (part.number, speed.now())
            for sent in wait(running, return_when=FIRST_COMPLETED).done:
                number, began = running[sent]
                done[number] = _arrived(sent.result())
                speed.carried(done[number].size, began, len(running))
                del running[sent]
        return done


def _arrived(answer: Part | Failure) -> Part:
    if isinstance(answer, Failure):
        raise SystemExit(answer.message)
    return answer


def _grant(bucket: str) -> Grant:
    region, key, secret, token = (
        os.environ[f"AWS_{name}"]
        for name in ("REGION", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN")
    )
    return Grant("bench", bucket, region, "", key, secret, token, 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
