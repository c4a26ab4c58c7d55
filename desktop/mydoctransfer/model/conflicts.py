"""Names for the second of two contents that claim one name: distinct by construction."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, count

from mydoctransfer.model.trees import RelPath, join, name_of, parent

NAME_MAX = 255  # bytes, as ext4, NTFS and the server count


def from_host(path: RelPath, host: str, sha256: str, taken: Callable[[RelPath], bool]) -> RelPath:
    """Return `name (from HOST).ext` in the same directory (R14). Where that name is taken, with the
    content's first digits, which no other content of this host can have; and with a number, where
    another file has these bytes under that name."""
    marked = f"from {_plain(host)} {sha256[:12]}"
    labels = chain((f"from {_plain(host)}", marked), _numbered(marked))
    return _first_free(path, labels, taken)


def conflict_copy(
    path: RelPath, host: str, sha256: str, taken: Callable[[RelPath], bool]
) -> RelPath:
    """Return the cloud name of the bytes that lost (R7); with a number where that is taken: two
    devices may call themselves alike, and a copy may have been edited since."""
    marked = f"conflict from {_plain(host)} {sha256[:12]}"
    return _first_free(path, chain((marked,), _numbered(marked)), taken)


def is_second(path: RelPath, cloud_path: RelPath) -> bool:
    """Whether a file is in the cloud under a name made here, because its own was taken."""
    stem = name_of(path).rpartition(".")[0] or name_of(path)
    name = name_of(cloud_path)
    return name.startswith((f"{stem} (from ", f"{stem} (conflict from "))


def _numbered(label: str) -> Iterator[str]:
    return (f"{label} {n}" for n in count(2))


def _first_free(path: RelPath, labels: Iterable[str], taken: Callable[[RelPath], bool]) -> RelPath:
    names = (_labelled(path, label) for label in labels)
    return next(name for name in names if not taken(name))


def _labelled(path: RelPath, label: str) -> RelPath:
    stem, dot, extension = name_of(path).rpartition(".")
    if not stem:
        stem, dot, extension = name_of(path), "", ""
    tail = f" ({label}){dot}{extension}"
    return join(parent(path), _shortened(stem, NAME_MAX - len(_bytes(tail))) + tail)


def _plain(host: str) -> str:
    return "".join(c if c.isprintable() and c not in "/\\" else "_" for c in host)[:64]


def _shortened(stem: str, room: int) -> str:
    while len(_bytes(stem)) > max(room, 1):
        stem = stem[:-1]
    return stem


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
