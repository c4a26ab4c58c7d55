"""Between the engine's values and the journal's columns: one pair of functions for each kind."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, astuple
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

from mydoctransfer.engine.keeping import NONSENSE
from mydoctransfer.engine.ports import Part, Seen, Transfer
from mydoctransfer.model.rules import FolderRule
from mydoctransfer.model.trees import (
    Document,
    DocumentState,
    Fetched,
    LinkState,
    LocalFile,
    OpId,
    Person,
    RelPath,
    ShareId,
    Skip,
    Stat,
    Synced,
)

Row = tuple[Any, ...]
P = ParamSpec("P")
T = TypeVar("T")

_SKIPS: dict[str | None, Skip | None] = {None: None, **{skip.value: skip for skip in Skip}}
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


def _sensible(decode: Callable[P, T]) -> Callable[P, T]:
    """Let a decoder say of every value that is none of its kind that it makes no sense.

    Raises (the decoder):
        ValueError: a bit was flipped, say. SQLite knows whether its pages are whole, not this.
    """

    @wraps(decode)
    def decoding(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return decode(*args, **kwargs)
        except NONSENSE as exc:
            raise ValueError(f"a row makes no sense: {exc}") from exc

    return decoding


# --- words and numbers ---------------------------------------------------------------------------


def text(value: str) -> bytes:
    """Return any string as bytes, lone surrogates included."""
    return value.encode("utf-8", "surrogatepass")


@_sensible
def string(value: bytes) -> str:
    """Undo `text`."""
    return value.decode("utf-8", "surrogatepass")


def number(value: int) -> int | str:
    """Return what a column without a type keeps exactly."""
    return value if _SMALLEST <= value <= _LARGEST else str(value)


def split(path: RelPath) -> tuple[bytes, bytes]:
    """Return directory and name."""
    directory, _, name = path.rpartition("/")
    return directory.encode("utf-8", "surrogatepass"), name.encode("utf-8", "surrogatepass")


@_sensible
def joined(directory: bytes, name: bytes) -> RelPath:
    """Undo `split`."""
    return RelPath(string(directory + b"/" + name if directory else name))


# --- the local tree ------------------------------------------------------------------------------

LOCAL = "dev, ino, size, mtime_ns, ctime_ns, skip, sha256, birth_ns"


def local_rows(files: Mapping[RelPath, LocalFile | tuple[Stat, Skip]]) -> list[Row]:
    """Return `dir, name` and the columns of LOCAL for each: a first look's hot loop."""
    found: list[Row] = []
    before, beneath = "", b""
    for path, entry in files.items():
        directory, _, name = path.rpartition("/")
        if directory != before:
            before, beneath = directory, text(directory)
        key = name.encode("utf-8", "surrogatepass")
        if isinstance(entry, LocalFile):
            sha256 = None if entry.sha256 is None else bytes.fromhex(entry.sha256)
            skip = Skip.EMPTIED.value if entry.is_emptied else None
            found.append(
                (beneath, key, *stat_row(entry.stat), skip, sha256, number(entry.birth_ns))
            )
        else:
            stat, reason = entry
            found.append((beneath, key, *stat_row(stat), reason.value, None, 0))
    return found


def stat_row(stat: Stat) -> Row:
    """Return the five columns of a stat: all numbers, or all text."""
    if min(stat) >= _SMALLEST and max(stat) <= _LARGEST:
        return stat
    return tuple(map(str, stat))


@_sensible
def stat_of(row: Iterable[Any]) -> Stat:
    """Undo `stat_row`."""
    return Stat._make(map(int, row))


@_sensible
def seen_by_name(rows: Iterable[Row]) -> dict[str, Seen]:
    """Decode `name, dev, ino, size, mtime_ns, ctime_ns, skip, sha256` rows: the scan's hot loop."""
    found: dict[str, Seen] = {}
    new = tuple.__new__  # a fifth of the time of calling the class
    for name, *stat, skip, sha256 in rows:
        found[name.decode("utf-8", "surrogatepass")] = new(
            Seen,
            (
                stat_of(stat) if type(stat[0]) is str else new(Stat, stat),
                sha256.hex() if sha256 else None,
                _SKIPS[skip],
            ),
        )
    return found


@_sensible
def local_of(row: Row) -> LocalFile:
    """Decode the columns of LOCAL, of a regular file."""
    sha256 = row[6].hex() if row[6] else None
    return LocalFile(stat_of(row[:5]), int(row[7]), sha256, is_emptied=row[5] is not None)


def skip_of(value: str) -> Skip:
    """Decode the reason an entry is skipped."""
    return Skip(value)


# --- the synced tree -----------------------------------------------------------------------------

SYNCED = (
    "share_id, version, agreed_sha256, agreed_size, agreed_dev, agreed_ino, agreed_birth_ns, "
    "is_adopted, is_gone, agreed_mtime_ns"
)


def synced_row(synced: Synced) -> Row:
    """Return the columns of SYNCED."""
    return (
        synced.share_id,
        synced.version,
        bytes.fromhex(synced.sha256),
        number(synced.size),
        number(synced.dev),
        number(synced.ino),
        number(synced.birth_ns),
        synced.is_adopted,
        synced.is_gone,
        number(synced.mtime_ns),
    )


@_sensible
def synced_of(row: Row) -> Synced:
    """Undo `synced_row`."""
    share_id, version, sha256, size, dev, ino, birth_ns, is_adopted, is_gone, mtime_ns = row
    return Synced(
        ShareId(share_id),
        version,
        sha256.hex(),
        int(size),
        int(dev),
        int(ino),
        int(birth_ns),
        bool(is_adopted),
        bool(is_gone),
        int(mtime_ns or 0),
    )


# --- the remote tree -----------------------------------------------------------------------------

REMOTE = (
    "share_id, owner, is_mine, path, display_name, size, sha256, version, revision, state, "
    "uploaded_at, expires_at, people, link, host, fetched"
)


def document_row(document: Document) -> Row:
    """Return the columns of REMOTE."""
    return (
        document.share_id,
        _people_text((document.owner,)),
        document.is_mine,
        None if document.path is None else text(document.path),
        text(document.display_name),
        number(document.size),
        document.sha256,
        document.version,
        document.revision,
        document.state.value,
        document.uploaded_at,
        document.expires_at,
        _people_text(document.people) if document.people else None,
        None if document.link is None else json.dumps(asdict(document.link)),
        text(document.host),
        _fetched_text(document.fetched) if document.fetched else None,
    )


@_sensible
def document_of(row: Row) -> Document:
    """Undo `document_row`."""
    (
        share_id,
        owner,
        is_mine,
        path,
        display_name,
        size,
        sha256,
        version,
        revision,
        state,
        uploaded_at,
        expires_at,
        people,
        link,
        host,
        fetched,
    ) = row
    return Document(
        ShareId(share_id),
        _people_of(owner)[0],
        bool(is_mine),
        None if path is None else RelPath(string(path)),
        string(display_name),
        int(size),
        sha256,
        version,
        revision,
        DocumentState(state),
        uploaded_at,
        expires_at,
        _people_of(people) if people else (),
        LinkState(**json.loads(link)) if link else None,
        string(host),
        _fetched_of(fetched) if fetched else (),
    )


@lru_cache(4096)
def _people_text(people: tuple[Person, ...]) -> bytes:
    return text(json.dumps([[p.email, p.given_name, p.family_name] for p in people]))


@lru_cache(4096)
def _people_of(value: bytes) -> tuple[Person, ...]:
    return tuple(Person(*entry) for entry in json.loads(string(value)))


def _fetched_text(fetched: tuple[Fetched, ...]) -> bytes:
    return text(json.dumps([[*astuple(f.person), f.version, f.at] for f in fetched]))


def _fetched_of(value: bytes) -> tuple[Fetched, ...]:
    told = json.loads(string(value))
    return tuple(Fetched(Person(*person), version, at) for *person, version, at in told)


# --- folder rules --------------------------------------------------------------------------------


def rule_row(path: RelPath, rule: FolderRule) -> Row:
    """Return path, lifetime and people."""
    return text(path), rule.lifetime, json.dumps(rule.people).encode()


@_sensible
def rule_of(row: Row) -> tuple[RelPath, FolderRule]:
    """Undo `rule_row`."""
    path, lifetime, people = row
    whom = json.loads(people)
    if not (isinstance(lifetime, int | None) and all(isinstance(one, str) for one in whom)):
        raise ValueError("a rule makes no sense")
    return RelPath(string(path)), FolderRule(lifetime, tuple(whom))


# --- transfers -----------------------------------------------------------------------------------

TRANSFER = (
    "op_id, path, dev, ino, size, mtime_ns, ctime_ns, upload_id, grant_id, key, multipart_id, "
    "part_size"
)


def transfer_row(transfer: Transfer) -> Row:
    """Return the columns of TRANSFER."""
    return (
        transfer.op_id,
        text(transfer.path),
        *stat_row(transfer.expects),
        transfer.upload_id,
        transfer.grant_id,
        transfer.key,
        transfer.multipart_id,
        transfer.part_size,
    )


@_sensible
def transfer_of(row: Row, parts: Iterable[Row]) -> Transfer:
    """Undo `transfer_row`; `parts` are rows of number, ETag, CRC32 and size."""
    op_id, path, *stat, upload_id, grant_id, key, multipart_id, part_size = row
    return Transfer(
        OpId(op_id),
        RelPath(string(path)),
        stat_of(stat),
        upload_id,
        grant_id,
        key,
        multipart_id,
        part_size,
        {n: Part(etag, crc32, size) for n, etag, crc32, size in parts},
    )


def marks(columns: str) -> str:
    """Return one `?` for each of these columns."""
    return ", ".join("?" * len(columns.split(",")))
