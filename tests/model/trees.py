"""Small trees for tests of decisions: contents are tokens, inodes are numbers."""

import hashlib
from dataclasses import replace

from mydoctransfer.model.trees import (
    Document,
    DocumentState,
    LocalFile,
    Person,
    RelPath,
    ShareId,
    Stat,
    Synced,
)

ME = Person("me@example.org", "Me", "Myself")


def sha(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def file(content: str, ino: int, birth: int = 1) -> LocalFile:
    return LocalFile(Stat(1, ino, len(content), 5, 5), birth, sha(content))


def document(
    name: str,
    content: str,
    path: str | None,
    version: int = 1,
    state: DocumentState = DocumentState.LIVE,
) -> Document:
    return Document(
        ShareId(sha(name)[:32]),
        ME,
        True,
        RelPath(path) if path is not None else None,
        (path or name).rpartition("/")[2],
        len(content),
        sha(content),
        version,
        version,
        state,
        uploaded_at=0,
        expires_at=3_600_000,
    )


def agreed(doc: Document, local: LocalFile, adopted: bool = False) -> Synced:
    return Synced(
        doc.share_id,
        doc.version,
        doc.sha256,
        doc.size,
        local.stat.dev,
        local.stat.ino,
        local.birth_ns,
        adopted,
    )


def gone(synced: Synced) -> Synced:
    return replace(synced, is_gone=True)
