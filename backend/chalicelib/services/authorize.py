"""Who may do what to a document, decided in one place. Whatever is not allowed here is refused.

| | owner | has it | everybody else |
|---|---|---|---|
| see, download, received | yes | yes | 404 |
| rename, delete, extend, share, link, receipt, new version | yes | 403 | 404 |
| … of an expired or removed document, while the tombstone lasts | 410 | 410 | 404 |
| see what is gone, receipt | yes | see only | 404 |

| without a document | |
|---|---|
| self, list, act, upload, search people, revoke all | everybody signed in |
| read the audit | the group `admins` |

An upload belongs to the `sub` that registered it; to everybody else there is none. To act is to
ask for changes at all: each document of a batch is judged by itself, and what was answered to an
`op_id` before is answered to the same person again.

A use case that never asks answers nobody: `permitted` is what every route goes through.
"""

from collections.abc import Callable
from contextvars import ContextVar
from enum import Enum
from typing import TypeVar

from chalicelib.model import Identity, StoredDocument, Upload
from chalicelib.refusals import Refused
from mydoctransfer_contract.documents import DocumentState
from mydoctransfer_contract.problems import Code

T = TypeVar("T")


class Action(Enum):
    """What somebody wants to do."""

    SEE = "see"
    SEE_GONE = "see_gone"
    DOWNLOAD = "download"
    RECEIVED = "received"
    RENAME = "rename"
    DELETE = "delete"
    EXTEND = "extend"
    SHARE = "share"
    LINK = "link"
    RECEIPT = "receipt"
    PUBLISH = "publish"
    SEE_SELF = "see_self"
    LIST = "list"
    ACT = "act"
    UPLOAD = "upload"
    COMPLETE = "complete"
    ABORT = "abort"
    SEARCH_PEOPLE = "search_people"
    REVOKE_ALL = "revoke_all"
    READ_AUDIT = "read_audit"


_EVERYBODY = {
    Action.SEE_SELF,
    Action.LIST,
    Action.ACT,
    Action.UPLOAD,
    Action.SEARCH_PEOPLE,
    Action.REVOKE_ALL,
}
_RECIPIENT = {Action.SEE, Action.DOWNLOAD, Action.RECEIVED}
_OWNER = {
    Action.SEE,
    Action.DOWNLOAD,
    Action.RECEIVED,
    Action.RENAME,
    Action.DELETE,
    Action.EXTEND,
    Action.SHARE,
    Action.LINK,
    Action.PUBLISH,
}
_ANY_STATE = {Action.SEE_GONE, Action.RECEIPT}
_GONE = {DocumentState.EXPIRED: Code.EXPIRED, DocumentState.REMOVED: Code.REMOVED}


_has_asked: ContextVar[bool] = ContextVar("has_asked", default=False)


def permitted(use: Callable[[], T]) -> T:
    """Return what the use case returns, if it asked whether that is allowed.

    Raises:
        NotAsked: it did not.
    """
    before = _has_asked.set(False)
    try:
        result = use()
        if not _has_asked.get():
            raise NotAsked
        return result
    finally:
        _has_asked.reset(before)


class NotAsked(RuntimeError):
    """A route answers without having asked `authorize`: a mistake of ours, refused as such."""


def authorize(
    who: Identity, thing: StoredDocument | Upload | None, action: Action, now: int
) -> None:
    """Return when `who` may do `action` to `thing` at `now`.

    Raises:
        Refused: NOT_FOUND, FORBIDDEN, EXPIRED or REMOVED, after the tables above.
    """
    _has_asked.set(True)
    if isinstance(thing, Upload):
        _authorize_upload(who, thing, action)
    elif isinstance(thing, StoredDocument):
        _authorize_document(who, thing, action, now)
    elif action in _EVERYBODY or (action is Action.READ_AUDIT and who.is_admin):
        return
    elif action is Action.READ_AUDIT:
        raise Refused(Code.FORBIDDEN, "Only administrators read the audit.")
    else:
        raise Refused(Code.NOT_FOUND)


def _authorize_upload(who: Identity, upload: Upload, action: Action) -> None:
    if upload.owner != who.sub or action not in (Action.COMPLETE, Action.ABORT):
        raise Refused(Code.NOT_FOUND)


def _authorize_document(who: Identity, document: StoredDocument, action: Action, now: int) -> None:
    is_owner = document.owner == who.sub
    if not is_owner and who.sub not in document.people:
        raise Refused(Code.NOT_FOUND)
    if action in _ANY_STATE and (is_owner or action is Action.SEE_GONE):
        return
    state = document.state_at(now)
    if state in _GONE:
        raise Refused(_GONE[state])
    if action not in (_OWNER if is_owner else _RECIPIENT):
        raise Refused(Code.FORBIDDEN, "Only the owner may do this.")
