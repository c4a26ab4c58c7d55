"""Answers to commands: the JSON objects of design §6, and failures as errors for people. Pure."""

from collections.abc import Sequence

from mydoctransfer.engine.ports import AuditEntry, Failure, FailureKind, Receipt
from mydoctransfer.model.commands import Answer
from mydoctransfer.model.errors import AppError, NotSignedIn, Offline, Refused, is_disk_full
from mydoctransfer.model.events import ItemState, Row, Status
from mydoctransfer.model.times import format_time
from mydoctransfer.model.trees import Account, Document, DocumentState, Person, RelPath

OK: Answer = {"ok": True}
NO_ROOM = (
    "The disk on which this program keeps what it knows is full. Make room there;"
    " it is tried again by itself, and your files and documents are as they were."
)


def error(failure: Failure) -> AppError:
    """Return the error a person sees for a failure."""
    message = failure.in_answer or failure.message
    match failure.kind:
        case FailureKind.SIGNED_OUT:
            return NotSignedIn(message, failure.code)
        case FailureKind.OFFLINE | FailureKind.BUSY:
            return Offline(message, failure.code or failure.kind.value)
        case FailureKind.REFUSED:
            return Refused("Refused", message, failure.code, failure.emails)
        case kind:
            return AppError("It did not work", message, failure.code or kind.value)


def why(exc: BaseException | None, otherwise: str) -> str:
    """Return what is said of an error that is tried again; `otherwise` where nobody foresaw it."""
    if isinstance(exc, AppError):
        return exc.message
    return NO_ROOM if is_disk_full(exc) else otherwise


def error_of(exc: BaseException) -> AppError:
    """Return the error a person sees for what ended the work on a command."""
    if isinstance(exc, AppError):
        return exc
    if is_disk_full(exc):
        return no_room()
    return AppError(
        "Something went wrong",
        "Something went wrong inside the application; the log says more.",
        "internal",
    )


def no_room() -> AppError:
    """Return the error for what cannot be written down."""
    return AppError(
        "The disk is full",
        "The disk on which this program keeps what it knows is full."
        " Make room there and try again; no file is lost.",
        "disk_full",
    )


def gone(document: Document) -> Refused:
    """Return the error for a document that left the cloud."""
    again = "Send it again to have it in the cloud once more."
    if not document.is_mine:
        again = f"Ask {document.owner.email} to send it again."
    if document.state is DocumentState.EXPIRED:
        said = f"{document.display_name} has expired."
        return Refused("Expired", f"{said} {again}", "expired")
    said = f"{document.display_name} was removed."
    return Refused("Removed", f"{said} {again}", "removed")


def no_folder() -> AppError:
    """Return the error for what needs a folder before one was chosen."""
    return AppError(
        "No folder", "No folder is chosen yet. Choose one with: folder DIR", "no_folder"
    )


def counted(number: int, noun: str) -> str:
    """Return `1 file`, `2 files`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def person(value: Person) -> Answer:
    """Return `{email, given_name, family_name}`."""
    return {
        "email": value.email,
        "given_name": value.given_name,
        "family_name": value.family_name,
    }


def document(value: Document, local_path: RelPath | None = None) -> Answer:
    """Return `D` of design §6; `local_path` is where it lies in the folder, if it does."""
    link = value.link
    return {
        "share_id": value.share_id,
        "path": (local_path or value.path) if value.is_mine else None,
        "display_name": value.display_name,
        "size": value.size,
        "sha256": value.sha256,
        "version": value.version,
        "state": value.state.value,
        "uploaded_at": format_time(value.uploaded_at),
        "expires_at": format_time(value.expires_at),
        "owner": person(value.owner),
        "people": [person(p) for p in value.people],
        "link": link
        and {
            "expires_at": format_time(link.expires_at),
            "downloads": link.downloads,
            "max_downloads": link.max_downloads,
            "has_password": link.has_password,
        },
    }


def link(value: Document, url: str | None) -> Answer:
    """Return what `link` prints: the address and the state of the link, all null without one."""
    state = value.link
    return {
        "url": url,
        "share_id": value.share_id,
        "expires_at": state and format_time(state.expires_at),
        "downloads": state and state.downloads,
        "max_downloads": state and state.max_downloads,
        "has_password": state and state.has_password,
    }


def account(value: Account) -> Answer:
    """Return what `whoami` prints."""
    return {**person(value.person), "sub": value.sub, "groups": list(value.groups)}


def item(row: Row) -> Answer:
    """Return one item of `status`."""
    return {"path": row.path, "state": row.state.value, "message": row.message}


def status(value: Status, items: Sequence[Answer]) -> Answer:
    """Return what `status` prints."""
    return {
        "state": value.state.value,
        "folder": value.folder,
        "queued": value.queued,
        "items": list(items),
        "held_deletes": value.held_deletes,
    }


def sick_folder(message: str) -> Answer:
    """Return the item of the folder as a whole, which is not looked after as it should be."""
    return {"path": ".", "state": ItemState.PROBLEM.value, "message": message}


def receipt(value: Receipt) -> Answer:
    """Return the receipt of a deletion, for a person to keep: every field of it is told."""
    bytes_gone = value.objects_gone_at
    return {
        "share_id": value.share_id,
        "display_name": value.display_name,
        "size": value.size,
        "sha256": value.sha256,
        "versions": value.versions,
        "state": value.state.value,
        "owner": person(value.owner),
        "people": [person(p) for p in value.people],
        "uploaded_at": format_time(value.uploaded_at),
        "expires_at": format_time(value.expires_at),
        "gone_at": format_time(value.gone_at),
        "objects_gone_at": None if bytes_gone is None else format_time(bytes_gone),
        "fetched": [
            {**person(f.person), "version": f.version, "at": format_time(f.at)}
            for f in value.fetched
        ],
    }


def audit_entry(value: AuditEntry) -> Answer:
    """Return one entry of `audit`."""
    return {
        "id": value.id,
        "at": format_time(value.at),
        "actor": value.actor and person(value.actor),
        "action": value.action,
        "share_id": value.share_id,
        "display_name": value.display_name,
        "detail": value.detail,
        "source": value.source,
        "expired": value.expired,
    }
