"""What is never looked at: other programs' temporary files, and our own markers. Pure.

The same function serves the scanner and the watcher, so that the two never disagree (D14).
"""

import re
from fnmatch import translate

MARKER = ".mydoctransfer"
SIGN = ".mydoctransfer-home"  # in every directory of the program's own
RULES = ".mydocignore"  # what else is to be ignored, in the folder it lies in

# Editors, office suites, browsers, file managers and sync tools leave these behind.
_FILES = (
    MARKER, SIGN, RULES, ".directory", "desktop.ini", "Thumbs.db", "ehthumbs.db", "Icon\r",
    "4913", "?*~", "~$*", ".~lock.*#", "*.swp", "*.swo", "*.swx", ".*.kate-swp", "*.kate-swp",
    "#*#", ".#*", "._*", ".DS_Store", ".nfs*", ".fuse_hidden*", ".goutputstream-*",
    ".gedit-save-*", ".sb-*", "*.sb-????????-??????", "*.crdownload", "*.part", "*.partial",
    "*.download", "*.opdownload", "*.tmp", ".~*", "~*.tmp", "*.lock-????", ".syncthing.*",
)  # fmt: skip
_DIRECTORIES = (
    ".git", ".hg", ".svn", ".Trash", ".Trash-*", ".Trashes", "$RECYCLE.BIN", "lost+found",
    "System Volume Information", ".Spotlight-V100", ".fseventsd", ".dropbox.cache", ".sync",
    ".stversions",
)  # fmt: skip


def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(translate(p) for p in patterns))


_FILE = _any_of(_FILES)
_DIRECTORY = _any_of(_DIRECTORIES)


def is_ignored(name: str, is_dir: bool) -> bool:
    """Whether an entry of this name is none of our business."""
    return (_DIRECTORY if is_dir else _FILE).match(name) is not None


def is_placeholder(name: str, size: int, siblings: "frozenset[str] | set[str]") -> bool:
    """Whether this is the empty file a browser keeps beside `name.part` while it downloads."""
    return size == 0 and f"{name}.part" in siblings
