"""A small window to drop files on, as on a file manager: `file_basket.py DIRECTORY` copies them."""

import shutil
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel


class Basket(QLabel):
    def __init__(self, directory: Path) -> None:
        super().__init__("drop here")
        self._directory = directory
        self.setObjectName("file-basket")
        self.setWindowTitle("Basket")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAcceptDrops(True)
        self.setWindowFlags(Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() and event.possibleActions() & Qt.DropAction.CopyAction:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.setText("let go")

    def dropEvent(self, event: QDropEvent) -> None:
        self.setText("drop here")
        for url in event.mimeData().urls():
            source = Path(url.toLocalFile())
            part = self._directory / f".{source.name}.part"
            shutil.copy(source, part)
            part.rename(self._directory / source.name)  # who sees it sees all of it
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    application.setApplicationName("file-basket")
    basket = Basket(Path(sys.argv[1]))
    basket.setGeometry(4, 600, 90, 60)
    basket.show()
    sys.exit(application.exec())
