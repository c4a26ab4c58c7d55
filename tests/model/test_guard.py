"""The mass-delete guard."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mydoctransfer.model import guard
from mydoctransfer.model.actions import Forget, Plan, Withdraw
from mydoctransfer.model.trees import RelPath, ShareId


def withdraw(n: int, asks: bool = False) -> Withdraw:
    return Withdraw(RelPath(f"f{n}"), ShareId(f"{n:032x}"), 1, asks)


@pytest.mark.parametrize(
    ("withdrawals", "published", "recent", "is_mass"),
    [
        (0, 100, 0, False),
        (1, 1, 0, False),  # one of one is an everyday delete
        (2, 2, 0, False),
        (3, 3, 0, True),  # every published document, three or more
        (2, 2, 1, True),  # the third of three, one having gone this hour
        (24, 100, 0, False),
        (25, 125, 0, True),  # 20 %
        (25, 126, 0, False),  # just under
        (13, 100, 12, True),  # in two goes within the hour
        (1000, 100_000, 0, False),
    ],
)
def test_what_counts_as_a_mass_delete(
    withdrawals: int, published: int, recent: int, is_mass: bool
) -> None:
    """R5, F05."""
    assert guard.is_mass_delete(withdrawals, published, recent) is is_mass


def test_a_held_plan_still_lets_everything_else_through() -> None:
    """R5: uploads still go through."""
    other = Forget(RelPath("x"))
    plan = guard.hold(Plan((other, *(withdraw(n) for n in range(3)))), 3, 0, ())
    assert plan.actions == (other,)
    assert len(plan.held) == 3


def test_a_yes_lets_exactly_what_was_asked_about_go() -> None:
    """F06."""
    asked = [withdraw(n) for n in range(3)]
    plan = guard.hold(Plan(tuple(asked)), 3, 0, asked)
    assert plan.actions == tuple(asked)
    assert plan.held == ()


def test_a_yes_is_about_a_document_and_its_version() -> None:
    """R5: the next version at the path was not asked about."""
    asked = [withdraw(n) for n in range(3)]
    newer = tuple(replace(a, version=2) for a in asked)
    assert guard.hold(Plan(newer), 3, 0, asked).held == newer


def test_an_adopted_document_is_asked_about_even_alone() -> None:
    """R14."""
    plan = guard.hold(Plan((withdraw(0, asks=True), withdraw(1))), 100, 0, ())
    assert plan.held == (withdraw(0, asks=True),)
    assert plan.actions == (withdraw(1),)


@given(st.integers(0, 60), st.integers(0, 300), st.integers(0, 60), st.sets(st.integers(0, 59)))
def test_the_guard_only_ever_moves_withdrawals_aside(
    count: int, more: int, recent: int, confirmed: set[int]
) -> None:
    """Invariant I11: nothing is lost from a plan or added; what was confirmed is never held."""
    before = Plan(tuple(withdraw(n) for n in range(count)))
    let_go = {withdraw(n) for n in confirmed}
    after = guard.hold(before, count + more, recent, let_go)
    assert sorted((*after.actions, *after.held), key=str) == sorted(before.actions, key=str)
    assert let_go.isdisjoint(after.held)
