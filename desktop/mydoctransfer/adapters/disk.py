"""The watched folder on disk.

Promises: only regular files of this folder's own file system are ever opened, each reached from
the root without following a symlink; a read counts only if the file was the expected one before
and after. Two functions write, `mark` and `add`; they create, and never replace, rename or remove
anything that was there. Leaves to others: what to conclude from what is seen.
"""

import errno
import os
import re
import stat
import sys
from collections.abc import Callable, Iterator, Sequence

from mydoctransfer.adapters import _content, _creation
from mydoctransfer.adapters._descent import Descent, as_stat, failure_of
from mydoctransfer.engine.ports import (
    Along,
    Entry,
    Failure,
    FailureKind,
    Hashed,
    Listing,
    Root,
)
from mydoctransfer.model.ignore import MARKER, RULES
from mydoctransfer.model.names import numbered
from mydoctransfer.model.trees import LocalFile, RelPath, Skip, Stat, join

_MARKER_MAX = 1024
_MARKER_FORM = re.compile(r"[0-9a-fA-F-]{32,36}")


class FolderDisk:
    """The `Disk` port over the file system.

    Attributes:
        root: where the folder's path led when this was made; a symlink is followed once (F17).
    """

    def __init__(self, root: str, me: int | None = None) -> None:
        """Watch over `root`; `me` is the user whose files may have a second name (T61)."""
        self.root = os.path.realpath(root)
        self._me = os.geteuid() if me is None and sys.platform != "win32" else me or 0

    # --- the root --------------------------------------------------------------------------------

    def look(self) -> Root | Failure:
        """Return the folder's device and marker, or why it cannot be believed now."""
        try:
            with Descent(self.root) as descent:
                return Root(descent.dev, self._marker(descent))
        except OSError as exc:
            return self._sick(exc)

    def _marker(self, descent: Descent) -> str | None:
        try:
            if not stat.S_ISREG(os.lstat(MARKER, dir_fd=descent.root).st_mode):
                return None
            fd = os.open(MARKER, _content.OPEN, dir_fd=descent.root)
        except FileNotFoundError:
            return None
        with open(fd, "rb") as file:
            text = file.read(_MARKER_MAX + 1).decode("ascii", "replace").strip()
        return text if _MARKER_FORM.fullmatch(text) else None

    def _sick(self, exc: OSError) -> Failure:
        failure = failure_of(exc)
        if failure.kind is FailureKind.MISSING and os.path.lexists(self.root):
            message = (
                f"{self.root} is no folder any more: something else has its name. Nothing is sent "
                "or withdrawn until the folder is back or you choose another."
            )
        elif failure.kind is FailureKind.MISSING:
            message = (
                f"The folder {self.root} is missing. Nothing is sent or withdrawn until it is back "
                "or you choose another."
            )
        else:
            # Two sentences, of which each is known to the translators.
            message = " ".join((f"The folder {self.root} cannot be read.", failure.message))
        return Failure(failure.kind, message, failure.code)

    def mark(self, marker: str) -> Root | Failure:
        """Create the marker file; where one is, keep it and answer with it."""
        try:
            with Descent(self.root) as descent:
                try:
                    _creation.create(descent.root, MARKER, marker.encode("ascii") + b"\n")
                    os.fsync(descent.root)
                except FileExistsError:
                    found = self._marker(descent)
                    return Root(descent.dev, found) if found else self._misfit()
                except OSError as exc:
                    return self._unwritable(exc)
                return Root(descent.dev, marker)
        except OSError as exc:
            return self._sick(exc)

    def _unwritable(self, exc: OSError) -> Failure:
        failure = failure_of(exc)
        if failure.kind is FailureKind.NO_SPACE:
            return failure
        return Failure(
            FailureKind.UNREADABLE,
            f"Nothing can be written into {self.root} ({exc.strerror}). Choose another folder.",
            "bad_folder",
        )

    def _misfit(self) -> Failure:
        return Failure(
            FailureKind.UNREADABLE,
            f"{os.path.join(self.root, MARKER)} is not a marker of this program. Remove it and "
            "choose the folder again.",
            "bad_marker",
        )

    # --- looking ---------------------------------------------------------------------------------

    def list_directories(
        self, directories: Sequence[RelPath], along: Along | None = None
    ) -> list[Listing]:
        """List these directories, names in order, and read what is to be read along."""
        reader = None if along is None else _content.Reader(along)
        try:
            with Descent(self.root) as descent:
                return [self._list(descent, directory, reader) for directory in directories]
        except OSError as exc:
            failure = self._sick(exc)
            return [Listing(directory, failure=failure) for directory in directories]

    def _list(
        self, descent: Descent, directory: RelPath, reader: _content.Reader | None
    ) -> Listing:
        try:
            fd = descent.directory(directory)
            entries, subdirectories, read = self._entries(fd, descent, reader)
        except OSError as exc:
            return Listing(directory, failure=failure_of(exc, directory))
        return Listing(directory, entries, subdirectories, read=read)

    def _entries(
        self, fd: int, descent: Descent, reader: _content.Reader | None
    ) -> tuple[list[Entry], list[str], dict[str, LocalFile]]:
        """Look at every name in order. One tuple a file and no call but `stat`, where none is to
        be read: this loop is what a look at many files takes."""
        entries: list[Entry] = []
        subdirectories: list[str] = []
        read: dict[str, LocalFile] = {}
        new, look, regular, dev, me = tuple.__new__, os.stat, stat.S_IFREG, descent.dev, self._me
        names = sorted(os.listdir(fd))
        if reader is not None and RULES in names:
            reader = None
        for name in names:
            try:
                s = look(name, dir_fd=fd, follow_symlinks=False)
            except FileNotFoundError:
                continue  # gone since the name was read
            mode = s.st_mode & 0o170000
            skip = None
            if mode != regular or s.st_dev != dev or s.st_nlink != 1:
                skip = _why_skipped(s, dev, me)
                if mode == stat.S_IFDIR and (s.st_dev, s.st_ino) in descent.ids:
                    skip = Skip.OTHER_FILESYSTEM  # the tree, mounted within itself (C10)
                if mode == stat.S_IFDIR and skip is None:
                    subdirectories.append(name)
                    continue
            found = (name, s.st_dev, s.st_ino, s.st_size, s.st_mtime_ns, s.st_ctime_ns, skip)
            entry = new(Entry, found)
            entries.append(entry)
            if reader is not None and (file := reader.read(fd, entry)) is not None:
                read[name] = file
        return entries, subdirectories, read

    def stat(self, path: RelPath) -> Stat | Failure:
        """Return how a regular file stands now."""
        try:
            with Descent(self.root) as descent:
                found = _lstat(descent, path)
        except OSError as exc:
            return failure_of(exc, path)
        return as_stat(found) if stat.S_ISREG(found.st_mode) else _changed(path)

    # --- reading ---------------------------------------------------------------------------------

    def hash_files(self, files: Sequence[tuple[RelPath, Stat]]) -> list[Hashed | Failure]:
        """Read and hash; CHANGED when the stat before or after is not the one expected."""
        try:
            with Descent(self.root) as descent:
                buffer = memoryview(bytearray(_content.BUFFER))
                return [_hashed(descent, path, expects, buffer) for path, expects in files]
        except OSError as exc:
            return [failure_of(exc)] * len(files)

    def read(self, path: RelPath, expects: Stat, most: int) -> bytes | Failure:
        """Return the bytes of a small file; UNREADABLE when it has more than `most`."""
        if expects.size > most:
            return Failure(FailureKind.UNREADABLE, f"{path}: It is too large.", "too_large")
        fd = self.open_file(path, expects)
        if isinstance(fd, Failure):
            return fd
        try:
            with open(fd, "rb") as file:
                content = file.read(most + 1)
                is_whole = _is_expected(os.fstat(fd), expects)
        except OSError as exc:
            return failure_of(exc, path)
        return content if is_whole else _changed(path)

    def open_file(self, path: RelPath, expects: Stat) -> int | Failure:
        """Open a file that is as expected; the descriptor is the caller's to close."""
        try:
            with Descent(self.root) as descent:
                return _opened(descent, path, expects)
        except OSError as exc:
            return failure_of(exc, path)

    # --- adding ----------------------------------------------------------------------------------

    def add(self, source: str, into: RelPath) -> list[RelPath] | Failure:
        """Copy a dropped file or directory (absolute path) into the folder, under a free name.

        What lies in the folder already is not copied. Symlinks, pipes and the like inside of a
        dropped directory are left out. On a failure what could be copied whole stays.
        """
        real = os.path.realpath(source)
        if real == self.root or self.root.startswith(real.rstrip(os.sep) + os.sep):
            return Failure(
                FailureKind.REFUSED,
                f"{source} holds the folder itself and cannot be copied into it.",
                "holds_folder",
            )
        if real.startswith(self.root + os.sep):
            return [RelPath(os.path.relpath(real, self.root).replace(os.sep, "/"))]
        added: list[RelPath] = []
        failures: list[Failure] = []
        try:
            with Descent(self.root) as descent:
                for one in self._copied(descent, real, into, _base(source)):
                    if isinstance(one, Failure):
                        failures.append(one)
                    else:
                        added.append(one)
        except OSError as exc:
            failures.append(failure_of(exc, RelPath(source)))
        return failures[0] if failures else added

    def _copied(
        self, descent: Descent, source: str, into: RelPath, name: str
    ) -> Iterator[RelPath | Failure]:
        """Copy, and tell of each file; a full disk ends it, an unreadable file does not."""
        try:
            mode = os.lstat(source).st_mode
            fd = descent.directory(into)
            if stat.S_ISREG(mode):
                made = _first_free(name, lambda free: _creation.copy(source, fd, free))
                os.fsync(fd)
                yield join(into, made)
                return
            if not stat.S_ISDIR(mode):
                return
            inside = sorted(os.listdir(source))
            made = _first_free(name, lambda free: os.mkdir(free, dir_fd=fd))
            os.fsync(fd)
        except OSError as exc:
            if exc.errno in (errno.ENOSPC, errno.EDQUOT):
                raise
            yield failure_of(exc, RelPath(source))
            return
        for inner in inside:
            yield from self._copied(descent, os.path.join(source, inner), join(into, made), inner)


def _base(source: str) -> str:
    return os.path.basename(source.rstrip(os.sep))


def _first_free(name: str, create: Callable[[str], None]) -> str:
    number = 1
    while True:
        free = numbered(name, number)
        try:
            create(free)
        except FileExistsError:
            number += 1
        else:
            return free


def _why_skipped(found: os.stat_result, dev: int, me: int) -> Skip | None:
    mode = found.st_mode
    if stat.S_ISLNK(mode):
        return Skip.SYMLINK
    if stat.S_ISFIFO(mode):
        return Skip.FIFO
    if stat.S_ISSOCK(mode):
        return Skip.SOCKET
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        return Skip.DEVICE
    if found.st_dev != dev:
        return Skip.OTHER_FILESYSTEM
    if stat.S_ISREG(mode) and found.st_nlink > 1 and found.st_uid != me:
        return Skip.FOREIGN_OWNER
    return None


def _lstat(descent: Descent, path: RelPath) -> os.stat_result:
    fd, name = _place(descent, path)
    return os.lstat(name, dir_fd=fd)


def _place(descent: Descent, path: RelPath) -> tuple[int, str]:
    """Return the directory's descriptor and the name in it."""
    directory, _, name = path.rpartition("/")
    if name in ("", ".", ".."):
        raise FileNotFoundError(2, "no path in the folder")
    return descent.directory(directory), name


def _opened(descent: Descent, path: RelPath, expects: Stat) -> int | Failure:
    fd = _opened_as_seen(descent, path, expects)
    if isinstance(fd, Failure) or _is_expected(os.fstat(fd), expects):
        return fd
    os.close(fd)
    return _changed(path)


def _opened_as_seen(descent: Descent, path: RelPath, expects: Stat) -> int | Failure:
    """Open what looked as expected just now: whether it still is, the descriptor tells."""
    directory, name = _place(descent, path)
    # Looking first: opening a pipe or a device would already do something (D01).
    if not _is_expected(os.lstat(name, dir_fd=directory), expects):
        return _changed(path)
    return os.open(name, _content.OPEN, dir_fd=directory)


def _is_expected(found: os.stat_result, expects: Stat) -> bool:
    return (
        found.st_mode & 0o170000 == stat.S_IFREG
        and (
            found.st_dev,
            found.st_ino,
            found.st_size,
            found.st_mtime_ns,
            found.st_ctime_ns,
        )
        == expects
    )


def _hashed(descent: Descent, path: RelPath, expects: Stat, buffer: memoryview) -> Hashed | Failure:
    # The descriptor of a small file is looked at once, after its one read: whatever was written
    # or put there since the name was looked at, it shows now.
    opened = _opened_as_seen if expects.size < _content.SMALL else _opened
    try:
        fd = opened(descent, path, expects)
        if isinstance(fd, Failure):
            return fd
        found = _content.read(fd, expects, buffer)
    except OSError as exc:
        return failure_of(exc)
    return _changed(path) if found is None else tuple.__new__(Hashed, (path, expects, *found))


def _changed(path: RelPath) -> Failure:
    return Failure(FailureKind.CHANGED, f"{path}: It has changed meanwhile.", "changed")
