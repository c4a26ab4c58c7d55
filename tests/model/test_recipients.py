"""Addresses as people paste them, and what speaks against one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mydoctransfer.model.recipients import Doubt, addresses, doubt, is_list
from mydoctransfer.model.trees import Policy


@pytest.mark.parametrize(
    ("pasted", "found"),
    [
        ("", ()),
        (" , ;\n", ()),
        ("a@x.org", ("a@x.org",)),
        ("a@x.org, b@y.org;c@z.org", ("a@x.org", "b@y.org", "c@z.org")),
        ("a@x.org b@y.org", ("a@x.org", "b@y.org")),
        ("a@x.org\r\nb@y.org\n", ("a@x.org", "b@y.org")),
        ("a@x.org\tb@y.org", ("a@x.org", "b@y.org")),
        ("Eve Müller <eve@x.org>, bob@y.org", ("eve@x.org", "bob@y.org")),
        ('"Müller, Eve" <eve@x.org>; Bob <bob@y.org>', ("eve@x.org", "bob@y.org")),
        ("mailto:a@x.org", ("a@x.org",)),
        ("A@X.org, a@x.org", ("A@X.org",)),
        ("Robin", ("Robin",)),
        ("Robin Recipient, a@x.org", ("Robin Recipient", "a@x.org")),
    ],
)
def test_every_address_of_a_pasted_list_is_found_once(pasted: str, found: tuple[str, ...]) -> None:
    assert addresses(pasted) == found


@given(st.text())
def test_whatever_is_pasted_is_read_without_an_error(pasted: str) -> None:
    found = addresses(pasted)
    assert all(one.strip() for one in found)
    assert len({one.casefold() for one in found}) == len(found)


@pytest.mark.parametrize(
    ("words", "is_one"),
    [
        ("Robin", False),
        ("robin@x.org", False),
        ("Eve <eve@x", False),
        ("robin,", True),
        ("a@x.org b@y.org", True),
        ("Eve <eve@x.org>", True),
    ],
)
def test_a_name_still_being_written_is_no_list(words: str, is_one: bool) -> None:
    assert is_list(words) is is_one


@pytest.mark.parametrize(
    ("address", "policy", "against"),
    [
        ("bob@x.org", Policy(), None),
        ("bob", Policy(), Doubt.NO_ADDRESS),
        ("bob@", Policy(), Doubt.NO_ADDRESS),
        ("ADA@x.org", Policy(), Doubt.MYSELF),
        ("Bob@X.org", Policy(refused_recipients=("x.org",)), Doubt.REFUSED),
        ("bob@x.org", Policy(refused_recipients=("bob@x.org",)), Doubt.REFUSED),
        ("bob@x.org", Policy(allowed_recipients=("y.org",)), Doubt.REFUSED),
        ("bob@x.org", Policy(allowed_recipients=("x.org",)), None),
        (
            "bob@x.org",
            Policy(allowed_recipients=("x.org",), refused_recipients=("bob@x.org",)),
            Doubt.REFUSED,
        ),
    ],
)
def test_what_is_known_to_speak_against_somebody_is_said_before_the_server_is_asked(
    address: str, policy: Policy, against: Doubt | None
) -> None:
    assert doubt(address, "ada@x.org", policy) is against
