"""What a user pool says of a password, in sentences."""

import pytest

from mydoctransfer.adapters.password_rules import why_refused

PREFIX = "Password did not conform with policy: "


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (PREFIX + "Password not long enough", "The password is too short. Choose a longer one."),
        (
            PREFIX + "Password must have length greater than or equal to 12; "
            "Password must have uppercase characters",
            "The password is too short. It needs at least 12 characters. "
            "The password needs a capital letter.",
        ),
        (
            PREFIX + "Password must have lowercase characters",
            "The password needs a small letter.",
        ),
        (PREFIX + "Password must have numeric characters", "The password needs a digit."),
        (
            PREFIX + "Password must have symbol characters",
            "The password needs a special character.",
        ),
        (PREFIX + "Something new.", PREFIX + "Something new."),
        ("Invalid email address format.", "Invalid email address format."),
        ("", "The user pool did not take it."),
    ],
)
def test_what_is_missing_is_said_in_sentences(message: str, said: str) -> None:
    assert why_refused(message) == said
