"""Asking for a file or a folder, in a dialog that holds nothing up."""

from collections.abc import Callable

from PySide6.QtWidgets import QFileDialog, QWidget

Chosen = Callable[[str], object]


def ask_where_to_save(
    parent: QWidget, title: str, proposed: str, name: str, chosen: Chosen
) -> None:
    """Ask for the file to write, with a name for it proposed."""
    dialog = QFileDialog(parent, title, proposed)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    show(dialog, name, chosen)


def ask_for_folder(parent: QWidget, title: str, at: str, name: str, chosen: Chosen) -> None:
    """Ask for a folder, beginning in the one at `at`."""
    dialog = QFileDialog(parent, title, at)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    show(dialog, name, chosen)


def show(dialog: QFileDialog, name: str, chosen: Chosen) -> None:
    """Open a dialog that goes when it is closed."""
    dialog.setObjectName(name)
    dialog.fileSelected.connect(chosen)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
