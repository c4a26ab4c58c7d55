"""Why a user pool does not take a password, in sentences for whoever chose it.

A pool says it in English words of its own, in one message for all that is missing: "Password did
not conform with policy: Password not long enough". The local pool names the length (ministack
1.5.33). What is not known here is told as the pool says it.
"""

import re

_LEAST = re.compile(r"length greater than or equal to (\d+)")
_MISSING = (
    ("uppercase", "The password needs a capital letter."),
    ("lowercase", "The password needs a small letter."),
    ("numeric", "The password needs a digit."),
    ("symbol", "The password needs a special character."),
)


def why_refused(message: str) -> str:
    """Return one sentence or more for what a pool said of a password."""
    _, _, reasons = message.partition("policy:")
    found = [_too_short(reasons), *(said for word, said in _MISSING if word in reasons)]
    known = " ".join(filter(None, found))
    return known or f"{message.rstrip('.') or 'The user pool did not take it'}."


def _too_short(reasons: str) -> str:
    least = _LEAST.search(reasons)
    if least is not None:
        return f"The password is too short. It needs at least {least[1]} characters."
    return "The password is too short. Choose a longer one." if "long enough" in reasons else ""
