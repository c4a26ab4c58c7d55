"""The page of how the line may be used."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from mydoctransfer.model.preferences import MOST_KIB, Network
from mydoctransfer.ui.bridge import Bridge
from mydoctransfer.ui.pieces import Note, NumberBox, TickBox, label, named
from mydoctransfer.ui.settings.page import Page, line, muted


class NetworkSettings(Page):
    """Limits, waiting, and the way out: a proxy and certificate authorities."""

    def __init__(self, bridge: Bridge, message: Note) -> None:
        super().__init__(bridge, message)
        held = bridge.outside.network
        self.upload_limit = self._limit("settings-upload-limit", held.upload_limit_kib)
        self.download_limit = self._limit("settings-download-limit", held.download_limit_kib)
        up = label(self.tr("&Upload at most"), "field")
        up.setBuddy(self.upload_limit)
        self.upload_limit.setAccessibleName(self.tr("Upload at most"))
        down = label(self.tr("&Download at most"), "field")
        down.setBuddy(self.download_limit)
        self.download_limit.setAccessibleName(self.tr("Download at most"))
        words = self.tr("A limit holds for all transfers together, also for those under way.")
        lines = (up, line(self.upload_limit), down, line(self.download_limit))
        self.on_metered = self._waiting_box(
            self.tr("Wait while the line is &metered"), "metered", held.pause_on_metered
        )
        self.on_battery = self._waiting_box(
            self.tr("Wait while the computer runs on its &battery"),
            "battery",
            held.pause_on_battery,
        )
        boxes = (self.on_metered, self.on_battery)
        self._put(*lines, muted(words), *boxes, *self._way_out(held))

    def _waiting_box(self, words: str, reason: str, held: bool) -> TickBox:
        box = named(TickBox(words), f"settings-pause-on-{reason}")
        box.setChecked(held)
        box.toggled.connect(self._choose_network)
        return box

    def _way_out(self, held: Network) -> tuple[QWidget, ...]:
        self.proxy = self._way("settings-proxy", held.proxy, "http://host:port")
        self.ca_file = self._way("settings-ca-file", held.ca_file, "/path/to/authorities.pem")
        proxy = label(self.tr("&Proxy"), "field")
        proxy.setBuddy(self.proxy)
        self.proxy.setAccessibleName(self.tr("Proxy"))
        authorities = label(self.tr("File with certificate a&uthorities"), "field")
        authorities.setBuddy(self.ca_file)
        self.ca_file.setAccessibleName(self.tr("File with certificate authorities"))
        words = self.tr(
            "Empty means: as the system says. Both hold from the application's next start."
        )
        return proxy, self.proxy, authorities, self.ca_file, muted(words)

    def _way(self, name: str, held: str, example: str) -> QLineEdit:
        way = named(QLineEdit(held), name)
        way.setPlaceholderText(example)
        way.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # addresses run that way everywhere
        way.editingFinished.connect(self._choose_network)
        return way

    def _limit(self, name: str, held: int) -> NumberBox:
        limit = named(NumberBox(), name)
        limit.setRange(0, MOST_KIB)
        limit.setSingleStep(64)
        limit.setSuffix(self.tr(" KiB a second"))
        limit.setSpecialValueText(self.tr("No limit"))
        limit.setValue(held)
        limit.setKeyboardTracking(False)  # not with every digit
        limit.valueChanged.connect(self._choose_network)
        return limit

    def _choose_network(self) -> None:
        chosen = replace(
            self._bridge.outside.network,
            upload_limit_kib=self.upload_limit.value(),
            download_limit_kib=self.download_limit.value(),
            pause_on_metered=self.on_metered.isChecked(),
            pause_on_battery=self.on_battery.isChecked(),
            proxy=self.proxy.text().strip(),
            ca_file=self.ca_file.text().strip(),
        )
        if chosen != self._bridge.outside.network:
            self._bridge.limit(chosen, self, self._answered)
