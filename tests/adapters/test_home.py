"""The places of an installation, its configuration (M05) and the connection file, on a disk."""

import errno
import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mydoctransfer.adapters import connection, home
from mydoctransfer.adapters.config import Config
from mydoctransfer.adapters.connection import Connection
from mydoctransfer.adapters.journal import SqliteJournal
from mydoctransfer.model.errors import AppError

CLOUD = Connection(
    "https://api.example.org/prod", "eu-south-1", "eu-south-1_AbC123", "client0123", None, "Ours"
)
LOCAL = replace(CLOUD, api_url="http://127.0.0.1:4566/_aws/x", endpoint_url="http://127.0.0.1:4566")


@pytest.fixture
def place(tmp_path: Path) -> home.Home:
    found = home.find(str(tmp_path / "home"), {})
    found.prepare()
    return found


def file_with(tmp_path: Path, **changes: object) -> Path:
    fields = {name: getattr(CLOUD, name) for name in CLOUD.__dataclass_fields__} | changes
    file = tmp_path / "connection.json"
    file.write_text(json.dumps(fields))
    return file


# --- places --------------------------------------------------------------------------------------


def test_a_home_holds_everything_of_an_installation(tmp_path: Path) -> None:
    found = home.find(str(tmp_path / "one"), {})
    root = tmp_path / "one"
    assert found.config_file == root / "config.toml"
    assert found.journal == root / "state" / "journal.sqlite"
    assert (found.cache, found.cloud, found.inbox) == tuple(
        root / name for name in ("cache", "cloud", "inbox")
    )


def test_the_option_goes_before_the_environment(tmp_path: Path) -> None:
    environ = {home.VARIABLE: str(tmp_path / "b")}
    assert home.find(str(tmp_path / "a"), environ).state == tmp_path / "a" / "state"
    assert home.find(None, environ).state == tmp_path / "b" / "state"


def test_two_homes_have_two_keyring_entries_and_one_home_has_one_by_any_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to("a")
    monkeypatch.chdir(tmp_path)
    services = [home.find(str(p), {}).keyring_service for p in (tmp_path / "a", "a", "link")]
    assert len(set(services)) == 1
    assert home.find("b", {}).keyring_service not in services


def test_without_a_home_the_platforms_places_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CONFIG", "STATE", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    monkeypatch.setenv("HOME", str(tmp_path))
    found = home.find(None, {})
    assert found.config_file == tmp_path / "CONFIG" / "mydoctransfer" / "config.toml"
    assert found.state == tmp_path / "STATE" / "mydoctransfer"
    assert found.inbox == tmp_path / "Downloads" / "MyDoc Transfer"


def test_every_directory_is_for_this_person_alone(place: home.Home) -> None:
    directories = [place.config_file.parent, place.state, place.logs, place.cache]
    directories += [place.prepare_inbox(), place.runtime({})]
    for directory in directories:
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700, directory


def test_a_home_that_cannot_be_made_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    place = home.find(str(tmp_path / "file" / "home"), {})
    with pytest.raises(AppError, match=r"cannot be made .*--home") as caught:
        place.prepare()
    assert caught.value.code == "home_unusable"
    assert place.load()[1] == ""  # one sentence about it is enough


def test_an_installations_data_is_no_folder_to_watch(place: home.Home, tmp_path: Path) -> None:
    other = home.find(str(tmp_path / "other"), {})
    other.prepare()
    root = place.config_file.parent
    for folder in (root, place.state, place.inbox, place.logs, tmp_path, Path("/")):
        assert place.refusal(folder) is not None, folder
    for folder in (root, place.state, root / "anything"):
        assert other.refusal(folder) is not None, folder
    for folder in (tmp_path / "documents", root / "documents"):
        assert place.refusal(folder) is None, folder


def test_a_link_into_an_installations_data_is_seen_through(
    place: home.Home, tmp_path: Path
) -> None:
    (tmp_path / "innocent").symlink_to(place.state)
    assert place.refusal(tmp_path / "innocent") is not None


def test_sockets_lie_in_the_runtime_directory_and_another_terminal_finds_them(
    place: home.Home, tmp_path_factory: pytest.TempPathFactory
) -> None:
    run = tmp_path_factory.mktemp("r")  # short: a socket's path has 107 bytes
    assert place.known_runtime() is None
    made = place.runtime({"XDG_RUNTIME_DIR": str(run)})
    assert made == run / f"mydoctransfer-{place.key}"
    assert place.known_runtime() == made


def test_where_the_sockets_lie_is_written_down_once(
    place: home.Home, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """J05: a second start needs no room."""
    run, other = (str(tmp_path_factory.mktemp("r")) for _ in range(2))
    place.runtime({"XDG_RUNTIME_DIR": run})
    record = place._runtime_record
    before = record.stat()
    place.runtime({"XDG_RUNTIME_DIR": run})
    after = record.stat()  # but for when it was read last
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    made = place.runtime({"XDG_RUNTIME_DIR": other})
    assert place.known_runtime() == made


def nothing_is_written(patch: pytest.MonkeyPatch, reason: int) -> None:
    def refused(file: Path, content: bytes) -> None:
        raise OSError(reason, os.strerror(reason))

    patch.setattr(home.config, "replace", refused)


def test_on_a_full_disk_a_terminal_of_the_same_environment_finds_the_sockets(
    place: home.Home, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """J05: a first start needs no room, either."""
    nothing_is_written(monkeypatch, errno.ENOSPC)
    run, other = ({"XDG_RUNTIME_DIR": str(tmp_path_factory.mktemp("r"))} for _ in range(2))
    assert place.known_runtime(run) is None
    made = place.runtime(run)
    assert place.known_runtime(run) == made
    assert place.known_runtime(other) is None
    made.rmdir()
    assert place.known_runtime(run) is None
    made.symlink_to(other["XDG_RUNTIME_DIR"])
    with pytest.raises(AppError, match="somebody else"):
        place.known_runtime(run)


def test_on_a_full_disk_an_earlier_place_of_the_sockets_does_not_mislead(
    place: home.Home, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """J05."""
    run, other = ({"XDG_RUNTIME_DIR": str(tmp_path_factory.mktemp("r"))} for _ in range(2))
    place.runtime(other)
    nothing_is_written(monkeypatch, errno.ENOSPC)
    made = place.runtime(run)
    assert place.known_runtime(run) == made


def test_a_place_of_the_sockets_that_cannot_be_written_down_for_another_reason_is_said(
    place: home.Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing_is_written(monkeypatch, errno.EIO)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        place.runtime({})


def test_a_deep_home_keeps_its_socket_paths_short(tmp_path: Path) -> None:
    deep = home.find(str(tmp_path / ("d" * 60) / ("e" * 60)), {})
    deep.prepare()
    made = deep.runtime({})
    try:
        assert len(os.fsencode(made / "control")) <= 107
        assert deep.known_runtime() == made
    finally:
        made.rmdir()


def test_a_runtime_directory_that_is_no_directory_of_ours_is_refused(
    place: home.Home, tmp_path: Path
) -> None:
    made = place.runtime({})
    made.rmdir()
    (tmp_path / "elsewhere").mkdir()
    made.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(AppError, match="somebody else"):
        place.runtime({})
    with pytest.raises(AppError, match="somebody else"):
        place.known_runtime()


def test_a_runtime_directory_open_to_others_is_closed(place: home.Home) -> None:
    made = place.runtime({})
    made.chmod(0o777)
    place.runtime({})
    assert stat.S_IMODE(made.stat().st_mode) == 0o700


# --- configuration -------------------------------------------------------------------------------


FULL = Config(
    LOCAL, "/home/a/My documents", 3600, "file", "a@example.org", "sub-1", {"pause": True, "n": 3}
)


def test_what_is_saved_is_read_again(place: home.Home) -> None:
    for config in (Config(), FULL, replace(FULL, connection=CLOUD, lifetime=None), Config()):
        place.save(config)
        assert place.load() == (config, "")


@given(name=st.text(st.characters(codec=None), min_size=1, max_size=30))
def test_any_folder_name_survives(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    place = home.find(str(tmp_path_factory.mktemp("any")), {})
    config = Config(folder="/" + name)
    place.save(config)
    assert place.load() == (config, "")


def test_nothing_is_left_of_what_was_remembered(place: home.Home) -> None:
    """T69. Damaged journals of before tell of documents and people, too."""
    place.prepare()
    SqliteJournal(place.journal).close()
    place.journal.write_bytes(b"x" * 5000)
    SqliteJournal(place.journal).close()
    assert list(place.journal.parent.glob("journal.corrupt-*"))
    place.forget()
    assert not list(place.journal.parent.glob("journal*"))


def test_m05_a_missing_configuration_means_the_defaults(place: home.Home) -> None:
    assert place.load() == (Config(), "")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \n",
        b"\xff\xfe\x00",
        b"folder = ",
        b'[connection]\napi_url = "https://x',
        b"folder = 3",
        b'store = "cloud"',
        b"[settings]\na = [1]",
        b'[connection]\napi_url = "http://example.org"',
        b"connection = 1",
    ],
)
def test_m05_a_broken_configuration_is_set_aside_and_the_defaults_hold(
    place: home.Home, content: bytes
) -> None:
    for number in (1, 2):
        place.config_file.write_bytes(content)
        config, warning = place.load()
        assert config == Config()
        assert f"config.toml.broken-{number}" in warning
        assert place.config_file.with_name(f"config.toml.broken-{number}").read_bytes() == content
        assert not place.config_file.exists()


def test_m05_a_byte_order_mark_loses_nothing(place: home.Home) -> None:
    place.save(FULL)
    place.config_file.write_bytes(b"\xef\xbb\xbf" + place.config_file.read_bytes())
    assert place.load() == (FULL, "")
    place.save(replace(FULL, email="b@example.org"))
    assert place.load() == (replace(FULL, email="b@example.org"), "")


def test_m05_an_unwritable_configuration_is_said_and_nothing_is_lost(place: home.Home) -> None:
    place.save(FULL)
    place.config_file.unlink()
    place.config_file.mkdir()  # what even root cannot replace with a file
    with pytest.raises(AppError, match="could not be written") as caught:
        place.save(Config())
    assert caught.value.code == "config_not_saved"
    left = sorted(entry.name for entry in place.config_file.parent.iterdir())
    assert not [name for name in left if name.startswith(".config")]


def test_m05_a_configuration_that_cannot_be_read_is_not_replaced(place: home.Home) -> None:
    place.config_file.symlink_to(place.config_file.name)
    config, warning = place.load()
    assert "could not be read" in warning
    with pytest.raises(AppError, match="cannot be read") as caught:
        place.save(replace(config, folder="/elsewhere"))
    assert caught.value.code == "config_not_saved"
    assert place.config_file.is_symlink()


def test_comments_and_foreign_entries_survive_a_change(place: home.Home) -> None:
    place.save(FULL)
    text = place.config_file.read_text()
    place.config_file.write_text("# mine\nfuture = 7\n" + text)
    place.save(replace(FULL, lifetime=60))
    assert place.config_file.read_text().startswith("# mine\nfuture = 7\n")
    assert place.load() == (replace(FULL, lifetime=60), "")


def test_the_configuration_is_for_this_person_alone(place: home.Home) -> None:
    place.save(FULL)
    assert stat.S_IMODE(place.config_file.stat().st_mode) == 0o600


# --- the connection file -------------------------------------------------------------------------


def test_a_connection_file_is_read(tmp_path: Path) -> None:
    assert connection.read(file_with(tmp_path, newer_field=1)) == CLOUD
    local = file_with(tmp_path, api_url=LOCAL.api_url, endpoint_url=LOCAL.endpoint_url)
    assert connection.read(local) == LOCAL


@pytest.mark.parametrize(
    "changes",
    [
        {"api_url": "http://api.example.org"},
        {"api_url": "http://127.0.0.1/x"},
        {"api_url": "http://127.0.0.1/x", "endpoint_url": "http://cloud.example.org"},
        {"api_url": "http://api.example.org", "endpoint_url": "http://127.0.0.1"},
        {"endpoint_url": "http://127.0.0.1.example.org"},
        {"api_url": "https://user:word@api.example.org"},
        {"api_url": "https://api.example.org/?a=1"},
        {"api_url": "https://"},
        {"api_url": "https://[::1"},
        {"api_url": "file:///etc/passwd"},
        {"api_url": "https://api.example.org/\nX: y"},
        {"api_url": 3},
        {"region": "../.."},
        {"region": ""},
        {"user_pool_id": "nothing"},
        {"client_id": ""},
        {"name": None},
    ],
)
def test_a_connection_that_could_leak_or_mislead_is_refused(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    with pytest.raises(AppError) as caught:
        connection.read(file_with(tmp_path, **changes))
    assert (caught.value.code, caught.value.exit_code) == ("connection_invalid", 1)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff", b"null", b"[" * 100_000, b" " * 70_000 + b"{}"]
)
def test_what_is_no_connection_file_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "c.json").write_bytes(content)
    with pytest.raises(AppError, match="not a connection file") as caught:
        connection.read(tmp_path / "c.json")
    assert "\n" not in caught.value.message


def test_an_unreadable_connection_file_is_said(tmp_path: Path) -> None:
    for missing in (tmp_path / "no such file", tmp_path):
        with pytest.raises(AppError, match="cannot be read") as caught:
            connection.read(missing)
        assert caught.value.code == "connection_unreadable"


def test_the_text_of_a_connection_file_is_taken_like_the_file(tmp_path: Path) -> None:
    assert connection.pasted(file_with(tmp_path).read_text()) == CLOUD
    for text in ("", "hello", "[" * 100_000, "{}\udcff"):
        with pytest.raises(AppError, match="text of a connection file") as caught:
            connection.pasted(text)
        assert caught.value.code == "connection_invalid"
