"""The local cloud on a small machine: who waits for a call goes before what only happened."""

import threading
import time
from typing import Any

import pytest

from mydoctransfer_cloud.localcloud import emulator
from mydoctransfer_cloud.localcloud.emulator import Calls, Events
from tests.support.waiting import wait_for


class Functions:
    """Functions that are slow until they are told to end; `done` is in the order they ended."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.done: list[str] = []
        self.may_end = threading.Event()

    def execute(self, function: Any, payload: str) -> dict[str, str]:
        self.begun.append(payload)
        if payload == "call":
            assert self.may_end.wait(30)
        self.done.append(payload)
        return {}


class Asked(Calls):
    """Says when an event has asked whether it may begin."""

    def __init__(self, functions: Functions) -> None:
        super().__init__(functions.execute)
        self.was_asked = threading.Event()

    def go_first(self) -> None:
        self.was_asked.set()
        super().go_first()


@pytest.fixture
def functions() -> Functions:
    return Functions()


def under_way(functions: Functions) -> tuple[Asked, threading.Thread]:
    """Begin a call that does not end."""
    calls = Asked(functions)
    thread = threading.Thread(target=calls.execute, args=({}, "call"))
    thread.start()
    wait_for(lambda: functions.begun == ["call"])
    return calls, thread


def test_an_event_lets_a_call_go_first(
    functions: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(emulator, "PATIENCE", 60)
    calls, thread = under_way(functions)
    events = Events(functions.execute, calls)
    events.put({}, "event")
    assert calls.was_asked.wait(30)
    functions.may_end.set()
    wait_for(lambda: len(functions.done) == 2)
    thread.join()
    events.close()
    assert functions.done == ["call", "event"]


def test_an_event_does_not_wait_for_ever(
    functions: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(emulator, "PATIENCE", 0.01)
    calls, thread = under_way(functions)
    events = Events(functions.execute, calls)
    events.put({}, "event")
    wait_for(lambda: functions.done == ["event"])
    functions.may_end.set()
    thread.join()
    events.close()
    assert functions.done == ["event", "call"]


def test_an_event_waits_for_the_calm_after_a_call(
    functions: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who makes one call after another is waited for between them, too."""
    monkeypatch.setattr(emulator, "PATIENCE", 60)
    monkeypatch.setattr(emulator, "CALM", 0.2)
    at: dict[str, float] = {}

    def note(function: Any, payload: str) -> dict[str, str]:
        at[payload] = time.monotonic()
        return {}

    calls = Calls(note)
    calls.execute({}, "first")
    events = Events(note, calls)
    events.put({}, "event")
    wait_for(lambda: "event" in at)
    events.close()
    assert at["event"] - at["first"] >= 0.2


def test_an_event_does_not_wait_longer_for_the_calm_than_for_a_call(
    functions: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(emulator, "PATIENCE", 0.01)
    monkeypatch.setattr(emulator, "CALM", 60)
    calls = Calls(functions.execute)
    calls.execute({}, "first")
    events = Events(functions.execute, calls)
    events.put({}, "event")
    wait_for(lambda: functions.done == ["first", "event"])
    events.close()


def test_a_call_that_fails_holds_no_event_back(
    functions: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(emulator, "PATIENCE", 60)

    def broken(function: Any, payload: str) -> dict[str, str]:
        raise OSError("no process for it")

    calls = Calls(broken)
    with pytest.raises(OSError):
        calls.execute({}, "call")
    events = Events(functions.execute, calls)
    events.put({}, "event")
    wait_for(lambda: functions.done == ["event"])
    events.close()
