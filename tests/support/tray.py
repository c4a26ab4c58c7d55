"""Drives tray icons as a panel does: over org.kde.StatusNotifierItem and com.canonical.dbusmenu."""

import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from jeepney import DBusAddress, MessageType, Properties, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

_WATCHER = DBusAddress(
    "/StatusNotifierWatcher", "org.kde.StatusNotifierWatcher", "org.kde.StatusNotifierWatcher"
)


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry of a tray menu; `label` without its mnemonic."""

    id: int
    label: str
    is_enabled: bool
    is_visible: bool
    is_separator: bool
    is_checked: bool
    children: tuple["MenuItem", ...]


class TrayIcon:
    """One registered tray icon.

    Attributes:
        title, tooltip, status: as the application last said
    """

    def __init__(self, bus: DBusConnection, name: str, path: str) -> None:
        self._bus = bus
        self._item = DBusAddress(path, name, "org.kde.StatusNotifierItem")

    @property
    def title(self) -> str:
        return str(self._get("Title"))

    @property
    def tooltip(self) -> str:
        """The tooltip's title and text, on two lines."""
        value: Any = self._get("ToolTip")
        return "\n".join(str(part) for part in value[2:4] if part) if value else ""

    @property
    def status(self) -> str:
        return str(self._get("Status"))

    @property
    def picture(self) -> bytes:
        """The largest icon sent, as width, height (big-endian u32) and ARGB: equal when it is."""
        pictures: Any = self._get("IconPixmap") or []
        if not pictures:
            return b""
        width, height, data = max(pictures, key=lambda one: int(one[0]))
        return struct.pack(">II", width, height) + bytes(data)

    def activate(self) -> None:
        """Click it."""
        self._call(self._item, "Activate", "ii", (0, 0))

    def menu(self) -> tuple[MenuItem, ...]:
        """The menu's entries as they are now."""
        menu = self._menu_address()
        self._call(menu, "AboutToShow", "i", (0,))
        _, layout = self._call(menu, "GetLayout", "iias", (0, -1, []))
        return _menu_item(layout).children

    def choose(self, *labels: str) -> None:
        """Choose the entry reached by these labels, as `choose("Pause", "30 minutes")`."""
        items, found = self.menu(), None
        for label in labels:
            found = next((item for item in items if item.label == label and item.is_visible), None)
            if found is None:
                raise LookupError(f"no {label!r} among {[item.label for item in items]}")
            items = found.children
        if found is None or not found.is_enabled:
            raise LookupError(f"{labels} cannot be chosen")
        event = (found.id, "clicked", ("s", ""), int(time.time()) & 0x7FFFFFFF)
        self._call(self._menu_address(), "Event", "isvu", event)

    def close(self) -> None:
        self._bus.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _menu_address(self) -> DBusAddress:
        return DBusAddress(str(self._get("Menu")), self._item.bus_name, "com.canonical.dbusmenu")

    def _get(self, name: str) -> object:
        reply = self._bus.send_and_get_reply(Properties(self._item).get(name), timeout=10)
        if reply.header.message_type is MessageType.error:
            return ""
        return reply.body[0][1]

    def _call(
        self, address: DBusAddress, method: str, signature: str, body: tuple[Any, ...]
    ) -> tuple[Any, ...]:
        reply = self._bus.send_and_get_reply(
            new_method_call(address, method, signature, body), timeout=10
        )
        if reply.header.message_type is MessageType.error:
            raise RuntimeError(f"{method}: {reply.body}")
        return tuple(reply.body)


def tray_icons(bus_address: str) -> Iterator[TrayIcon]:
    """Every registered icon, each with a connection of its own; the caller closes them."""
    with open_dbus_connection(bus_address) as bus:
        reply = bus.send_and_get_reply(
            Properties(_WATCHER).get("RegisteredStatusNotifierItems"), timeout=10
        )
    if reply.header.message_type is MessageType.error:
        return
    for item in reply.body[0][1]:
        name, slash, path = item.partition("/")
        yield TrayIcon(
            open_dbus_connection(bus_address), name, slash + path or "/StatusNotifierItem"
        )


def _menu_item(layout: tuple[Any, ...]) -> MenuItem:
    number, properties, children = layout
    values = {key: value for key, (_, value) in properties.items()}
    return MenuItem(
        id=number,
        label=str(values.get("label", "")).replace("_", ""),
        is_enabled=bool(values.get("enabled", True)),
        is_visible=bool(values.get("visible", True)),
        is_separator=values.get("type") == "separator",
        is_checked=values.get("toggle-state", 0) == 1,
        children=tuple(_menu_item(child) for _, child in children),
    )
