"""The window, the tray and everything a person sees; the only importer of PySide6.

`run` is the way in, `ask_which_account` a question before it, `speak` is for who ends without a
window. What the interface needs from outside it asks for in `bridge.Outside`.
"""

from mydoctransfer.ui.sources import leave_unread

leave_unread()  # only what comes later stays unread

from mydoctransfer.ui.application import run, speak  # noqa: E402
from mydoctransfer.ui.which_account import ask_which_account  # noqa: E402

__all__ = ["ask_which_account", "run", "speak"]
