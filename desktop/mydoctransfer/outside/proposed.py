"""A look at a folder that somebody proposes, before anything is done with it."""

import os
import shutil
import stat
from pathlib import Path

from mydoctransfer.ui.bridge import FolderFacts

LOOK_LIMIT = 20_000  # entries that are counted


def look_at(path: str) -> FolderFacts:
    """Count what lies in a folder, up to a limit, and the room on its disk."""
    folder = Path(path)
    exists = folder.is_dir()
    files = size = entries = 0
    for directory, subdirectories, names in os.walk(folder) if exists else ():
        entries += len(subdirectories) + len(names)
        if entries > LOOK_LIMIT:
            break
        for name in names:
            try:
                found = os.lstat(os.path.join(directory, name))
            except FileNotFoundError:
                continue  # somebody works in it
            if stat.S_ISREG(found.st_mode):
                files, size = files + 1, size + found.st_size
    on_disk = folder if exists else next(p for p in folder.parents if p.is_dir())
    free = shutil.disk_usage(on_disk).free
    return FolderFacts(exists, files, size, entries > LOOK_LIMIT, free)
