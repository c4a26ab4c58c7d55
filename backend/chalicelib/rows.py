"""Rows to values and back, and where each row lies. The only module that knows attribute names.

Documents and uploads are one JSON text (`body`) beside the few attributes that conditions look at:
a transaction of a hundred rows with thirty nested attributes each costs twice as much to spell,
to send and to read, and no query ever looks inside.

| partition | sort key | what |
|---|---|---|
| `P#<sub>` | `DOC#<share_id>` | a live document, in its owner's partition |
| | `GONE#<share_id>` | its tombstone (TTL 30 days) |
| | `SHR#<share_id>` | a document shared with this person: who owns it |
| | `GSHR#<share_id>` | the same after its death (TTL) |
| | `OP#<op_id>` | idempotency: what was asked and answered (TTL) |
| | `SEQ` | the number of the last line of the person's change feed |
| | `RATE` | the token bucket, and until when grants are blocked |
| | `REVOKED` | how often the person has taken everything back |
| | `GET#<share_id>` | the token bucket of the person's downloads of a document (TTL) |
| | `DAY#<date>` | bytes declared that day (TTL) |
| `F#<sub>` | 12 digits | one line of the change feed: what one transaction touched (TTL) |
| `C#<sub>` | hash of a path | the claim: which live document has this path |
| `U#<upload_id>` | `U` | a registered upload (TTL) |
| `H#<hour>` | due time, random | a hint: look at these things then |
| `L#<hash>` | `L` | a link, by the hash of its token |
| `SWEEP` | `WATERMARK` | the first hour that may still hold hints |

A document is found only through a partition of the person asking: their own rows, or the row that
says it was shared with them. Whoever has neither cannot tell a foreign document from none.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache

from chalicelib.connectors.ports import Cell, Key, Row
from chalicelib.model import (
    Arrival,
    Receipt,
    StoredDocument,
    StoredFetch,
    StoredLink,
    Upload,
)
from mydoctransfer_contract.documents import DocumentState, Person

DAY_MS = 86_400_000
TOMBSTONE_MS = 30 * DAY_MS
OPERATION_MS = 30 * DAY_MS
FEED_MS = 30 * DAY_MS
UPLOAD_MS = 30 * DAY_MS


def person_pk(sub: str) -> str:
    return f"P#{sub}"


def document_key(owner: str, share_id: str) -> Key:
    return Key(person_pk(owner), f"DOC#{share_id}")


def tombstone_key(owner: str, share_id: str) -> Key:
    return Key(person_pk(owner), f"GONE#{share_id}")


def shared_key(sub: str, share_id: str) -> Key:
    return Key(person_pk(sub), f"SHR#{share_id}")


def shared_tombstone_key(sub: str, share_id: str) -> Key:
    return Key(person_pk(sub), f"GSHR#{share_id}")


def operation_key(sub: str, op_id: str) -> Key:
    return Key(person_pk(sub), f"OP#{op_id}")


def sequence_key(sub: str) -> Key:
    return Key(person_pk(sub), "SEQ")


def rate_key(sub: str) -> Key:
    return Key(person_pk(sub), "RATE")


def downloads_key(sub: str, share_id: str) -> Key:
    return Key(person_pk(sub), f"GET#{share_id}")


def revocations_key(sub: str) -> Key:
    return Key(person_pk(sub), "REVOKED")


def quota_key(sub: str, date: str) -> Key:
    return Key(person_pk(sub), f"DAY#{date}")


def feed_pk(sub: str) -> str:
    return f"F#{sub}"


def feed_sk(sequence: int) -> str:
    return f"{sequence:012d}"


def claim_key(owner: str, path: str) -> Key:
    return Key(f"C#{owner}", hashlib.sha256(path.encode()).hexdigest()[:32])


def upload_key(upload_id: str) -> Key:
    return Key(f"U#{upload_id}", "U")


def hint_pk(hour: int) -> str:
    return f"H#{hour}"


def link_key(token_hash: str) -> Key:
    return Key(f"L#{token_hash}", "L")


WATERMARK_KEY = Key("SWEEP", "WATERMARK")


def ttl(now: int, span: int) -> int:
    """Return the DynamoDB TTL (seconds) `span` milliseconds after `now`."""
    return (now + span) // 1000


def document_row(document: StoredDocument) -> dict[str, Cell]:
    """Return the attributes of a live document or, when it is gone, of its tombstone."""
    body: dict[str, Cell] = {
        "owner": document.owner,
        "person": person_cell(document.owner_person),
        "path": document.path,
        "name": document.display_name,
        "size": document.size,
        "sha256": document.sha256,
        "version": document.version,
        "uploaded_at": document.uploaded_at,
        "key": document.key,
        "vid": document.version_id,
        "host": document.host,
        "people": {sub: person_cell(person) for sub, person in document.people.items()},
    }
    if document.old_keys:
        body["old_keys"] = list(document.old_keys)
    if document.fetched:
        body["fetched"] = {sub: _fetch_cell(fetch) for sub, fetch in document.fetched.items()}
    if document.link is not None:
        body["link"] = _link_cell(document.link)
    row: dict[str, Cell] = {
        "share_id": document.share_id,
        "revision": document.revision,
        "expires_at": document.expires_at,
        "body": packed(body),
    }
    if document.state is not DocumentState.LIVE:
        row["state"] = document.state.value
        row["gone_at"] = document.gone_at
        row["ttl"] = ttl(document.gone_at, TOMBSTONE_MS)
    if document.receipt is not None:
        row["receipt"] = {
            "objects_gone_at": document.receipt.objects_gone_at,
            "versions": document.receipt.versions,
        }
    return row


def read_document(row: Row) -> StoredDocument:
    body = unpacked(row["body"])
    receipt = row.get("receipt")
    link = body.get("link")
    return StoredDocument(
        share_id=text(row, "share_id"),
        owner=text(body, "owner"),
        owner_person=read_person(body["person"]),
        path=text(body, "path"),
        display_name=text(body, "name"),
        size=number(body, "size"),
        sha256=text(body, "sha256"),
        version=number(body, "version"),
        revision=number(row, "revision"),
        uploaded_at=number(body, "uploaded_at"),
        expires_at=number(row, "expires_at"),
        key=text(body, "key"),
        version_id=text(body, "vid"),
        host=text(body, "host"),
        people=_read_people(body["people"]),
        link=_read_link(mapping(link)) if link is not None else None,
        state=DocumentState(row.get("state", "live")),
        gone_at=number(row, "gone_at") if "gone_at" in row else 0,
        receipt=_read_receipt(mapping(receipt)) if receipt is not None else None,
        old_keys=texts(body, "old_keys") if "old_keys" in body else (),
        fetched=_read_fetched(body["fetched"]) if "fetched" in body else {},
    )


def upload_row(upload: Upload) -> dict[str, Cell]:
    body: dict[str, Cell] = {
        "upload_id": upload.upload_id,
        "op_id": upload.op_id,
        "owner": upload.owner,
        "person": person_cell(upload.owner_person),
        "grant": upload.grant_id,
        "path": upload.path,
        "name": upload.display_name,
        "sha256": upload.sha256,
        "share_id": upload.share_id,
        "is_new": upload.is_new,
        "expected_version": upload.expected_version,
        "lifetime": upload.lifetime,
        "people": {sub: person_cell(person) for sub, person in upload.people.items()},
        "host": upload.host,
        "registered_at": upload.registered_at,
        "fingerprint": upload.fingerprint,
    }
    if upload.revocations:
        body["revocations"] = upload.revocations
    return {
        "key": upload.key,
        "size": upload.size,
        "state": upload.state,
        "body": packed(body),
        "ttl": ttl(upload.registered_at, UPLOAD_MS),
    }


def read_upload(row: Row) -> Upload:
    body = unpacked(row["body"])
    arrival = None
    if "arrived_vid" in row:
        arrival = Arrival(
            text(row, "arrived_vid"), number(row, "arrived_size"), number(row, "arrived_at")
        )
    expected = body["expected_version"]
    return Upload(
        upload_id=text(body, "upload_id"),
        op_id=text(body, "op_id"),
        owner=text(body, "owner"),
        owner_person=read_person(body["person"]),
        grant_id=text(body, "grant"),
        key=text(row, "key"),
        path=text(body, "path"),
        display_name=text(body, "name"),
        size=number(row, "size"),
        sha256=None if body["sha256"] is None else text(body, "sha256"),
        share_id=text(body, "share_id"),
        is_new=bool(body["is_new"]),
        expected_version=None if expected is None else number(body, "expected_version"),
        lifetime=number(body, "lifetime"),
        people=_read_people(body["people"]),
        host=text(body, "host"),
        registered_at=number(body, "registered_at"),
        fingerprint=text(body, "fingerprint"),
        revocations=number(body, "revocations") if "revocations" in body else 0,
        state=text(row, "state"),
        arrival=arrival,
    )


def packed(body: Row) -> str:
    """Return a map as the text of one attribute."""
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False)


def unpacked(cell: Cell) -> Row:
    """Return the map in such a text."""
    if not isinstance(cell, str):
        raise TypeError("a packed map was expected")
    return mapping(json.loads(cell))


def text(row: Row, name: str) -> str:
    value = row[name]
    if not isinstance(value, str):
        raise TypeError(f"{name} is no text")
    return value


def number(row: Row, name: str) -> int:
    value = row[name]
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} is no number")
    return value


def mapping(cell: Cell) -> Row:
    if not isinstance(cell, Mapping):
        raise TypeError("a map was expected")
    return cell


def items(row: Row, name: str) -> tuple[Row, ...]:
    """Return an attribute that is a list of maps."""
    value = row[name]
    if isinstance(value, str | int | Mapping) or value is None:
        raise TypeError(f"{name} is no list")
    return tuple(mapping(item) for item in value)


def texts(row: Row, name: str) -> tuple[str, ...]:
    """Return an attribute that is a list of texts."""
    value = row[name]
    if isinstance(value, str | int | Mapping) or value is None:
        raise TypeError(f"{name} is no list")
    return tuple(str(item) for item in value)


def read_person(cell: Cell) -> Person:
    fields = mapping(cell)
    return _person(fields["e"], fields["g"], fields["f"])


@lru_cache(4096)
def _person(email: Cell, given_name: Cell, family_name: Cell) -> Person:
    """One value for everybody, however many documents they have: a page names the same few."""
    fields: Row = {"e": email, "g": given_name, "f": family_name}
    return Person(text(fields, "e"), text(fields, "g"), text(fields, "f"))


def person_cell(person: Person) -> Cell:
    return {"e": person.email, "g": person.given_name, "f": person.family_name}


def _read_people(cell: Cell) -> dict[str, Person]:
    return {sub: read_person(person) for sub, person in mapping(cell).items()}


def _fetch_cell(fetch: StoredFetch) -> Cell:
    return {"person": person_cell(fetch.person), "version": fetch.version, "at": fetch.at}


def _read_fetched(cell: Cell) -> dict[str, StoredFetch]:
    return {sub: _read_fetch(mapping(fetch)) for sub, fetch in mapping(cell).items()}


def _read_fetch(fields: Row) -> StoredFetch:
    person = read_person(fields["person"])
    return StoredFetch(person, number(fields, "version"), number(fields, "at"))


def _link_cell(link: StoredLink) -> Cell:
    return {
        "id": link.link_id,
        "generation": link.generation,
        "expires_at": link.expires_at,
        "downloads": link.downloads,
        "max_downloads": link.max_downloads,
        "password": link.password,
    }


def _read_link(fields: Row) -> StoredLink:
    most = fields["max_downloads"]
    return StoredLink(
        link_id=text(fields, "id"),
        generation=number(fields, "generation"),
        expires_at=number(fields, "expires_at"),
        downloads=number(fields, "downloads"),
        max_downloads=None if most is None else number(fields, "max_downloads"),
        password=text(fields, "password"),
    )


def _read_receipt(fields: Row) -> Receipt:
    return Receipt(number(fields, "objects_gone_at"), number(fields, "versions"))
