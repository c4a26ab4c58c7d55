"""Making an account of one's own, against the real user pool of the local cloud (group I)."""

import json
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest

from mydoctransfer.engine.ports import Failure, FailureKind
from tests.support.cloud import PASSWORD, Cloud, Person
from tests.support.installation import Installation, code_of, is_accepted
from tests.support.loopback import Answer, serving
from tests.support.open_pool import CODE, opened


@pytest.fixture
def device(cloud: Cloud) -> Iterator[Installation]:
    with opened(cloud) as connection:
        yield Installation(connection)


@pytest.fixture
def email() -> str:
    return f"{uuid4().hex[:12]}@example.org"


def test_whoever_signs_up_and_brings_the_code_is_in_with_their_name(
    device: Installation, cloud: Cloud, email: str
) -> None:
    assert device.identity.sign_up(email, PASSWORD, "Nora", "Müller") is None
    assert code_of(device.sign_in(email)) == "not_confirmed"
    assert device.identity.confirm_sign_up(email, CODE) is None
    assert device.sign_in(email) is None
    assert is_accepted(cloud, device.identity.token())
    user = cloud.boto3_client("cognito-idp").admin_get_user(
        UserPoolId=cloud.connection.user_pool_id, Username=email
    )
    attributes = {one["Name"]: one["Value"] for one in user["UserAttributes"]}
    names = [attributes[name] for name in ("email", "given_name", "family_name")]
    assert names == [email, "Nora", "Müller"]


def test_a_wrong_code_is_said_and_another_one_can_be_sent(device: Installation, email: str) -> None:
    identity = device.identity
    assert identity.sign_up(email, PASSWORD, "Nora", "N") is None
    for wrong in ("000000", "12", "letters"):
        failure = identity.confirm_sign_up(email, wrong)
        assert code_of(failure) == "wrong_code"
    assert identity.send_sign_up_code(email) is None
    assert identity.confirm_sign_up(email, CODE) is None


def test_a_code_brought_twice_is_no_trouble(device: Installation, email: str) -> None:
    assert device.identity.sign_up(email, PASSWORD, "Nora", "N") is None
    assert device.identity.confirm_sign_up(email, CODE) is None
    assert device.identity.confirm_sign_up(email, CODE) is None


def test_an_address_that_has_an_account_is_said(device: Installation, person: Person) -> None:
    failure = device.identity.sign_up(person.email, PASSWORD, "Nora", "N")
    assert code_of(failure) == "account_exists"


def test_a_password_the_pool_does_not_take_is_said(device: Installation, email: str) -> None:
    refused = device.identity.sign_up(email, "short", "N", "N")
    assert code_of(refused) == "password_refused"
    assert isinstance(refused, Failure)
    assert refused.message == "The password is too short. It needs at least 8 characters."
    assert code_of(device.sign_in(email, "short")) == "wrong_password"


def test_an_address_nobody_has_learns_nothing_from_the_codes(
    device: Installation, email: str
) -> None:
    assert device.identity.send_sign_up_code(email) is None
    assert code_of(device.identity.confirm_sign_up(email, CODE)) == "wrong_code"


def test_a_pool_that_was_closed_meanwhile_is_said(cloud: Cloud, email: str) -> None:
    """T10: the connection file only offers it; the pool decides."""
    device = Installation(replace(cloud.connection, sign_up=True))
    assert code_of(device.identity.sign_up(email, PASSWORD, "N", "N")) == "sign_up_closed"


@pytest.mark.parametrize(
    ("step", "kind", "message", "code"),
    [
        ("sign", "UserLambdaValidationException", "PreSignUp failed: no", "sign_up_refused"),
        ("sign", "CodeDeliveryFailureException", "No", "code_not_sent"),
        ("sign", "InvalidParameterException", "Invalid email address format.", "password_refused"),
        ("confirm", "ExpiredCodeException", "Invalid code provided", "code_expired"),
        ("confirm", "AliasExistsException", "Already taken", "account_exists"),
        ("confirm", "NotAuthorizedException", "Current status is DISABLED", "sign_up_refused"),
        ("confirm", "NotAuthorizedException", "Current status is CONFIRMED", ""),
        ("send", "InvalidParameterException", "User is already confirmed.", ""),
        ("send", "CodeDeliveryFailureException", "No", "code_not_sent"),
        ("send", "LimitExceededException", "Attempt limit exceeded", "too_many_requests"),
    ],
)
def test_what_a_pool_can_answer_has_its_sentence(
    cloud: Cloud, step: str, kind: str, message: str, code: str
) -> None:
    body = json.dumps({"__type": kind, "message": message}).encode()
    with serving(lambda _: Answer(400, body, "application/x-amz-json-1.1")) as server:
        identity = Installation(replace(cloud.connection, endpoint_url=server.url)).identity
        asked = {
            "sign": lambda: identity.sign_up("a@example.org", PASSWORD, "A", "B"),
            "confirm": lambda: identity.confirm_sign_up("a@example.org", "1"),
            "send": lambda: identity.send_sign_up_code("a@example.org"),
        }
        failure: Failure | None = asked[step]()
    if code:
        assert code_of(failure) == code
    else:
        assert failure is None


def test_offline_nothing_is_made(cloud: Cloud) -> None:
    gone = replace(cloud.connection, endpoint_url="http://127.0.0.1:1")
    failure = Installation(gone).identity.sign_up("a@example.org", PASSWORD, "A", "B")
    assert failure is not None and failure.kind is FailureKind.OFFLINE
