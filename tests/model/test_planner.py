"""Plans carried out in any order: one tree perturbed twice, until nothing is left to do."""

from collections import Counter
from dataclasses import replace

import pytest

from mydoctransfer.model import conflicts, reconcile
from mydoctransfer.model.actions import Forget, NewDocument, NewVersion, Publish, Withdraw
from tests.model.planner import make, mistakes_of, rounds

_both, _gone, _new = reconcile._decide_both, reconcile._decide_gone, reconcile._decide_new
_vanished = reconcile._decide_vanished


def _failing(cases: range) -> dict[int, list[str]]:
    return {n: found for n in cases if (found := mistakes_of(n))}


@pytest.mark.parametrize("thousands", range(0, 20, 5))
def test_any_order_of_any_plan_comes_to_rest_and_loses_nothing(thousands: int) -> None:
    """Invariants I5, I6, I9, I12."""
    assert _failing(range(thousands * 1000, (thousands + 5) * 1000)) == {}


@pytest.mark.gates
@pytest.mark.parametrize("thousands", range(20, 220, 20))
def test_two_hundred_thousand_plans_come_to_rest_and_lose_nothing(thousands: int) -> None:
    """Invariants I5, I6, I9, I12."""
    assert _failing(range(thousands * 1000, (thousands + 20) * 1000)) == {}


def test_the_cases_meet_every_kind_of_action() -> None:
    met: Counter[str] = Counter()
    for n in range(2000):
        for actions in rounds(make(n)):
            met.update(type(action).__name__ for action in actions)
    kinds = {"Publish", "Adopt", "Move", "Exchange", "Withdraw", "Forget", "MarkGone"}
    assert kinds == {kind for kind, count in met.items() if count >= 50}


def _withdraw_any_version(path, synced, document, around):
    return Withdraw(path, synced.share_id, document.version, needs_answer=False)


def _wait_for_ever(path, synced, document, around):
    return None


def _last_writer_wins(path, file, synced, document, around):
    action = _both(path, file, synced, document, around)
    if isinstance(action, Publish) and isinstance(action.target, NewDocument):
        return replace(action, target=NewVersion(synced.share_id, document.version, path))
    return action


def _edits_are_not_seen(path, file, synced, document, around):
    return None


def _gone_comes_back(path, file, synced, document, around, freed):
    return (
        _new(path, file, around, freed)
        if file
        else _gone(path, file, synced, document, around, freed)
    )


def _gone_is_forgotten(path, file, synced, document, around, freed):
    return Forget(path)


def _gone_is_told_again(path, file, synced, document, around, freed):
    return _gone(path, file, replace(synced, is_gone=False), document, around, freed)


def _new_is_forgotten(path, file, around, freed, under_rules=True):
    return Forget(path)


def _new_in_place_of_anothers(path, file, around, freed, under_rules=True):
    return Publish(path, file, NewDocument(path, under_rules))


def _conflicts_under_one_name(path, host, sha, taken):
    return path


MISTAKES = {
    "a delete beats an edit": (reconcile, "_decide_vanished", _withdraw_any_version),
    "a deletion is never told": (reconcile, "_decide_vanished", _wait_for_ever),
    "the last writer wins": (reconcile, "_decide_both", _last_writer_wins),
    "edits are not seen": (reconcile, "_decide_both", _edits_are_not_seen),
    "gone comes back": (reconcile, "_decide_gone", _gone_comes_back),
    "gone is forgotten": (reconcile, "_decide_gone", _gone_is_forgotten),
    "gone is told for ever": (reconcile, "_decide_gone", _gone_is_told_again),
    "new is forgotten": (reconcile, "_decide_new", _new_is_forgotten),
    "new goes where another lies": (reconcile, "_decide_new", _new_in_place_of_anothers),
    "moves go where another lies": (reconcile, "_placed", lambda move, *_: move),
    "conflicts share one name": (conflicts, "conflict_copy", _conflicts_under_one_name),
    "every document is alive": (reconcile, "is_live", lambda *_: True),
    "no document is alive": (reconcile, "is_live", lambda *_: False),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_seeded_mistake_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place, attribute, value = MISTAKES[name]
    monkeypatch.setattr(place, attribute, value)

    def is_noticed(case: int) -> bool:
        try:
            return bool(mistakes_of(case))
        except (AssertionError, KeyError):
            return True  # the mistake left a plan that cannot even be made

    assert any(is_noticed(case) for case in range(2000))
