"""The simulation's fakes, held to the very suites that hold the real adapters."""

import pytest

from mydoctransfer.engine.ports import Grant
from mydoctransfer.model.trees import RelPath, Stat, join
from tests.adapters.suites.disk import DiskSuite
from tests.adapters.suites.objects import ObjectsSuite
from tests.simulation.world.bucket import Bucket, FakeObjects
from tests.simulation.world.clock import Time
from tests.simulation.world.disk import FakeDisk, Folder

GRANT = Grant("g1", "bucket", "eu-south-1", "incoming/ann/g1/", "AKIA", "secret", "token", 900_000)


class FakePlace:
    """A folder that is a table of inodes; `Place` of the suite."""

    def __init__(self) -> None:
        time = Time()

        def now() -> int:
            time.ns += 1
            return time.ns

        def nobody(*what: str) -> None: ...

        self.folder = Folder(now, now, 1, True, nobody, nobody, nobody)
        self.disk = FakeDisk(self.folder)

    def write(self, path: str, content: bytes) -> None:
        assert self.folder.write(path, content)

    def replace(self, path: str, content: bytes) -> None:
        assert self.folder.replace(path, content)

    def read(self, path: str) -> bytes:
        found = self.folder.at(path)
        assert found is not None and found.kind == "file"
        return found.data

    def mkdir(self, path: str) -> None:
        assert self.folder.make_directory(path)

    def move(self, old: str, new: str) -> None:
        assert self.folder.rename(old, new)

    def remove(self, path: str) -> None:
        if path:
            assert self.folder.delete(path)
        else:
            self.folder.exists = False

    def link(self, target: str, path: str) -> None:
        assert self.folder.special(path, "symlink")

    def hardlink(self, path: str, other: str) -> None:
        assert self.folder.link(path, other)

    def fifo(self, path: str) -> None:
        assert self.folder.special(path, "fifo")

    def names(self) -> set[str]:
        return {
            join(RelPath(directory), name)
            for directory in self.folder.directories()
            for name in self.folder.directory(directory).children
        }

    def outside(self, name: str, content: bytes) -> str:
        self.disk.outside[f"/elsewhere/{name}"] = content
        return "/elsewhere/" + name.split("/")[0]


@pytest.fixture
def place() -> FakePlace:
    return FakePlace()


class TestFakeDisk(DiskSuite):
    """The world's disk keeps every promise of the real one."""


class FakeBucket:
    """The world's bucket beside the world's folder; `Bucket` of the suite."""

    def __init__(self) -> None:
        self.place = FakePlace()
        self.grant = GRANT
        self._bucket = Bucket(lambda: 0)
        self._keys = 0
        self.objects = FakeObjects(
            self._bucket,
            lambda: self.place.disk,
            lambda: 0,
            lambda operation: None,
            lambda path, data: None,
        )

    def write(self, path: str, content: bytes) -> Stat:
        self.place.write(path, content)
        found = self.place.disk.stat(RelPath(path))
        assert isinstance(found, Stat)
        return found

    def key(self) -> str:
        self._keys += 1
        return f"{self.grant.prefix}{self._keys}"

    def content(self, key: str) -> bytes | None:
        versions = self._bucket.objects.get(key)
        return versions[-1].data if versions else None

    def version(self, key: str) -> str | None:
        facts = self._bucket.facts(key)
        return None if facts is None else facts.version_id

    def uploads(self) -> set[str]:
        return {upload.key for upload in self._bucket.uploads.values()}


@pytest.fixture
def bucket() -> FakeBucket:
    return FakeBucket()


class TestFakeObjects(ObjectsSuite):
    """The world's store keeps every promise of the real one."""
