"""The user pool as a directory: one exact find, one prefix search, one look at an account."""

from collections.abc import Mapping
from typing import Any

from chalicelib.connectors.clients import client
from chalicelib.connectors.ports import Account, Accounts
from chalicelib.services.emails import canonical

_SEARCHABLE = {"email", "given_name", "family_name"}


class CognitoDirectory:
    """`Directory` over one user pool."""

    def __init__(self, user_pool_id: str) -> None:
        self._pool = user_pool_id

    def find(self, email: str) -> Account | None:
        page = client("cognito-idp").list_users(
            UserPoolId=self._pool, Filter=f"email = {quoted(email)}", Limit=2
        )
        found = [a for user in page["Users"] if (a := _account(user)) and a.email == email]
        # Two accounts with one address: we cannot know who is meant.
        return found[0] if len(found) == 1 else None

    def search(self, attribute: str, prefix: str, after: str | None, limit: int) -> Accounts:
        if attribute not in _SEARCHABLE:
            raise ValueError(f"{attribute} is not searched")
        arguments: dict[str, Any] = {"UserPoolId": self._pool, "Limit": limit}
        if prefix:
            arguments["Filter"] = f"{attribute} ^= {quoted(prefix)}"
        if after is not None:
            arguments["PaginationToken"] = after
        page = client("cognito-idp").list_users(**arguments)
        accounts = tuple(account for user in page["Users"] if (account := _account(user)))
        return Accounts(accounts, page.get("PaginationToken"))

    def is_enabled(self, username: str) -> bool:
        cognito = client("cognito-idp")
        try:
            user = cognito.admin_get_user(UserPoolId=self._pool, Username=username)
        except cognito.exceptions.UserNotFoundException:
            return False
        return bool(user.get("Enabled", False))


def quoted(text: str) -> str:
    r"""Return `text` as a string of Cognito's filter language: `"` and `\` are escaped."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _account(user: Mapping[str, Any]) -> Account | None:
    attributes = {a["Name"]: a.get("Value", "") for a in user.get("Attributes", [])}
    email = canonical(attributes.get("email", ""))
    if email is None or not attributes.get("sub"):
        return None
    return Account(
        sub=attributes["sub"],
        email=email,
        given_name=attributes.get("given_name", ""),
        family_name=attributes.get("family_name", ""),
        is_enabled=bool(user.get("Enabled", True)),
    )
