"""The audit: what administrators see, find and are told; what others are told."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from mydoctransfer.model.commands import ExportAudit, ReadAudit
from mydoctransfer.model.errors import Offline
from mydoctransfer.model.events import EngineState, Status, StatusChanged
from mydoctransfer.ui.audit_model import AuditColumn, AuditModel, is_within
from mydoctransfer.ui.audit_window import AuditWindow
from mydoctransfer.ui.main_window import MainWindow
from mydoctransfer.ui.turns import LEAST
from tests.ui.outside import ACCOUNT, Outside, signed_in

BOB: Any = {"email": "bob@example.org", "given_name": "Bob", "family_name": "Recipient"}


def entry(name: str, action: str, **changes: Any) -> dict[str, Any]:
    return {
        "at": "2026-11-23T10:30:00.000Z",
        "actor": BOB,
        "action": action,
        "detail": "",
        "display_name": name,
        "expired": False,
        **changes,
    }


ENTRIES = [
    entry("plan.pdf", "shared with", detail="eve@example.org"),
    entry("old.txt", "deleted because expired", actor=None, expired=True),
    entry("<b>x</b>\u202e", "unheard of"),
]


def opened(window: MainWindow, is_admin: bool = True) -> AuditWindow:
    if is_admin:
        account = dataclasses.replace(ACCOUNT, groups=("admins",))
        window.take_events(
            (StatusChanged(Status(EngineState.IDLE, folder="/home/ada/x", account=account)),)
        )
    else:
        window.take_events(tuple(signed_in()))
    action = window.findChild(QAction, "menu-audit")
    assert action is not None
    action.trigger()
    audit = window.findChild(AuditWindow)
    assert audit is not None
    return audit


def lines(model: AuditModel) -> list[list[str]]:
    return [
        [str(model.index(line, column).data()) for column in range(1, model.columnCount())]
        for line in range(model.rowCount())
    ]


@pytest.mark.parametrize(
    ("action", "detail", "said"),
    [
        ("downloaded", "version 3", "downloaded \u2068version 3\u2069"),
        (
            "downloaded",
            "version 3, not verified",
            "downloaded \u2068version 3, not verified\u2069",
        ),
        ("new version", "version 3", "new version \u20683\u2069"),
        ("extended", "2026-11-24T10:30:00.000Z", "extended \u206824 Nov 2026, "),
        (
            "every version gone",
            "2 published, 1 removed by the sweep",
            "every version gone \u2068(2 published, 1 removed by the system)\u2069",
        ),
        ("renamed to", "version of May.txt", "renamed to \u2068version of May.txt\u2069"),
    ],
)
def test_details_are_in_words(
    window: MainWindow, outside: Outside, action: str, detail: str, said: str
) -> None:
    outside.answers[ReadAudit] = {"entries": [entry("plan.pdf", action, detail=detail)]}
    audit = opened(window)
    at = audit.model.index(0, AuditColumn.ACTION.value)
    assert str(at.data()).startswith(said)


def test_entries_are_shown_as_they_are_and_the_systems_as_its_own(
    window: MainWindow, outside: Outside, qtmodeltester: ModelTester
) -> None:
    outside.answers[ReadAudit] = {"entries": ENTRIES}
    audit = opened(window)
    qtmodeltester.check(audit.model)
    first, second, third = lines(audit.model)
    shared = "shared with \u2068eve@example.org\u2069"
    assert first == ["Bob Recipient", BOB["email"], shared, "plan.pdf", "No"]
    assert second == ["The system", "", "deleted because expired", "old.txt", "Yes"]
    assert third == ["Bob Recipient", BOB["email"], "unheard of", "<b>x</b>\\u202e", "No"]
    tip = audit.model.index(2, 4).data(Qt.ItemDataRole.ToolTipRole)
    assert "<b>" not in tip
    assert audit.count.text() == "Entries: 3"


@pytest.mark.parametrize(
    ("letters", "found"), [("eve pln", [0]), ("bobrec", [0, 2]), ("zq", []), ("", [0, 1, 2])]
)
def test_letters_in_their_order_find_an_entry_in_all_its_fields(
    window: MainWindow, outside: Outside, letters: str, found: list[int]
) -> None:
    outside.answers[ReadAudit] = {"entries": ENTRIES}
    audit = opened(window)
    audit.filter_box.setText(letters)
    audit.apply_filter()
    shown = ("plan.pdf", "old.txt", "<b>x</b>\\u202e")
    assert [line[3] for line in lines(audit.model)] == [shown[n] for n in found]


def test_very_many_entries_arrive_slice_by_slice_under_the_filter(
    qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    model = AuditModel()
    qtmodeltester.check(model)
    entries = [entry(f"{n:05d}.txt", "uploaded") for n in range(3 * LEAST + 1)]
    model.take(entries)
    model.filter("0")
    qtbot.waitUntil(lambda: not model.is_busy, timeout=60_000)
    entries = [e for e in entries if "0" in str(e["display_name"])]
    assert [line[3] for line in lines(model)] == [e["display_name"] for e in entries]


def test_letters_out_of_order_find_nothing() -> None:
    assert is_within("abc", "xaxbxc")
    assert not is_within("acb", "xaxbxc")
    assert not is_within("aa", "a")


def test_others_are_told_and_the_cloud_is_not_asked(window: MainWindow, outside: Outside) -> None:
    audit = opened(window, is_admin=False)
    assert outside.told_of(ReadAudit) == []
    assert "Only administrators" in audit.message.body.text()
    assert not audit.table.isVisible()


def test_what_fails_is_said_and_can_be_read_again(
    window: MainWindow, outside: Outside, qtbot: QtBot
) -> None:
    outside.answers[ReadAudit] = Offline("The cloud cannot be reached.")
    audit = opened(window)
    assert audit.message.body.text() == "The cloud cannot be reached."
    outside.answers[ReadAudit] = {"entries": ENTRIES}
    qtbot.mouseClick(audit.again, Qt.MouseButton.LeftButton)
    assert not audit.message.isVisible()
    assert audit.model.rowCount() == 3


def test_signing_out_closes_the_audit(window: MainWindow, outside: Outside) -> None:
    outside.answers[ReadAudit] = {"entries": ENTRIES}
    audit = opened(window)
    window.take_events((StatusChanged(Status(EngineState.SIGNED_OUT)),))
    assert not audit.isVisible()


def test_the_whole_audit_is_saved_as_a_file_for_spreadsheets(
    window: MainWindow, outside: Outside, tmp_path: Path
) -> None:
    outside.answers[ReadAudit] = {"entries": ENTRIES}
    outside.answers[ExportAudit] = {"csv": '"at","email"\r\n"1","\u00fc@example.org"\r\n'}
    audit = opened(window)
    audit.filter_box.setText("plan")
    file = tmp_path / "audit.csv"
    audit.save.click()
    dialog = audit.findChild(QFileDialog, "audit-save-dialog")
    assert dialog is not None
    dialog.fileSelected.emit(str(file))
    dialog.reject()
    assert file.read_bytes() == '"at","email"\r\n"1","\u00fc@example.org"\r\n'.encode()
    assert outside.told_of(ExportAudit) == [ExportAudit()]
    assert "audit.csv" in audit.message.body.text()
    assert audit.save.isEnabled()


def test_an_audit_that_cannot_be_saved_is_said_and_leaves_no_half_file(
    window: MainWindow, outside: Outside, tmp_path: Path
) -> None:
    outside.answers[ReadAudit] = {"entries": ENTRIES}
    outside.answers[ExportAudit] = {"csv": "x"}
    audit = opened(window)
    audit.save_csv(str(tmp_path / "nowhere" / "audit.csv"))
    assert "could not be written" in audit.message.body.text()
    outside.answers[ExportAudit] = Offline("The cloud cannot be reached.")
    audit.save_csv(str(tmp_path / "audit.csv"))
    assert "cannot be reached" in audit.message.body.text()
    assert list(tmp_path.iterdir()) == []


def test_others_are_offered_no_audit_to_save(window: MainWindow) -> None:
    assert not opened(window, is_admin=False).save.isVisible()


def test_an_empty_audit_says_why_it_is_empty(
    window: MainWindow, outside: Outside, qtbot: QtBot
) -> None:
    outside.answers[ReadAudit] = Offline("The cloud cannot be reached.")
    audit = opened(window)
    assert audit.table.empty.isHidden()  # nobody knows yet
    outside.answers[ReadAudit] = {"entries": []}
    audit.again.click()
    assert audit.table.accessibleDescription().startswith("Nothing has happened yet.")
    outside.answers[ReadAudit] = {"entries": ENTRIES}
    audit.again.click()
    qtbot.waitUntil(lambda: audit.model.rowCount() == len(ENTRIES))
    assert audit.table.empty.isHidden()
    audit.filter_box.setText("zzz")
    qtbot.waitUntil(audit.table.empty.isVisible)
    assert audit.table.accessibleDescription().startswith("Nothing found.")


def test_when_and_with_whom_fit_into_the_audits_columns(
    window: MainWindow, outside: Outside, qtbot: QtBot
) -> None:
    outside.answers[ReadAudit] = {"entries": ENTRIES}
    audit = opened(window)
    qtbot.waitUntil(lambda: audit.model.rowCount() == len(ENTRIES))
    for column in (AuditColumn.TIME, AuditColumn.ACTION):
        words = str(audit.model.index(0, column.value).data())
        assert audit.table.fontMetrics().horizontalAdvance(words) + 16 <= audit.table.columnWidth(
            column.value
        )
