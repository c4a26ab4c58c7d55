"""Battery, metered line and waking up, from services on a real bus of the test's own."""

import queue
import subprocess
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from jeepney import (
    DBusAddress,
    MessageType,
    message_bus,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from mydoctransfer.adapters.surroundings import SystemListener
from mydoctransfer.model.surroundings import Surroundings

NETWORK = DBusAddress("/org/freedesktop/NetworkManager", interface="org.freedesktop.NetworkManager")
POWER = DBusAddress("/org/freedesktop/UPower", interface="org.freedesktop.UPower")
LOGIN = DBusAddress("/org/freedesktop/login1", interface="org.freedesktop.login1.Manager")
PATIENCE = 20.0


@pytest.fixture
def bus() -> Iterator[str]:
    process = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    yield process.stdout.readline().strip()
    process.terminate()
    process.wait()
    for thread in threading.enumerate():
        if thread.name in ("services", "system-bus"):
            thread.join(PATIENCE)
    process.stdout.close()


class Services:
    """NetworkManager, UPower and logind as far as we ask them."""

    def __init__(self, bus: str, metered: int | None, on_battery: bool | None) -> None:
        self._values = {"Metered": ("u", metered), "OnBattery": ("b", on_battery)}
        self.asked: queue.Queue[str] = queue.Queue()
        self._connection: DBusConnection = open_dbus_connection(bus)
        for name in ("NetworkManager", "UPower", "login1"):
            self._connection.send_and_get_reply(
                message_bus.RequestName(f"org.freedesktop.{name}"), timeout=PATIENCE
            )
        threading.Thread(target=self._serve, name="services", daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                message = self._connection.receive()
            except (OSError, EOFError):
                self._connection.close()
                return
            if message.header.message_type is MessageType.method_call:
                _, name = message.body
                signature, value = self._values[name]
                answer = (
                    new_error(message, "org.freedesktop.DBus.Error.UnknownProperty")
                    if value is None
                    else new_method_return(message, "v", ((signature, value),))
                )
                self._connection.send(answer)
                self.asked.put(name)

    def change(self, emitter: DBusAddress, name: str, signature: str, value: Any) -> None:
        told = DBusAddress(emitter.object_path, interface="org.freedesktop.DBus.Properties")
        body = (emitter.interface, {name: (signature, value)}, [])
        self._connection.send(new_signal(told, "PropertiesChanged", "sa{sv}as", body))

    def sleep(self, is_beginning: bool) -> None:
        self._connection.send(new_signal(LOGIN, "PrepareForSleep", "b", (is_beginning,)))

    def wait_until_asked(self) -> None:
        assert {self.asked.get(timeout=PATIENCE) for _ in range(2)} == {"Metered", "OnBattery"}


class Heard:
    """What the listener told."""

    def __init__(self, bus: str) -> None:
        self.told: queue.Queue[Surroundings | str] = queue.Queue()
        SystemListener(self.told.put, lambda: self.told.put("woke"), bus).start()

    def next(self) -> Surroundings | str:
        return self.told.get(timeout=PATIENCE)


@pytest.mark.parametrize(
    ("metered", "is_metered"), [(0, False), (1, True), (2, False), (3, True), (4, False)]
)
def test_a_line_is_metered_where_the_system_knows_or_guesses_so(
    bus: str, metered: int, is_metered: bool
) -> None:
    services = Services(bus, metered, True)
    heard = Heard(bus)
    services.wait_until_asked()
    last = heard.next()
    if is_metered:
        assert last == Surroundings(is_metered=True)
        last = heard.next()
    assert last == Surroundings(is_metered=is_metered, on_battery=True)


def test_changes_are_told_as_they_come(bus: str) -> None:
    services = Services(bus, 2, False)
    heard = Heard(bus)
    services.wait_until_asked()
    services.change(POWER, "OnBattery", "b", True)
    assert heard.next() == Surroundings(on_battery=True)
    services.change(POWER, "Percentage", "d", 12.5)
    services.change(NETWORK, "Metered", "u", 1)
    assert heard.next() == Surroundings(True, True)
    services.change(POWER, "OnBattery", "b", False)
    assert heard.next() == Surroundings(is_metered=True)


def test_waking_up_is_told_and_falling_asleep_is_not(bus: str) -> None:
    services = Services(bus, 0, False)
    heard = Heard(bus)
    services.wait_until_asked()
    services.sleep(True)
    services.sleep(False)
    assert heard.next() == "woke"
    services.change(POWER, "OnBattery", "b", True)
    assert heard.next() == Surroundings(on_battery=True)


def test_services_that_know_nothing_leave_everything_as_usual(bus: str) -> None:
    services = Services(bus, None, None)
    heard = Heard(bus)
    services.wait_until_asked()
    services.change(POWER, "OnBattery", "b", True)
    assert heard.next() == Surroundings(on_battery=True)


def test_another_program_cannot_play_the_system(bus: str) -> None:
    services = Services(bus, 0, False)
    heard = Heard(bus)
    services.wait_until_asked()
    stranger = open_dbus_connection(bus)
    told = DBusAddress(POWER.object_path, interface="org.freedesktop.DBus.Properties")
    body = (POWER.interface, {"OnBattery": ("b", True)}, [])
    stranger.send(new_signal(told, "PropertiesChanged", "sa{sv}as", body))
    stranger.send_and_get_reply(message_bus.GetId(), timeout=PATIENCE)  # it has gone out
    stranger.close()
    services.change(NETWORK, "Metered", "u", 1)
    assert heard.next() == Surroundings(is_metered=True)


def test_without_a_bus_nothing_is_told_and_nothing_breaks() -> None:
    listener = SystemListener(lambda now: None, lambda: None, "unix:path=/nowhere/at/all")
    listener._work()
