"""Mistakes in the back-end's use cases: versions, claims, keys, the sweep, arrivals."""

from dataclasses import replace

from chalicelib.controllers import acting, publishing, sweep
from chalicelib.services import commits
from chalicelib.services.hints import Look
from tests.simulation.leanings import TOGETHER, UNSEEN
from tests.simulation.mistakes.deciding import BOTH_EDIT, BOTH_HAVE_IT
from tests.simulation.mutant import Mutant, day, from_corpus

_delete = acting._delete
_check_version = publishing.check_version
_claim = publishing.claim
_shown = publishing.shown


def _any_version(who, document, upload, now) -> None:
    """The server takes a new version whatever it was based on."""
    return _check_version(who, document, replace(upload, expected_version=None), now)


def _claim_whatever(document, now):
    """Two live documents may have one path."""
    return replace(_claim(document, now), when=())


def _one_version_back(document, sub, now):
    """An answer about a publication shows the version before."""
    shown = _shown(document, sub, now)
    return replace(shown, version=max(1, shown.version - 1))


def _whatever_version(parts, who, now, item, document):
    """The server withdraws a document whatever version the device has seen."""
    asked = replace(item.asked, expected_version=None)
    return _delete(parts, who, now, replace(item, asked=asked), document)


_EDITED_UNSEEN = day(
    *BOTH_HAVE_IT,
    (70, "delete", {"pick": 0}),
    (71, "wait", {"seconds": 56}),
    (72, "edit", {"d": "D2", "pick": 0, "content": "s00003"}),
    (73, "wait", {"seconds": 40}),
    devices=2,
)

MUTANTS = (
    Mutant("the server withdraws any version", acting, "_delete", _whatever_version, _EDITED_UNSEEN,
           UNSEEN),
    Mutant("ended objects stay", sweep, "_SETTLERS",
           sweep._SETTLERS | {Look.OBJECTS: lambda *_: []}, 0),
    Mutant("the server takes any base", publishing, "check_version", _any_version,
           replace(BOTH_EDIT, seed=1), TOGETHER),
    Mutant("two documents at one path", publishing, "claim", _claim_whatever, 0),
    Mutant("a rename claims nothing", acting, "_claims", lambda group, now: [], 13),
    Mutant("an answer shows the version before", publishing, "shown", _one_version_back, 0),
    Mutant("the feed tells nobody", commits, "_feed_line", lambda *_: [],
           from_corpus("adopted-in-flight"), TOGETHER),
)  # fmt: skip
