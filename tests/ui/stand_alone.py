"""The window over the stand-in, as a program of its own: for tests from outside.

What the engine would be told is printed, a line a command; what would be notified, too.
"""

import sys
import threading
from collections.abc import Callable

from mydoctransfer.model.commands import ChooseFolder, Command, FindUsers, SignIn
from mydoctransfer.model.errors import NotSignedIn
from mydoctransfer.model.events import EngineState, ItemState, RowsChanged, Status, StatusChanged
from mydoctransfer.model.notifications import Notification
from mydoctransfer.ui import run
from mydoctransfer.ui.bridge import Inlet, Result
from tests.ui.outside import ADA, BOB, EVE, NOW, Outside, row, shared_row, signed_in


class Engine(Outside):
    """Tells what a real engine would, from a thread of its own."""

    def start(self, inlet: Inlet) -> None:
        self._deliver(inlet, (StatusChanged(Status(EngineState.SIGNED_OUT, email=ADA.email)),))
        self.inlet = inlet

    def tell(self, command: Command, reply: Callable[[Result], None] | None) -> None:
        print(command, flush=True)
        super().tell(command, lambda result: self._reply(command, reply))

    def notify(self, notification: Notification) -> bool:
        print("notify", notification.key, notification.title, notification.body, flush=True)
        return True

    def _reply(self, command: Command, reply: Callable[[Result], None] | None) -> None:
        result = self._result(command)
        if reply is not None:
            threading.Thread(target=reply, args=(result,)).start()

    def _result(self, command: Command) -> Result:
        assert self.inlet is not None
        match command:
            case SignIn(password="right"):
                self._deliver(self.inlet, signed_in(folder=None))
            case SignIn():
                return NotSignedIn("The email address or the password is wrong.", "wrong_password")
            case ChooseFolder():
                self._deliver(self.inlet, (*signed_in(), RowsChanged(ROWS, (), True)))
            case FindUsers():
                eve = {"email": EVE.email, "given_name": "Eve", "family_name": "Müller"}
                return {"users": [eve]}
            case _:
                pass
        return {"ok": True}

    def _deliver(self, inlet: Inlet, events: tuple) -> None:
        threading.Thread(target=inlet.deliver, args=(events,)).start()


ROWS = (
    row("plan.pdf", people=(BOB,)),
    row("Clients/offer.docx", expires_at=NOW + 5 * 60_000),
    row("old.zip", state=ItemState.GONE, expires_at=NOW - 1),
    shared_row("theirs.png"),
)

if __name__ == "__main__":
    sys.exit(run(Engine()))
