"""A small window to drag files from, as from a file manager: `file_shelf.py PATH…`."""

import sys

from PySide6.QtCore import QMimeData, Qt, QTimer, QUrl
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QApplication, QLabel


class Shelf(QLabel):
    def __init__(self, paths: list[str]) -> None:
        super().__init__(f"{len(paths)} to drag")
        self._paths = paths
        self.setObjectName("file-shelf")
        self.setWindowTitle("Shelf")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWindowFlags(Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint)

    def mouseMoveEvent(self, _event) -> None:
        content = QMimeData()
        content.setUrls([QUrl.fromLocalFile(path) for path in self._paths])
        drag = QDrag(self)
        drag.setMimeData(content)
        drag.exec(Qt.DropAction.CopyAction)
        self.hide()
        QTimer.singleShot(10_000, QApplication.quit)  # the target fetches the data after the drop


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    application.setApplicationName("file-shelf")
    application.setQuitOnLastWindowClosed(False)
    shelf = Shelf(sys.argv[1:])
    shelf.setGeometry(4, 700, 120, 60)
    shelf.show()
    sys.exit(application.exec())
