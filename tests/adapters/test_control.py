"""The sockets into a running engine: real sockets, honest and hostile clients (T74)."""

import json
import queue
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mydoctransfer.adapters import control, home
from mydoctransfer.adapters.control import FRAME_MAX
from mydoctransfer.engine.messages import Reply, Told
from mydoctransfer.model import commands
from mydoctransfer.model.commands import Command
from mydoctransfer.model.errors import AppError, NotSignedIn, Offline, Refused, UsageError
from mydoctransfer.model.links import OpenShare
from mydoctransfer.model.trees import ShareId
from mydoctransfer.model.wishes import FollowLink, ShareFiles, Show, Wish


@pytest.fixture
def place(tmp_path: Path) -> home.Home:
    found = home.find(str(tmp_path / "home"), {})
    found.prepare()
    return found


class Engine:
    """Answers commands as the sync thread does, by what a test says."""

    def __init__(self, place: home.Home) -> None:
        self.told: list[Command] = []
        self.answering: Callable[[Command], Reply] = lambda command: {"ok": True}
        self._inbox: queue.Queue[Told | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run)
        self.runtime = place.runtime({})
        self.server = control.control_server(self.runtime, self._inbox.put)

    def __enter__(self) -> "Engine":
        self._thread.start()
        self.server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.close()
        self._inbox.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (told := self._inbox.get()) is not None:
            self.told.append(told.command)
            told.reply(self.answering(told.command))


@pytest.fixture
def engine(place: home.Home) -> Iterator[Engine]:
    with Engine(place) as running:
        yield running


def raw(engine: Engine, sent: bytes, name: str = control.CONTROL) -> bytes:
    """What comes back for these bytes, until the other side hangs up."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(10)
        client.connect(str(engine.runtime / name))
        received = b""
        try:
            client.sendall(sent)
            client.shutdown(socket.SHUT_WR)
            while piece := client.recv(65_536):
                received += piece
        except (BrokenPipeError, ConnectionResetError):
            pass
        return received


def test_a_command_reaches_the_engine_and_its_answer_comes_back(
    engine: Engine, place: home.Home
) -> None:
    engine.answering = lambda _: {"documents": [{"path": "a\udcff\n"}]}
    command = commands.Share("a\udcff\n/ü", ("x@example.org",))
    assert control.send(place, command) == {"documents": [{"path": "a\udcff\n"}]}
    assert engine.told == [command]


@pytest.mark.parametrize(
    "error",
    [
        AppError("T", "M", "c"),
        UsageError("T", "M", "usage"),
        NotSignedIn("M"),
        Offline("M", "captive_portal"),
        Refused("T", "M", "recipient_refused", ("x@example.org",)),
    ],
)
def test_an_error_crosses_the_socket_whole(
    engine: Engine, place: home.Home, error: AppError
) -> None:
    engine.answering = lambda _: error
    with pytest.raises(AppError) as caught:
        control.send(place, commands.WhoAmI())
    back = caught.value
    assert back.exit_code == error.exit_code
    assert (back.title, back.message, back.code, back.emails) == (
        error.title,
        error.message,
        error.code,
        error.emails,
    )


def test_many_commands_at_once_get_each_its_own_answer(engine: Engine, place: home.Home) -> None:
    engine.answering = lambda command: {"query": command.query}  # type: ignore[union-attr]
    answers: list[object] = []
    threads = [
        threading.Thread(
            target=lambda n=n: answers.append(control.send(place, commands.FindUsers(str(n))))
        )
        for n in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(a["query"]) for a in answers) == list(range(20))  # type: ignore[index]


def test_a_large_answer_arrives_whole(engine: Engine, place: home.Home) -> None:
    engine.answering = lambda _: {"documents": ["x" * 1000] * 5000}
    answer = control.send(place, commands.ListDocuments())
    assert answer is not None
    assert len(answer["documents"]) == 5000


def test_no_engine_and_a_dead_ones_socket_are_both_no_engine(place: home.Home) -> None:
    assert control.send(place, commands.GetStatus()) is None
    runtime = place.runtime({})
    assert control.send(place, commands.GetStatus()) is None
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(runtime / control.CONTROL))
    assert control.send(place, commands.GetStatus()) is None
    assert control.hand_over(place, Show()) is False
    with Engine(place):  # and the next engine takes its place
        assert control.send(place, commands.GetStatus()) == {"ok": True}
    assert control.send(place, commands.GetStatus()) is None


def test_an_engine_that_ends_before_it_answers_is_told(place: home.Home) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(place.runtime({}) / control.CONTROL))
        listener.listen()
        thread = threading.Thread(target=lambda: listener.accept()[0].close())
        thread.start()
        with pytest.raises(AppError) as caught:
            control.send(place, commands.GetStatus())
        thread.join()
    assert caught.value.code == "engine_ended"


def test_an_engine_that_is_too_busy_is_told(place: home.Home) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(place.runtime({}) / control.CONTROL))
        listener.listen()
        with pytest.raises(AppError) as caught:
            control.send(place, commands.GetStatus(), timeout=0.1)
    assert caught.value.code == "engine_busy"


def test_t74_the_sockets_are_closed_to_everybody_else(engine: Engine) -> None:
    assert stat.S_IMODE(engine.runtime.stat().st_mode) == 0o700
    assert stat.S_IMODE((engine.runtime / control.CONTROL).stat().st_mode) == 0o600


HOSTILE = [
    b"",
    b"\n",
    b"{",
    b"[]\n",
    b"null\n",
    b'{"v": 1}\n',
    b'{"v": 2, "command": "GetStatus"}\n',
    b'{"v": 1, "command": "Unheard"}\n',
    b'{"v": 1, "command": ["GetStatus"]}\n',
    b'{"v": 1, "command": "Get"}\n',
    b'{"v": 1, "command": "Get", "target": 7}\n',
    b'{"v": 1, "command": "Share", "target": "a", "people": "x@example.org"}\n',
    b'{"v": 1, "command": "SyncOnce", "delete_grace": true}\n',
    b'{"v": 1, "command": "SyncOnce", "delete_grace": 1e99}\n',
    b'{"v": 1, "command": "__init__"}\n',
    b'{"v": NaN, "command": "GetStatus"}\n',
    b"[" * 100_000 + b"\n",
    b"\xff\xfe\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b'{"v": 1, "command": "GetStatus"}',  # no end
]


@pytest.mark.parametrize("sent", HOSTILE)
def test_t74_what_is_no_command_reaches_no_engine(engine: Engine, sent: bytes) -> None:
    answer = raw(engine, sent)
    assert engine.told == []
    if answer:
        assert json.loads(answer)["error"]["code"] == "usage"
    assert json.loads(raw(engine, b'{"v": 1, "command": "GetStatus"}\n')) == {
        "answer": {"ok": True}
    }


def test_t74_an_oversized_frame_is_cut_off(engine: Engine, place: home.Home) -> None:
    frame = b'{"v": 1, "command": "FindUsers", "query": "' + b"x" * (FRAME_MAX + 10) + b'"}\n'
    assert raw(engine, frame) == b""
    with pytest.raises(UsageError):
        control.send(place, commands.FindUsers("x" * FRAME_MAX))
    assert engine.told == []


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@settings(max_examples=150)
@given(
    name=st.sampled_from(sorted(kind.__name__ for kind in commands.Command.__args__)),  # type: ignore[attr-defined]
    fields=st.dictionaries(
        st.sampled_from(["target", "people", "query", "path", "lifetime", "folder", "v"]), _JSON
    ),
)
def test_t74_nonsense_in_any_field_is_answered_and_breaks_nothing(
    engine: Engine, name: str, fields: dict[str, object]
) -> None:
    answer = json.loads(
        raw(engine, json.dumps({"v": 1, "command": name, **fields}).encode() + b"\n")
    )
    assert answer == {"answer": {"ok": True}} or answer["error"]["code"] == "usage"


@settings(max_examples=100)
@given(sent=st.binary(max_size=300))
def test_t74_noise_breaks_nothing(engine: Engine, sent: bytes) -> None:
    raw(engine, sent)
    assert engine.told == []


# --- the window's socket -------------------------------------------------------------------------


@pytest.fixture
def shown(place: home.Home, engine: Engine) -> Iterator[list[Wish]]:
    seen: list[Wish] = []
    server = control.window_server(place.runtime({}), seen.append)
    server.start()
    yield seen
    server.close()


def test_a_second_start_shows_the_first_window(shown: list[Wish], place: home.Home) -> None:
    assert control.hand_over(place, Show())
    assert shown == [Show()]


@pytest.mark.parametrize(
    "wish",
    [
        FollowLink(OpenShare(ShareId("0" * 32))),
        ShareFiles(("/home/ada/a b.txt", "/home/ada/\udcff\n.txt")),
    ],
)
def test_links_and_files_go_to_the_window_that_is_open(
    shown: list[Wish], place: home.Home, wish: Wish
) -> None:
    assert control.hand_over(place, wish)
    assert shown == [wish]


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b'{"link": "mydoctransfer://delete?share=1"}\n',
        b'{"share": []}\n',
        b"hide\n",
        b"SHOW\n",
        b"show me\n",
        b"show",
        b"\xff\n",
    ],
)
def test_t74_the_windows_socket_takes_show_and_nothing_else(
    shown: list[Wish], engine: Engine, sent: bytes
) -> None:
    assert raw(engine, sent, control.WINDOW) in (b"", b"no\n")
    assert shown == []
