"""Which files may have traded places with one that nobody can look at now, by the disk itself.

Such a file waits, and is called a problem: as an edit it would reach the people of another document
(R2, R9). Judged by what lies where, which the engine cannot see.
"""

from typing import Any

from mydoctransfer.model.trees import RelPath, Skip


def may_have_traded(device: Any, inode: Any) -> bool:
    """Whether a file came from where nobody can look, or from where what lies now came from there,
    and so on."""
    homes: dict[tuple[int, int], list[RelPath]] = {}
    for path, agreed in device.journal.synced_all().items():
        if agreed.birth_ns:
            homes.setdefault((agreed.ino, agreed.birth_ns), []).append(path)
    met: set[RelPath] = set()
    ahead = [inode]
    while ahead:
        lying = ahead.pop()
        for path in homes.get((lying.ino, lying.birth_ns), []):
            if path in met:
                continue
            met.add(path)
            if _is_hidden(device, path):
                return True
            there = device.folder.at(path)
            if there is not None and there.kind == "file" and there is not lying:
                ahead.append(there)
    return False


def _is_hidden(device: Any, path: RelPath) -> bool:
    there = device.folder.at(path)
    is_locked = there is not None and not there.is_readable
    seen = device.journal.local(path)
    is_emptied = seen is not None and seen.skip is Skip.EMPTIED
    return device.folder.is_hidden(path) or is_locked or is_emptied
