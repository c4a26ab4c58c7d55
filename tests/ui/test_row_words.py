"""A row in words and colours, to the eye and to a screen reader."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage

from mydoctransfer.model.events import ItemState, Row, RowsChanged
from mydoctransfer.model.trees import LinkState, Person
from mydoctransfer.ui import text, theme
from mydoctransfer.ui.arranging import SORT_VALUES, Column, contains
from mydoctransfer.ui.documents_model import DocumentsModel
from mydoctransfer.ui.file_types import icon_of
from mydoctransfer.ui.main_window import MainWindow
from mydoctransfer.ui.row_words import RowWords
from tests.ui.outside import BOB, NOW, Outside, row, shared_row, signed_in


@pytest.fixture
def words() -> RowWords:
    return RowWords(lambda: NOW)


def test_a_name_tells_where_it_lies_and_when_it_expires(words: RowWords) -> None:
    later = row("a/b/plan.pdf", expires_at=NOW + 60_000)
    where, when = str(words.tip(later, Column.NAME)).split("\n")
    assert where == text.isolated("a/b/plan.pdf")
    assert when == f"Expires at {text.clock(NOW + 60_000, NOW)}"
    gone = row("plan.pdf", state=ItemState.GONE, expires_at=NOW - 60_000)
    assert "Expired at" in str(words.tip(gone, Column.NAME))
    waiting = row("plan.pdf", state=ItemState.WAITING, expires_at=None)
    assert words.tip(waiting, Column.NAME) == text.isolated("plan.pdf")


def test_two_of_one_name_are_told_apart_by_a_screen_reader() -> None:
    model = DocumentsModel(lambda: NOW)
    model.apply(RowsChanged((row("plan.pdf"), row("sub/deeper/plan.pdf"))))
    role = Qt.ItemDataRole.AccessibleDescriptionRole
    described = {model.index(line, Column.NAME.value).data(role) for line in range(2)}
    assert described == {None, "sub/deeper"}


UNREADABLE = row(
    "sub/Reports.pdf",
    state=ItemState.PROBLEM,
    share_id=None,
    expires_at=None,
    size=0,
    is_directory=True,
    message="Nothing in “Reports.pdf” is sent.",
)


def test_a_directory_that_is_told_of_has_no_size_and_no_file_s_icon(words: RowWords) -> None:
    """C12."""
    assert words.text(UNREADABLE, Column.SIZE) == ""
    assert words.tip(UNREADABLE, Column.SIZE) is None
    assert words.tip(row("empty.pdf", size=0), Column.SIZE) == "0 bytes"
    assert icon_of(UNREADABLE) == "file-folder"
    assert icon_of(row("Reports.pdf")) == "file-pdf"


def test_a_state_with_something_wrong_says_where_more_is_to_be_read(words: RowWords) -> None:
    more = "Click or press Return to read what helps."
    assert words.tip(UNREADABLE, Column.STATE) == f"{UNREADABLE.message}\n{more}"
    assert words.description(UNREADABLE, Column.STATE) == more
    assert words.tip(row("plan.pdf"), Column.STATE) == "In the cloud"
    assert words.description(row("plan.pdf"), Column.STATE) is None


@pytest.mark.parametrize(
    ("made", "is_warned"),
    [
        (row("a.txt", expires_at=NOW + text.SOON_MS - 1000), True),
        (row("a.txt", expires_at=NOW + text.SOON_MS + 60_000), False),
        (row("a.txt", state=ItemState.GONE, expires_at=NOW - 1000), False),
    ],
)
def test_the_name_of_what_expires_soon_has_the_colour_of_a_warning(
    window: MainWindow, outside: Outside, made: Row, is_warned: bool
) -> None:
    window.take_events((*signed_in(), RowsChanged((made,))))
    table = window.documents.table
    table.clearSelection()
    cell = table.visualRect(table.model().index(0, Column.NAME.value))
    cell.setLeft(cell.left() + 52)  # right of the type's icon
    drawn = table.viewport().grab(cell).toImage()
    warning = QColor(theme.current().warning)
    points = ((x, y) for x in range(drawn.width()) for y in range(drawn.height()))
    assert is_warned == any(drawn.pixelColor(*point) == warning for point in points)


def test_a_link_that_leads_to_a_document_stands_with_the_people(
    words: RowWords, window: MainWindow
) -> None:
    linked = row("a.txt", people=(BOB,), link=LinkState(NOW + 60_000, 0, None, False))
    bob, link = str(words.tip(linked, Column.PEOPLE)).split("\n")
    assert "Bob" in bob and link == f"Whoever has its link, until {text.clock(NOW + 60_000, NOW)}"
    over = row("a.txt", people=(BOB,), link=LinkState(NOW - 1, 0, None, False))
    assert words.tip(over, Column.PEOPLE) == bob
    gone = row("a.txt", state=ItemState.GONE, link=LinkState(NOW + 60_000, 0, None, False))
    assert not words.has_link(gone)

    def drawn(made: Row) -> QImage:
        window.take_events((*signed_in(), RowsChanged((made,))))
        table = window.documents.table
        cell = table.visualRect(table.model().index(0, Column.PEOPLE.value))
        return table.viewport().grab(cell).toImage()

    assert drawn(linked) != drawn(over)


def test_bytes_are_told_with_separators(words: RowWords) -> None:
    assert words.tip(row("a", size=289_001), Column.SIZE) == "289,001 bytes"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("A\u0308rger.txt", "ärger"),  # as a Mac writes it
        ("Ärger.txt", "A\u0308RGER"),
        ("Ärger.txt", "arger"),
        ("Straße.txt", "strasse"),
        ("İstanbul.txt", "istanbul"),
        ("시안.txt", "시안"),
        ("שָׁלוֹם.txt", "שלום"),
    ],
)
def test_the_filter_minds_no_accents_and_no_way_of_writing_them(name: str, written: str) -> None:
    assert contains(row(name), text.folded(written).split())
    assert not contains(row(name), text.folded(written + "x").split())


def test_the_filter_finds_people_without_their_accents() -> None:
    assert contains(shared_row("a", Person("z@example.org", "Zoë", "Müller")), ["zoe"])


def test_ones_own_address_does_not_find_everything() -> None:
    assert not contains(row("a.txt"), ["ada"])
    assert contains(row("a.txt", people=(BOB,)), ["bob"])
    assert contains(shared_row("a.txt", BOB), ["bob"])


def test_accents_sort_where_people_look_for_them() -> None:
    names = ["Zebra", "Ärger", "apfel", "Oz", "Öl"]
    ordered = sorted(names, key=lambda name: SORT_VALUES[Column.NAME](row(name)))
    assert ordered == ["apfel", "Ärger", "Öl", "Oz", "Zebra"]
