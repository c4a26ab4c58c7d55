"""The aids of outside tests: environment variables MYDOCTRANSFER_TEST_*, ignored in a release.

None of them can disable a signature, TLS, keyring or authorisation check (design §6). A release is
what carries the module `mydoctransfer._release`, which `packaging/` writes into wheels.

| variable                          | instead of                                              |
|-----------------------------------|---------------------------------------------------------|
| MYDOCTRANSFER_TEST_DELETE_GRACE   | the 60 s between the two looks that make a deletion     |
| MYDOCTRANSFER_TEST_POLL           | the 15 s between two questions to the cloud             |
"""

import importlib.util
import os


def seconds(name: str, usual: float) -> float:
    """Return the seconds MYDOCTRANSFER_TEST_`name` asks for, or `usual`."""
    if importlib.util.find_spec("mydoctransfer._release") is not None:
        return usual
    asked = os.environ.get(f"MYDOCTRANSFER_TEST_{name}")
    return usual if asked is None else float(asked)
