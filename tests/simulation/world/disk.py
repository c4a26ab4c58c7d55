"""A watched folder as a table of inodes, the person's hand on it, and the `Disk` port over it.

The port's side can create the marker and dropped copies and nothing else: there is no other way to
write from there (I1), and every path is walked from the root without following a link (I20).
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mydoctransfer.engine.ports import Along, Entry, Failure, FailureKind, Hashed, Listing, Root
from mydoctransfer.model.ignore import MARKER, RULES
from mydoctransfer.model.names import numbered
from mydoctransfer.model.trees import (
    LocalFile,
    RelPath,
    Skip,
    Stat,
    is_beneath,
    join,
    name_of,
    parent,
)

FOLDER = "/home/person/Documents"
UNWRITTEN_NS = 30 * 10**9  # what is younger may still be in memory only
MISSING = Failure(FailureKind.MISSING, "It is not there any more.", "missing")
CHANGED = Failure(FailureKind.CHANGED, "It has changed meanwhile.", "changed")
UNREADABLE = Failure(
    FailureKind.UNREADABLE,
    "You have no permission to read it. Make it readable, and it is sent by itself.",
    "unreadable",
)


@dataclass(slots=True)
class Inode:
    """One inode. `children` of a directory only, `data` of a regular file only."""

    ino: int
    kind: str  # file, dir, symlink, fifo
    birth_ns: int
    mtime_ns: int
    ctime_ns: int
    data: bytes = b""
    nlink: int = 1
    is_readable: bool = True
    children: dict[str, "Inode"] = field(default_factory=dict)
    written_at: int = 0  # true time of the last change of the bytes

    @property
    def sha(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


class Gone(Exception):
    """The path leads nowhere (or through something that is no directory)."""


class Forbidden(Exception):
    """A directory on the way cannot be read."""


@dataclass(slots=True)
class Folder:
    """One file system with the watched folder as its root, as the person uses it.

    Attributes:
        granularity: of time stamps, in ns. has_birth: whether the file system tells birth times.
        clock: the device's wall clock in ns; now: the true time in ns.
        wrote, lost, moved: told of every content that appears at a path, is taken away, is moved
            to another path.
    """

    clock: Callable[[], int]
    now: Callable[[], int]
    granularity: int
    has_birth: bool
    wrote: Callable[[str, str], None]
    lost: Callable[[str, str], None]
    moved: Callable[[str, str, str], None]
    dev: int = 64
    root: Inode = field(init=False)
    is_mounted: bool = True
    exists: bool = True
    free: list[int] = field(default_factory=list)
    highest: int = 1
    version: int = 0  # raised by every change, so that "nothing changed" can be asserted

    def __post_init__(self) -> None:
        self.root = self._inode("dir")

    # --- inodes ----------------------------------------------------------------------------------

    def stamp(self) -> int:
        now = self.clock()
        return now - now % self.granularity

    def _inode(self, kind: str, data: bytes = b"") -> Inode:
        if self.free:
            ino = min(self.free)  # a freed number comes back at once, as on ext4
            self.free.remove(ino)
        else:
            self.highest += 1
            ino = self.highest
        at = self.stamp()
        return Inode(ino, kind, at if self.has_birth else 0, at, at, data, written_at=self.now())

    def _drop(self, inode: Inode) -> None:
        inode.nlink -= 1
        inode.ctime_ns = self.stamp()
        if inode.nlink == 0:
            self.free.append(inode.ino)

    def directory(self, path: str) -> Inode:
        at = self.root
        for name in path.split("/") if path else []:
            if not at.is_readable:
                raise Forbidden(path)
            found = at.children.get(name)
            if found is None or found.kind != "dir":
                raise Gone(path)
            at = found
        return at

    def at(self, path: str) -> Inode | None:
        """Return what lies at a path, as the person (who may read everything) sees it."""
        at = self.root
        for name in path.split("/"):
            if at.kind != "dir" or name not in at.children:
                return None
            at = at.children[name]
        return at

    def is_absent(self, path: str) -> bool:
        """Whether anybody who may read what can be read knows that nothing lies at a path."""
        try:
            holder = self.directory(parent(RelPath(path)))
        except Gone:
            return True
        except Forbidden:
            return False
        return holder.is_readable and name_of(RelPath(path)) not in holder.children

    def is_hidden(self, path: str) -> bool:
        """Whether nobody can look where a path is."""
        try:
            return not self.directory(parent(RelPath(path))).is_readable
        except Gone:
            return False
        except Forbidden:
            return True

    def files(self) -> Iterator[tuple[str, Inode]]:
        """Yield every regular file with its path."""
        yield from self._files(self.root, "")

    def _files(self, directory: Inode, at: str) -> Iterator[tuple[str, Inode]]:
        for name in sorted(directory.children):
            path = join(RelPath(at), name)
            inode = directory.children[name]
            if inode.kind == "dir":
                yield from self._files(inode, path)
            elif inode.kind == "file":
                yield path, inode

    def directories(self) -> list[str]:
        found = [""]
        for at in found:
            inode = self.at(at) if at else self.root
            found.extend(join(RelPath(at), n) for n, c in inode.children.items() if c.kind == "dir")
        return sorted(found)

    # --- what the person does --------------------------------------------------------------------

    def _touched(self, directory: Inode) -> None:
        directory.mtime_ns = directory.ctime_ns = self.stamp()
        self.version += 1

    def _parent(self, path: str, make: bool = False) -> Inode | None:
        at = self.root
        for name in parent(RelPath(path)).split("/") if parent(RelPath(path)) else []:
            if at.kind != "dir":
                return None
            if name not in at.children:
                if not make:
                    return None
                at.children[name] = self._inode("dir")
                self._touched(at)
            at = at.children[name]
        return at if at.kind == "dir" else None

    def _can_hold_file(self, path: str) -> Inode | None:
        holder = self._parent(path, make=True)
        if holder is None:
            return None
        there = holder.children.get(name_of(RelPath(path)))
        return None if there is not None and there.kind == "dir" else holder

    def _losing(self, path: str) -> None:
        there = self.at(path)
        if there is not None and there.kind == "file":
            self.lost(path, there.sha)
        elif there is not None and there.kind == "dir":
            for name in list(there.children):
                self._losing(join(RelPath(path), name))

    def write(self, path: str, data: bytes, forge: bool = False) -> bool:
        """Write in place (same inode), or make the file. `forge` puts the old mtime back."""
        holder = self._can_hold_file(path)
        if holder is None:
            return False
        there = holder.children.get(name_of(RelPath(path)))
        if there is None or there.kind != "file":
            if there is not None:
                self._drop(there)
            holder.children[name_of(RelPath(path))] = self._inode("file", data)
            self._touched(holder)
        else:
            self._losing(path)
            there.data = data
            if not forge:
                there.mtime_ns = self.stamp()
            there.ctime_ns = self.stamp()
            there.written_at = self.now()
            self.version += 1
        self._wrote_under_all_names(path)
        return True

    def _wrote_under_all_names(self, path: str) -> None:
        inode = self.at(path)
        self.wrote(path, inode.sha)
        if inode.nlink > 1:
            for other, there in self.files():
                if there is inode and other != path:
                    self.wrote(other, inode.sha)

    def rot(self, path: str, data: bytes) -> bool:
        """Change the bytes and nothing about the file, as a disk that forgets does."""
        inode = self.at(path)
        if inode is None or inode.kind != "file":
            return False
        self._losing(path)
        inode.data = data
        self._wrote_under_all_names(path)
        return True

    def replace(self, path: str, data: bytes, mtime_ns: int | None = None) -> bool:
        """Save as editors do: write beside, rename over."""
        holder = self._can_hold_file(path)
        if holder is None:
            return False
        fresh = self._inode("file", data)
        if mtime_ns is not None:
            fresh.mtime_ns = mtime_ns
        there = holder.children.get(name_of(RelPath(path)))
        if there is not None:
            self._losing(path)
            self._drop(there)
        holder.children[name_of(RelPath(path))] = fresh
        self._touched(holder)
        self.wrote(path, fresh.sha)
        return True

    def touch(self, path: str) -> bool:
        there = self.at(path)
        if there is None:
            return False
        there.mtime_ns = there.ctime_ns = self.stamp()
        self.version += 1
        return True

    def delete(self, path: str) -> bool:
        """Remove a file, or a directory with all it holds."""
        holder = self._parent(path)
        name = name_of(RelPath(path))
        if holder is None or name not in holder.children:
            return False
        self._losing(path)
        self._drop_all(holder.children.pop(name))
        self._touched(holder)
        return True

    def _drop_all(self, inode: Inode) -> None:
        for child in inode.children.values():
            self._drop_all(child)
        self._drop(inode)

    def rename(self, old: str, new: str) -> bool:
        """Rename a file or directory; a file at the new name is replaced."""
        source = self._parent(old)
        name = name_of(RelPath(old))
        if source is None or name not in source.children or (new + "/").startswith(old + "/"):
            return False
        moving = source.children[name]
        target = self._parent(new, make=True)
        if target is None:
            return False
        there = target.children.get(name_of(RelPath(new)))
        if there is moving:
            return False
        if there is not None:
            if there.kind == "dir" or moving.kind == "dir":
                return False
            self._losing(new)
            self._drop(there)
            self.wrote(new, moving.sha)  # to the one who looks there, an edit
        self._moving(old, new, moving)
        del source.children[name]
        target.children[name_of(RelPath(new))] = moving
        moving.ctime_ns = self.stamp()
        self._touched(source)
        self._touched(target)
        return True

    def _moving(self, old: str, new: str, inode: Inode) -> None:
        if inode.kind == "file":
            self.moved(old, new, inode.sha)
        for name, child in inode.children.items():
            self._moving(join(RelPath(old), name), join(RelPath(new), name), child)

    def swap(self, one: str, other: str) -> bool:
        """Exchange two names, as `mv a t; mv b a; mv t b` does."""
        a, b = self._parent(one), self._parent(other)
        first, second = self.at(one), self.at(other)
        if not a or not b or not first or not second or first is second:
            return False
        if (one + "/").startswith(other + "/") or (other + "/").startswith(one + "/"):
            return False
        a.children[name_of(RelPath(one))] = second
        b.children[name_of(RelPath(other))] = first
        first.ctime_ns = second.ctime_ns = self.stamp()
        self._touched(a)
        self._touched(b)
        return True

    def link(self, old: str, new: str) -> bool:
        """Give a file a second name."""
        there, holder = self.at(old), self._parent(new, make=True)
        if there is None or there.kind != "file" or holder is None:
            return False
        if name_of(RelPath(new)) in holder.children:
            return False
        holder.children[name_of(RelPath(new))] = there
        there.nlink += 1
        there.ctime_ns = self.stamp()
        self._touched(holder)
        self.wrote(new, there.sha)
        return True

    def special(self, path: str, kind: str) -> bool:
        """Make a symlink or a pipe."""
        holder = self._parent(path, make=True)
        if holder is None or name_of(RelPath(path)) in holder.children:
            return False
        holder.children[name_of(RelPath(path))] = self._inode(kind)
        self._touched(holder)
        return True

    def make_directory(self, path: str) -> bool:
        return self._parent(path + "/x", make=True) is not None

    def permit(self, path: str, is_readable: bool) -> bool:
        there = self.at(path) if path else self.root
        if there is None or there.is_readable is is_readable:
            return False
        there.is_readable = is_readable
        there.ctime_ns = self.stamp()
        self.version += 1
        return True

    def lose_power(self) -> None:
        """Keep of every file only what has reached the disk: what was written within the last
        half minute is as long as before, or empty, with the time stamps it had (ext4 does so)."""
        for path, inode in self.files():
            if self.now() - inode.written_at < UNWRITTEN_NS and inode.data and path != MARKER:
                self._losing(path)
                inode.data = b""
                self._wrote_under_all_names(path)
                self.version += 1


def stat_of(inode: Inode, dev: int) -> Stat:
    return Stat(dev, inode.ino, len(inode.data), inode.mtime_ns, inode.ctime_ns)


class FakeDisk:
    """The `Disk` port. Every operation goes through `operate`, which may refuse it.

    Attributes:
        outside: what lies elsewhere on the machine, by absolute path, to be dropped on the window.
        asked_for: files as they were when they were last asked for by name.
    """

    def __init__(
        self,
        folder: Folder,
        operate: Callable[..., Any] = lambda layer, name, act, refused: act(),
    ) -> None:
        self.folder = folder
        self._operate = operate
        self.outside: dict[str, bytes] = {}
        self.asked_for: dict[str, Stat] = {}

    def look(self) -> Root | Failure:
        return self._operate("fs", "look", self._look, lambda: UNREADABLE)

    def _look(self) -> Root | Failure:
        folder = self.folder
        if not folder.exists:
            return MISSING
        if not folder.is_mounted:
            return Root(1, None)  # the empty mount point beneath
        if not folder.root.is_readable:
            return UNREADABLE
        return Root(folder.dev, self._marker())

    def _marker(self) -> str | None:
        inode = self.folder.root.children.get(MARKER)
        if inode is None or inode.kind != "file" or not re.fullmatch(rb"[0-9a-f]{32}", inode.data):
            return None
        return inode.data.decode()

    def mark(self, marker: str) -> Root | Failure:
        root = self.look()
        if isinstance(root, Failure) or root.marker is not None:
            return root
        if MARKER in self.folder.root.children:
            return UNREADABLE
        self.folder.root.children[MARKER] = self.folder._inode("file", marker.encode())
        return self.look()

    def list_directories(
        self, directories: Sequence[RelPath], along: Along | None = None
    ) -> list[Listing]:
        listings = [
            self._operate(
                "fs",
                "list",
                lambda directory=directory: self._list(directory),
                lambda directory=directory: Listing(directory, (), UNREADABLE),
            )
            for directory in directories
        ]
        return listings if along is None else self._read_along(listings, along)

    def _read_along(self, listings: Sequence[Listing], along: Along) -> list[Listing]:
        left = along.most_files
        found: list[Listing] = []
        for listing in listings:
            names = {*listing.subdirectories, *(entry.name for entry in listing.entries)}
            meant = [e for e in listing.entries if along.has(e) and RULES not in names][:left]
            left -= len(meant)
            batch = [(join(listing.directory, e.name), e.stat) for e in meant]
            read = {
                name_of(one.path): LocalFile(one.stat, one.birth_ns, one.sha256)
                for one in self.hash_files(batch)
                if isinstance(one, Hashed)
            }
            found.append(replace(listing, read=read))
        return found

    def _list(self, directory: RelPath) -> Listing:
        if not self.folder.exists:
            return Listing(directory, failure=MISSING)
        if not self.folder.is_mounted:
            return Listing(directory, failure=None if not directory else MISSING)
        try:
            inode = self.folder.directory(directory)
        except Gone:
            return Listing(directory, failure=MISSING)
        except Forbidden:
            return Listing(directory, failure=UNREADABLE)
        if not inode.is_readable:
            return Listing(directory, failure=UNREADABLE)
        children = sorted(inode.children.items())
        entries = [self._entry(name, one) for name, one in children if one.kind != "dir"]
        return Listing(directory, entries, [name for name, one in children if one.kind == "dir"])

    def _entry(self, name: str, inode: Inode) -> Entry:
        skip = {"symlink": Skip.SYMLINK, "fifo": Skip.FIFO}.get(inode.kind)
        return Entry(name, *stat_of(inode, self.folder.dev), skip)

    def open(self, path: RelPath, expects: Stat) -> Inode | Failure:
        """Open a regular file that is as expected."""
        inode = self._operate("fs", "open", lambda: self._open(path, expects), lambda: UNREADABLE)
        if isinstance(inode, Failure):
            return inode
        # Opened is not read: a disk can fail at any of the bytes.
        return self._operate("read", "read", lambda: inode, lambda: UNREADABLE)

    def _open(self, path: RelPath, expects: Stat) -> Inode | Failure:
        if not self.folder.exists or not self.folder.is_mounted:
            return MISSING
        try:
            inode = self.folder.directory(parent(path)).children.get(name_of(path))
        except Gone:
            return MISSING
        except Forbidden:
            return UNREADABLE
        if inode is None:
            return MISSING
        if inode.kind != "file" or stat_of(inode, self.folder.dev) != expects:
            return CHANGED
        if not inode.is_readable:
            return UNREADABLE
        return inode

    def hash_files(self, files: Sequence[tuple[RelPath, Stat]]) -> list[Hashed | Failure]:
        found: list[Hashed | Failure] = []
        for path, expects in files:
            inode = self.open(path, expects)
            if isinstance(inode, Failure):
                found.append(inode)
            else:
                found.append(Hashed(path, expects, inode.birth_ns, inode.sha))
        return found

    def read(self, path: RelPath, expects: Stat, most: int) -> bytes | Failure:
        inode = self.open(path, expects)
        if isinstance(inode, Failure):
            return inode
        return inode.data if len(inode.data) <= most else UNREADABLE

    def stat(self, path: RelPath) -> Stat | Failure:
        inode = self.folder.at(path)
        if inode is None:
            return MISSING
        if inode.kind != "file":
            return CHANGED
        self.asked_for[path] = stat_of(inode, self.folder.dev)
        return self.asked_for[path]

    @property
    def root(self) -> str:
        return FOLDER

    def add(self, source: str, into: RelPath) -> list[RelPath] | Failure:
        """Copy what is dropped in: a file of `outside`, or a directory of such files."""
        if is_beneath(FOLDER, source) or source == FOLDER:
            return Failure(FailureKind.REFUSED, "The folder cannot lie in itself.", "in_itself")
        if is_beneath(source, FOLDER):
            return [RelPath(source.removeprefix(FOLDER + "/"))]
        found = {
            path.removeprefix(source): content
            for path, content in sorted(self.outside.items())
            if path == source or is_beneath(path, source)
        }
        try:
            holder = self.folder.directory(into)
        except Gone:
            return MISSING
        if not found:
            return MISSING
        number = 1
        while (name := numbered(name_of(RelPath(source)), number)) in holder.children:
            number += 1
        added = [RelPath(join(into, name) + deeper) for deeper in found]
        for path, content in zip(added, found.values(), strict=True):
            self.folder.write(path, content)
        return added
