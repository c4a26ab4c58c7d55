"""What can be done with the documents chosen: decided from their rows alone."""

from collections.abc import Iterable
from enum import Enum

from mydoctransfer.model.events import ItemState, Row


class Act(Enum):
    """Something a person can do with documents. The value is the stem of the button's id."""

    SHARE = "share"
    DOWNLOAD = "download"
    RENAME = "rename"
    EXTEND = "extend"
    SEND_AGAIN = "send-again"
    DELETE = "delete"
    OPEN = "open"
    SHOW_FILE = "show-file"


def possible(rows: Iterable[Row]) -> frozenset[Act]:
    """Return what can be done with these documents together.

    | act                     | every row is                             | how many |
    |-------------------------|------------------------------------------|----------|
    | SHARE, EXTEND, DELETE   | mine and in the cloud                    | any      |
    | RENAME                  | mine and in the cloud                    | one      |
    | DOWNLOAD                | in the cloud                             | any      |
    | SEND_AGAIN              | mine, gone from the cloud, with its file | any      |
    | OPEN, SHOW_FILE         | a file in the folder                     | one      |
    """
    rows = tuple(rows)
    if not rows:
        return frozenset()
    is_one = len(rows) == 1
    found = set[Act]()
    if all(can_share(row) for row in rows):
        found |= {Act.SHARE, Act.EXTEND, Act.DELETE} | ({Act.RENAME} if is_one else set())
    if all(is_in_cloud(row) for row in rows):
        found.add(Act.DOWNLOAD)
    if all(can_send_again(row) for row in rows):
        found.add(Act.SEND_AGAIN)
    if is_one and rows[0].is_mine and rows[0].path is not None:
        found |= {Act.OPEN, Act.SHOW_FILE}
    return frozenset(found)


def is_in_cloud(row: Row) -> bool:
    """Whether there is a live document behind a row."""
    return row.share_id is not None and row.state is not ItemState.GONE


def can_share(row: Row) -> bool:
    """Whether people can be added to a document."""
    return row.is_mine and is_in_cloud(row)


def can_send_again(row: Row) -> bool:
    """Whether a document that is gone from the cloud still has its file here."""
    return row.is_mine and row.path is not None and row.state is ItemState.GONE
