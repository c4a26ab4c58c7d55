"""One picture of one state in one look."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from mydoctransfer.ui.bridge import Bridge
from mydoctransfer.ui.main_window import MainWindow
from scripts.screenshots.looks import Look
from scripts.screenshots.stage import Stage
from tests.ui.outside import Outside


def draw(stage: Stage, look: Look) -> QPixmap:
    """Return a picture of one state in one look."""
    outside = Outside()
    window = MainWindow(Bridge(outside))
    window.show()
    stage(window, outside)
    for _ in range(3):
        QApplication.processEvents()
    size = window.size() * look.ratio
    picture = QPixmap(size)
    picture.setDevicePixelRatio(look.ratio)
    window.render(picture)
    for dialog in window.findChildren(QDialog):
        if dialog.isVisible():
            _put_over(picture, dialog, window)
    window._is_quitting = True
    window.close()
    window.deleteLater()
    return picture


def _put_over(picture: QPixmap, dialog: QWidget, window: QWidget) -> None:
    painter = QPainter(picture)
    painter.fillRect(window.rect(), QColor(0, 0, 0, 90))
    frame = QRect(0, 0, dialog.width(), dialog.height())
    frame.moveCenter(window.rect().center())
    dialog_picture = QPixmap(dialog.size() * picture.devicePixelRatio())
    dialog_picture.setDevicePixelRatio(picture.devicePixelRatio())
    dialog.render(dialog_picture)
    painter.drawPixmap(frame.topLeft(), dialog_picture)
    painter.end()
