"""Runs first in the frozen program: only what was shipped is loaded (PyInstaller runtime hook).

PyInstaller itself ignores Python's own variables (PYTHONPATH, PYTHONHOME, PYTHONSTARTUP). These
would still have Qt or OpenSSL load a library from wherever they say.
"""

import os

_LOADS_LIBRARIES = (
    "QT_PLUGIN_PATH",
    "QT_QPA_PLATFORM_PLUGIN_PATH",
    "OPENSSL_CONF",
    "OPENSSL_ENGINES",
    "OPENSSL_MODULES",
)

for name in _LOADS_LIBRARIES:
    os.environ.pop(name, None)
