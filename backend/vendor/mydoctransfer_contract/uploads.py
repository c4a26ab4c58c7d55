"""Registering, granting and completing uploads. Up to `MAX_BATCH` files in one call."""

from dataclasses import dataclass

from mydoctransfer_contract.documents import Document, FeedStretch
from mydoctransfer_contract.problems import Problem

MAX_BATCH = 100
SINGLE_PUT_MAX = 8 * 1024 * 1024  # above this an upload is multipart


@dataclass(frozen=True, slots=True)
class NewUpload:
    """One file to register.

    Attributes:
        op_id: idempotency key, 32 hex digits; registering it again returns the same upload.
        path: wire spelling of the path in the owner's folder.
        size: bytes. sha256: hexadecimal, required up to SINGLE_PUT_MAX, else null.
        share_id, expected_version: for a new version of a live document; else null.
        lifetime: seconds, for a new document; null means the policy's default.
        people: e-mails, for a new document under a folder rule.
        host: what this device calls itself.
    """

    op_id: str
    path: str
    display_name: str
    size: int
    sha256: str | None
    share_id: str | None = None
    expected_version: int | None = None
    lifetime: int | None = None
    people: tuple[str, ...] = ()
    host: str = ""


@dataclass(frozen=True, slots=True)
class RegisterUploads:
    """Body of `POST /uploads`. With `renew` and no files: the same grant for 15 more minutes."""

    files: tuple[NewUpload, ...]
    renew: str | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """Credentials that can put objects under `prefix`, and nothing else, until `expires_at`."""

    grant_id: str
    bucket: str
    region: str
    prefix: str
    access_key_id: str
    secret_access_key: str
    session_token: str
    expires_at: str


@dataclass(frozen=True, slots=True)
class RegisteredUpload:
    """What became of one file: an upload to send to `key`, or a refusal.

    `document` is set when this op_id was already completed: nothing is left to send.
    `grant_id` tells under which grant the key lies; it differs from the answer's grant for an
    op_id registered earlier (renew that grant to go on).
    """

    op_id: str
    upload_id: str | None = None
    grant_id: str | None = None
    key: str | None = None
    document: Document | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class RegisteredUploads:
    """Answer of `POST /uploads`, in the order asked."""

    grant: Grant | None
    results: tuple[RegisteredUpload, ...]


@dataclass(frozen=True, slots=True)
class CompleteUpload:
    """One upload whose object is in place.

    Attributes:
        sha256: hexadecimal SHA-256 of exactly the bytes sent.
        part_size, checksum: for a multipart upload, bytes and the COMPOSITE CRC32 the client
            computed itself; else null.
        version_id: what the bucket's answer to the one PUT, which carried the SHA-256 as its
            checksum, called the version it made; null where no such answer is known.
    """

    upload_id: str
    size: int
    sha256: str
    part_size: int | None = None
    checksum: str | None = None
    version_id: str | None = None


@dataclass(frozen=True, slots=True)
class CompleteUploads:
    """Body of `POST /uploads/complete`."""

    uploads: tuple[CompleteUpload, ...]


@dataclass(frozen=True, slots=True)
class CompletedUpload:
    """The published document, or why not."""

    upload_id: str
    document: Document | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class CompletedUploads:
    """Answer of `POST /uploads/complete`, in the order asked. `feed`: as that of `POST /docs`."""

    results: tuple[CompletedUpload, ...]
    feed: FeedStretch | None = None
