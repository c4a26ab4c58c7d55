"""Starts the interface: the application object, its looks and its language, then the window."""

import sys

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from mydoctransfer.ui import theme
from mydoctransfer.ui.bridge import Bridge, Outside
from mydoctransfer.ui.main_window import MainWindow


def run(outside: Outside, *, email: str = "", is_hidden: bool = False) -> int:
    """Show the interface until the person quits; return the exit code.

    Args:
        outside: what the interface needs; its `start` is called once the window stands.
        email: the address to propose at the sign-in.
        is_hidden: begin in the tray (started at login), where there is one.
    """
    app = make_application(sys.argv[:1])
    bridge = Bridge(outside)
    window = MainWindow(bridge, email)
    window.tray.start()
    if not (is_hidden and window.tray.is_there):
        window.show()
    outside.start(bridge)
    return app.exec()


def make_application(arguments: list[str], locale: QLocale | None = None) -> QApplication:
    """Return the application object with its name, looks and language."""
    QApplication.setApplicationName("MyDoc Transfer")
    QApplication.setApplicationDisplayName("MyDoc Transfer")
    QApplication.setDesktopFileName("mydoctransfer")
    app = QApplication(arguments)
    dress(app, locale or QLocale())
    return app


def dress(app: QApplication, locale: QLocale) -> None:
    """Give an application object its looks and its language."""
    app.setStyle("Fusion")
    app.setQuitOnLastWindowClosed(False)
    app.setWindowIcon(theme.application_icon())
    translate_into(app, locale)
    theme.follow_system()


def translate_into(app: QApplication, locale: QLocale) -> None:
    """Install the translations of a language; English has one too, for its plurals."""
    QLocale.setDefault(locale)
    translator = QTranslator(app)
    directory = str(theme.resources() / "translations")
    if translator.load(locale, "mydoctransfer", "_", directory) or translator.load(
        "mydoctransfer_en", directory
    ):
        app.installTranslator(translator)
    qt = QTranslator(app)
    if qt.load(locale, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(qt)
    app.setLayoutDirection(locale.textDirection())
