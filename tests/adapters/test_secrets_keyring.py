"""The session's secret, in a real Secret Service and in a file (I04, I05, I06, T69)."""

import json
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from mydoctransfer.adapters.secrets import FileStore, KeyringStore, MemoryStore, Secret
from mydoctransfer.engine.ports import Failure
from tests.support.desktop import DesktopSession
from tests.support.session import NewSession
from tests.support.waiting import wait_for

PROGRAM = Path(__file__).with_name("secret_program.py")
LONG = "".join(chr(33 + n % 90) for n in range(2500))  # a Cognito refresh token is as long
SECRET = Secret("client", "a@example.org", "sub", LONG)


def do(session: DesktopSession, what: str, **more: object) -> Any:
    asked = json.dumps({"service": "MyDoc Transfer test", "do": what, **more})
    return json.loads(session.run(sys.executable, PROGRAM, input=asked))


def entries(session: DesktopSession) -> list[str]:
    """The accounts stored under the service, as another program sees them."""
    listing = "import secretstorage as s\nc = s.get_default_collection(s.dbus_init())\n" + (
        "print(*sorted(i.get_attributes()['username'] for i in c.get_all_items() "
        "if i.get_attributes().get('service') == 'MyDoc Transfer test'))"
    )
    return session.run(sys.executable, "-c", listing).split()


@pytest.fixture
def keyring(session: DesktopSession) -> DesktopSession:
    do(session, "delete")
    do(session, "delete", piece=1000)
    return session


# --- a real keyring ------------------------------------------------------------------------------


def test_a_long_secret_is_one_entry_and_survives_the_program(keyring: DesktopSession) -> None:
    assert do(keyring, "load") is None
    assert do(keyring, "save", token=LONG) is None
    assert entries(keyring) == ["session"]
    assert do(keyring, "load") == {"token": LONG}
    assert do(keyring, "delete") is None
    assert entries(keyring) == []
    assert do(keyring, "delete") is None


@pytest.mark.parametrize("piece", [1, 999, 1200, 2599])
def test_i06_a_secret_longer_than_an_entry_is_cut_into_pieces_and_put_together(
    keyring: DesktopSession, piece: int
) -> None:
    token = LONG if piece > 1 else "t"
    assert do(keyring, "save", token=token, piece=piece) is None
    assert do(keyring, "load") == {"token": token}
    assert do(keyring, "delete") is None
    assert entries(keyring) == []


def test_i06_a_shorter_secret_leaves_no_pieces_of_the_longer_one(keyring: DesktopSession) -> None:
    assert do(keyring, "save", token=LONG, piece=300) is None
    assert len(entries(keyring)) > 8
    assert do(keyring, "save", token="short", piece=300) is None
    assert entries(keyring) == ["session"]
    assert do(keyring, "load") == {"token": "short"}


@pytest.mark.parametrize("value", ["", "{", "[]", '{"pieces": 3, "sha256": "ab"}', LONG])
def test_i06_a_damaged_entry_means_sign_in_again_not_a_crash(
    keyring: DesktopSession, value: str
) -> None:
    keyring.run(
        *("secret-tool", "store", "--label=x", "service", "MyDoc Transfer test"),
        *("username", "session", "application", "Python keyring library"),
        input=value or " ",
    )
    assert do(keyring, "load") is None
    assert do(keyring, "save", token="new") is None
    assert do(keyring, "load") == {"token": "new"}


def test_i06_a_missing_piece_means_sign_in_again(keyring: DesktopSession) -> None:
    assert do(keyring, "save", token=LONG, piece=1200) is None
    keyring.run("secret-tool", "clear", "service", "MyDoc Transfer test", "username", "session-1")
    assert do(keyring, "load") is None


def test_i04_a_locked_keyring_is_no_missing_session_and_asks_only_once(
    new_session: NewSession,
) -> None:
    session = new_session(keyring="locked", tray=False)
    asked = {"service": "s", "do": "load twice", "patience": 3.0}
    program = session.launch(
        *("sh", "-c", 'printf %s "$1" | "$2" "$3"', "sh"),
        *(json.dumps(asked), sys.executable, PROGRAM),
    )
    wait_for(lambda: any("keyring" in title.lower() for title in session.window_titles()))
    # Nobody answers: both calls give up, and the program ends although the question is still there.
    assert program.wait() == 0, program.stderr
    assert json.loads(program.stdout) == {"failure": "keyring_locked"}
    titles = [t for t in session.window_titles() if "keyring" in t.lower()]
    assert len(titles) <= 1


def test_i04_once_unlocked_it_goes_on(new_session: NewSession) -> None:
    session = new_session(keyring="locked", tray=False)
    asked = {"service": "s", "do": "save", "token": LONG}
    program = session.launch(
        *("sh", "-c", 'printf %s "$1" | "$2" "$3"', "sh"),
        *(json.dumps(asked), sys.executable, PROGRAM),
    )
    session.open_keyring()
    assert program.wait() == 0, program.stderr
    assert json.loads(program.stdout) is None
    assert do(session, "load", service="s") == {"token": LONG}


def test_i05_without_a_keyring_it_says_so_and_falls_back_to_nothing(
    new_session: NewSession,
) -> None:
    session = new_session(keyring="none", tray=False, notifications=False)
    for what in ("save", "load", "delete"):
        assert do(session, what, token="t") == {"failure": "no_keyring"}
    assert not list(session.home.rglob("*.json"))


@pytest.mark.parametrize("backend", ["null", "fail"])
def test_a_keyring_that_keeps_nothing_is_none(
    session: DesktopSession, backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        session.environment, "PYTHON_KEYRING_BACKEND", f"keyring.backends.{backend}.Keyring"
    )
    assert do(session, "save", token="t") == {"failure": "no_keyring"}
    assert do(session, "load") == {"failure": "no_keyring"}


# --- a file --------------------------------------------------------------------------------------


def test_a_file_is_kept_for_this_person_alone(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "session.json")
    assert store.load() is None
    for _ in range(2):
        assert store.save(SECRET) is None
        assert stat.S_IMODE((tmp_path / "session.json").stat().st_mode) == 0o600
    assert store.load() == SECRET
    assert store.delete() is None
    assert store.load() is None
    assert store.delete() is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"\xff", b'{"client": 1}'])
def test_i06_a_damaged_file_is_said(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "session.json"
    file.write_bytes(content)
    file.chmod(0o600)
    failure = FileStore(file).load()
    assert isinstance(failure, Failure)
    assert failure.code == "keyring_unusable"
    assert FileStore(file).save(SECRET) is None


def test_t69_a_file_that_was_opened_to_others_is_not_used(tmp_path: Path) -> None:
    file = tmp_path / "session.json"
    assert FileStore(file).save(SECRET) is None
    file.chmod(0o644)
    failure = FileStore(file).load()
    assert isinstance(failure, Failure)
    assert "open to others" in failure.message


def test_t69_a_link_in_its_place_is_neither_read_nor_written_through(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("theirs")
    (tmp_path / "session.json").symlink_to("elsewhere")
    store = FileStore(tmp_path / "session.json")
    assert isinstance(store.load(), Failure)
    assert store.save(SECRET) is None
    assert (tmp_path / "elsewhere").read_text() == "theirs"
    assert store.load() == SECRET


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    failure = FileStore(tmp_path / "no such directory" / "session.json").save(SECRET)
    assert isinstance(failure, Failure)
    assert failure.code == "keyring_unusable"


def test_memory_keeps_it_as_long_as_it_lives() -> None:
    store = MemoryStore()
    assert store.load() is None
    assert store.save(SECRET) is None
    assert store.load() == SECRET
    assert store.delete() is None
    assert store.load() is None


def test_t70_the_secret_does_not_show_where_things_are_logged() -> None:
    assert LONG not in repr(SECRET)
    assert LONG not in repr(KeyringStore("s").__dict__)
