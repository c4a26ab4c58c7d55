"""What a person does in the product's window, as steps over accessibility."""

from pathlib import Path

from tests.support.a11y import Application, Element
from tests.support.waiting import wait_for

APPLICATION = "MyDoc Transfer"


def sign_in(app: Application, email: str, password: str, timeout: float = 60.0) -> None:
    """Fill in the sign-in page, and wait for the page that follows."""
    app.find(id="sign-in-email", timeout=timeout).text = email
    app.find(id="sign-in-password").text = password
    app.find(id="sign-in-button").click()
    wait_for(
        lambda: app.has(id="folder-use") or app.has(id="documents-table"),
        timeout,
        lambda: f"the sign-in did not go through:\n{app.tree()}",
    )


def use_folder(app: Application, folder: Path) -> None:
    """Choose the folder and take the defaults, if the window asks for one."""
    if app.has(id="folder-use"):
        folder.mkdir(parents=True, exist_ok=True)
        app.find(id="folder-path").text = str(folder)
        app.find(id="folder-use").wait(lambda it: it.is_enabled).click()
        app.find(id="defaults-begin").click()
        app.find(id="done-close", timeout=60.0).click()


def wait_for_row(app: Application, name: str, timeout: float = 60.0) -> Element:
    """The documents table, once it shows `name`."""
    table = app.find(id="documents-table", timeout=timeout)
    return table.wait(lambda it: any(name in cell for row in it.texts() for cell in row), timeout)
