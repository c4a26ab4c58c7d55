"""People of a local cloud: added with a permanent password, as often as one likes."""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from mydoctransfer_cloud.errors import CloudError

ADMINS = "admins"


def put_user(
    cognito: Any,
    pool_id: str,
    email: str,
    names: tuple[str, str],
    password: str,
    *,
    is_admin: bool,
) -> None:
    """Make a person be as described, whether or not they were there.

    Raises:
        CloudError: the address or the password is refused; the message says why.
    """
    try:
        _put_user(cognito, pool_id, email, names, password, is_admin)
    except ClientError as exc:
        reason = exc.response["Error"].get("Message", str(exc))
        raise CloudError("The account was refused", f"{email}: {reason}") from exc
    except BotoCoreError as exc:
        raise CloudError("The local cloud does not answer", str(exc)) from exc


def _put_user(
    cognito: Any, pool: str, email: str, names: tuple[str, str], password: str, is_admin: bool
) -> None:
    given, family = names
    attributes = [
        {"Name": "email", "Value": email},
        {"Name": "email_verified", "Value": "true"},
        {"Name": "given_name", "Value": given},
        {"Name": "family_name", "Value": family},
    ]
    who = {"UserPoolId": pool, "Username": email}
    try:
        cognito.admin_create_user(
            **who,
            UserAttributes=attributes,
            # An address nobody has agreed to get mail at, and a password that is set below.
            MessageAction="SUPPRESS",
        )
    except cognito.exceptions.UsernameExistsException:
        cognito.admin_update_user_attributes(**who, UserAttributes=attributes)
    cognito.admin_set_user_password(**who, Password=password, Permanent=True)
    if is_admin:
        cognito.admin_add_user_to_group(**who, GroupName=ADMINS)
    else:
        cognito.admin_remove_user_from_group(**who, GroupName=ADMINS)
