"""What a file to be registered declares, checked against contract and policy."""

import hashlib
import json
from collections.abc import Mapping

from chalicelib.controllers.people import PEOPLE_AT_ONCE
from chalicelib.model import Identity, Upload
from chalicelib.parts import Parts
from chalicelib.refusals import Refused
from chalicelib.services import ids
from chalicelib.services.lifetimes import checked_lifetime
from chalicelib.services.names import checked_path, stored_name
from mydoctransfer_contract.documents import Person
from mydoctransfer_contract.problems import Code
from mydoctransfer_contract.uploads import SINGLE_PUT_MAX, NewUpload

_MAX_HOST = 255
_HEX64 = frozenset("0123456789abcdef")


def declared(
    parts: Parts,
    who: Identity,
    now: int,
    asked: NewUpload,
    grant_id: str,
    people: Mapping[str, tuple[str, Person] | Refused],
) -> Upload:
    """Return the upload to register.

    Raises:
        Refused: a field is wrong, or the policy says no.
    """
    if not ids.is_id(asked.op_id):
        raise Refused(Code.INVALID_REQUEST, "op_id is 32 hex digits.")
    _check_content(parts, asked)
    if len(asked.host) > _MAX_HOST or not asked.host.isprintable():
        raise Refused(Code.INVALID_REQUEST, "host is at most 255 printable characters.")
    upload_id = ids.derived(parts.config.secret, "upload", who.sub, asked.op_id)
    if asked.share_id is not None and not ids.is_id(asked.share_id):
        raise Refused(Code.NOT_FOUND)
    return Upload(
        upload_id=upload_id,
        op_id=asked.op_id,
        owner=who.sub,
        owner_person=who.person,
        grant_id=grant_id,
        key=f"incoming/{who.sub}/{grant_id}/{upload_id}",
        path=checked_path(asked.path),
        display_name=stored_name(asked.display_name, of_file=True),
        size=asked.size,
        sha256=asked.sha256,
        share_id=asked.share_id or ids.fresh(),
        is_new=asked.share_id is None,
        expected_version=asked.expected_version,
        lifetime=checked_lifetime(asked.lifetime, parts.rules),
        people=_chosen(parts, asked, people),
        host=asked.host,
        registered_at=now,
        fingerprint=declaration_mark(asked),
    )


def _check_content(parts: Parts, asked: NewUpload) -> None:
    if asked.size < 0:
        raise Refused(Code.INVALID_REQUEST, "size is not negative.")
    if asked.size > parts.rules.max_bytes:
        raise Refused(Code.TOO_LARGE, f"A document has at most {parts.rules.max_bytes} bytes here.")
    if asked.sha256 is None and asked.size <= SINGLE_PUT_MAX:
        raise Refused(Code.INVALID_REQUEST, "sha256 is needed up to 8 MiB.")
    if asked.sha256 is not None and not is_sha256(asked.sha256):
        raise Refused(Code.INVALID_REQUEST, "sha256 is 64 lower-case hex digits.")


def is_sha256(digest: str) -> bool:
    """Return whether this is spelled as a SHA-256."""
    return len(digest) == 64 and _HEX64.issuperset(digest)


def _chosen(
    parts: Parts, asked: NewUpload, people: Mapping[str, tuple[str, Person] | Refused]
) -> dict[str, Person]:
    if asked.share_id is not None and asked.people:
        raise Refused(Code.INVALID_REQUEST, "people are for new documents only.")
    chosen: dict[str, Person] = {}
    for email in asked.people:
        found = people[email]
        if isinstance(found, Refused):
            raise found
        chosen[found[0]] = found[1]
    most = min(PEOPLE_AT_ONCE, parts.rules.max_people)
    if len(chosen) > most:
        raise Refused(Code.INVALID_REQUEST, f"At most {most} people with a new document.")
    return chosen


def declaration_mark(asked: NewUpload) -> str:
    facts = [asked.path, asked.size, asked.sha256, asked.share_id, asked.expected_version]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:32]
