"""The page of what the desktop's notifications tell."""

from dataclasses import replace

from mydoctransfer.ui.bridge import Bridge
from mydoctransfer.ui.pieces import Note, TickBox, label
from mydoctransfer.ui.settings.page import Page, muted


class NotificationsSettings(Page):
    """One choice for each kind."""

    def __init__(self, bridge: Bridge, message: Note) -> None:
        super().__init__(bridge, message)
        chosen = bridge.outside.preferences
        self.kinds = {
            "tell_published": TickBox(self.tr("A document is in the &cloud")),
            "tell_shared": TickBox(self.tr("Somebody &shares a document with me")),
            "tell_downloaded": TickBox(self.tr("Somebody has &downloaded a document of mine")),
            "tell_expiring": TickBox(self.tr("A document &leaves the cloud soon")),
            "tell_problems": TickBox(self.tr("A document could not be se&nt")),
        }
        for kind, box in self.kinds.items():
            box.setObjectName(f"settings-{kind.replace('_', '-')}")
            box.setChecked(getattr(chosen, kind))
            box.toggled.connect(self._choose_kinds)
        words = self.tr("Your desktop's “do not disturb” holds for all of them.")
        self._put(label(self.tr("Tell me when"), "field"), *self.kinds.values(), muted(words))

    def _choose_kinds(self) -> None:
        chosen = {kind: box.isChecked() for kind, box in self.kinds.items()}
        preferences = replace(self._bridge.outside.preferences, **chosen)
        self._bridge.prefer(preferences, self, self._answered)
