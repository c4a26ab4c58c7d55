"""Run inside a desktop session by `test_notifications`: shows what it is told, prints the rest."""

import json
import sys
import threading

from mydoctransfer.adapters import notifications
from mydoctransfer.adapters.notifications import DesktopNotifier
from mydoctransfer.model.notifications import Notification


def main() -> None:
    wanted, how_many = json.loads(sys.argv[1]), int(sys.argv[2])
    pressed = threading.Semaphore(0)

    def activated(key: str, action: str) -> None:
        print(json.dumps([key, action]), flush=True)
        pressed.release()
        if action == "fail":
            raise RuntimeError("what the button does is broken")

    # What it answers is to be what it knows, however slowly it comes to know it.
    notifications._FIRST_LOOK = 10.0
    notifier = DesktopNotifier("MyDoc Transfer", "mydoctransfer", activated)
    for key, title, body, actions, *until in wanted:
        notification = Notification(key, title, body, actions, *until)
        print(json.dumps(notifier.show(notification)), flush=True)
    for _ in range(how_many):
        pressed.acquire()
    notifier.close()


main()
