"""What recipients' clients have confirmed, as it stands in the document for its owner to see."""

from dataclasses import replace

from chalicelib.model import StoredDocument, StoredFetch

_MOST = 100  # whom a document has been shared with over time has no limit; its row has


def confirmed(document: StoredDocument, sub: str, version: int, now: int) -> StoredDocument:
    """Return the document with a recipient's word added; as it was, where that says nothing new.

    An owner who downloads their own document has confirmed nothing to anybody.
    """
    person, known = document.people.get(sub), document.fetched.get(sub)
    if person is None or (known is not None and known.version >= version):
        return document
    fetched = {**document.fetched, sub: StoredFetch(person, version, now)}
    latest = sorted(fetched.items(), key=lambda pair: pair[1].at)[-_MOST:]
    return replace(document, fetched=dict(latest), revision=document.revision + 1)
