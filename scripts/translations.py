"""Brings the translations up to date: texts from the source into .ts, .ts into .qm.

python -m scripts.translations

English needs one too, for its plurals: "%n file(s)" becomes "1 file", "2 files".
"""

import subprocess
import sys
from pathlib import Path

from scripts import sentences

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "desktop" / "mydoctransfer" / "ui"
TRANSLATIONS = ROOT / "resources" / "translations"
TOOLS = Path(sys.executable).parent


def update(language: str, target: Path) -> None:
    """Take new texts of the source into a .ts file, and what is no more out of it."""
    plurals = ["-pluralonly"] if language == "en" else []
    sources = [str(path) for path in sorted(SOURCES.rglob("*.py"))]
    options = ["-silent", "-no-obsolete", "-locations", "none", "-source-language", "en"]
    tool = TOOLS / "pyside6-lupdate"
    command = [str(tool), *plurals, *options, "-target-language", language, *sources]
    subprocess.run([*command, "-ts", str(target)], check=True)


def release(source: Path, target: Path) -> None:
    """Compile a .ts file into the .qm file that is shipped."""
    command = [str(TOOLS / "pyside6-lrelease"), "-silent", str(source), "-qm", str(target)]
    subprocess.run(command, check=True)


def main() -> None:
    """Do both, for every language there is."""
    sentences.TARGET.write_text(sentences.written(sentences.collected()), encoding="utf-8")
    for source in sorted(TRANSLATIONS.glob("mydoctransfer_*.ts")):
        update(source.stem.rpartition("_")[2], source)
        release(source, source.with_suffix(".qm"))


if __name__ == "__main__":
    main()
