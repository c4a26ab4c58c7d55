"""The desktop side of the composition: resetting, and what a person pastes to connect."""

import queue
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from mydoctransfer.adapters import control, profiles
from mydoctransfer.adapters import home as homes
from mydoctransfer.adapters.autostart import Autostart
from mydoctransfer.adapters.connection import Connection, pasted
from mydoctransfer.adapters.disk import FolderDisk
from mydoctransfer.adapters.home import Home
from mydoctransfer.adapters.settings import HomeSettings
from mydoctransfer.engine.messages import Message, Reply, Stop, Told
from mydoctransfer.engine.succession import Publisher
from mydoctransfer.model.commands import LookNow, SignOut, Wait
from mydoctransfer.model.errors import AppError, UsageError
from mydoctransfer.model.events import EngineState, Event, Status, StatusChanged
from mydoctransfer.model.links import set_up_in, to_set_up, to_text
from mydoctransfer.model.preferences import Network, Preferences
from mydoctransfer.model.surroundings import Surroundings
from mydoctransfer.model.wishes import Show, Wish
from mydoctransfer.outside import DesktopOutside, serving
from mydoctransfer.ui.bridge import FolderFacts

PATIENCE = 20.0
CLOUD = (
    '{"api_url": "https://a.example/api", "region": "eu-central-1", '
    '"user_pool_id": "eu-central-1_Abc", "client_id": "abc123"}'
)


class Inlet:
    """Takes what the window would take."""

    def __init__(self) -> None:
        self.events: queue.Queue[Event] = queue.Queue()

    def deliver(self, events: tuple[Event, ...]) -> None:
        for event in events:
            self.events.put(event)

    def notification_activated(self, key: str, action: str) -> None: ...

    def take_wish(self, wish: Wish) -> None: ...


class Engine:
    """Serves until it is stopped, and says what it was told."""

    def __init__(self) -> None:
        self.told: list[object] = []
        self.served = 0
        self.began = threading.Semaphore(0)

    def __call__(
        self,
        settings: HomeSettings,
        connection: Connection,
        inbox: "queue.Queue[Message]",
        publisher: Publisher,
        on_begin: Callable[[], None],
    ) -> None:
        on_begin()
        self.served += 1
        self.began.release()
        while not isinstance(message := inbox.get(), Stop):
            assert isinstance(message, Told)
            self.told.append(message.command)
            message.reply({"ok": True})


@pytest.fixture
def place(tmp_path: Path) -> Home:
    made = homes.find(str(tmp_path / "home"))
    made.prepare()
    return made


def test_a_reset_forgets_everything_but_files_and_logs(place: Home, tmp_path: Path) -> None:
    settings = HomeSettings(place, FolderDisk, lambda path: path)
    settings.connect(pasted(CLOUD))
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.txt").write_text("mine")
    settings.choose_folder(str(folder), 3600, 0)
    settings.prefer(Preferences(tell_published=False))
    settings.change_network(Network(512, 0, True, True))
    place.logs.mkdir(exist_ok=True)
    (place.logs / "mydoctransfer.log").write_text("kept")
    place.journal.write_bytes(b"journal")
    place.session_file.write_bytes(b"secret")
    place.reserve.write_bytes(b"room")

    engine, inlet = Engine(), Inlet()
    at_login = Autostart(("/bin/true",), {"XDG_CONFIG_HOME": str(tmp_path / "config")})
    at_login.enable()
    outside = DesktopOutside(place, settings, engine, at_login, None)
    outside.start(inlet)
    assert engine.began.acquire(timeout=PATIENCE)
    answers: queue.Queue[Reply] = queue.Queue()
    outside.reset(answers.put)
    assert answers.get(timeout=PATIENCE) == {"ok": True}

    assert SignOut() in engine.told
    assert engine.served == 1
    assert inlet.events.get(timeout=PATIENCE) == StatusChanged(Status(EngineState.SIGNED_OUT))
    assert not outside.has_connection
    for now in (settings, HomeSettings(place, FolderDisk, lambda path: path)):
        assert (now.folder(), now.config.connection) == (None, None)
        assert (now.preferences(), now.network()) == (Preferences(), Network())
    assert not place.journal.exists() and not place.session_file.exists()
    assert not place.reserve.exists()
    assert not at_login.is_enabled
    assert (folder / "a.txt").read_text() == "mine"
    assert (place.logs / "mydoctransfer.log").read_text() == "kept"

    outside.connect_text(CLOUD, answers.put)  # and from the beginning
    assert answers.get(timeout=PATIENCE) == {"ok": True}
    assert engine.began.acquire(timeout=PATIENCE)
    outside.quit()


def test_an_account_is_removed_and_another_opened_in_its_place(place: Home, tmp_path: Path) -> None:
    """The last one stays open, and begins anew."""
    HomeSettings(place, FolderDisk, lambda path: path).connect(pasted(CLOUD))
    other = profiles.make(place)
    settings = HomeSettings(other, FolderDisk, lambda path: path)
    settings.connect(pasted(CLOUD))
    wishes: queue.Queue[Wish] = queue.Queue()
    window = control.window_server(place.runtime(), wishes.put)
    window.start()
    engine, inlet, answers = Engine(), Inlet(), queue.Queue[Reply]()
    at_login = Autostart(("/bin/true",), {"XDG_CONFIG_HOME": str(tmp_path / "config")})
    outside = DesktopOutside(other, settings, engine, at_login, None)
    outside.start(inlet)
    try:
        assert engine.began.acquire(timeout=PATIENCE)
        assert outside.default_folder.endswith("MyDoc Transfer 2")
        assert not outside.is_first_account
        outside.remove_account(answers.put)
        assert answers.get(timeout=PATIENCE) == {"is_last": False}
        assert SignOut() in engine.told and not outside.has_connection
        assert wishes.get(timeout=PATIENCE) == Show()
        HomeSettings(place, FolderDisk, lambda path: path).forget_cloud()
        outside.remove_account(answers.put)
        assert answers.get(timeout=PATIENCE) == {"is_last": True}
    finally:
        outside.quit()
        window.close()


def test_a_pasted_set_up_link_connects_and_another_link_does_not(
    place: Home, tmp_path: Path
) -> None:
    engine = Engine()
    settings = HomeSettings(place, FolderDisk, lambda path: path)
    at_login = Autostart(("/bin/true",), {"XDG_CONFIG_HOME": str(tmp_path / "config")})
    outside = DesktopOutside(place, settings, engine, at_login, None)
    outside.start(Inlet())
    assert outside.setup_link == ""
    answers: queue.Queue[Reply] = queue.Queue()
    outside.connect_text("mydoctransfer://open?share=" + "0" * 32, answers.put)
    refused = answers.get(timeout=PATIENCE)
    assert isinstance(refused, UsageError) and refused.code == "link_refused"
    assert not outside.has_connection
    outside.connect_text(f"  {to_text(to_set_up(CLOUD))}\n", answers.put)
    assert answers.get(timeout=PATIENCE) == {"ok": True}
    assert settings.config.connection == pasted(CLOUD)
    assert set_up_in(outside.setup_link).host == "a.example"
    outside.quit()


def test_a_folder_that_cannot_be_used_is_refused_before_anything_is_made(
    place: Home, tmp_path: Path
) -> None:
    settings = HomeSettings(place, FolderDisk, lambda path: path)
    at_login = Autostart(("/bin/true",), {"XDG_CONFIG_HOME": str(tmp_path / "config")})
    outside = DesktopOutside(place, settings, Engine(), at_login, None)
    facts: queue.Queue[object] = queue.Queue()
    outside.inspect_folder("some/folder", facts.put)
    refused = facts.get(timeout=PATIENCE)
    assert isinstance(refused, AppError) and "not an absolute path" in refused.message
    outside.inspect_folder(str(tmp_path / "new" / "folder"), facts.put)
    found = facts.get(timeout=PATIENCE)
    assert isinstance(found, FolderFacts) and not found.exists and found.free > 0
    assert not (tmp_path / "new").exists()


def test_an_account_is_connected_to_the_cloud_of_another(place: Home, tmp_path: Path) -> None:
    HomeSettings(place, FolderDisk, lambda path: path).connect(pasted(CLOUD))
    second = profiles.make(place)
    settings = HomeSettings(second, FolderDisk, lambda path: path)
    at_login = Autostart(("/bin/true",), {"XDG_CONFIG_HOME": str(tmp_path / "config")})
    outside = DesktopOutside(second, settings, Engine(), at_login, None)
    outside.start(Inlet())
    answers: queue.Queue[Reply] = queue.Queue()
    outside.connect_like(place.key, answers.put)
    assert answers.get(timeout=PATIENCE) == {"ok": True}
    assert settings.config.connection == pasted(CLOUD)
    outside.quit()


def test_sending_waits_on_battery_where_that_is_wanted_and_at_once(
    place: Home, tmp_path: Path
) -> None:
    settings = HomeSettings(place, FolderDisk, lambda path: path)
    settings.connect(pasted(CLOUD))
    engine = Engine()
    at_login = Autostart(("/bin/true",), {"XDG_CONFIG_HOME": str(tmp_path / "config")})
    outside = DesktopOutside(place, settings, engine, at_login, None)
    outside.start(Inlet())
    assert engine.began.acquire(timeout=PATIENCE)
    answers: queue.Queue[Reply] = queue.Queue()

    def last_wait() -> Wait:
        outside.tell(LookNow(), answers.put)  # everything before it has been taken
        answers.get(timeout=PATIENCE)
        return [told for told in engine.told if isinstance(told, Wait)][-1]

    outside._around_changed(Surroundings(on_battery=True))
    assert last_wait() == Wait("")
    outside.limit(Network(pause_on_battery=True), answers.put)
    answers.get(timeout=PATIENCE)
    assert last_wait() == Wait("battery")
    outside._around_changed(Surroundings())
    assert last_wait() == Wait("")
    outside.quit()


def test_a_cloud_can_be_forgotten_while_an_engine_that_cannot_begin_rests(
    place: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "RESTART_AFTER", 10 * PATIENCE)
    monkeypatch.setattr(serving, "QUIT_PATIENCE", 10 * PATIENCE)

    def broken(*parts: object) -> None:
        raise AppError("The journal cannot be used", "It is broken.", "journal_broken")

    settings = HomeSettings(place, FolderDisk, lambda path: path)
    settings.connect(pasted(CLOUD))
    at_login = Autostart(("/bin/true",), {"XDG_CONFIG_HOME": str(tmp_path / "config")})
    outside = DesktopOutside(place, settings, broken, at_login, None)
    outside.start(Inlet())
    assert outside._engine.is_broken.wait(PATIENCE)
    answers: queue.Queue[Reply] = queue.Queue()
    outside.forget_cloud(answers.put)
    assert answers.get(timeout=PATIENCE) == {"ok": True}
    assert not outside.has_connection
    outside.quit()


def test_an_engine_that_cannot_begin_can_be_reset_at_once(place: Home, tmp_path: Path) -> None:
    """A broken journal is what people reset for; they do not wait for the next try either."""

    def broken(*parts: object) -> None:
        raise AppError("The journal cannot be used", "It is broken.", "journal_broken")

    settings = HomeSettings(place, FolderDisk, lambda path: path)
    settings.connect(pasted(CLOUD))
    place.journal.write_bytes(b"no journal")
    at_login = Autostart(("/bin/true",), {"XDG_CONFIG_HOME": str(tmp_path / "config")})
    inlet = Inlet()
    outside = DesktopOutside(place, settings, broken, at_login, None)
    outside.start(inlet)
    told = inlet.events.get(timeout=PATIENCE)
    assert isinstance(told, StatusChanged) and told.status.state is EngineState.PROBLEM
    assert outside._engine.is_broken.wait(PATIENCE)
    answers: queue.Queue[Reply] = queue.Queue()
    outside.reset(answers.put)
    assert answers.get(timeout=5) == {"ok": True}
    assert not outside.has_connection and not place.journal.exists()
    outside.quit()
