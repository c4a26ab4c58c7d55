"""Starts the interface: the application object, its looks and its language, then the window."""

import gc
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QSocketNotifier, QTranslator
from PySide6.QtWidgets import QApplication

from mydoctransfer.model.wishes import Wish
from mydoctransfer.ui import theme
from mydoctransfer.ui.bridge import Bridge, Outside
from mydoctransfer.ui.main_window import MainWindow

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_BRITISH = QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)


def run(
    outside: Outside,
    *,
    email: str = "",
    is_hidden: bool = False,
    wish: Wish | None = None,
) -> int:
    """Show the interface until the person quits; return the exit code.

    Args:
        outside: what the interface needs; its `start` is called once the window stands.
        email: the address to propose at the sign-in.
        is_hidden: begin in the tray (started at login), where there is one.
        wish: what this start wants besides showing the window.
    """
    app = the_application()
    calm_collector()
    bridge = Bridge(outside)
    window = MainWindow(bridge, email)
    window.tray.start()
    if not (is_hidden and window.tray.is_there):
        window.show()
    outside.start(bridge)
    if wish is not None:
        bridge.take_wish(wish)
    with quitting_on_signals(window.quit):
        return app.exec()


def calm_collector() -> None:
    """Keep Python's garbage collector from walking over every document while somebody looks on.

    Of 100,000 documents a full collection takes 50 ms and more. The young ones, which find nearly
    everything there is to find, go on as ever, each of no more than a turn has time for; a full one
    becomes rare.
    """
    gc.freeze()
    gc.set_threshold(2_000, 5, 2_000)


@contextmanager
def quitting_on_signals(quit: Callable[[], None]) -> Iterator[None]:
    """Quit on SIGTERM and Ctrl-C. Qt sleeps in C: a byte on a socket wakes it, so nothing polls."""
    here, there = socket.socketpair()
    for end in (here, there):
        end.setblocking(False)
    notifier = QSocketNotifier(here.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda: here.recv(64))  # coming back to Python runs the handler
    before = {number: signal.signal(number, lambda *_: quit()) for number in _SIGNALS}
    old_end = signal.set_wakeup_fd(there.fileno())
    try:
        yield
    finally:
        signal.set_wakeup_fd(old_end)
        for number, handler in before.items():
            signal.signal(number, handler)
        notifier.setEnabled(False)
        here.close()
        there.close()


def the_application() -> QApplication:
    """Return the application object: there is one for the whole process."""
    made = QApplication.instance()
    return made if isinstance(made, QApplication) else make_application(sys.argv[:1])


def make_application(arguments: list[str], locale: QLocale | None = None) -> QApplication:
    """Return the application object with its name, looks and language."""
    QApplication.setApplicationName("MyDoc Transfer")
    QApplication.setApplicationDisplayName("MyDoc Transfer")
    QApplication.setDesktopFileName("mydoctransfer")
    app = QApplication(arguments)
    dress(app, locale or _spoken())
    return app


def _spoken() -> QLocale:
    """Return the person's locale; one that writes times for machines ("C") is read as English."""
    system = QLocale()
    return _BRITISH if system.language() is QLocale.Language.C else system


def dress(app: QApplication, locale: QLocale) -> None:
    """Give an application object its looks and its language."""
    app.setStyle("Fusion")
    app.setQuitOnLastWindowClosed(False)
    app.setWindowIcon(theme.application_icon())
    translate_into(app, locale)
    theme.follow_system()


def speak() -> QCoreApplication:
    """Speak the person's language without a window, for as long as what is returned lives."""
    app = QCoreApplication.instance()
    if app is None:
        app = QCoreApplication(sys.argv[:1])
        _install_translations(app, _spoken())
    return app


def translate_into(app: QApplication, locale: QLocale) -> None:
    """Speak a language, and read in its direction."""
    _install_translations(app, locale)
    app.setLayoutDirection(locale.textDirection())


def _install_translations(app: QCoreApplication, locale: QLocale) -> None:
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
