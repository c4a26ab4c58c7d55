"""Notifications through the desktop's own service (org.freedesktop.Notifications), over D-Bus.

Qt's tray messages replace the tray icon and lose the click on Linux; the service keeps both, and
buttons. Where there is no bus or no service, `show` says so and nothing happens. While the desktop
says that nobody is to be disturbed (its property `Inhibited`), notifications are held back: the
latest under each key is shown afterwards, if it is not too late for it. Where the service keeps
them itself, as dunst does, it is left to it. All traffic is in threads of its own: one receives,
one keeps what is known and answers in order.
"""

import contextlib
import html
import logging
import queue
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from mydoctransfer.model.notifications import Notification

Activated = Callable[[str, str], None]

DEFAULT = "default"  # what a click on the notification itself comes back as
DESKTOP_ENTRY = "mydoctransfer"

_SERVICE = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
_PROPERTIES = "org.freedesktop.DBus.Properties"
_PATIENCE = 5.0  # seconds for the service to be started by the bus
_LOOK_AGAIN = 10.0  # seconds until a service that was not there, or too slow, is looked for again
_FIRST_LOOK = 0.1  # seconds `show` waits to know whether there is a service at all

_log = logging.getLogger(__name__)


class _Ended:
    """The bus hung up."""


class _Close:
    """Nothing more is to be shown."""


class DesktopNotifier:
    """Shows notifications and tells what the person pressed.

    Args:
        icon: name or absolute path. activated: called (key, action) from a thread of this object;
            `DEFAULT` is a click on the notification itself.
    """

    def __init__(self, app_name: str, icon: str, activated: Activated) -> None:
        self._app_name = app_name
        self._icon = icon
        self._activated = activated
        self._inbox: queue.Queue[Any] = queue.Queue()
        self._held: dict[str, Notification] = {}
        self._is_known = threading.Event()
        self._has_service = True
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, name="notifications", daemon=True)
        self._thread.start()

    def show(self, wanted: Notification) -> bool:
        """Show a notification, or replace the one shown under its key.

        What is held back for longer than it says anything is not shown at all.
        False where there is no service: then it is not shown. Returns within a tenth of a second.
        """
        self._is_known.wait(_FIRST_LOOK)
        if not self._has_service:
            return False
        self._inbox.put(wanted)
        return True

    def close(self) -> None:
        """Stop listening; what is shown stays."""
        self._closing.set()
        self._inbox.put(_Close())
        self._thread.join(_PATIENCE)

    def _work(self) -> None:
        while True:
            service = _connected(self._app_name, self._icon, self._inbox, self._held)
            self._has_service = service is not None
            self._is_known.set()
            if service is None:
                if self._closing.wait(_LOOK_AGAIN):
                    return
            elif self._serve(service):
                return

    def _serve(self, service: "_Service") -> bool:
        """Serve until the bus hangs up (False: another try is worth it) or nothing is wanted."""
        with contextlib.closing(service):
            while True:
                match self._inbox.get():
                    case Notification() as wanted:
                        try:
                            service.show(wanted)
                        except OSError:
                            return False
                    case _Ended():
                        return False
                    case _Close():
                        return True
                    case message:
                        try:
                            pressed = service.received(message)
                        except OSError:
                            return False
                        for key, action in pressed:
                            self._tell(key, action)

    def _tell(self, key: str, action: str) -> None:
        try:
            self._activated(key, action)
        except Exception:  # the edge of this thread
            _log.exception("what a notification's button does has failed")


def say_once(title: str, body: str) -> None:
    """Show one notification and forget it: for who ends before anything else can be shown."""
    notifier = DesktopNotifier("MyDoc Transfer", DESKTOP_ENTRY, lambda _key, _action: None)
    notifier.show(Notification("only", title, body))
    notifier.close()


class _Service:
    """One connection to the service, and the notifications shown over it. One thread's."""

    def __init__(
        self,
        connection: Any,
        capabilities: frozenset[str],
        is_inhibited: bool,
        app_name: str,
        icon: str,
        inbox: Any,
        held: dict[str, Notification],
    ) -> None:
        """`held`: what is held back; the owner's, because it outlives a connection."""
        self._connection = connection
        self._held = held
        self._capabilities = capabilities
        self._app_name = app_name
        self._icon = icon
        self._asked: dict[int, str] = {}  # keys by the serial of a call not answered yet
        self._next: dict[str, Notification] = {}  # what replaces one whose id is not known yet
        self._shown: dict[str, int] = {}  # the service's ids by key
        self._inhibited(is_inhibited)
        threading.Thread(
            target=_receive, args=(connection, inbox), name="notifications-bus", daemon=True
        ).start()

    def show(self, wanted: Notification) -> None:
        """Ask for a notification; its id comes back as a message.

        Raises:
            OSError: the bus hung up.
        """
        if self._is_inhibited:
            self._held.pop(wanted.key, None)
            self._held[wanted.key] = wanted
            return
        if wanted.key in self._asked.values():
            self._next[wanted.key] = wanted
            return
        from jeepney import DBusAddress, new_method_call  # Linux only

        title, body, buttons = worded(wanted.title, wanted.body, wanted.actions, self._capabilities)
        hints = {"desktop-entry": ("s", DESKTOP_ENTRY), "urgency": ("y", 1)}
        replaced = self._shown.get(wanted.key, 0)
        message = new_method_call(
            DBusAddress(_PATH, _SERVICE, _SERVICE),
            "Notify",
            "susssasa{sv}i",
            (self._app_name, replaced, self._icon, title, body, buttons, hints, -1),
        )
        serial = next(self._connection.outgoing_serial)
        self._asked[serial] = wanted.key
        self._connection.send(message, serial=serial)

    def received(self, message: Any) -> list[tuple[str, str]]:
        """Take over what the service says; returns the actions the person chose, by key.

        Raises:
            OSError: the bus hung up.
        """
        from jeepney import HeaderFields, MessageType

        fields, kind = message.header.fields, message.header.message_type
        if kind in (MessageType.method_return, MessageType.error):
            id_given = message.body[0] if kind is MessageType.method_return else None
            self._answered(fields.get(HeaderFields.reply_serial), id_given)
        elif kind is MessageType.signal:
            match fields.get(HeaderFields.member), message.body:
                case "ActionInvoked", (shown, action):
                    return [(key, str(action)) for key in self._keys_of(shown)]
                case "PropertiesChanged", (_, {"Inhibited": (_, bool(is_inhibited))}, _):
                    self._inhibited(is_inhibited)
                case "NotificationClosed", (shown, _):
                    for key in self._keys_of(shown):
                        del self._shown[key]
        return []

    def _inhibited(self, is_so: bool) -> None:
        """Nobody is to be disturbed, or may be again: then show what is not too late."""
        self._is_inhibited = is_so
        if is_so:
            return
        held = list(self._held.values())
        self._held.clear()
        for wanted in held:
            if wanted.until_ms is None or time.time() * 1000 < wanted.until_ms:
                self.show(wanted)

    def _answered(self, serial: Any, id_given: int | None) -> None:
        key = self._asked.pop(serial, None)
        if key is None:
            return
        if id_given is not None:
            self._shown[key] = id_given
        if key in self._next:
            self.show(self._next.pop(key))

    def _keys_of(self, shown: int) -> list[str]:
        return [key for key, known in self._shown.items() if known == shown]

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._connection.close()


def worded(
    title: str, body: str, actions: Sequence[tuple[str, str]], capabilities: frozenset[str]
) -> tuple[str, str, list[str]]:
    """Return title, body and buttons as a service of these capabilities takes them."""
    if "body" not in capabilities:
        title, body = f"{title}: {body}" if body else title, ""
    elif "body-markup" in capabilities:
        body = html.escape(body, quote=False)
    buttons: list[str] = []
    if "actions" in capabilities:
        buttons = [_text(text) for pair in ((DEFAULT, "Open"), *actions) for text in pair]
    return _text(title), _text(body), buttons


def _connected(
    app_name: str, icon: str, inbox: Any, held: dict[str, Notification]
) -> _Service | None:
    """Return a connection to the service; None where there is none."""
    if sys.platform != "linux":
        return None
    from jeepney import DBusAddress, MatchRule, message_bus, new_method_call
    from jeepney.io.threading import DBusRouter, Proxy, open_dbus_connection
    from jeepney.wrappers import DBusErrorResponse

    try:
        connection = open_dbus_connection("SESSION")
    except Exception as exc:  # no address, no socket, a bus that refuses: all the same here
        _log.info("no session bus: %s", exc)
        return None
    try:
        with DBusRouter(connection) as router:
            bus = Proxy(message_bus, router, timeout=_PATIENCE)
            bus.AddMatch(MatchRule(type="signal", interface=_SERVICE, path=_PATH))
            bus.AddMatch(MatchRule(type="signal", interface=_PROPERTIES, path=_PATH))
            asked = new_method_call(DBusAddress(_PATH, _SERVICE, _SERVICE), "GetCapabilities")
            answer = router.send_and_get_reply(asked, timeout=_PATIENCE)
            if answer.header.message_type.name == "error":
                raise DBusErrorResponse(answer)
            ask = new_method_call(
                DBusAddress(_PATH, _SERVICE, _PROPERTIES), "Get", "ss", (_SERVICE, "Inhibited")
            )
            told = router.send_and_get_reply(ask, timeout=_PATIENCE)
    except (OSError, DBusErrorResponse, TimeoutError) as exc:
        _log.info("no notification service: %s", exc)
        connection.close()
        return None
    # A service that knows no such property answers with an error: nothing is inhibited there.
    is_inhibited = told.header.message_type.name == "method_return" and told.body[0][1] is True
    capabilities = frozenset(answer.body[0])
    return _Service(connection, capabilities, is_inhibited, app_name, icon, inbox, held)


def _receive(connection: Any, inbox: Any) -> None:
    from jeepney.io.threading import ReceiveStopped

    while True:
        try:
            inbox.put(connection.receive())
        except ReceiveStopped:
            return
        except (OSError, ValueError, KeyError):
            inbox.put(_Ended())
            return


def _text(text: str) -> str:
    """Return what D-Bus takes: UTF-8 without NUL. Bytes that were no UTF-8 are shown as such."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
