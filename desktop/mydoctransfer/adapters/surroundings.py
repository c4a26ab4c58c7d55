"""What the system tells over D-Bus: battery (UPower), metered line (NetworkManager), waking up.

Asked once and then told: nothing polls. A system that has no bus, or lacks one of the services,
tells nothing, and everything counts as usual.
"""

import contextlib
import logging
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from mydoctransfer.model.surroundings import Surroundings

_PROPERTIES = "org.freedesktop.DBus.Properties"
_LOGIN = "org.freedesktop.login1"
_METERED = (1, 3)  # NM_METERED_YES, NM_METERED_GUESS_YES

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Source:
    """One property of one service."""

    service: str
    path: str
    name: str


_NETWORK = _Source("org.freedesktop.NetworkManager", "/org/freedesktop/NetworkManager", "Metered")
_POWER = _Source("org.freedesktop.UPower", "/org/freedesktop/UPower", "OnBattery")


class SystemListener:
    """Listens in a thread of its own.

    Args:
        changed: called with how things are, whenever they are otherwise than before.
        woke: called when the system has come back from sleep.
        bus: "SYSTEM", or another bus's address.
    """

    def __init__(
        self,
        changed: Callable[[Surroundings], None],
        woke: Callable[[], None],
        bus: str = "SYSTEM",
    ) -> None:
        self._changed = changed
        self._woke = woke
        self._bus = bus
        self._now = Surroundings()
        self._asked: dict[int, _Source] = {}

    def start(self) -> None:
        """Begin to listen, where there is something to listen to."""
        if sys.platform == "linux":
            threading.Thread(target=self._work, name="system-bus", daemon=True).start()

    def _work(self) -> None:
        from jeepney.io.blocking import open_dbus_connection

        try:
            connection = open_dbus_connection(self._bus)
        except Exception as exc:  # no address, no socket, a bus that refuses: all the same here
            _log.info("no system bus: %s", exc)
            return
        with contextlib.closing(connection):
            try:
                self._ask(connection)
                while True:
                    self._take(connection.receive())
            except (OSError, EOFError, ValueError, KeyError) as exc:
                _log.info("the system bus hung up: %s", exc)

    def _ask(self, connection: Any) -> None:
        """First ask to be told, then how it is: nothing falls between."""
        from jeepney import DBusAddress, MatchRule, message_bus, new_method_call

        for source in (_NETWORK, _POWER):
            told = MatchRule(
                type="signal", sender=source.service, interface=_PROPERTIES, path=source.path
            )
            connection.send(message_bus.AddMatch(told))
        manager = f"{_LOGIN}.Manager"
        connection.send(
            message_bus.AddMatch(
                MatchRule(type="signal", sender=_LOGIN, interface=manager, member="PrepareForSleep")
            )
        )
        for source in (_NETWORK, _POWER):
            address = DBusAddress(source.path, source.service, _PROPERTIES)
            asked = new_method_call(address, "Get", "ss", (source.service, source.name))
            serial = next(connection.outgoing_serial)
            self._asked[serial] = source
            connection.send(asked, serial=serial)

    def _take(self, message: Any) -> None:
        from jeepney import HeaderFields, MessageType

        fields, kind = message.header.fields, message.header.message_type
        if kind is MessageType.method_return:
            source = self._asked.pop(fields.get(HeaderFields.reply_serial), None)
            if source is not None:
                self._learn(source, message.body[0][1])
        elif kind is MessageType.signal:
            self._hear(fields.get(HeaderFields.member), fields.get(HeaderFields.path), message.body)

    def _hear(self, member: str | None, path: str | None, body: tuple[Any, ...]) -> None:
        match member, body:
            case "PropertiesChanged", (str(interface), dict(values), _):
                for source in (_NETWORK, _POWER):
                    if (source.path, source.service) == (path, interface) and source.name in values:
                        self._learn(source, values[source.name][1])
            case "PrepareForSleep", (False,):
                self._woke()

    def _learn(self, source: _Source, value: Any) -> None:
        before = self._now
        if source is _NETWORK:
            self._now = replace(before, is_metered=value in _METERED)
        else:
            self._now = replace(before, on_battery=value is True)
        if self._now != before:
            self._changed(self._now)
