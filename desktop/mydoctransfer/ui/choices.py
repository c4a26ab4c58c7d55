"""What can be done with the documents chosen: decided from their rows alone."""

from collections.abc import Iterable
from enum import Enum

from mydoctransfer.model.events import ItemState, Row
from mydoctransfer.model.trees import parent


class Act(Enum):
    """Something a person can do with documents. The value is the stem of the button's id."""

    SHARE = "share"
    LINK = "link"
    DOWNLOAD = "download"
    RENAME = "rename"
    EXTEND = "extend"
    SHARE_AS_BEFORE = "share-as-before"
    SEND_AGAIN = "send-again"
    DELETE = "delete"
    RECEIPT = "receipt"
    OPEN = "open"
    SHOW_FILE = "show-file"
    FOLDER_RULE = "folder-rule"
    RESUME = "resume"


def possible(rows: Iterable[Row]) -> frozenset[Act]:
    """Return what can be done with these documents together.

    | act                     | every row is                             | how many |
    |-------------------------|------------------------------------------|----------|
    | SHARE, EXTEND, DELETE   | mine and in the cloud                    | any      |
    | RENAME, LINK            | mine and in the cloud                    | one      |
    | DOWNLOAD                | in the cloud                             | any      |
    | SHARE_AS_BEFORE         | mine, in the cloud, sent again, shared   | any      |
    |                         | with nobody since                        |          |
    | SEND_AGAIN              | mine, gone from the cloud, with its file | any      |
    | RECEIPT                 | mine, and gone from the cloud            | one      |
    | OPEN                    | a file in the folder                     | one      |
    | SHOW_FILE               | a file or a directory in the folder      | one      |
    | FOLDER_RULE             | a file in a folder within the folder     | one      |
    | RESUME                  | a file whose sending somebody stopped    | any      |
    """
    found: frozenset[Act] | None = None
    for row in rows:
        found = narrowed(found, row)
        if not found:
            break
    return found or _NONE


def narrowed(found: frozenset[Act] | None, row: Row) -> frozenset[Act]:
    """Return what is still possible with one more document; `found` is None before the first."""
    allowed = _possible_with(row)
    return allowed if found is None else found & allowed - _ONE_AT_A_TIME


def is_in_cloud(row: Row) -> bool:
    """Whether there is a live document behind a row."""
    return row.share_id is not None and row.state is not ItemState.GONE


def can_share(row: Row) -> bool:
    """Whether people can be added to a document."""
    return row.is_mine and is_in_cloud(row)


def is_trouble(row: Row) -> bool:
    """Whether something is wrong; what the person stopped stands with the transfers."""
    return row.state in _TROUBLED and row.halt is None


def can_send_again(row: Row) -> bool:
    """Whether a file lies here whose document is gone from the cloud, or never was there."""
    is_left = row.state is ItemState.GONE or row.is_from_before
    return row.is_mine and row.path is not None and is_left


_TROUBLED = (ItemState.PROBLEM, ItemState.CONFLICT, ItemState.SKIPPED)

_NONE = frozenset[Act]()
_ONE_AT_A_TIME = frozenset(
    {Act.RENAME, Act.LINK, Act.OPEN, Act.SHOW_FILE, Act.FOLDER_RULE, Act.RECEIPT}
)
_MINE_AND_LIVE = frozenset({Act.SHARE, Act.LINK, Act.EXTEND, Act.DELETE, Act.RENAME, Act.DOWNLOAD})
_AS_BEFORE = frozenset({Act.SHARE_AS_BEFORE})
_LIVE = frozenset({Act.DOWNLOAD})
_FILE = frozenset({Act.OPEN, Act.SHOW_FILE})
_DIRECTORY = frozenset({Act.SHOW_FILE})
_FILE_IN_FOLDER = _FILE | {Act.FOLDER_RULE}
_RECEIPT = frozenset({Act.RECEIPT})
_SENDABLE = frozenset({Act.SEND_AGAIN})
_STOPPED = frozenset({Act.RESUME})


def _possible_with(row: Row) -> frozenset[Act]:
    cloud = _NONE
    if can_share(row):
        cloud = _MINE_AND_LIVE | _AS_BEFORE if row.former else _MINE_AND_LIVE
    elif is_in_cloud(row):
        cloud = _LIVE
    elif can_send_again(row):
        cloud = _SENDABLE
    if row.is_mine and row.share_id is not None and row.state is ItemState.GONE:
        cloud |= _RECEIPT
    if row.halt is not None:
        cloud |= _STOPPED
    if not row.is_mine or row.path is None:
        return cloud
    if row.is_directory:
        return cloud | _DIRECTORY
    return cloud | (_FILE_IN_FOLDER if parent(row.path) else _FILE)
