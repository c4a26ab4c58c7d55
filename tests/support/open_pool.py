"""The local cloud's user pool while it lets people make their accounts themselves."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from mydoctransfer.adapters.connection import Connection
from tests.support.cloud import Cloud

CODE = "123456"
"""What the emulator sends to every address (ministack 1.5.33)."""


@contextmanager
def opened(cloud: Cloud) -> Iterator[Connection]:
    """Open it, as `cloud deploy --sign-up on` does, and close it afterwards."""
    cognito = cloud.boto3_client("cognito-idp")
    pool = cloud.connection.user_pool_id

    def let_people(make_accounts: bool) -> None:
        config = {"AllowAdminCreateUserOnly": not make_accounts}
        cognito.update_user_pool(UserPoolId=pool, AdminCreateUserConfig=config)

    let_people(True)
    try:
        yield replace(cloud.connection, sign_up=True)
    finally:
        let_people(False)
