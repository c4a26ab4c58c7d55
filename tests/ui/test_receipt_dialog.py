"""The receipt of what is gone: shown, saved, refused."""

from pathlib import Path

from mydoctransfer.model.commands import GetReceipt
from mydoctransfer.model.errors import Refused
from mydoctransfer.model.events import ItemState, RowsChanged
from mydoctransfer.ui.choices import Act
from mydoctransfer.ui.main_window import MainWindow
from mydoctransfer.ui.receipt_dialog import ReceiptDialog
from tests.ui.outside import Outside, row, signed_in

ADA = {"email": "ada@example.org", "given_name": "Ada", "family_name": "Sender"}
BOB = {"email": "bob@example.org", "given_name": "Bob", "family_name": "Recipient"}
RECEIPT = {
    "share_id": "1",
    "display_name": "plan\u202e.pdf",
    "size": 2048,
    "sha256": "ab" * 32,
    "versions": 2,
    "state": "expired",
    "owner": ADA,
    "people": [BOB],
    "uploaded_at": "2026-11-26T08:00:00.000Z",
    "expires_at": "2026-11-26T09:00:00.000Z",
    "gone_at": "2026-11-26T09:00:00.000Z",
    "objects_gone_at": None,
    "fetched": [{**BOB, "version": 1, "at": "2026-11-26T08:30:00.000Z"}],
}


def opened(window: MainWindow) -> ReceiptDialog:
    gone = row("plan.pdf", state=ItemState.GONE)
    window.take_events((*signed_in(), RowsChanged((gone,), (), True)))
    window.documents.table.selectRow(0)
    window.documents.bar.actions_by_act[Act.RECEIPT].trigger()
    dialog = window.documents.findChild(ReceiptDialog)
    assert dialog is not None
    return dialog


def test_a_receipt_is_shown_and_saved_as_shown(
    window: MainWindow, outside: Outside, tmp_path: Path
) -> None:
    outside.answers[GetReceipt] = {"receipt": RECEIPT}
    dialog = opened(window)
    assert outside.told[-1] == GetReceipt("id of plan.pdf")
    dialog.save_at(str(tmp_path / "receipt.txt"))
    saved = (tmp_path / "receipt.txt").read_text()
    assert "Document: plan\\u202e.pdf\n" in saved
    assert "Who had it: Bob Recipient (bob@example.org)\n" in saved
    assert "Who downloaded it: Bob Recipient (bob@example.org), " in saved
    assert "Last byte deleted: Not yet\n" in saved
    assert f"SHA-256: {'ab' * 32}\n" in saved
    assert "Saved as" in dialog.message.body.text()


def test_several_who_downloaded_it_each_have_a_line(window: MainWindow, outside: Outside) -> None:
    both = [*RECEIPT["fetched"], {**ADA, "version": 2, "at": "2026-11-26T08:45:00.000Z"}]
    outside.answers[GetReceipt] = {"receipt": {**RECEIPT, "fetched": both}}
    dialog = opened(window)
    (value,) = [value for caption, value in dialog._lines if caption == "Who downloaded it"]
    assert [line.partition(" (")[0] for line in value.splitlines()] == [
        "Bob Recipient",
        "Ada Sender",
    ]


def test_where_it_cannot_be_written_is_said(
    window: MainWindow, outside: Outside, tmp_path: Path
) -> None:
    outside.answers[GetReceipt] = {"receipt": RECEIPT}
    dialog = opened(window)
    dialog.save_at(str(tmp_path / "nowhere" / "receipt.txt"))
    assert "could not be written" in dialog.message.body.text()


def test_a_refused_receipt_says_why_and_saves_nothing(window: MainWindow, outside: Outside) -> None:
    outside.answers[GetReceipt] = Refused("Refused", "There is no receipt any more.", "not_found")
    dialog = opened(window)
    assert dialog.message.body.text() == "There is no receipt any more."
    assert not dialog.save.isEnabled()
