"""The table's rows: order, filters, views, and never much work in one turn of the event loop."""

import random
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QItemSelectionModel, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QTableView
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from mydoctransfer.model.events import ItemState, Progress, Row, RowsChanged
from mydoctransfer.model.trees import Fetched
from mydoctransfer.ui import orders, text, turns
from mydoctransfer.ui.arranging import SORT_VALUES, Column, View, belongs, contains
from mydoctransfer.ui.bridge import Bridge
from mydoctransfer.ui.documents_model import DocumentsModel
from mydoctransfer.ui.main_window import MainWindow
from tests.ui.outside import ADA, BOB, EVE, NOW, row, shared_row, signed_in
from tests.ui.stalls import Watchdog

DOWN = Qt.SortOrder.DescendingOrder


@pytest.fixture
def model(qtmodeltester: ModelTester, qapp: object) -> Iterator[DocumentsModel]:
    made = DocumentsModel(lambda: NOW)
    qtmodeltester.check(made)
    yield made


def shown(model: DocumentsModel, column: Column = Column.NAME) -> list[str]:
    return [model.index(line, column.value).data() for line in range(model.rowCount())]


def settle(model: DocumentsModel, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: model.is_settled, timeout=60_000)  # on a busy machine


def some() -> RowsChanged:
    gone = row("old.txt", state=ItemState.GONE, expires_at=NOW - 1)
    bad = row("bad.iso", state=ItemState.PROBLEM, message="It is too large.", size=10)
    return RowsChanged((row("b.pdf", size=3), row("A.pdf", size=5), shared_row("c.pdf"), gone, bad))


def test_names_are_sorted_without_regard_to_case(model: DocumentsModel) -> None:
    model.apply(some())
    assert shown(model) == ["A.pdf", "b.pdf", "bad.iso", "c.pdf", "old.txt"]


def test_every_column_sorts_both_ways(model: DocumentsModel) -> None:
    model.apply(some())
    for column in Column:
        model.sort(column.value)
        ascending = shown(model)
        model.sort(column.value, DOWN)
        assert shown(model) == ascending[::-1]
        assert sorted(ascending) == sorted(shown(model))


def test_views_show_mine_shared_gone_and_what_needs_attention(model: DocumentsModel) -> None:
    model.apply(some())
    expected = {
        View.ALL: ["A.pdf", "b.pdf", "bad.iso", "c.pdf", "old.txt"],
        View.MINE: ["A.pdf", "b.pdf", "bad.iso"],
        View.SHARED: ["c.pdf"],
        View.GONE: ["old.txt"],
        View.ATTENTION: ["bad.iso"],
    }
    for view, names in expected.items():
        model.show_view(view)
        assert shown(model) == names
        assert model.counts[view] == len(names)


def test_the_filter_looks_at_names_folders_and_people(model: DocumentsModel) -> None:
    model.apply(RowsChanged((row("Acme/x.pdf"), row("y.pdf", people=(EVE,)), shared_row("z.pdf"))))
    for words, names in (("ACME", ["x.pdf"]), ("müller y", ["y.pdf"]), ("bob", ["z.pdf"])):
        model.filter(words)
        assert shown(model) == names
    model.filter("")
    assert model.rowCount() == 3


def test_who_has_fetched_a_document_is_said_in_a_tooltip_and_to_screen_readers(
    model: DocumentsModel,
) -> None:
    fetched = (Fetched(BOB, 2, NOW), Fetched(EVE, 1, NOW))
    model.apply(RowsChanged((row("x.pdf", people=(BOB, EVE), version=2, fetched=fetched),)))
    cell = model.index(0, Column.PEOPLE.value)
    when = text.clock(NOW, NOW)
    told = str(cell.data(Qt.ItemDataRole.AccessibleDescriptionRole)).split("\n")
    assert told == [
        f"\u2068Bob Recipient (bob@example.org)\u2069: downloaded at {when}",
        "\u2068Eve M\u00fcller (eve@example.org)\u2069: not downloaded yet",
    ]
    assert told[1] in cell.data(Qt.ItemDataRole.ToolTipRole)


def test_of_others_documents_only_who_has_them_is_said(model: DocumentsModel) -> None:
    model.apply(RowsChanged((shared_row("x.pdf", people=(EVE,), version=1),)))
    tip = model.index(0, Column.PEOPLE.value).data(Qt.ItemDataRole.AccessibleDescriptionRole)
    assert tip == "\u2068Eve M\u00fcller (eve@example.org)\u2069"


def test_what_is_equal_is_told_apart_by_key(model: DocumentsModel) -> None:
    model.apply(RowsChanged((row("b/x.pdf"), row("a/x.pdf"))))
    assert [model.row_at(line).key for line in (0, 1)] == ["a/x.pdf", "b/x.pdf"]


def test_a_changed_row_says_so_and_no_other_does(model: DocumentsModel) -> None:
    model.apply(some())
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda a, b: told.append((a.row(), b.row())))
    model.apply(RowsChanged((row("b.pdf", size=99),)))
    assert told == [(1, 1)]
    assert shown(model, Column.SIZE)[1] == "99 bytes"


def test_progress_repaints_the_state_of_one_row(model: DocumentsModel) -> None:
    model.apply(RowsChanged((row("a"), row("b", state=ItemState.UPLOADING))))
    told: list[tuple[int, int, int]] = []
    model.dataChanged.connect(lambda a, b: told.append((a.row(), a.column(), b.column())))
    model.apply_progress(Progress("b", 30, 120))
    assert told == [(1, Column.STATE.value, Column.STATE.value)]
    assert shown(model, Column.STATE)[1] == "Sending 25 %"


def test_progress_ends_with_the_upload(model: DocumentsModel) -> None:
    model.apply(RowsChanged((row("b", state=ItemState.UPLOADING),)))
    model.apply_progress(Progress("b", 30, 120))
    model.apply(RowsChanged((row("b"),)))
    assert shown(model, Column.STATE) == ["In the cloud"]


def test_progress_of_a_row_nobody_knows_changes_nothing(model: DocumentsModel) -> None:
    model.apply_progress(Progress("never", 1, 2))
    assert model.rowCount() == 0


def test_a_row_that_moves_keeps_its_selection(model: DocumentsModel) -> None:
    model.apply(some())
    kept = QPersistentModelIndex(model.index(0, 0))
    model.apply(RowsChanged((row("A.pdf", name="zzz.pdf"),)))
    assert kept.row() == model.rowCount() - 1
    assert kept.data() == "zzz.pdf"


def test_a_new_name_that_sorts_the_same_is_shown(model: DocumentsModel) -> None:
    model.apply(RowsChanged((row("k", name="ABC"),)))
    model.apply(RowsChanged((row("k", name="abc"),)))
    assert shown(model) == ["abc"]


def test_a_snapshot_forgets_every_other_row(model: DocumentsModel) -> None:
    model.apply(some())
    model.apply(RowsChanged((row("new.txt"), row("b.pdf")), (), True))
    assert shown(model) == ["b.pdf", "new.txt"]
    assert model.counts[View.ALL] == 2


def test_signing_out_leaves_nothing(model: DocumentsModel) -> None:
    model.apply(some())
    model.clear()
    assert model.rowCount() == 0
    assert model.row("b.pdf") is None
    assert set(model.counts.values()) == {0}


@pytest.mark.parametrize("turns_until_then", range(0, 40, 3))
def test_signing_out_at_any_moment_leaves_a_table_that_goes_on(
    model: DocumentsModel, monkeypatch: pytest.MonkeyPatch, turns_until_then: int
) -> None:
    model.apply(RowsChanged(tuple(row(f"{n:03d}", size=-n) for n in range(30))))
    monkeypatch.setattr(orders, "SLICE", 10)
    monkeypatch.setattr(turns, "LEAST", 1)
    monkeypatch.setattr(turns, "TURN_S", 0.0)
    model.apply(RowsChanged(tuple(row(f"{n:03d}", size=-n) for n in range(15, 80)), (), True))
    model.sort(Column.SIZE.value, DOWN)
    for _ in range(turns_until_then):
        QCoreApplication.processEvents()
    model.clear()
    model.apply(RowsChanged((row("a", size=1), row("b", size=3), row("c", size=2))))
    while not model.is_settled:
        QCoreApplication.processEvents()
    assert shown(model) == ["b", "c", "a"]
    assert [model.line_of(key) for key in "bca"] == [0, 1, 2]


def test_a_name_in_markup_is_text_and_its_tooltip_too(model: DocumentsModel) -> None:
    model.apply(RowsChanged((row("a", name="<b>x</b>", path=None),)))
    assert shown(model) == ["<b>x</b>"]
    tip = str(model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole))
    assert tip.startswith("<qt>\u2068&lt;b&gt;x&lt;/b&gt;\u2069<br>")


def test_screen_readers_hear_what_is_displayed(model: DocumentsModel) -> None:
    model.apply(some())
    for column in Column:
        index = model.index(0, column.value)
        assert index.data(Qt.ItemDataRole.AccessibleTextRole) == index.data()


@pytest.mark.parametrize("is_descending", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_any_changes_in_any_order_show_what_sorting_it_all_would(
    model: DocumentsModel, qtbot: QtBot, seed: int, is_descending: bool
) -> None:
    rand = random.Random(seed)
    table = QTableView()
    qtbot.addWidget(table)
    table.setModel(model)
    held: dict[str, Row] = {}
    for _ in range(60):
        match rand.randrange(6):
            case 0:
                model.sort(
                    rand.randrange(6), DOWN if is_descending else Qt.SortOrder.AscendingOrder
                )
            case 1:
                model.show_view(rand.choice(list(View)))
            case 2:
                model.filter(rand.choice(["", "1", "ada", "x2"]))
            case _:
                change = _any_change(rand, held)
                model.apply(change)
        settle(model, qtbot)
        if rand.random() < 0.2 and model.rowCount():
            table.selectRow(rand.randrange(model.rowCount()))
        _check_against_plain_sorting(model, held)


def test_selection_survives_sorting_filtering_and_many_new_rows(
    model: DocumentsModel, qtbot: QtBot
) -> None:
    table = QTableView()
    qtbot.addWidget(table)
    table.setModel(model)
    model.apply(RowsChanged(tuple(row(f"{n:04d}") for n in range(300))))
    settle(model, qtbot)
    flags = (
        QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    )
    table.selectionModel().select(model.index(123, 0), flags)
    model.sort(Column.SIZE.value, DOWN)
    model.apply(RowsChanged(tuple(row(f"new {n}") for n in range(300))))
    settle(model, qtbot)
    model.filter("01")
    settle(model, qtbot)
    assert [index.data() for index in table.selectionModel().selectedRows()] == ["0123"]


def test_the_window_never_stands_still_while_very_much_arrives_is_sorted_and_filtered(
    window: MainWindow, bridge: Bridge, qtbot: QtBot, stalls: Watchdog
) -> None:
    """N05. The watchdog of every test here measures it; this one sees that there was work."""
    count, model = 100_000, window.model
    rows = tuple(row(f"f{number * 7919 % count:06d}.pdf", size=number) for number in range(count))
    bridge.deliver((*signed_in(), RowsChanged(rows[: count // 2], (), True)))
    bridge.deliver((*(RowsChanged(rows[at : at + 2000]) for at in range(count // 2, count, 2000)),))
    qtbot.waitUntil(lambda: model.rowCount() == count and model.is_settled, timeout=60_000)
    model.sort(Column.SIZE.value)
    settle(model, qtbot)
    window.documents.table.selectAll()
    model.sort(Column.NAME.value)
    settle(model, qtbot)
    for needle, found in (("99", sum("99" in it.name for it in rows)), ("", count)):
        model.filter(needle)
        settle(model, qtbot)
        assert model.rowCount() == found
    bridge.deliver((RowsChanged(rows[:5000], (), True),))
    qtbot.waitUntil(lambda: model.rowCount() == 5000 and model.is_settled, timeout=60_000)
    assert stalls.longest > 0.001


def _any_change(rand: random.Random, held: dict[str, Row]) -> RowsChanged:
    many = rand.choice([1, 3, 100])
    rows = tuple(_any_row(rand) for _ in range(many))
    removed = tuple(rand.sample(sorted(held), min(len(held), rand.choice([0, 2, 80]))))
    removed = tuple(key for key in removed if key not in {a.key for a in rows})
    is_snapshot = rand.random() < 0.1
    if is_snapshot:
        held.clear()
        removed = ()
    for key in removed:
        held.pop(key, None)
    held.update({a.key: a for a in rows})
    return RowsChanged(rows, removed, is_snapshot)


def _any_row(rand: random.Random) -> Row:
    key = f"k{rand.randrange(200)}"
    return row(
        key,
        name=f"x{rand.randrange(30)}",
        size=rand.randrange(5),
        is_mine=rand.random() < 0.7,
        owner=rand.choice([ADA, BOB]),
        expires_at=rand.choice([None, NOW + 5, NOW + 9_000_000]),
        state=rand.choice(list(ItemState)),
    )


def _check_against_plain_sorting(model: DocumentsModel, held: dict[str, Row]) -> None:
    words = model._needle.split()
    wanted = [a for a in held.values() if belongs(a, model._view) and contains(a, words)]
    value: Callable[[Row], object] = SORT_VALUES[model._column]
    keys = [a.key for a in sorted(wanted, key=lambda a: (value(a), a.key))]  # type: ignore[arg-type,return-value]
    if model._is_descending:
        keys.reverse()
    assert [model.row_at(line).key for line in range(model.rowCount())] == keys
    assert [model.line_of(key) for key in keys] == list(range(len(keys)))
    assert all(model.counts[v] == sum(belongs(a, v) for a in held.values()) for v in View)
