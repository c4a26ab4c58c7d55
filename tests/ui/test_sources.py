"""What PySide would read and keep of modules that are imported after it."""

import json
import os
import subprocess
import sys

_AFTERWARDS = """
import json, linecache, sys
import mydoctransfer.ui
import xml.dom.minidom
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
ours = [name for name in sys.modules if name.startswith("mydoctransfer.ui.")]
print(json.dumps([len(ours), list(linecache.cache), QLabel("shown").text()]))
"""


def test_no_source_is_read_for_switches_that_nothing_uses() -> None:
    """Nor is any kept: of the 250 modules that come after Qt, that was 9 MB."""
    ran = subprocess.run(
        [sys.executable, "-c", _AFTERWARDS],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )
    modules, sources, shown = json.loads(ran.stdout)
    assert modules > 40
    assert len(sources) <= 3, "while PySide itself comes in, it reads as many"
    assert not [name for name in sources if "mydoctransfer" in name or "minidom" in name]
    assert shown == "shown"
