"""Opening files and folders with what the desktop has for them."""

import os
import urllib.parse

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def open_path(path: str) -> None:
    """Open a file or a folder; names that are no UTF-8 too."""
    quoted = urllib.parse.quote(os.fsencode(path))
    QDesktopServices.openUrl(QUrl(f"file://{quoted}", QUrl.ParsingMode.StrictMode))
