"""Mistakes in the back-end's use cases: versions, claims, keys, the sweep, arrivals."""

from dataclasses import replace

from chalicelib.controllers import acting, publishing
from chalicelib.services import commits
from tests.simulation.mistakes.deciding import BOTH_EDIT
from tests.simulation.mutant import Mutant, from_corpus

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


MUTANTS = (
    Mutant("the server takes any base", publishing, "check_version", _any_version,
           replace(BOTH_EDIT, seed=1)),
    Mutant("two documents at one path", publishing, "claim", _claim_whatever, 0),
    Mutant("a rename claims nothing", acting, "_claims", lambda group, now: [], 0),
    Mutant("an answer shows the version before", publishing, "shown", _one_version_back, 0),
    Mutant("the feed tells nobody", commits, "_feed_line", lambda *_: [],
           from_corpus("adopted-in-flight")),
)  # fmt: skip
