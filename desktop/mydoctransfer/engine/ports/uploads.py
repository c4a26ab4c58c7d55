"""How an upload is asked for: what is registered, the grant it gets, what completes it."""

from dataclasses import dataclass

from mydoctransfer.engine.ports.failures import Failure
from mydoctransfer.model.trees import Document, OpId, RelPath, ShareId


@dataclass(frozen=True, slots=True)
class UploadRequest:
    """One file to register; fields as in the contract's `NewUpload`, decoded."""

    op_id: OpId
    path: RelPath
    display_name: str
    size: int
    sha256: str | None
    share_id: ShareId | None
    expected_version: int | None
    lifetime: int | None
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """Credentials for one prefix. `expires_at` in milliseconds since the epoch, server time."""

    grant_id: str
    bucket: str
    region: str
    prefix: str
    access_key_id: str
    secret_access_key: str
    session_token: str
    expires_at: int

    def __repr__(self) -> str:
        """Name it without its secrets."""
        return f"Grant({self.grant_id})"


@dataclass(frozen=True, slots=True)
class Registered:
    """An upload the server waits for."""

    upload_id: str
    grant_id: str
    key: str


@dataclass(frozen=True, slots=True)
class Registration:
    """Answer to a registration, in the order asked. A `Document` was completed before."""

    grant: Grant | None
    results: tuple[Registered | Document | Failure, ...]


@dataclass(frozen=True, slots=True)
class Completion:
    """One upload to complete; fields as in the contract's `CompleteUpload`."""

    upload_id: str
    size: int
    sha256: str
    part_size: int | None = None
    checksum: str | None = None
    version_id: str | None = None
