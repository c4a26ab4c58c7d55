"""Signing in and staying so, against the real user pool of the local cloud (group I)."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import pytest
import urllib3

from mydoctransfer.adapters import tokens
from mydoctransfer.adapters.connection import Connection
from mydoctransfer.adapters.identity import PoolIdentity
from mydoctransfer.adapters.secrets import MemoryStore, Secret
from mydoctransfer.adapters.userpool import UserPool
from mydoctransfer.adapters.web import Deadlines, Web
from mydoctransfer.engine.ports import Failure, FailureKind
from tests.support.cloud import PASSWORD, Cloud, Person
from tests.support.installation import Installation, code_of, is_accepted
from tests.support.loopback import Answer, Loopback, Never, Request, serving
from tests.support.totp import totp

MINUTE = 60_000


class BrokenStore(MemoryStore):
    """A keyring that is locked."""

    def load(self) -> Failure:
        return Failure(FailureKind.KEYRING, "Locked.", "keyring_locked")

    def save(self, secret: Secret) -> Failure:
        return self.load()

    def delete(self) -> Failure:
        return self.load()


@pytest.fixture
def device(cloud: Cloud) -> Installation:
    return Installation(cloud.connection)


@dataclass
class Watched:
    """The real cloud behind a server that counts what it is asked."""

    server: Loopback
    connection: Connection

    def calls(self) -> list[str]:
        operations = [r.headers.get("x-amz-target", r.method) for r in self.server.requests]
        return [operation.rpartition(".")[2] for operation in operations]


@pytest.fixture
def watched(cloud: Cloud) -> Iterator[Watched]:
    http = urllib3.PoolManager()

    def forward(request: Request) -> Answer:
        headers = {n: v for n, v in request.headers.items() if n not in ("host", "content-length")}
        reply = http.request(
            request.method, cloud.endpoint + request.target, body=request.body, headers=headers
        )
        return Answer(reply.status, reply.data, reply.headers["content-type"])

    with serving(forward) as server:
        yield Watched(server, replace(cloud.connection, endpoint_url=server.url))
    http.clear()


# --- signing in ----------------------------------------------------------------------------------


def test_signing_in_gives_a_token_the_real_api_accepts(
    device: Installation, cloud: Cloud, person: Person
) -> None:
    assert device.sign_in(person.email) is None
    assert is_accepted(cloud, device.identity.token())
    ((email, sub, store),) = device.seen
    assert (email, store) == (person.email, "keyring")
    assert device.secret.sub == sub


@pytest.mark.parametrize("password", ["wrong password", "", "é\udcff"[:1], PASSWORD + " "])
def test_a_wrong_password_is_said_and_leaves_nothing(
    device: Installation, person: Person, password: str
) -> None:
    assert code_of(device.sign_in(person.email, password)) == "wrong_password"
    assert device.identity.restore() is False
    assert code_of(device.identity.token()) == "not_signed_in"


def test_an_address_nobody_has_is_told_like_a_wrong_password(
    device: Installation, person: Person
) -> None:
    unknown = device.sign_in("nobody-at-all@example.org")
    assert unknown == device.sign_in(person.email, "wrong password")


def test_i10_a_forced_new_password_is_asked_for_and_set(device: Installation, cloud: Cloud) -> None:
    email = "forced@example.org"
    cognito = cloud.boto3_client("cognito-idp")
    pool = cloud.connection.user_pool_id
    cognito.admin_create_user(
        UserPoolId=pool,
        Username=email,
        TemporaryPassword="temporary one",
        MessageAction="SUPPRESS",
        UserAttributes=[
            {"Name": "email", "Value": email},
            {"Name": "given_name", "Value": "F"},
            {"Name": "family_name", "Value": "G"},
        ],
    )
    assert code_of(device.sign_in(email, "temporary one")) == "new_password_required"
    assert device.identity.restore() is False
    assert device.sign_in(email, "temporary one", new_password="a better one") is None
    assert device.sign_in(email, "a better one") is None


def test_i10_a_new_password_nobody_asked_for_changes_nothing(
    device: Installation, person: Person
) -> None:
    assert device.sign_in(person.email, new_password="unneeded one") is None
    assert device.sign_in(person.email) is None


@pytest.fixture
def careful(cloud: Cloud) -> tuple[Person, str]:
    """Somebody with a second factor, and its secret."""
    person = cloud.person()
    cognito = cloud.boto3_client("cognito-idp")
    access = cloud.tokens(person.email, PASSWORD)["AccessToken"]
    secret = cognito.associate_software_token(AccessToken=access)["SecretCode"]
    cognito.verify_software_token(AccessToken=access, UserCode=totp(secret))
    cognito.set_user_mfa_preference(
        AccessToken=access, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
    )
    return person, secret


def test_i10_a_second_factor_is_asked_for_and_answered(
    device: Installation, cloud: Cloud, careful: tuple[Person, str]
) -> None:
    person, secret = careful
    assert code_of(device.sign_in(person.email)) == "code_required"
    assert device.identity.restore() is False
    assert device.sign_in(person.email, code=totp(secret)) is None
    assert is_accepted(cloud, device.identity.token())


def test_i10_a_second_factor_can_come_at_once(
    device: Installation, careful: tuple[Person, str]
) -> None:
    person, secret = careful
    assert device.sign_in(person.email, code=totp(secret)) is None


def test_i10_a_wrong_code_is_said_and_the_next_attempt_begins_anew(
    device: Installation, careful: tuple[Person, str]
) -> None:
    person, secret = careful
    wrong = f"{(int(totp(secret)) + 500_000) % 1_000_000:06d}"
    assert code_of(device.sign_in(person.email)) == "code_required"
    assert code_of(device.sign_in(person.email, code=wrong)) == "wrong_code"
    assert code_of(device.sign_in(person.email, "wrong", code=totp(secret))) == "wrong_password"


def test_i10_a_password_that_was_reset_is_told_apart(
    device: Installation, cloud: Cloud, person: Person
) -> None:
    cognito = cloud.boto3_client("cognito-idp")
    cognito.admin_reset_user_password(
        UserPoolId=cloud.connection.user_pool_id, Username=person.email
    )
    assert code_of(device.sign_in(person.email)) == "password_reset_required"


def test_a_disabled_account_is_told_like_a_wrong_password(
    device: Installation, cloud: Cloud, person: Person
) -> None:
    cognito = cloud.boto3_client("cognito-idp")
    cognito.admin_disable_user(UserPoolId=cloud.connection.user_pool_id, Username=person.email)
    assert code_of(device.sign_in(person.email)) == "wrong_password"


@pytest.mark.parametrize(
    ("skew", "side"),
    [
        (-12 * MINUTE, "12 minutes behind"),
        (7 * MINUTE, "7 minutes ahead of"),
        (-180 * MINUTE, "3 hours behind"),
        (-3000 * MINUTE, "2 days behind"),
        (365 * 24 * 60 * MINUTE, "365 days ahead of"),
    ],
)
def test_i12_a_wrong_clock_is_said_with_how_wrong_it_is_not_as_a_wrong_password(
    device: Installation, person: Person, skew: int, side: str
) -> None:
    device.skew_ms = skew
    failure = device.sign_in(person.email)
    assert code_of(failure) == "clock_wrong"
    assert failure is not None
    assert (failure.kind, side in failure.message) == (FailureKind.CLOCK_WRONG, True)


def test_i12_a_clock_a_little_off_is_no_trouble(device: Installation, person: Person) -> None:
    device.skew_ms = 4 * MINUTE
    assert device.sign_in(person.email) is None


# --- a pool that misbehaves ----------------------------------------------------------------------


def refusing(kind: str, status: int = 400) -> Answer:
    return Answer(
        status, json.dumps({"__type": kind, "message": "No"}).encode(), "application/x-amz-json-1.1"
    )


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (refusing("TooManyRequestsException"), FailureKind.BUSY, "too_many_requests"),
        (refusing("com.amazonaws#LimitExceededException"), FailureKind.BUSY, "too_many_requests"),
        (refusing("InternalErrorException", 500), FailureKind.BUSY, "too_many_requests"),
        (Answer(503, b"", "text/html"), FailureKind.BUSY, "too_many_requests"),
        (refusing("UserNotConfirmedException"), FailureKind.REFUSED, "not_confirmed"),
        (refusing("ResourceNotFoundException"), FailureKind.REFUSED, "cloud_gone"),
        (refusing("SomethingNewException"), FailureKind.REFUSED, "sign_in_refused"),
        (Answer(200, b"<html>", "text/html"), FailureKind.OFFLINE, "captive_portal"),
        (Answer(302, b"", "text/html"), FailureKind.OFFLINE, "captive_portal"),
        (Answer(200, b"[]"), FailureKind.OFFLINE, "captive_portal"),
        (
            Answer(200, b'{"ChallengeName": "PASSWORD_VERIFIER", "ChallengeParameters": {}}'),
            FailureKind.OFFLINE,
            "unexpected_answer",
        ),
        (Answer(200, b'{"ChallengeName": "CUSTOM"}'), FailureKind.REFUSED, "challenge_unsupported"),
    ],
)
def test_i10_what_a_pool_can_answer_has_its_sentence(
    cloud: Cloud, answer: Answer, kind: FailureKind, code: str
) -> None:
    with serving(lambda _: answer) as server:
        device = Installation(replace(cloud.connection, endpoint_url=server.url))
        failure = device.sign_in("a@example.org")
    assert code_of(failure) == code
    assert failure is not None
    assert failure.kind is kind


def test_g18_a_pool_that_never_answers_is_given_up(cloud: Cloud) -> None:
    with serving(lambda _: Never()) as server:
        pool = UserPool(
            replace(cloud.connection, endpoint_url=server.url), Web(Deadlines(2, 0.3, 1), {})
        )
        identity = PoolIdentity(
            pool, {"file": MemoryStore()}, "file", time.monotonic, lambda: 0, lambda *_: None
        )
        assert code_of(identity.sign_in("a@example.org", "b", "file", None, None)) == "timeout"
        assert code_of(pool.keys()) == "timeout"


def test_i16_an_unknown_key_is_asked_for_once_more_and_then_not_believed(
    watched: Watched, person: Person
) -> None:
    device = Installation(watched.connection)
    pool = UserPool(watched.connection, Web())
    assert device.sign_in(person.email) is None
    token = device.identity.token()
    assert isinstance(token, str)
    assert tokens.verified_sub(token, pool) == device.secret.sub
    _, payload, signature = token.split(".")
    other = base64.urlsafe_b64encode(b'{"alg": "RS256", "kid": "rotated"}').decode().rstrip("=")
    watched.server.requests.clear()
    assert code_of(tokens.verified_sub(f"{other}.{payload}.{signature}", pool)) == "untrusted_token"
    assert watched.calls() == ["GET", "GET"]


def test_t73_a_token_somebody_else_signed_is_not_believed(cloud: Cloud, person: Person) -> None:
    device = Installation(cloud.connection)
    assert device.sign_in(person.email) is None
    token = str(device.identity.token())
    pool = UserPool(cloud.connection, Web())
    header, payload, signature = token.split(".")
    forged = f"{header}.{payload}.{signature[:-8]}AAAAAAAA"
    none = base64.urlsafe_b64encode(b'{"alg": "none"}').decode().rstrip("=")
    for wrong in (forged, f"{none}.{payload}.", "a.b.c", "", "\udcff"):
        assert code_of(tokens.verified_sub(wrong, pool)) == "untrusted_token"
    elsewhere = UserPool(replace(cloud.connection, client_id="another"), Web())
    assert code_of(tokens.verified_sub(token, elsewhere)) == "untrusted_token"


def test_t73_the_keys_in_the_environment_are_ignored(
    device: Installation, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COGNITO_JWKS", '{"keys": []}')
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:1")
    assert device.sign_in(person.email) is None


# --- going on ------------------------------------------------------------------------------------


def test_a_session_survives_a_restart(device: Installation, cloud: Cloud, person: Person) -> None:
    assert device.sign_in(person.email) is None
    again = device.restarted()
    assert again.identity.restore() is True
    assert is_accepted(cloud, again.identity.token())


def test_nobody_signed_in_means_no_question_to_the_keyring(cloud: Cloud) -> None:
    device = Installation(cloud.connection, {"keyring": BrokenStore()})
    assert device.identity.restore() is False
    assert device.identity.sign_out(everywhere=False) is None


def test_a_locked_keyring_is_not_taken_for_nobody(cloud: Cloud) -> None:
    device = Installation(cloud.connection, {"keyring": BrokenStore()}, "keyring")
    assert code_of(device.identity.restore()) == "keyring_locked"


def test_a_session_is_offered_to_no_other_cloud(
    device: Installation, cloud: Cloud, person: Person
) -> None:
    assert device.sign_in(person.email) is None
    elsewhere = replace(cloud.connection, client_id="another")
    assert Installation(elsewhere, device.stores, device.store).identity.restore() is False


def test_a_young_token_is_used_again_and_an_old_one_renewed(
    watched: Watched, person: Person
) -> None:
    device = Installation(watched.connection)
    assert device.sign_in(person.email) is None
    first = device.identity.token()
    watched.server.requests.clear()
    device.ahead += 200
    assert device.identity.token() == first
    assert watched.calls() == []
    device.ahead += 90
    assert device.identity.token() != first
    assert watched.calls() == ["InitiateAuth"]


def test_i09_ten_threads_that_see_a_401_at_once_renew_once(
    watched: Watched, cloud: Cloud, person: Person
) -> None:
    device = Installation(watched.connection)
    assert device.sign_in(person.email) is None
    stale = str(device.identity.token())
    watched.server.requests.clear()
    start = threading.Barrier(10)

    def see_a_401(_: int) -> object:
        start.wait()
        return device.identity.token(stale)

    with ThreadPoolExecutor(10) as threads:
        renewed = set(threads.map(see_a_401, range(10)))
    assert watched.calls() == ["InitiateAuth"]
    (token,) = renewed
    assert token != stale
    assert is_accepted(cloud, token)


def test_i09_ten_threads_share_one_failure_too(cloud: Cloud, person: Person) -> None:
    device = Installation(cloud.connection)
    assert device.sign_in(person.email) is None
    arrived = threading.Semaphore(0)

    def slow(_: Request) -> Answer:
        for _thread in range(10):
            arrived.acquire()
        return Answer(200, b"<html>", "text/html")

    with serving(slow) as server:
        away = Installation(
            replace(cloud.connection, endpoint_url=server.url), device.stores, device.store
        )
        assert away.identity.restore() is True

        def ask(_: int) -> object:
            arrived.release()
            return away.identity.token()

        with ThreadPoolExecutor(10) as threads:
            outcomes = list(threads.map(ask, range(10)))
        assert {code_of(outcome) for outcome in outcomes} == {"captive_portal"}
        assert len(server.requests) == 1


def test_i01_a_revoked_session_ends_once_and_asks_no_more(
    watched: Watched, cloud: Cloud, person: Person
) -> None:
    device = Installation(watched.connection)
    assert device.sign_in(person.email) is None
    cognito = cloud.boto3_client("cognito-idp")
    cognito.revoke_token(Token=device.secret.refresh_token, ClientId=cloud.connection.client_id)
    stale = str(device.identity.token())
    watched.server.requests.clear()
    failure = device.identity.token(stale)
    assert code_of(failure) == "session_ended"
    assert isinstance(failure, Failure)
    assert failure.kind is FailureKind.SIGNED_OUT
    for _ in range(3):
        assert code_of(device.identity.token(stale)) == "not_signed_in"
    assert watched.calls() == ["InitiateAuth"]
    assert device.restarted().identity.restore() is False


def test_i02_a_password_changed_elsewhere_and_everybody_signed_out_asks_again(
    device: Installation, cloud: Cloud, person: Person
) -> None:
    assert device.sign_in(person.email) is None
    cognito = cloud.boto3_client("cognito-idp")
    who: dict[str, Any] = {
        "UserPoolId": cloud.connection.user_pool_id,
        "Username": person.email,
    }
    cognito.admin_set_user_password(**who, Password="changed elsewhere", Permanent=True)
    cognito.admin_user_global_sign_out(**who)
    assert code_of(device.identity.token(str(device.identity.token()))) == "session_ended"
    assert device.sign_in(person.email, "changed elsewhere") is None


def test_offline_the_session_is_kept(cloud: Cloud, device: Installation, person: Person) -> None:
    assert device.sign_in(person.email) is None
    with serving(lambda _: Answer()) as server:
        url = server.url
    away = Installation(replace(cloud.connection, endpoint_url=url), device.stores, device.store)
    assert away.identity.restore() is True
    failure = away.identity.token()
    assert code_of(failure) == "offline"
    assert isinstance(failure, Failure)
    assert failure.kind is FailureKind.OFFLINE
    assert device.restarted().identity.restore() is True


# --- stores --------------------------------------------------------------------------------------


def test_a_store_that_fails_leaves_nobody_signed_in(cloud: Cloud, person: Person) -> None:
    device = Installation(cloud.connection, {"keyring": BrokenStore()})
    assert code_of(device.sign_in(person.email)) == "keyring_locked"
    assert code_of(device.identity.token()) == "not_signed_in"
    assert device.seen == []


def test_i13_another_store_or_another_account_leaves_no_old_secret(
    device: Installation, cloud: Cloud, person: Person
) -> None:
    assert device.sign_in(person.email) is None
    old = device.secret
    other = cloud.person()
    assert device.sign_in(other.email, store="file") is None
    assert device.stores["keyring"].load() is None
    assert device.secret.email == other.email
    left_over = Installation(cloud.connection, store="keyring")
    left_over.stores["keyring"].save(old)
    assert left_over.identity.restore() is True
    assert code_of(left_over.identity.token()) == "session_ended"


# --- signing out ---------------------------------------------------------------------------------


def test_i14_signing_out_revokes_and_forgets(
    device: Installation, cloud: Cloud, person: Person
) -> None:
    assert device.sign_in(person.email) is None
    old = device.secret
    assert device.identity.sign_out(everywhere=False) is None
    assert device.stores["keyring"].load() is None
    assert code_of(device.identity.token()) == "not_signed_in"
    stolen = Installation(cloud.connection, store="keyring")
    stolen.stores["keyring"].save(old)
    assert stolen.identity.restore() is True
    assert code_of(stolen.identity.token()) == "session_ended"


def test_i14_signing_out_here_leaves_my_other_device_alone(
    device: Installation, cloud: Cloud, person: Person
) -> None:
    other = Installation(cloud.connection)
    assert device.sign_in(person.email) is None
    assert other.sign_in(person.email) is None
    assert device.identity.sign_out(everywhere=False) is None
    assert is_accepted(cloud, other.identity.token(str(other.identity.token())))


def test_i14_signing_out_everywhere_ends_my_other_device(
    device: Installation, cloud: Cloud, person: Person
) -> None:
    other = Installation(cloud.connection)
    assert device.sign_in(person.email) is None
    assert other.sign_in(person.email) is None
    # A global sign-out ends what was issued before it, by the second.
    assert device.restarted().identity.restore() is True
    assert device.identity.sign_out(everywhere=True) is None
    assert device.stores["keyring"].load() is None
    assert code_of(other.identity.token(str(other.identity.token()))) == "session_ended"


def test_i14_offline_one_can_still_sign_out_here_but_not_everywhere(
    device: Installation, cloud: Cloud, person: Person
) -> None:
    assert device.sign_in(person.email) is None
    with serving(lambda _: Answer()) as server:
        url = server.url
    away = Installation(replace(cloud.connection, endpoint_url=url), device.stores, device.store)
    assert code_of(away.identity.sign_out(everywhere=True)) == "offline"
    assert device.stores["keyring"].load() is not None
    assert away.identity.sign_out(everywhere=False) is None
    assert device.stores["keyring"].load() is None


def test_signing_out_when_nobody_is_signed_in_is_no_error(device: Installation) -> None:
    assert device.identity.sign_out(everywhere=False) is None
    assert device.identity.sign_out(everywhere=True) is None


def test_t69_t70_no_secret_shows_where_things_are_logged(
    device: Installation, person: Person
) -> None:
    assert device.sign_in(person.email) is None
    identity = device.identity
    shown = repr((device.secret, identity._tokens, identity._signing_in._challenge))
    token = identity.token()
    assert isinstance(token, str)
    assert device.secret.refresh_token not in shown
    assert token not in shown


NEW = "new Words of one's own 3"
SENT = "654321"  # the local cloud sends the same code to everybody who forgot


def test_i10_a_forgotten_password_is_replaced_with_the_code_that_was_sent(
    device: Installation, person: Person
) -> None:
    assert device.identity.send_code(person.email) is None
    assert code_of(device.identity.reset_password(person.email, "000000", NEW)) == "wrong_code"
    assert device.identity.reset_password(person.email, SENT, NEW) is None
    assert code_of(device.sign_in(person.email)) == "wrong_password"
    assert device.sign_in(person.email, NEW) is None


def test_a_code_for_an_address_nobody_has_looks_like_any_other(device: Installation) -> None:
    assert device.identity.send_code("nobody@example.org") is None
    refused = device.identity.reset_password("nobody@example.org", SENT, NEW)
    assert code_of(refused) == "wrong_code"


def test_a_password_is_changed_by_whoever_knows_the_present_one(
    device: Installation, person: Person
) -> None:
    assert code_of(device.identity.change_password(PASSWORD, NEW)) == "not_signed_in"
    assert device.sign_in(person.email) is None
    assert code_of(device.identity.change_password("wrong", NEW)) == "wrong_password"
    assert device.identity.change_password(PASSWORD, NEW) is None
    assert device.sign_in(person.email, NEW) is None


def test_a_second_factor_is_set_up_asked_for_and_turned_off_again(
    device: Installation, person: Person
) -> None:
    """I10: nothing counts before the first code has proved that the secret arrived."""
    identity = device.identity
    assert code_of(identity.begin_second_factor()) == "not_signed_in"
    assert device.sign_in(person.email) is None
    assert identity.has_second_factor() is False
    secret = identity.begin_second_factor()
    assert isinstance(secret, str)
    assert identity.has_second_factor() is False
    for wrong in ("000000", "12", "letters"):
        assert code_of(identity.confirm_second_factor(wrong)) == "wrong_code"
    assert identity.has_second_factor() is False
    assert identity.confirm_second_factor(totp(secret)) is None
    assert identity.has_second_factor() is True

    assert code_of(device.sign_in(person.email)) == "code_required"
    assert identity.sign_in(person.email, PASSWORD, "file", None, totp(secret)) is None
    assert identity.end_second_factor() is None
    assert identity.has_second_factor() is False
    assert device.sign_in(person.email) is None


def test_a_code_without_a_secret_is_wrong(device: Installation, person: Person) -> None:
    assert device.sign_in(person.email) is None
    assert code_of(device.identity.confirm_second_factor("123456")) == "wrong_code"
