"""What the person does in a folder: each returns the paths that a watcher hears of."""

from typing import TYPE_CHECKING

from mydoctransfer.model.ignore import is_ignored
from mydoctransfer.model.trees import name_of
from tests.simulation.world.device import Device

if TYPE_CHECKING:
    from tests.simulation.world.world import World


def _files(device: Device) -> list[str]:
    return [p for p, _ in device.folder.files() if not is_ignored(name_of(p), False)]


def _picked(device: Device, pick: int) -> str | None:
    files = _files(device)
    return files[pick % len(files)] if files else None


def _write(world: "World", device: Device, path: str, content: str) -> tuple[str, ...]:
    return (path,) if device.folder.write(path, world.bytes_of(content)) else ()


def _begin(world: "World", device: Device, path: str, content: str) -> tuple[str, ...]:
    """The first half of a slow write."""
    data = world.bytes_of(content)
    return (path,) if device.folder.write(path, data[: len(data) // 2]) else ()


def _edit(world: "World", device: Device, pick: int, content: str) -> tuple[str, ...]:
    path = _picked(device, pick)
    return _write(world, device, path, content) if path else ()


def _forge(world: "World", device: Device, pick: int, content: str) -> tuple[str, ...]:
    """An edit of the same size that puts the old mtime back."""
    path = _picked(device, pick)
    if path is None:
        return ()
    return (path,) if device.folder.write(path, world.bytes_of(content), forge=True) else ()


def _replace(world: "World", device: Device, pick: int, content: str) -> tuple[str, ...]:
    path = _picked(device, pick)
    return (path,) if path and device.folder.replace(path, world.bytes_of(content)) else ()


def _rot(world: "World", device: Device, pick: int, content: str) -> tuple[str, ...]:
    """The disk forgets: other bytes of the same number, and nothing that says so (A18)."""
    path = _picked(device, pick)
    if path is None:
        return ()
    size = len(device.folder.at(path).data)
    data = next((d for kind in "sL" if len(d := world.bytes_of(kind + content[1:])) == size), None)
    if data is not None and device.folder.rot(path, data):
        world.has_rotted = True
    return ()  # nobody hears of it


def _refile(world: "World", device: Device, pick: int, path: str, content: str) -> tuple[str, ...]:
    """Rename and edit at once, before anybody can look in between."""
    moved = _rename(world, device, pick, path)
    return (*moved, *_write(world, device, path, content)) if moved else ()


def _touch(world: "World", device: Device, pick: int) -> tuple[str, ...]:
    path = _picked(device, pick)
    return (path,) if path and device.folder.touch(path) else ()


def _delete(world: "World", device: Device, pick: int) -> tuple[str, ...]:
    path = _picked(device, pick)
    return (path,) if path and device.folder.delete(path) else ()


def _restore(world: "World", device: Device, pick: int) -> tuple[str, ...]:
    """Put an old content back, with an old mtime, as a backup does."""
    path = _picked(device, pick)
    if path is None:
        return ()
    old = sorted(sha for name, sha in world.oracle.existed_on if name == device.name)
    known = [n for s, n in sorted(world.oracle.names.items()) if s in old]
    if not known:
        return ()
    data = world.bytes_of(known[pick % len(known)])
    return (path,) if device.folder.replace(path, data, mtime_ns=1_000_000_000) else ()


def _hide(world: "World", device: Device, pick: int) -> tuple[str, ...]:
    """Rename to a backup's name, which is ignored: to the folder the file is gone."""
    path = _picked(device, pick)
    if path is None:
        return ()
    inode = device.folder.at(path)
    if not device.folder.rename(path, path + "~"):
        return ()
    device.folder.lost(path, inode.sha)
    return (path,)


def _rename(world: "World", device: Device, pick: int, path: str) -> tuple[str, ...]:
    old = _picked(device, pick)
    return (old, path) if old and device.folder.rename(old, path) else ()


def _rename_dir(world: "World", device: Device, old: str, new: str) -> tuple[str, ...]:
    return (old, new) if device.folder.rename(old, new) else ()


def _swap(world: "World", device: Device, pick: int, other: int) -> tuple[str, ...]:
    one, two = _picked(device, pick), _picked(device, other)
    if not one or not two or not device.folder.swap(one, two):
        return ()
    shas = [device.folder.at(path).sha for path in (one, two)]
    for path, sha, went in zip((one, two), shas, reversed(shas), strict=True):
        world.oracle.exchanged(device, path, sha, went, world.knobs.has_birth)
    return (one, two)


def _link(world: "World", device: Device, pick: int, path: str) -> tuple[str, ...]:
    old = _picked(device, pick)
    return (path,) if old and device.folder.link(old, path) else ()


def _copy(world: "World", device: Device, pick: int, path: str) -> tuple[str, ...]:
    old = _picked(device, pick)
    if old is None or old == path:
        return ()
    return (path,) if device.folder.write(path, device.folder.at(old).data) else ()


def _carry(world: "World", device: Device, to: str, pick: int, path: str | None) -> tuple[str, ...]:
    """Copy a file to another device by hand."""
    old, target = _picked(device, pick), world.devices.get(to)
    if old is None or target is None or target is device:
        return ()
    if target.folder.write(path or old, device.folder.at(old).data):
        world.tell_watcher(target, (path or old,))
    return ()


def _special(world: "World", device: Device, path: str, what: str) -> tuple[str, ...]:
    return (path,) if device.folder.special(path, what) else ()


def _chmod(world: "World", device: Device, pick: int | None, readable: bool) -> tuple[str, ...]:
    if pick is None:
        names = [*device.folder.directories()[1:], *_files(device)]
        return tuple(n for n in names if device.folder.permit(n, readable))
    names = [*device.folder.directories()[1:], *_files(device)]
    if not names:
        return ()
    name = names[pick % len(names)]
    if not device.folder.permit(name, readable):
        return ()
    if not readable:
        world.oracle.births.hid(device, name)
    return (name,)


def _rm_all(world: "World", device: Device, top: str) -> tuple[str, ...]:
    names = [p for p in _files(device) if not top or p.startswith(top + "/")]
    return tuple(p for p in names if device.folder.delete(p))


def _rm_dir(world: "World", device: Device, path: str) -> tuple[str, ...]:
    return (path,) if device.folder.delete(path) else ()


PERSON = {
    "write": _write,
    "begin": _begin,
    "edit": _edit,
    "forge": _forge,
    "replace": _replace,
    "rot": _rot,
    "refile": _refile,
    "touch": _touch,
    "delete": _delete,
    "restore": _restore,
    "hide": _hide,
    "rename": _rename,
    "rename_dir": _rename_dir,
    "swap": _swap,
    "link": _link,
    "copy": _copy,
    "carry": _carry,
    "special": _special,
    "chmod": _chmod,
    "rm_all": _rm_all,
    "rm_dir": _rm_dir,
}
