"""What is done with a document: sharing, links, a new name, an end, a receipt."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from mydoctransfer.model.commands import ChangeLink, FindUsers, GetReceipt, Rename
from mydoctransfer.model.errors import Refused
from mydoctransfer.model.times import format_time
from mydoctransfer.model.trees import LinkState
from mydoctransfer.ui.choices import Act
from mydoctransfer.ui.link_dialog import LinkDialog
from mydoctransfer.ui.main_window import MainWindow
from mydoctransfer.ui.name_editor import NameEditor
from scripts.screenshots.stage import MINUTE, Stage, arrive, some_rows
from scripts.screenshots.states.documents import every_state, gone
from tests.ui.outside import ACCOUNT, ADA, BOB, NOW, Outside, signed_in


def receipt(window: MainWindow, outside: Outside) -> None:
    ada, bob = (
        {"email": p.email, "given_name": p.given_name, "family_name": p.family_name}
        for p in (ADA, BOB)
    )
    outside.answers[GetReceipt] = {
        "receipt": {
            "share_id": "1",
            "display_name": "Contract draft.pdf",
            "size": 734_003,
            "sha256": "5e" * 32,
            "versions": 2,
            "state": "expired",
            "owner": ada,
            "people": [bob],
            "uploaded_at": format_time(NOW - 7_200_000),
            "expires_at": format_time(NOW),
            "gone_at": format_time(NOW),
            "objects_gone_at": format_time(NOW + 240_000),
            "fetched": [{**bob, "version": 2, "at": format_time(NOW - 3_600_000)}],
        }
    }
    gone(window, outside)
    window.documents.acts.do(Act.RECEIPT, window.documents.table.chosen())


def share(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    outside.answers[FindUsers] = {
        "users": [
            {"email": "carol@example.org", "given_name": "Carol", "family_name": "Jones"},
            {"email": "carl@example.org", "given_name": "Carl", "family_name": "Gustafsson"},
        ]
    }
    window.documents.acts.share((some_rows()[0],))
    dialog = window.documents.acts.share_dialog
    assert dialog is not None
    dialog.field.add(("carl@example.org",))
    dialog.field.search.setText("car")
    dialog.field._search()


def share_refused(window: MainWindow, outside: Outside) -> None:
    policy = replace(ACCOUNT.policy, refused_recipients=("competitor.example",))
    every_state(window, outside)
    arrive(window, *signed_in(account=replace(ACCOUNT, policy=policy)))
    outside.answers[FindUsers] = {
        "users": [{"email": "carol@example.org", "given_name": "Carol", "family_name": "Jones"}]
    }
    window.documents.acts.share((some_rows()[0],))
    dialog = window.documents.acts.share_dialog
    assert dialog is not None
    dialog.field.add(("carol@example.org", "who@example.com", "x@competitor.example", "Robin"))


def link_new(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    window.documents.acts._link(some_rows()[0])


def link_there(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    outside.answers[ChangeLink] = {
        "url": "https://k3x9v1q0ab.execute-api.eu-central-1.amazonaws.com/api/s/" + "3f" * 40,
        "share_id": "",
        "expires_at": format_time(NOW + 58 * MINUTE),
        "downloads": 1,
        "max_downloads": 3,
        "has_password": True,
    }
    linked = LinkState(NOW + 58 * MINUTE, 1, 3, True)
    window.documents.acts._link(replace(some_rows()[0], link=linked))


def link_refused(window: MainWindow, outside: Outside) -> None:
    link_new(window, outside)
    (dialog,) = window.findChildren(LinkDialog)
    outside.answers[ChangeLink] = Refused("Refused", "Links are not allowed here.", "links_refused")
    dialog.apply.click()


def revoke_all(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    window._ask_revoke()


def rename(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    row = some_rows()[0]
    window.documents.table.selectRow(window.documents.model.line_of(row.key) or 0)
    window.documents.acts.on_rename(row)


def rename_refused(window: MainWindow, outside: Outside) -> None:
    rename(window, outside)
    outside.answers[Rename] = Refused(
        "This name is not allowed.",
        "A name needs more than dots and spaces, and no slash.",
        "name_refused",
    )
    editor = window.documents.findChild(NameEditor)
    assert editor is not None
    editor.name.setText("Budget/2026.xlsx")
    QTest.keyClick(editor.name, Qt.Key.Key_Return)


def withdraw(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    window.documents.acts._withdraw((some_rows()[0],))


STAGES: tuple[Stage, ...] = (
    receipt,
    share,
    share_refused,
    link_new,
    link_there,
    link_refused,
    revoke_all,
    rename,
    rename_refused,
    withdraw,
)
