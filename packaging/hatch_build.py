"""What a wheel has and a checkout has not.

- `mydoctransfer/_release.py`: the product looks for that module and, where it is there, ignores the
  MYDOCTRANSFER_TEST_* aids. The frozen application is made from the wheel (see freeze.py), so it
  carries the mark too.
- `mydoctransfer/_backend/`: the back-end's source, for `mydoctransfer local` and `cloud deploy`.
- `mydoctransfer/_resources/`: the icons and what Linux desktops are told.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MARK = '''"""Written into wheels by packaging/hatch_build.py: this is no checkout."""

IS_RELEASE = True
'''


BACKEND = (
    "app.py",
    "requirements.txt",
    "chalicelib",
    "vendor",
    "infrastructure",
    ".chalice/config.json",
)


class ReleaseParts(BuildHookInterface):  # type: ignore[type-arg]
    """Adds these to every wheel that is not an editable one."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        self._place = TemporaryDirectory(prefix="mydoctransfer-release-")
        mark = Path(self._place.name) / "_release.py"
        mark.write_text(MARK, "utf-8")
        parts = build_data["force_include"]
        parts[str(mark)] = "mydoctransfer/_release.py"
        parts[f"{self.root}/resources"] = "mydoctransfer/_resources"
        for name in BACKEND:
            parts[f"{self.root}/backend/{name}"] = f"mydoctransfer/_backend/{name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version != "editable":
            self._place.cleanup()
