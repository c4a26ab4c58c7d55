"""Listens to what is sent to the desktop's notification service, beside the real service.

It is a monitor on the bus: it sees each call and changes nothing, so a notification stays on screen
and its buttons can still be pressed.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jeepney import DBusAddress, Message, MessageType, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

_BUS = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
_MONITOR = DBusAddress(_BUS.object_path, _BUS.bus_name, "org.freedesktop.DBus.Monitoring")
_SERVICE = "org.freedesktop.Notifications"


@dataclass(frozen=True, slots=True)
class Notification:
    """One notification as it was sent; `actions` are the labels by key."""

    application: str
    icon: str
    summary: str
    body: str
    actions: Mapping[str, str]
    hints: Mapping[str, object]
    replaces: int


class NotificationLog:
    """Every notification since the start or the last `clear`, oldest first."""

    def __init__(self, bus_address: str) -> None:
        self._bus = open_dbus_connection(bus_address)
        rule = f"type='method_call',interface='{_SERVICE}',member='Notify'"
        _become_monitor(self._bus, rule)
        self._seen: list[Notification] = []
        self._is_open = True
        self._thread = threading.Thread(target=self._listen, name="notifications", daemon=True)
        self._thread.start()

    def __call__(self) -> list[Notification]:
        return list(self._seen)

    def clear(self) -> None:
        self._seen.clear()

    def close(self) -> None:
        self._is_open = False
        self._thread.join()
        self._bus.close()

    def _listen(self) -> None:
        while self._is_open:
            try:
                self._note(self._bus.receive(timeout=0.1))
            except TimeoutError:
                continue
            except OSError:
                return  # the bus ended first

    def _note(self, message: Message) -> None:
        if message.header.message_type is not MessageType.method_call or len(message.body) != 8:
            return
        application, replaces, icon, summary, body, actions, hints, _ = message.body
        self._seen.append(
            Notification(
                application,
                icon,
                summary,
                body,
                dict(zip(actions[::2], actions[1::2], strict=True)),
                {key: value for key, (_, value) in hints.items()},
                replaces,
            )
        )


def _become_monitor(bus: DBusConnection, rule: str) -> None:
    body: Any = ([rule], 0)
    bus.send_and_get_reply(new_method_call(_MONITOR, "BecomeMonitor", "asu", body), timeout=10)
