"""Writing what a person wants to keep where they said."""

from PySide6.QtCore import QSaveFile


def write_whole(path: str, content: str) -> str:
    """Write a file whole or not at all; return why not, "" when it is there."""
    file = QSaveFile(path)
    if not file.open(QSaveFile.OpenModeFlag.WriteOnly):
        return file.errorString()
    file.write(content.encode())
    return "" if file.commit() else file.errorString()
