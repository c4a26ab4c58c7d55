"""Keeps PySide from reading the source of every module that is imported after it.

It looks there for its own name, to know where `from __feature__ import …` may switch how names are
written (PYSIDE-2029). Nothing here does that; and what was read, Python keeps: 9 MB, and a tenth
of a second of a start. Imported first in `ui`, for that reason only.
"""

import importlib

import PySide6.QtCore  # noqa: F401  it brings `shibokensupport` with it


def leave_unread() -> None:
    """Have every module imported from now on taken for one that switches nothing."""
    feature = importlib.import_module("shibokensupport.feature")
    vars(feature)["_mod_uses_pyside"] = lambda module: False
