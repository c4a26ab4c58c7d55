"""A window with one of everything, for the tests of the desktop session itself."""

import signal
import sys

from PySide6.QtCore import QLocale, QTimer
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QPushButton,
    QSystemTrayIcon,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)


def main() -> int:
    application = QApplication(sys.argv)
    application.setApplicationName("tiny-window")
    application.setLayoutDirection(QLocale().textDirection())
    signal.signal(signal.SIGTERM, lambda *_: application.quit())
    beat = QTimer()  # lets Python see signals
    beat.timeout.connect(lambda: None)
    beat.start(50)
    window = Window()
    window.show()
    window.tray.show()
    return application.exec()


class Window(QMainWindow):
    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("main-window")
        self.setWindowTitle("Tiny window")
        self.setAcceptDrops(True)
        self.said = _named(QLabel("nothing yet"), "said")
        self.name = _named(QLineEdit(), "name")
        self.greet = _named(QPushButton("Greet"), "greet")
        self.table = _named(QTableWidget(2, 2), "table")
        self.table.setHorizontalHeaderLabels(["File", "Size"])
        for row, texts in enumerate((("plan.pdf", "3 KiB"), ("photo.jpg", "2 MiB"))):
            for column, text in enumerate(texts):
                self.table.setItem(row, column, QTableWidgetItem(text))
        self.scheme = _named(QLabel(), "scheme")
        hints = QApplication.styleHints()
        self._show_scheme(hints.colorScheme())
        hints.colorSchemeChanged.connect(self._show_scheme)
        column = QWidget()
        layout = QVBoxLayout(column)
        for widget in (self.said, self.scheme, self.name, self.greet, self.table):
            layout.addWidget(widget)
        self.setCentralWidget(column)
        self.greet.clicked.connect(lambda: self.said.setText(f"Hello, {self.name.text()}"))
        self.tray = QSystemTrayIcon(_square("darkgreen"), self)
        self.tray.setToolTip("Tiny window")
        self.menu = QMenu()
        self.menu.addAction("Wave", lambda: self.said.setText("waved"))
        more = self.menu.addMenu("More")
        more.addAction("Nod", lambda: self.said.setText("nodded"))
        self.tray.setContextMenu(self.menu)
        self.tray.activated.connect(lambda _: self.said.setText("tray clicked"))

    def _show_scheme(self, scheme) -> None:
        self.scheme.setText(scheme.name)

    def dragEnterEvent(self, event) -> None:
        self.said.setText("let go")
        event.acceptProposedAction()

    def dropEvent(self, event) -> None:
        self.said.setText(" ".join(sorted(url.fileName() for url in event.mimeData().urls())))
        event.acceptProposedAction()


def _named(widget, name):
    widget.setObjectName(name)
    return widget


def _square(color: str) -> QIcon:
    picture = QPixmap(22, 22)
    picture.fill(QColor(color))
    return QIcon(picture)


if __name__ == "__main__":
    sys.exit(main())
