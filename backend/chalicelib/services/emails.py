"""One spelling for one address: NFKC, case folded, the domain in IDNA. Refuses what hides."""

import re
import unicodedata

_MAX = 254  # RFC 5321
_LOCAL = re.compile(r"[^\s@\"(),:;<>\[\]\\]{1,64}\Z")
_DOMAIN = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\Z"
)


def canonical(text: str) -> str | None:
    """Return the canonical form of an address, or None if it is none.

    Two spellings of one mailbox give one result: blanks around, letter case, compatibility
    characters (`ﬁ`) and internationalised domains do not make another person. Invisible and
    control characters are refused, not dropped.
    """
    if len(text) > _MAX:
        return None
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).strip()
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn") for c in folded):
        return None
    local, at, domain = folded.rpartition("@")
    if not at or not _LOCAL.match(local) or ".." in local or local[0] == "." or local[-1] == ".":
        return None
    try:
        ascii_domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    if not _DOMAIN.match(ascii_domain) or len(local) + len(ascii_domain) >= _MAX:
        return None
    return f"{local}@{ascii_domain}"
