"""What says that the objects of completed uploads are in place.

A file's one PUT carries its SHA-256, and the store makes a version only of bytes that have it. A
client that heard which version its PUT made brings it, and then a listing of the registration's
prefix tells enough: that this version lies there, and no other. Whatever else there is (no version
brought, parts, another size, a second version) is asked object by object, with its checksum.
"""

from collections import Counter
from collections.abc import Sequence

from chalicelib.connectors.pool import side_by_side
from chalicelib.connectors.ports import ObjectFacts, OnlyVersion
from chalicelib.model import Upload
from chalicelib.parts import Parts
from mydoctransfer_contract.checksums import sha256_header
from mydoctransfer_contract.uploads import CompleteUpload

_WORTH_LISTING = 13  # objects from which one listing is cheaper than asking for each, on AWS


def look(
    parts: Parts, uploads: Sequence[tuple[Upload, CompleteUpload]]
) -> list[ObjectFacts | None]:
    """Return what lies at each upload's key, in order; None where nothing does."""
    told = _listed(parts, [upload.key for upload, asked in uploads if asked.version_id])
    known = [_as_put(upload, asked, told.get(upload.key)) for upload, asked in uploads]
    unknown = [upload.key for (upload, _), fact in zip(uploads, known, strict=True) if not fact]
    asked_for = iter(side_by_side(parts.objects.facts, unknown))
    return [fact or next(asked_for) for fact in known]


def _listed(parts: Parts, keys: Sequence[str]) -> dict[str, OnlyVersion]:
    """Return what listings tell of these keys, where enough of them lie beneath one prefix."""
    counts = Counter(_prefix(key) for key in keys)
    told: dict[str, OnlyVersion] = {}
    for prefix, count in counts.items():
        if count >= _WORTH_LISTING:
            told.update(parts.objects.only_versions(prefix))
    return told


def _prefix(key: str) -> str:
    return key[: key.rindex("/") + 1]


def _as_put(upload: Upload, asked: CompleteUpload, only: OnlyVersion | None) -> ObjectFacts | None:
    """Return the facts of the version that the client's PUT made, if that is what lies there."""
    if only is None or upload.sha256 is None or asked.checksum is not None:
        return None
    if only.version_id != asked.version_id or only.size != upload.size:
        return None
    return ObjectFacts(only.version_id, only.size, sha256_header(upload.sha256), None, False)
