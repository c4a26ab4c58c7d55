"""The buttons above the table where there is room for them, and where there is not."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mydoctransfer.ui.action_bar import LOSING_WORDS, ActionBar


def test_buttons_lose_their_words_one_by_one_and_get_them_back(qtbot: QtBot) -> None:
    room = QWidget()  # a window of its own would never be narrower than its words
    qtbot.addWidget(room)
    bar = ActionBar(room)
    room.show()
    bar.resize(2000, 40)
    assert all(made.text() for made in bar.buttons.values())
    seen = []
    for width in range(bar.sizeHint().width(), bar.minimumSizeHint().width(), -20):
        bar.resize(width, 40)
        wordless = [act for act in LOSING_WORDS if not bar.buttons[act].text()]
        assert wordless == list(LOSING_WORDS[: len(wordless)])
        assert bar.layout().sizeHint().width() <= width or len(wordless) == len(LOSING_WORDS)
        seen.append(len(wordless))
    assert len(set(seen)) >= 4
    assert all(made.accessibleName() and made.toolTip() for made in bar.buttons.values())
    bar.resize(2000, 40)
    assert all(made.text() for made in bar.buttons.values())
