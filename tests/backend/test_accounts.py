"""Accounts that change while a token lives: the deployed API and the real user pool. T08."""

import base64
import json

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from mydoctransfer_contract.documents import DocumentPage
from tests.backend.test_api import ask, op, publish, share
from tests.support.cloud import PASSWORD

DESTRUCTIVE = {
    "delete": ("/docs/{}", lambda i: {"op_id": op(), "action": "delete"}),
    "end in a second": ("/docs/{}", lambda i: {"op_id": op(), "action": "extend", "lifetime": 1}),
    "delete among many": (
        "/docs",
        lambda i: {"actions": [{"op_id": op(), "action": "delete", "share_id": i}]},
    ),
    "share": ("/share/{}", lambda i: {"op_id": op(), "add": ["x@example.org"]}),
    "take back": ("/share/{}", lambda i: {"op_id": op(), "remove": ["x@example.org"]}),
    "make a link": ("/links/{}", lambda i: {"op_id": op(), "action": "set"}),
    "end a link": ("/links/{}", lambda i: {"op_id": op(), "action": "revoke"}),
    "take all back": ("/me/revoke-all", lambda i: None),
}


@pytest.fixture(scope="module")
def pool(cloud):
    """The user pool, as its operator calls it."""
    client = cloud.boto3_client("cognito-idp")
    pool_id = cloud.connection.user_pool_id
    return lambda call, person, **more: getattr(client, call)(
        UserPoolId=pool_id, Username=person.email, **more
    )


def tried(person, token: str, share_id: str) -> dict[str, tuple[int, str]]:
    """What each destructive call answers to this token."""
    answers = {}
    for name, (path, body) in DESTRUCTIVE.items():
        answer = person.cloud.call("POST", path.format(share_id), token, body(share_id))
        answers[name] = (answer.status, answer.json.get("code", ""))
    return answers


@pytest.mark.parametrize("change", ["admin_disable_user", "admin_delete_user"])
def test_whoever_was_locked_out_destroys_nothing_with_a_token_that_still_lives(
    cloud, person, pool, change
):
    """T08: at once for what destroys; for the rest the token's five minutes."""
    bob = cloud.person("Bob")
    document = publish(person, b"kept", "kept.txt")
    share(person, document.share_id, bob.email)
    token = person.token
    pool(change, person)
    answers = tried(person, token, document.share_id)
    assert answers == dict.fromkeys(DESTRUCTIVE, (401, "unauthenticated"))
    (still,) = ask(DocumentPage, bob, "GET", "/docs?scope=shared").documents
    assert (still.share_id, still.expires_at) == (document.share_id, document.expires_at)
    with pytest.raises(ClientError):
        cloud.tokens(person.email, PASSWORD)


def test_whoever_is_let_in_again_goes_on(cloud, person, pool):
    """T08: the account is asked about each time; nothing remembers that it was locked."""
    document = publish(person, b"again", "again.txt")
    pool("admin_disable_user", person)
    assert tried(person, person.token, document.share_id)["delete"][0] == 401
    pool("admin_enable_user", person)
    assert tried(person, person.token, document.share_id)["delete"] == (200, "")


@pytest.mark.parametrize("out", ["signed out everywhere", "locked out"])
def test_no_new_token_is_to_be_had_after_that(cloud, person, pool, out):
    """T08, T09: what somebody holds lives five minutes, and is not renewed."""
    tokens = cloud.tokens(person.email, PASSWORD)
    public = cloud_client(cloud)
    renewed = {
        "ClientId": cloud.connection.client_id,
        "AuthFlow": "REFRESH_TOKEN_AUTH",
        "AuthParameters": {"REFRESH_TOKEN": tokens["RefreshToken"]},
    }
    assert public.initiate_auth(**renewed)["AuthenticationResult"]["IdToken"]
    pool("admin_user_global_sign_out", person)
    if out == "locked out":
        pool("admin_disable_user", person)
    with pytest.raises(ClientError, match="NotAuthorized"):
        public.initiate_auth(**renewed)


def test_nobody_signs_up_by_themselves(cloud):
    """T14: of the deployed pool."""
    with pytest.raises(ClientError, match="SignUp is not permitted"):
        cloud_client(cloud).sign_up(
            ClientId=cloud.connection.client_id,
            Username="disposable@example.org",
            Password=PASSWORD,
            UserAttributes=[{"Name": "email", "Value": "disposable@example.org"}],
        )


def test_guessing_at_signing_in_does_not_tell_who_exists(cloud, person):
    """T10: a wrong password and nobody at all get one answer, from the deployed pool."""
    said = set()
    for email, password in ((person.email, "wrong"), ("nobody@example.org", PASSWORD)):
        with pytest.raises(ClientError) as refused:
            cloud.tokens(email, password)
        said.add((refused.value.response["Error"]["Code"], str(refused.value)))
    assert len(said) == 1


def test_a_token_says_that_it_lives_five_minutes(cloud, person):
    """T08: of the deployed pool, not of a template."""
    for token in (person.token, cloud.tokens(person.email, PASSWORD)["AccessToken"]):
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
        assert claims["exp"] - claims["iat"] == 300


def cloud_client(cloud):
    """The pool as anybody calls it, without a signature."""
    where = cloud.connection
    return boto3.client(
        "cognito-idp",
        region_name=where.region,
        endpoint_url=where.endpoint_url,
        config=Config(signature_version=UNSIGNED),
    )
