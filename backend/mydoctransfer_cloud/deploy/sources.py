"""Where the back-end's files are: `backend/` of a checkout, or package data of the wheel."""

import importlib.util
from pathlib import Path

from mydoctransfer_cloud.errors import CloudError


def backend_dir() -> Path:
    """Return the directory holding app.py, chalicelib, vendor and infrastructure."""
    checkout = Path(__file__).resolve().parents[2]
    if (checkout / "chalicelib").is_dir():
        return checkout
    client = importlib.util.find_spec("mydoctransfer")
    for place in (client.submodule_search_locations or []) if client else []:
        packaged = Path(place) / "_backend"
        if (packaged / "chalicelib").is_dir():
            return packaged
    raise CloudError(
        "Incomplete installation",
        "The back-end's files are missing from this installation. Install MyDoc Transfer again.",
    )


def vendor_dir(backend: Path) -> Path:
    """Return the directory whose contents land at the root of the Lambda bundle."""
    return backend / "vendor"
