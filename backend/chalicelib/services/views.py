"""A stored document as the person asking may see it."""

from operator import attrgetter

from chalicelib.model import StoredDocument
from mydoctransfer_contract.documents import Document, Fetched, Link
from mydoctransfer_contract.times import format_time


def shown(document: StoredDocument, sub: str, now: int) -> Document:
    """Return the owner's view, or a recipient's: no path, no device, no other people, no link."""
    mine = document.owner == sub
    if mine:
        people = sorted(document.people.values(), key=attrgetter("email"))
    else:
        people = [document.people[sub]] if sub in document.people else []
    return Document(
        share_id=document.share_id,
        owner=document.owner_person,
        mine=mine,
        path=document.path if mine else None,
        display_name=document.display_name,
        size=document.size,
        sha256=document.sha256,
        version=document.version,
        revision=document.revision,
        state=document.state_at(now),
        uploaded_at=format_time(document.uploaded_at),
        expires_at=format_time(document.expires_at),
        people=tuple(people),
        link=_link(document, now) if mine else None,
        host=document.host if mine else "",
        fetched=fetched(document, None if mine else sub),
    )


def fetched(document: StoredDocument, only: str | None = None) -> tuple[Fetched, ...]:
    """Return who has confirmed having it, the earliest first; of `only` that person, if given."""
    found = [f for sub, f in document.fetched.items() if only in (None, sub)]
    found.sort(key=attrgetter("at"))
    return tuple(Fetched(f.person, f.version, format_time(f.at)) for f in found)


def _link(document: StoredDocument, now: int) -> Link | None:
    link = document.link
    if link is None or min(link.expires_at, document.expires_at) <= now:
        return None
    return Link(
        expires_at=format_time(min(link.expires_at, document.expires_at)),
        downloads=link.downloads,
        max_downloads=link.max_downloads,
        has_password=bool(link.password),
    )
