"""Names for the second of two contents that claim one name: distinct by construction."""

from collections.abc import Callable

from mydoctransfer.model.trees import RelPath, join, name_of, parent

NAME_MAX = 255  # bytes, as ext4, NTFS and the server count


def from_host(path: RelPath, host: str, sha256: str, taken: Callable[[RelPath], bool]) -> RelPath:
    """Return `name (from HOST).ext` in the same directory (R14); with the content's first digits
    where that name is taken, which no other content of this host can have."""
    plain = _labelled(path, f"from {host}")
    return _labelled(path, f"from {host} {sha256[:12]}") if taken(plain) else plain


def conflict_copy(path: RelPath, host: str, sha256: str) -> RelPath:
    """Return the cloud name of the bytes that lost (R7)."""
    return _labelled(path, f"conflict from {host} {sha256[:12]}")


def is_second(path: RelPath, cloud_path: RelPath) -> bool:
    """Whether a file is in the cloud under a name made here, because its own was taken."""
    stem = name_of(path).rpartition(".")[0] or name_of(path)
    name = name_of(cloud_path)
    return name.startswith((f"{stem} (from ", f"{stem} (conflict from "))


def _labelled(path: RelPath, label: str) -> RelPath:
    stem, dot, extension = name_of(path).rpartition(".")
    if not stem:
        stem, dot, extension = name_of(path), "", ""
    tail = f" ({_plain(label)}){dot}{extension}"
    return join(parent(path), _shortened(stem, NAME_MAX - len(_bytes(tail))) + tail)


def _plain(label: str) -> str:
    return "".join(c if c.isprintable() and c not in "/\\" else "_" for c in label)[:80]


def _shortened(stem: str, room: int) -> str:
    while len(_bytes(stem)) > max(room, 1):
        stem = stem[:-1]
    return stem


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
