"""A dialog that is as tall as its words need."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QDialog


class Fitting(QObject):
    """Lets a dialog grow where words wrap: how tall they are is known once they have a width.

    Qt asks for the height of the width that the dialog would like to have, and narrows it then to
    what the screen has room for; and it asks once, whatever is said later.
    """

    def __init__(self, dialog: QDialog) -> None:
        super().__init__(dialog)
        self._dialog = dialog
        dialog.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at it when it is shown, and whenever something in it changes."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.LayoutRequest):
            self._grow()
        return super().eventFilter(watched, event)

    def _grow(self) -> None:
        layout, width = self._dialog.layout(), self._dialog.width()
        if layout is None or not layout.hasHeightForWidth():
            return
        room = self._dialog.screen().availableGeometry().height()
        needed = min(layout.totalHeightForWidth(width), room)
        if self._dialog.height() < needed:
            self._dialog.resize(width, needed)
