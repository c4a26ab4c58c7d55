"""Signing in where it is not plain: a temporary password, no keyring, a locked one."""

from pathlib import Path

import pytest

from mydoctransfer.adapters.connection import to_text
from tests.support.cloud import PASSWORD, Cloud, Person
from tests.support.desk import UP_TO_DATE, Desk
from tests.support.desktop import DesktopSession
from tests.support.open_pool import CODE, opened
from tests.support.session import NewSession
from tests.support.strict_pool import demanding
from tests.support.totp import totp
from tests.support.window import use_folder

TEMPORARY, OWN = "temporary Words 1", "words of my own 2"


@pytest.fixture
def newcomer(cloud: Cloud) -> str:
    """Somebody whose administrator has just made their account."""
    email = "newcomer@example.org"
    cloud.boto3_client("cognito-idp").admin_create_user(
        UserPoolId=cloud.connection.user_pool_id,
        Username=email,
        TemporaryPassword=TEMPORARY,
        MessageAction="SUPPRESS",
        UserAttributes=[
            {"Name": "email", "Value": email},
            {"Name": "email_verified", "Value": "true"},
            {"Name": "given_name", "Value": "Nora"},
            {"Name": "family_name", "Value": "Newcomer"},
        ],
    )
    return email


def test_a_temporary_password_is_replaced_by_ones_own(
    session: DesktopSession, tmp_path: Path, cloud: Cloud, newcomer: str
) -> None:
    desk = Desk(session, tmp_path / "desk")
    desk.device.ok("connect", str(cloud.connection_file))
    desk.start()
    desk.app.find(id="sign-in-email", timeout=60).text = newcomer
    desk.app.find(id="sign-in-password").text = TEMPORARY
    desk.press("sign-in-button")
    new = desk.app.find(id="sign-in-new-password", timeout=60).wait(lambda it: it.is_focused)
    assert "Choose your own" in desk.app.find(id="sign-in-message").text
    desk.picture("temporary-password")

    new.text = OWN
    session.key("Return")
    desk.app.find(id="folder-use", timeout=60)
    assert cloud.tokens(newcomer, OWN)


@pytest.mark.parametrize("store", ["file", "memory"])
def test_without_a_keyring_the_person_says_where_the_session_is_kept(
    new_session: NewSession, tmp_path: Path, cloud: Cloud, person: Person, store: str
) -> None:
    desk = Desk(new_session(keyring="none"), tmp_path / "desk")
    desk.device.ok("connect", str(cloud.connection_file))
    desk.start()
    desk.app.find(id="sign-in-email", timeout=60).text = person.email
    desk.app.find(id="sign-in-password").text = PASSWORD
    desk.press("sign-in-button")
    said = desk.app.find(id="sign-in-message", timeout=60)
    assert "no keyring" in said.text
    desk.picture("no-keyring")
    desk.press(f"sign-in-store-{store}")
    desk.app.find(id="folder-use", timeout=60)
    use_folder(desk.app, desk.folder)
    desk.wait_for_state(UP_TO_DATE)
    assert desk.quit() == 0

    desk.start()
    if store == "file":
        desk.wait_for_state(UP_TO_DATE)
    else:
        field = desk.app.find(id="sign-in-email", timeout=60)
        assert field.text == person.email


def test_a_locked_keyring_is_said_and_unlocking_it_leads_in(
    new_session: NewSession, tmp_path: Path, cloud: Cloud, person: Person
) -> None:
    session = new_session()
    desk = Desk(session, tmp_path / "desk").move_in(cloud, person)
    assert desk.quit() == 0
    session.lock_keyring()
    desk.start()
    # The keyring asks; nobody answers for a while; then somebody does.
    desk.app.find(id="sign-in-message", timeout=60).wait(lambda it: "keyring is locked" in it.text)
    desk.picture("locked-keyring")
    session.open_keyring()
    session.wait_for_window("MyDoc Transfer")
    desk.press("sign-in-again")
    desk.wait_for_state(UP_TO_DATE)


def test_a_second_factor_is_set_up_and_asked_for_at_the_next_sign_in(
    session: DesktopSession, tmp_path: Path, cloud: Cloud, person: Person
) -> None:
    """I10, from the first scan of the key to the code at the sign-in."""
    desk = Desk(session, tmp_path / "desk").move_in(cloud, person)
    session.key("ctrl+comma")
    desk.app.find(id="settings-tabs")
    session.wait_for_window("Settings")
    session.key("Right")
    desk.app.find(id="settings-second-factor").wait(lambda it: it.is_enabled).click()
    key = desk.app.find(id="second-factor-key").wait(lambda it: bool(it.text), 60)
    secret = key.text.replace(" ", "")
    desk.wait_for_focus("second-factor-code")
    session.type("1")
    session.key("Return")
    desk.app.find(id="second-factor-message", timeout=60).wait(lambda it: "wrong" in it.text)
    session.key("ctrl+a")
    session.type(totp(secret))
    session.key("Return")
    desk.app.find(id="settings-message", timeout=60).wait(lambda it: "asks for a code" in it.text)
    desk.press("settings-sign-out")

    desk.app.find(id="sign-in-password", timeout=60).text = PASSWORD
    desk.press("sign-in-button")
    desk.wait_for_focus("sign-in-code")
    desk.picture("second-factor")
    session.type(totp(secret))
    session.key("Return")
    desk.wait_for_state(UP_TO_DATE)


def test_a_second_factor_the_pool_requires_is_set_up_while_signing_in(
    session: DesktopSession, tmp_path: Path, cloud: Cloud, person: Person
) -> None:
    """I10: a key to scan, a wrong code, the right one, and the first run goes on."""
    with demanding(cloud.connection) as (connection, _):
        file = tmp_path / "connection.json"
        file.write_text(to_text(connection))
        desk = Desk(session, tmp_path / "desk")
        desk.device.ok("connect", str(file))
        desk.start()
        desk.app.find(id="sign-in-email", timeout=60).text = person.email
        desk.app.find(id="sign-in-password").text = PASSWORD
        desk.press("sign-in-button")
        key = desk.app.find(id="second-factor-key", timeout=60).wait(lambda it: bool(it.text), 60)
        secret = key.text.replace(" ", "")
        desk.wait_for_focus("second-factor-code")
        session.type("1")
        session.key("Return")
        desk.app.find(id="second-factor-message", timeout=60).wait(lambda it: "wrong" in it.text)
        desk.picture("required-factor")
        session.key("ctrl+a")
        session.type(totp(secret))
        session.key("Return")
        desk.app.find(id="folder-use", timeout=60)
        assert desk.run("whoami").code == 0


def test_an_account_of_ones_own_is_made_with_the_keyboard(
    session: DesktopSession, tmp_path: Path, cloud: Cloud
) -> None:
    """Address, name, password; a wrong code, the right one; and the first run goes on."""
    email = "nora@example.org"
    with opened(cloud) as connection:
        file = tmp_path / "connection.json"
        file.write_text(to_text(connection))
        desk = Desk(session, tmp_path / "desk")
        desk.device.ok("connect", str(file))
        desk.start()
        desk.app.find(id="sign-in-sign-up", timeout=60).click()
        desk.wait_for_focus("sign-up-email")
        for words in (email, "Nora", "Newcomer", OWN):
            session.type(words)
            session.key("Tab")
        desk.picture("sign-up")
        desk.press("sign-up-submit")
        desk.app.find(id="sign-up-code", timeout=60).wait(lambda it: it.is_focused)
        session.type("1")
        session.key("Return")
        desk.app.find(id="sign-up-message", timeout=60).wait(lambda it: "wrong" in it.text)
        desk.picture("sign-up-code")
        session.key("ctrl+a")
        session.type(CODE)
        session.key("Return")
        desk.app.find(id="folder-use", timeout=60)
        assert desk.device.ok("whoami")["given_name"] == "Nora"
        assert email not in desk.running.stderr
