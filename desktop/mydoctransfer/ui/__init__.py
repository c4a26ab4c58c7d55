"""The window, the tray and everything a person sees; the only importer of PySide6.

`run` is the way in. What the interface needs from outside it asks for in `bridge.Outside`.
"""

from mydoctransfer.ui.application import run

__all__ = ["run"]
