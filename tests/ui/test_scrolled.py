"""What scrolls asks for as much room as its words need."""

from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mydoctransfer.ui.pieces import label
from mydoctransfer.ui.scrolled import Scrolled


def test_words_that_wrap_are_not_cut_off(qtbot: QtBot) -> None:
    content = QWidget()
    words = label("Whoever has the code that was sent chooses a new password with it. " * 8)
    QVBoxLayout(content).addWidget(words)
    room = Scrolled(content)
    qtbot.addWidget(room)
    room.resize(200, 100)
    room.show()
    needed = content.heightForWidth(200)
    assert needed > content.minimumSizeHint().height()
    assert room.minimumSizeHint().height() >= min(needed, room._most())
