"""A pool that lets nobody in without a second factor: it is set up while signing in."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.support.cloud import PASSWORD, Cloud, Person
from tests.support.installation import Installation, code_of, is_accepted
from tests.support.loopback import Answer, Loopback, Request
from tests.support.strict_pool import demanding
from tests.support.totp import totp


@dataclass
class Strict:
    """An installation whose pool demands, and the line to it."""

    device: Installation
    line: Loopback

    def calls(self) -> list[str]:
        asked = [request.headers.get("x-amz-target", "") for request in self.line.requests]
        return [operation.rpartition(".")[2] for operation in asked if operation]


@pytest.fixture
def strict(cloud: Cloud) -> Iterator[Strict]:
    with demanding(cloud.connection) as (connection, line):
        yield Strict(Installation(connection), line)


def begun(strict: Strict, person: Person) -> str:
    """The secret, after a sign-in that asked for one."""
    assert code_of(strict.device.sign_in(person.email)) == "second_factor_required"
    secret = strict.device.identity.begin_second_factor()
    assert isinstance(secret, str)
    return secret


def test_i10_the_first_code_of_a_required_factor_ends_the_sign_in(
    strict: Strict, cloud: Cloud, person: Person
) -> None:
    secret = begun(strict, person)
    assert strict.device.identity.restore() is False
    assert strict.device.sign_in(person.email, code=totp(secret)) is None
    assert is_accepted(cloud, strict.device.identity.token())
    assert strict.calls()[2:5] == [
        "AssociateSoftwareToken",
        "VerifySoftwareToken",
        "RespondToAuthChallenge",
    ]


def test_i10_a_wrong_code_can_be_followed_by_the_right_one(strict: Strict, person: Person) -> None:
    secret = begun(strict, person)
    wrong = f"{(int(totp(secret)) + 500_000) % 1_000_000:06d}"
    for code in (wrong, "12", "letters"):
        assert code_of(strict.device.sign_in(person.email, code=code)) == "wrong_code"
    assert strict.device.identity.restore() is False
    assert strict.device.sign_in(person.email, code=totp(secret)) is None
    assert strict.calls().count("AssociateSoftwareToken") == 1


def test_i10_a_code_that_came_before_the_secret_sets_nothing_up(
    strict: Strict, person: Person
) -> None:
    failure = strict.device.sign_in(person.email, code="123456")
    assert code_of(failure) == "second_factor_required"
    assert "VerifySoftwareToken" not in strict.calls()


def test_a_secret_begun_for_one_address_lets_no_other_in(
    strict: Strict, cloud: Cloud, person: Person
) -> None:
    secret = begun(strict, person)
    other = cloud.person()
    failure = strict.device.sign_in(other.email, code=totp(secret))
    assert code_of(failure) == "second_factor_required"


def test_i10_a_temporary_password_and_a_required_factor_come_one_after_the_other(
    strict: Strict, cloud: Cloud
) -> None:
    email = cloud.person().email
    cloud.boto3_client("cognito-idp").admin_set_user_password(
        UserPoolId=cloud.connection.user_pool_id,
        Username=email,
        Password="temporary Words 1",
        Permanent=False,
    )
    device = strict.device
    assert code_of(device.sign_in(email, "temporary Words 1")) == "new_password_required"
    told = device.sign_in(email, "temporary Words 1", PASSWORD)
    assert code_of(told) == "second_factor_required"
    secret = device.identity.begin_second_factor()
    assert isinstance(secret, str)
    assert device.sign_in(email, "temporary Words 1", PASSWORD, totp(secret)) is None


def test_a_line_cut_while_the_code_is_checked_costs_only_another_try(
    strict: Strict, person: Person
) -> None:
    secret = begun(strict, person)
    answering = strict.line.answering
    strict.line.answering = lambda _: Answer(503, b"", "text/html")
    assert code_of(strict.device.sign_in(person.email, code=totp(secret))) == "too_many_requests"
    strict.line.answering = answering
    assert strict.device.sign_in(person.email, code=totp(secret)) is None


@pytest.mark.parametrize("late", ["AssociateSoftwareToken", "VerifySoftwareToken"])
def test_setting_up_for_too_long_is_said_and_begins_anew(
    strict: Strict, person: Person, late: str
) -> None:
    answering = strict.line.answering

    def over(request: Request) -> object:
        if request.headers.get("x-amz-target", "").endswith(f".{late}"):
            body = {"__type": "NotAuthorizedException", "message": "Invalid session for the user."}
            return Answer(400, json.dumps(body).encode(), "application/x-amz-json-1.1")
        return answering(request)

    strict.line.answering = over  # type: ignore[assignment]
    identity = strict.device.identity
    assert code_of(strict.device.sign_in(person.email)) == "second_factor_required"
    secret = identity.begin_second_factor()
    if late == "VerifySoftwareToken":
        assert isinstance(secret, str)
        failure: object = strict.device.sign_in(person.email, code=totp(secret))
    else:
        failure = secret
    assert code_of(failure) == "set_up_over"
    strict.line.answering = answering
    assert strict.device.sign_in(person.email, code=totp(begun(strict, person))) is None


def test_a_pool_that_offers_only_another_factor_is_said(cloud: Cloud) -> None:
    challenge = {
        "ChallengeName": "MFA_SETUP",
        "ChallengeParameters": {"MFAS_CAN_SETUP": '["SMS_MFA"]'},
    }
    with demanding(cloud.connection) as (connection, line):
        answering = line.answering

        def other(request: Request) -> object:
            answer = answering(request)
            assert isinstance(answer, Answer)
            if b"MFA_SETUP" in answer.body:
                return Answer(200, json.dumps(challenge).encode(), answer.kind)
            return answer

        line.answering = other  # type: ignore[assignment]
        failure = Installation(connection).sign_in(cloud.person().email)
    assert code_of(failure) == "challenge_unsupported"
