"""Searching people, and finding those a document is to be shared with."""

from collections.abc import Iterable, Mapping

from chalicelib.connectors.ports import Account, Row
from chalicelib.model import Identity
from chalicelib.parts import Parts
from chalicelib.refusals import Refused
from chalicelib.rows import number, text
from chalicelib.services import cursors
from chalicelib.services.authorize import Action, authorize
from chalicelib.services.emails import canonical
from mydoctransfer_contract.documents import PeoplePage, Person
from mydoctransfer_contract.problems import Code

PEOPLE_AT_ONCE = 20  # added to one document in one transaction: each is four rows of it
_PAGE = 50
_MAX_QUERY = 100
_MAX_ADDRESSES = 40  # distinct addresses in one call: each is one look into the directory
_ATTRIBUTES = ("email", "given_name", "family_name")

Resolved = tuple[str, Person] | Refused


def search(parts: Parts, who: Identity, now: int, query: str, cursor: str | None) -> PeoplePage:
    """Return people whose address or name starts with the query, as far as the policy shows them.

    `search` looks for prefixes, `exact` only for a whole address, `off` shows nobody. At most
    three looks into the directory a page.
    """
    authorize(who, None, Action.SEARCH_PEOPLE, now)
    text_asked = query.strip()
    if len(text_asked) > _MAX_QUERY:
        raise Refused(Code.INVALID_REQUEST, "The query is too long.")
    match parts.rules.directory:
        case "search":
            return _searched(parts, who, text_asked, cursor)
        case "exact":
            email = canonical(text_asked)
            found = parts.directory.find(email) if email else None
            return PeoplePage(_shown(parts, who, [found] if found else []), None)
        case _:
            return PeoplePage((), None)


def _searched(parts: Parts, who: Identity, query: str, cursor: str | None) -> PeoplePage:
    place, after = 0, None
    if cursor is not None:
        state = cursors.unseal(parts.config.secret, "people", who.sub, cursor)
        if text(state, "q") != query:
            raise Refused(Code.INVALID_REQUEST, "The cursor belongs to another query.")
        place = number(state, "p")
        after = text(state, "a") or None
    found: list[Account] = []
    attributes = _ATTRIBUTES if query else _ATTRIBUTES[:1]
    while place < len(attributes):
        attribute = attributes[place]
        prefix = query.lower() if attribute == "email" else query
        page = parts.directory.search(attribute, prefix, after, _PAGE)
        found.extend(page.accounts)
        after = page.after
        if after is not None:
            break
        place += 1
        if len(found) >= _PAGE:
            break
    goes_on = place < len(attributes)
    state_now: Row = {"q": query, "p": place, "a": after or ""}
    sealed = cursors.seal(parts.config.secret, "people", who.sub, state_now) if goes_on else None
    return PeoplePage(_shown(parts, who, found), sealed)


def _shown(parts: Parts, who: Identity, accounts: Iterable[Account]) -> tuple[Person, ...]:
    people = {
        account.sub: person_of(account)
        for account in accounts
        if account.is_enabled
        and account.sub != who.sub
        and parts.rules.allows_recipient(account.email)
    }
    return tuple(sorted(people.values(), key=lambda person: person.email))


def person_of(account: Account) -> Person:
    """Return what is kept of an account when something is shared with it."""
    return Person(account.email, account.given_name, account.family_name)


def resolve(parts: Parts, who: Identity, emails: Iterable[str]) -> Mapping[str, Resolved]:
    """Return for every spelling asked who it is, or why nobody.

    Raises:
        Refused: too many different addresses for one call.
    """
    resolved: dict[str, Resolved] = {}
    known: dict[str, Resolved] = {}
    for spelling in dict.fromkeys(emails):
        email = canonical(spelling)
        if email is None:
            resolved[spelling] = Refused(
                Code.INVALID_REQUEST, "A recipient is no e-mail address.", emails=(spelling[:254],)
            )
            continue
        if email not in known:
            if len(known) >= _MAX_ADDRESSES:
                raise Refused(Code.INVALID_REQUEST, "Too many recipients in one call.")
            known[email] = _resolve_one(parts, who, email)
        resolved[spelling] = known[email]
    return resolved


def _resolve_one(parts: Parts, who: Identity, email: str) -> Resolved:
    if not parts.rules.allows_recipient(email) or email == who.person.email:
        return Refused(Code.RECIPIENT_REFUSED, emails=(email,))
    account = parts.directory.find(email)
    if account is None or not account.is_enabled:
        return Refused(Code.UNKNOWN_RECIPIENT, emails=(email,))
    if account.sub == who.sub:
        return Refused(Code.RECIPIENT_REFUSED, emails=(email,))
    return account.sub, person_of(account)
