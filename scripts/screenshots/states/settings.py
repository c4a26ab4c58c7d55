"""Every page of the settings, and what is opened from there."""

from PySide6.QtWidgets import QPushButton

from mydoctransfer.model import otpauth
from mydoctransfer.model.commands import BeginSecondFactor, ConfirmSecondFactor, FindUsers
from mydoctransfer.model.errors import Refused
from mydoctransfer.model.events import RulesChanged
from mydoctransfer.model.preferences import Network
from mydoctransfer.model.rules import Rule
from mydoctransfer.model.trees import RelPath
from mydoctransfer.ui.bridge import FolderFacts
from mydoctransfer.ui.main_window import MainWindow
from mydoctransfer.ui.rule_dialog import RuleDialog
from mydoctransfer.ui.second_factor import SecondFactor
from scripts.screenshots.stage import Stage, arrive, some_rules
from scripts.screenshots.states.documents import three_rows
from tests.ui.outside import ADA, EVE, Outside


def another_password(window: MainWindow, outside: Outside) -> None:
    _settings(window, outside, 1)
    assert window.settings is not None
    window.settings.account.change_password.click()


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


def settings_general(window: MainWindow, outside: Outside) -> None:
    _settings(window, outside, 0)


def settings_account(window: MainWindow, outside: Outside) -> None:
    _settings(window, outside, 1)


def settings_folder(window: MainWindow, outside: Outside) -> None:
    _settings(window, outside, 2)


def another_folder(window: MainWindow, outside: Outside) -> None:
    outside.facts = FolderFacts(True, 1342, 310_000_000, False, 50 * 2**30)
    _settings(window, outside, 2)
    assert window.settings is not None
    window.settings.folder._look_at("/home/ada/Papers")


def settings_rules(window: MainWindow, outside: Outside) -> None:
    arrive(window, RulesChanged(some_rules()))
    _settings(window, outside, 2)
    assert window.settings is not None
    window.settings.folder.rules.table.selectRow(0)
    window.settings.resize(700, 620)


def rule(window: MainWindow, outside: Outside) -> None:
    known = {"email": EVE.email, "given_name": EVE.given_name, "family_name": EVE.family_name}
    outside.answers[FindUsers] = {"users": [known]}
    three_rows(window, outside)
    window.rules.edit(Rule(RelPath("Clients/Acme"), 604_800, (EVE.email,)))


def rule_refused(window: MainWindow, outside: Outside) -> None:
    outside.answers[FindUsers] = {"users": []}
    three_rows(window, outside)
    window.rules.edit(Rule(RelPath("Clients/Acme"), None, ("who@example.com",)))
    (dialog,) = window.findChildren(RuleDialog)
    dialog.save.click()


def settings_notifications(window: MainWindow, outside: Outside) -> None:
    _settings(window, outside, 3)


def settings_network(window: MainWindow, outside: Outside) -> None:
    outside.network = Network(upload_limit_kib=512)
    _settings(window, outside, 4)


def settings_advanced(window: MainWindow, outside: Outside) -> None:
    _settings(window, outside, 5)


def reset_question(window: MainWindow, outside: Outside) -> None:
    _settings(window, outside, 5)
    assert window.settings is not None
    (reset,) = window.settings.findChildren(QPushButton, "settings-reset")
    reset.click()


def _settings(window: MainWindow, outside: Outside, page: int) -> None:
    three_rows(window, outside)
    window.show_settings()
    assert window.settings is not None
    window.settings.tabs.setCurrentIndex(page)


STAGES: tuple[Stage, ...] = (
    another_password,
    second_factor,
    settings_general,
    settings_account,
    settings_folder,
    another_folder,
    settings_rules,
    rule,
    rule_refused,
    settings_notifications,
    settings_network,
    settings_advanced,
    reset_question,
)
