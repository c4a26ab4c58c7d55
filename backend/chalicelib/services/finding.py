"""Finding documents for the person asking, in their own partition or through a share."""

from collections.abc import Iterable, Mapping, Sequence

from chalicelib.connectors.ports import Key, Row, Store
from chalicelib.model import StoredDocument
from chalicelib.rows import (
    document_key,
    read_document,
    shared_key,
    shared_tombstone_key,
    tombstone_key,
)
from chalicelib.services.ids import is_id

_BAD_ROW = (KeyError, TypeError, ValueError)


def find(
    store: Store, sub: str, share_id: str, *also: Key
) -> tuple[StoredDocument | None, Mapping[Key, Row]]:
    """Return the document as `sub` may know of it, or None; and the rows of `also`.

    One read for an owner, two for a recipient.
    """
    if not is_id(share_id):
        return None, {}
    documents, rows = find_many(store, sub, [share_id], also)
    return documents.get(share_id), rows


def find_many(
    store: Store, sub: str, share_ids: Sequence[str], also: Sequence[Key] = ()
) -> tuple[dict[str, StoredDocument], Mapping[Key, Row]]:
    """Return those of the documents that `sub` may know of, own and shared; and the rows of `also`.

    One read of five keys a document; a second of two keys for those of other people.
    """
    keys = [key for share_id in share_ids for key in _places(sub, share_id)]
    rows = store.read([*keys, *also]) if keys or also else {}
    found: dict[str, StoredDocument] = {}
    given: dict[str, str] = {}
    for share_id in share_ids:
        own, gone, shared, shared_gone = (rows.get(key) for key in _places(sub, share_id))
        document = first_document((own, gone))
        pointer = shared or shared_gone
        if document is not None:
            found[share_id] = document
        elif pointer is not None and isinstance(owner := pointer.get("owner"), str):
            given[share_id] = owner
    if given:
        found.update(_of_others(store, given))
    return found, rows


def find_own(store: Store, sub: str, share_ids: Iterable[str]) -> dict[str, StoredDocument]:
    """Return those of the documents that are `sub`'s own, tombstones included."""
    wanted = list(dict.fromkeys(share_ids))
    keys = [k for s in wanted for k in (document_key(sub, s), tombstone_key(sub, s))]
    rows = store.read(keys) if keys else {}
    found: dict[str, StoredDocument] = {}
    for share_id in wanted:
        document = first_document(
            (rows.get(document_key(sub, share_id)), rows.get(tombstone_key(sub, share_id)))
        )
        if document is not None:
            found[share_id] = document
    return found


def first_document(rows: Iterable[Row | None]) -> StoredDocument | None:
    """Return the first row that is there and makes sense: one bad row breaks nobody's list."""
    for row in rows:
        if row is None:
            continue
        try:
            return read_document(row)
        except _BAD_ROW:
            continue
    return None


def _places(sub: str, share_id: str) -> tuple[Key, Key, Key, Key]:
    return (
        document_key(sub, share_id),
        tombstone_key(sub, share_id),
        shared_key(sub, share_id),
        shared_tombstone_key(sub, share_id),
    )


def _of_others(store: Store, owners: Mapping[str, str]) -> dict[str, StoredDocument]:
    pairs = {s: (document_key(o, s), tombstone_key(o, s)) for s, o in owners.items()}
    rows = store.read([key for pair in pairs.values() for key in pair])
    found = {s: first_document(rows.get(key) for key in pair) for s, pair in pairs.items()}
    return {share_id: document for share_id, document in found.items() if document is not None}
