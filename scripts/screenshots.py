"""Draws every window and state into out/screenshots/*.png, without a screen.

python -m scripts.screenshots [WORD]

With a word: only the pictures whose name contains it. Each state is drawn light, dark, at twice the
size, from right to left (in Arabic layout), with texts longer than German ones, in German and in
Italian; the picture's name says which.
"""

import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QItemSelectionModel, QLocale, QRect, Qt, QTranslator
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QSystemTrayIcon, QWidget

from mydoctransfer.model import otpauth
from mydoctransfer.model.commands import (
    BeginSecondFactor,
    ChangeLink,
    ChooseFolder,
    ConfirmSecondFactor,
    FindUsers,
    GetReceipt,
    ReadAudit,
    Share,
    SignIn,
)
from mydoctransfer.model.errors import AppError, NotSignedIn, Refused
from mydoctransfer.model.events import (
    Deed,
    DeletesHeld,
    EngineState,
    Event,
    Happened,
    Happening,
    ItemState,
    Progress,
    Row,
    RowsChanged,
    Status,
    StatusChanged,
)
from mydoctransfer.model.links import OpenShare, to_set_up
from mydoctransfer.model.preferences import Network
from mydoctransfer.model.times import format_time
from mydoctransfer.model.trees import LinkState, RelPath, ShareId
from mydoctransfer.model.wishes import FollowLink
from mydoctransfer.ui import theme
from mydoctransfer.ui.application import make_application, translate_into
from mydoctransfer.ui.arranging import View
from mydoctransfer.ui.bridge import Bridge, FolderFacts
from mydoctransfer.ui.choices import Act
from mydoctransfer.ui.home import Place
from mydoctransfer.ui.link_dialog import LinkDialog
from mydoctransfer.ui.main_window import MainWindow
from mydoctransfer.ui.passwords import ForgottenPassword
from mydoctransfer.ui.said import said
from mydoctransfer.ui.second_factor import SecondFactor
from tests.ui.outside import ACCOUNT, ADA, BOB, EVE, NOW, Outside, row, shared_row, signed_in

OUT = Path(__file__).parents[1] / "out" / "screenshots"
ENGLISH = QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
ARABIC = QLocale(QLocale.Language.Arabic, QLocale.Country.Egypt)
MINUTE = 60_000


class Longer(QTranslator):
    """Makes every text as long as its German translation tends to be."""

    def translate(
        self, context: str, text: str, disambiguation: str | None = None, n: int = -1
    ) -> str:
        """Return the text with more vowels."""
        doubled = (
            part if part.startswith("{") else re.sub(r"(?<=\w)([aeo])", r"\1\1", part)
            for part in re.split(r"(\{\w+\})", text)
        )
        return "".join(doubled).replace("%n", str(n))


@dataclass(frozen=True)
class Look:
    """One way in which a state is drawn."""

    name: str
    colours: theme.Colours = theme.LIGHT
    locale: QLocale = ENGLISH
    ratio: float = 1.0
    is_longer: bool = False


LOOKS = (
    Look("light"),
    Look("dark", theme.DARK),
    Look("twice", ratio=2.0),
    Look("arabic", locale=ARABIC),
    Look("long", is_longer=True),
    Look("german", locale=QLocale(QLocale.Language.German)),
    Look("italian", locale=QLocale(QLocale.Language.Italian)),
)

Stage = Callable[[MainWindow, Outside], None]


def some_rows() -> tuple[Row, ...]:
    """Return rows of every state."""
    far, near = NOW + 26 * 60 * MINUTE, NOW + 7 * MINUTE + 12_000
    return (
        row("Clients/Acme/Offer 2026.pdf", people=(BOB, EVE), expires_at=NOW + 58 * MINUTE),
        row("Site plan.dwg", people=(EVE,), expires_at=near, size=18_300_000),
        row("Holiday film.mp4", state=ItemState.UPLOADING, expires_at=None, size=1_200_000_000),
        row("Minutes of the meeting.docx", state=ItemState.WAITING, expires_at=None, share_id=None),
        row("Budget.xlsx", expires_at=far, people=(BOB,)),
        row("photos.zip", state=ItemState.GONE, expires_at=NOW - 30 * MINUTE, size=74_000_000),
        row(
            "backup.iso",
            state=ItemState.PROBLEM,
            expires_at=None,
            share_id=None,
            message="It is larger than the 50 GiB your organisation allows.",
            size=80 * 2**30,
        ),
        row("notes.md", state=ItemState.CONFLICT, message="Changed on two devices. Both are kept."),
        row(
            "socket",
            state=ItemState.SKIPPED,
            expires_at=None,
            share_id=None,
            size=0,
            message="A socket, never sent",
        ),
        row(
            "Older thesis.pdf",
            state=ItemState.SKIPPED,
            expires_at=None,
            share_id=None,
            is_from_before=True,
            message="Not sent: it was here before. It is sent when you change it.",
        ),
        shared_row(
            "Contract draft.pdf", BOB, people=(ADA, EVE), expires_at=NOW + 3 * 24 * 60 * MINUTE
        ),
        shared_row("Drawing.png", EVE, people=(ADA,), expires_at=NOW + 4 * MINUTE),
    )


def arrive(window: MainWindow, *events: Event) -> None:
    """Hand events over and let the window come to rest."""
    window.take_events(events)
    while not window.model.is_settled:
        QApplication.processEvents()


def connect_page(window: MainWindow, outside: Outside) -> None:
    outside.has_connection = False
    window._show_page()


def connect_refused(window: MainWindow, outside: Outside) -> None:
    connect_page(window, outside)
    window.wizard.connect_page.message.say(
        "error",
        "This file is no connection file. Ask the person who sent it for another.",
        "Not a connection file",
    )


def sign_in(window: MainWindow, outside: Outside) -> None:
    arrive(window, StatusChanged(Status(EngineState.SIGNED_OUT, email=ADA.email)))
    window.wizard.sign_in.password.setText("a password")


def wrong_password(window: MainWindow, outside: Outside) -> None:
    sign_in(window, outside)
    outside.answers[SignIn] = NotSignedIn("The email address or the password is wrong.", "wrong")
    window.wizard.sign_in._submit()


def new_password(window: MainWindow, outside: Outside) -> None:
    sign_in(window, outside)
    outside.answers[SignIn] = NotSignedIn("", "new_password_required")
    window.wizard.sign_in._submit()


def no_keyring(window: MainWindow, outside: Outside) -> None:
    sign_in(window, outside)
    outside.answers[SignIn] = AppError("No keyring", "", "no_keyring")
    window.wizard.sign_in._submit()


def signing_in(window: MainWindow, outside: Outside) -> None:
    sign_in(window, outside)
    outside.is_holding_back = True
    window.wizard.sign_in._submit()


def folder(window: MainWindow, outside: Outside) -> None:
    outside.facts = FolderFacts(True, 42, 310_000_000, False, 50 * 2**30)
    arrive(window, *signed_in(folder=None))


def folder_refused(window: MainWindow, outside: Outside) -> None:
    outside.facts = AppError(
        "This folder cannot be used",
        "It is your whole home directory. Choose a folder of its own, for example one inside it.",
    )
    arrive(window, *signed_in(folder=None))


def folder_only_new(window: MainWindow, outside: Outside) -> None:
    folder(window, outside)
    window.wizard.folder.only_new.setChecked(True)


def connect_again(window: MainWindow, outside: Outside) -> None:
    arrive(window, StatusChanged(Status(EngineState.SIGNED_OUT)))
    window.wizard.sign_in.back.click()


def defaults(window: MainWindow, outside: Outside) -> None:
    arrive(window, *signed_in(folder=None))
    window.wizard.folder.use.click()


def defaults_refused(window: MainWindow, outside: Outside) -> None:
    outside.answers[ChooseFolder] = Refused(
        "Too long",
        "Your organisation does not allow documents to stay that long.",
        "lifetime_refused",
    )
    defaults(window, outside)
    window.wizard.defaults.begin.click()


def done(window: MainWindow, outside: Outside) -> None:
    defaults(window, outside)
    window.wizard.defaults.begin.click()
    arrive(window, *signed_in())


def done_with_tray(window: MainWindow, outside: Outside) -> None:
    available = QSystemTrayIcon.isSystemTrayAvailable
    QSystemTrayIcon.isSystemTrayAvailable = staticmethod(lambda: True)  # type: ignore[method-assign]
    window.tray.look()
    done(window, outside)
    QSystemTrayIcon.isSystemTrayAvailable = available  # type: ignore[method-assign]


def cancel_set_up(window: MainWindow, outside: Outside) -> None:
    arrive(window, *signed_in(folder=None))
    window.wizard.folder.cancel.click()


def empty(window: MainWindow, outside: Outside) -> None:
    arrive(window, *signed_in())


def three_rows(window: MainWindow, outside: Outside) -> None:
    arrive(
        window, *signed_in(), RowsChanged(some_rows()[:3]), Progress("Holiday film.mp4", 431, 1200)
    )


def every_state(window: MainWindow, outside: Outside) -> None:
    arrive(
        window,
        *signed_in(EngineState.SYNCING, queued=2),
        RowsChanged(some_rows()),
        Progress("Holiday film.mp4", 431, 1200),
    )
    select(window, 1)


def ten_thousand(window: MainWindow, outside: Outside) -> None:
    kinds = ("pdf", "docx", "png", "xlsx", "mp3", "zip", "py")
    rows = tuple(
        row(
            f"Archive/{n // 100:03d}/Scan {n:05d}.{kinds[n % 7]}",
            size=n * 7919,
            people=(BOB, EVE)[: n % 3],
            expires_at=NOW + (n % 50) * 13 * MINUTE,
        )
        for n in range(10_000)
    )
    arrive(window, *signed_in(EngineState.PAUSED, queued=1234), RowsChanged(rows, (), True))
    window.documents.table.scrollTo(window.model.index(4000, 0))


def long_names(window: MainWindow, outside: Outside) -> None:
    names = (
        "annexe\u202efdp.exe",
        "line one\nline two.txt",
        "caf\udce9.txt",
        "A" * 255 + ".tar.gz",
        "<b>bold</b> & <img src=file:///etc/passwd>.html",
        "مستند مهم.pdf",
        "文書の名前.docx",
        "👩‍👩‍👧 holiday.jpg",
        "%n %1 {name}.txt",
        "deep/" * 30 + "leaf.txt",
    )
    rows = tuple(row(name, people=(BOB,) * (n % 8)) for n, name in enumerate(names))
    arrive(window, *signed_in(), RowsChanged(rows))


def offline(window: MainWindow, outside: Outside) -> None:
    arrive(
        window,
        *signed_in(
            EngineState.OFFLINE,
            queued=3,
            message="3 files are sent when the cloud can be reached again",
        ),
        RowsChanged(some_rows()),
    )


def held(window: MainWindow, outside: Outside) -> None:
    paths = tuple(RelPath(f"f{n}") for n in range(42))
    arrive(window, *signed_in(held_deletes=42), RowsChanged(some_rows()), DeletesHeld(paths, 50))


def refused(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    window.documents._complain_of(
        [
            (
                some_rows()[0],
                Refused("Not renamed", "Another document of yours already has this name."),
            )
        ]
    )


def downloaded(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    window.documents._downloaded({"path": "/home/ada/MyDoc Inbox/Contract draft.pdf"})


def gone(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    window.documents.show_view(View.GONE)
    select(window, 0)


def transfers(window: MainWindow, outside: Outside) -> None:
    big, size = "Recordings/Interview with the whole team.wav", 734_003_200
    waiting = [row(f"Letters/Letter {n}.odt", state=ItemState.WAITING) for n in range(1, 5)]
    arrive(window, *signed_in(EngineState.SYNCING, queued=5))
    arrive(window, RowsChanged((row(big, size=size, state=ItemState.UPLOADING), *waiting)))
    for second in range(5):
        outside.now = NOW + 1000 * second
        arrive(window, Progress(big, (40 + second) * 2**20, size))
    window.home.show_place(Place.TRANSFERS)


def activity(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    deeds = [Deed.FETCHED, Deed.RECEIVED, Deed.EXPIRED, Deed.EXTENDED, Deed.SHARED]
    entries = [
        Happening(NOW - 7_200_000 * (5 - n), deed, ("Contract draft.pdf",), 1, people=people)
        for n, deed in enumerate(deeds)
        for people in ("bob@example.org" if deed is Deed.SHARED else "",)
    ]
    many = Happening(NOW - 60_000, Deed.PUBLISHED, ("Plan.odt", "Offer.pdf", "Photo.jpg"), 240)
    arrive(window, Happened((*entries, many), is_all=True))
    window.home.show_place(Place.ACTIVITY)
    window.home.activity.table.selectRow(1)


def problems(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    window.home.show_place(Place.PROBLEMS)
    window.home.problems.table.selectRow(0)


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
        }
    }
    gone(window, outside)
    window.documents._do(Act.RECEIPT)


def nothing_found(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    window.documents.filter_box.setText("zebra")
    window.documents._filter()


def narrow(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    window.resize(760, 520)


def dropping(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    window._drop_zone.say(*window.documents.drop_words(3))


def share(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    outside.answers[FindUsers] = {
        "users": [
            {"email": "carol@example.org", "given_name": "Carol", "family_name": "Jones"},
            {"email": "carl@example.org", "given_name": "Carl", "family_name": "Gustafsson"},
        ]
    }
    window.documents.share((some_rows()[0],))
    dialog = window.documents._share_dialog
    assert dialog is not None
    dialog.search.setText("car")
    dialog._search()


def share_refused(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    outside.answers[Share] = Refused(
        "Not shared",
        "These addresses are not in your organisation's directory.",
        "unknown_people",
        ("who@example.com",),
    )
    window.documents.share((some_rows()[0],))
    dialog = window.documents._share_dialog
    assert dialog is not None
    dialog.search.setText("who@example.com")
    dialog._add()


def link_new(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    window.documents._link(some_rows()[0])


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
    window.documents._link(replace(some_rows()[0], link=linked))


def link_refused(window: MainWindow, outside: Outside) -> None:
    link_new(window, outside)
    (dialog,) = window.findChildren(LinkDialog)
    outside.answers[ChangeLink] = Refused(
        "Refused", "Your organisation does not allow links.", "links_refused"
    )
    dialog.apply.click()


def audit(window: MainWindow, outside: Outside) -> None:
    admin = replace(ACCOUNT, groups=("admins",))
    arrive(window, StatusChanged(Status(EngineState.IDLE, folder="/home/ada/x", account=admin)))
    person = {"email": BOB.email, "given_name": "Bob", "family_name": "Recipient"}
    did = (("uploaded", ""), ("shared with", "eve@example.org"), ("deleted because expired", ""))
    outside.answers[ReadAudit] = {
        "entries": [
            {
                "at": format_time(NOW - n * MINUTE),
                "actor": None if n % 3 == 2 else person,
                "action": did[n % 3][0],
                "detail": did[n % 3][1],
                "display_name": f"Offer {n}.pdf",
                "expired": n % 3 == 2,
            }
            for n in range(10_000)
        ]
    }
    window.show_audit()


def audit_for_others(window: MainWindow, outside: Outside) -> None:
    empty(window, outside)
    window.show_audit()


def revoke_all(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    window._ask_revoke()


def rename(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    window.documents._rename(some_rows()[0])


def withdraw(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    window.documents._withdraw((some_rows()[0],))


def context_menu(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    menu = window.documents.bar.context_menu()
    menu.setParent(window)
    menu.resize(menu.sizeHint())
    menu.move(420, 260)
    menu.show()


def _settings(window: MainWindow, outside: Outside, page: int) -> None:
    three_rows(window, outside)
    window.show_settings()
    assert window.settings is not None
    window.settings.tabs.setCurrentIndex(page)


def settings_general(window: MainWindow, outside: Outside) -> None:
    _settings(window, outside, 0)


def settings_account(window: MainWindow, outside: Outside) -> None:
    _settings(window, outside, 1)


def second_factor(window: MainWindow, outside: Outside) -> None:
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    begun = {"secret": secret, "address": otpauth.address(secret, ADA.email)}
    outside.answers[BeginSecondFactor] = begun
    outside.answers[ConfirmSecondFactor] = Refused(
        "Refused",
        "The code is wrong or too old. Wait for the next one in the application and enter that.",
        "wrong_code",
    )
    _settings(window, outside, 1)
    assert window.settings is not None
    window.settings.account.second_factor.click()
    (dialog,) = window.settings.findChildren(SecondFactor)
    dialog.code.setText("123456")
    dialog.submit.click()


def sign_in_code(window: MainWindow, outside: Outside) -> None:
    sign_in(window, outside)
    outside.answers[SignIn] = Refused(
        "Refused", "Enter the code of your second factor to go on.", "code_required"
    )
    window.wizard.sign_in._submit()


def settings_folder(window: MainWindow, outside: Outside) -> None:
    _settings(window, outside, 2)


def settings_notifications(window: MainWindow, outside: Outside) -> None:
    _settings(window, outside, 3)


def settings_network(window: MainWindow, outside: Outside) -> None:
    outside.network = Network(upload_limit_kib=512)
    _settings(window, outside, 4)


def settings_advanced(window: MainWindow, outside: Outside) -> None:
    _settings(window, outside, 5)


def link_question(window: MainWindow, outside: Outside) -> None:
    three_rows(window, outside)
    (first, *_) = window.model.every()
    window.take_wish(FollowLink(OpenShare(first.share_id or ShareId(""))))


def link_unknown(window: MainWindow, outside: Outside) -> None:
    three_rows(window, outside)
    window.take_wish(FollowLink(OpenShare(ShareId("0" * 32))))


def setup_question(window: MainWindow, outside: Outside) -> None:
    outside.has_connection = False
    text = '{"api_url": "https://abc123.execute-api.eu-central-1.amazonaws.com/api"}'
    window.take_wish(FollowLink(to_set_up(text)))


def paused_until(window: MainWindow, outside: Outside) -> None:
    three_rows(window, outside)
    later = outside.now + 30 * MINUTE
    window.take_events(signed_in(EngineState.PAUSED, queued=2, paused_until=later))


def waiting_on_battery(window: MainWindow, outside: Outside) -> None:
    three_rows(window, outside)
    status = Status(EngineState.PAUSED, said("This computer runs on its battery."))
    more = {"folder": "/home/ada/MyDoc Transfer", "account": ACCOUNT}
    window.take_events((StatusChanged(replace(status, **more)),))  # type: ignore[arg-type]


def main_menu(window: MainWindow, outside: Outside) -> None:
    three_rows(window, outside)
    window.menu.setParent(window, Qt.WindowType.Widget)
    window.menu.refresh()
    window.menu.resize(window.menu.sizeHint())
    window.menu.move(60, 60)
    window.menu.show()
    window.menu.raise_()
    latest = window.menu.recent_menu
    latest.setParent(window)
    latest.resize(latest.sizeHint())
    latest.move(420, 120)
    latest.show()
    latest.raise_()


def reset_question(window: MainWindow, outside: Outside) -> None:
    _settings(window, outside, 5)
    assert window.settings is not None
    (reset,) = window.settings.findChildren(QPushButton, "settings-reset")
    reset.click()


def forgotten_password(window: MainWindow, outside: Outside) -> None:
    sign_in(window, outside)
    window.wizard.sign_in.forgot.click()
    (dialog,) = window.findChildren(ForgottenPassword)
    dialog.submit.click()


def another_password(window: MainWindow, outside: Outside) -> None:
    _settings(window, outside, 1)
    assert window.settings is not None
    window.settings.account.change_password.click()


STAGES: tuple[Stage, ...] = (
    connect_page,
    connect_refused,
    sign_in,
    wrong_password,
    new_password,
    no_keyring,
    signing_in,
    folder,
    folder_refused,
    folder_only_new,
    connect_again,
    defaults,
    defaults_refused,
    done,
    done_with_tray,
    cancel_set_up,
    empty,
    three_rows,
    every_state,
    ten_thousand,
    long_names,
    offline,
    held,
    refused,
    downloaded,
    gone,
    transfers,
    activity,
    problems,
    receipt,
    nothing_found,
    narrow,
    dropping,
    share,
    share_refused,
    link_new,
    link_there,
    link_refused,
    audit,
    audit_for_others,
    revoke_all,
    rename,
    withdraw,
    context_menu,
    main_menu,
    paused_until,
    waiting_on_battery,
    link_question,
    link_unknown,
    setup_question,
    forgotten_password,
    another_password,
    second_factor,
    sign_in_code,
    settings_general,
    settings_account,
    settings_folder,
    settings_notifications,
    settings_network,
    settings_advanced,
    reset_question,
)


def select(window: MainWindow, line: int) -> None:
    """Select one line."""
    flags = QItemSelectionModel.SelectionFlag
    index = window.model.index(line, 0)
    window.documents.table.selectionModel().setCurrentIndex(
        index, flags.ClearAndSelect | flags.Rows
    )


def draw(stage: Stage, look: Look) -> QPixmap:
    """Return a picture of one state in one look."""
    outside = Outside()
    window = MainWindow(Bridge(outside))
    window.show()
    stage(window, outside)
    for _ in range(3):
        QApplication.processEvents()
    size = window.size() * look.ratio
    picture = QPixmap(size)
    picture.setDevicePixelRatio(look.ratio)
    window.render(picture)
    for dialog in window.findChildren(QDialog):
        if dialog.isVisible():
            _put_over(picture, dialog, window)
    window._is_quitting = True
    window.close()
    window.deleteLater()
    return picture


def _put_over(picture: QPixmap, dialog: QWidget, window: QWidget) -> None:
    painter = QPainter(picture)
    painter.fillRect(window.rect(), QColor(0, 0, 0, 90))
    frame = QRect(0, 0, dialog.width(), dialog.height())
    frame.moveCenter(window.rect().center())
    dialog_picture = QPixmap(dialog.size() * picture.devicePixelRatio())
    dialog_picture.setDevicePixelRatio(picture.devicePixelRatio())
    dialog.render(dialog_picture)
    painter.drawPixmap(frame.topLeft(), dialog_picture)
    painter.end()


def main() -> None:
    """Draw them all."""
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    OUT.mkdir(parents=True, exist_ok=True)
    app = make_application(["screenshots"], ENGLISH)
    longer = Longer()
    for look in LOOKS:
        translate_into(app, look.locale)
        theme.apply(look.colours)
        if look.is_longer:
            app.installTranslator(longer)
        for stage in STAGES:
            name = f"{stage.__name__.replace('_', '-')}-{look.name}"
            if word in name:
                draw(stage, look).save(str(OUT / f"{name}.png"))
        app.removeTranslator(longer)


if __name__ == "__main__":
    main()
