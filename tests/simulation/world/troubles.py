"""What happens to a device: time, power, crashes, its disk, its watcher, its workers."""

from pathlib import Path
from typing import TYPE_CHECKING

from mydoctransfer.model.ignore import MARKER
from tests.simulation.world.clock import SECOND
from tests.simulation.world.device import Device

if TYPE_CHECKING:
    from tests.simulation.world.world import World


def _wait(world: "World", device: Device, seconds: float) -> None:
    """Let that much time pass, busily for a while."""
    end = world.time.ns + int(seconds * SECOND)
    for _ in range(60):
        if world.time.ns >= end:
            return
        world.step()
    world.time.ns = max(world.time.ns, end)


def _fault(world: "World", device: Device, site: str, what: str, count: int) -> None:
    world.faults.setdefault((device.name, site), []).extend([what] * count)


def _crash(world: "World", device: Device) -> None:
    if device.engine is not None:
        device.crash()


def _power(world: "World", device: Device) -> None:
    """The machine goes dark: what had not reached the disk is empty afterwards."""
    if device.engine is None:
        return
    before = world.oracle.known_bytes(device)
    device.folder.lose_power()
    world.oracle.lost_power(device, before)
    device.crash()


def start(world: "World", device: Device) -> None:
    """Start its program, if it is not running."""
    if device.engine is None:
        device.start()


def _drop_journal(world: "World", device: Device) -> None:
    """The journal is gone, and has to be made anew from folder and cloud."""
    _crash(world, device)
    world.oracle.forgot(device)
    for suffix in ("", "-wal", "-shm"):
        Path(device.journal_path + suffix).unlink(missing_ok=True)
    device.start()


def _crash_at(world: "World", device: Device, write: str, n: int) -> None:
    world.crashes[device.name] = (write, n, "crash")


def _full(world: "World", device: Device, write: str, n: int) -> None:
    world.crashes[device.name] = (write, n, "full")


def _die(world: "World", device: Device, n: int) -> None:
    world.armed = ("die", n)


def _preempt(world: "World", device: Device, n: int) -> None:
    world.armed = ("preempt", n)


def _sleep(world: "World", device: Device, seconds: float) -> None:
    device.asleep_until = world.time.ns + int(seconds * SECOND)


def _wall(world: "World", device: Device, ms: int) -> None:
    device.clock.wall_offset_ms += ms


def _unmount(world: "World", device: Device) -> None:
    device.folder.is_mounted = False
    device.changed("x")


def _vanish(world: "World", device: Device) -> None:
    device.folder.exists = False
    device.changed("x")


def _unmark(world: "World", device: Device) -> None:
    marker = device.folder.root.children.pop(MARKER, None)
    if marker is not None:
        world.markers[device.name] = marker
    device.changed("x")


def heal(world: "World", device: Device) -> None:
    """The folder is there again, with its marker."""
    device.folder.is_mounted = device.folder.exists = True
    marker = world.markers.pop(device.name, None)
    if marker is not None:
        device.folder.root.children[MARKER] = marker
    device.changed("x")


def _overflow(world: "World", device: Device) -> None:
    if device.engine is not None and device.is_watching:
        device.overflow()


def _sweep(world: "World", device: Device) -> None:
    world.sweep()


def _drop_call(world: "World", device: Device) -> None:
    """A worker dies with its call: the engine is told of an exception."""
    for pending in device.calls.values():
        if not pending.is_run:
            pending.is_run, pending.result = True, RuntimeError("the worker died")
            return


TROUBLES = {
    "wait": _wait,
    "fault": _fault,
    "crash": _crash,
    "power": _power,
    "start": start,
    "drop_journal": _drop_journal,
    "crash_at": _crash_at,
    "full": _full,
    "die": _die,
    "preempt": _preempt,
    "sleep": _sleep,
    "wall": _wall,
    "unmount": _unmount,
    "vanish": _vanish,
    "unmark": _unmark,
    "heal": heal,
    "overflow": _overflow,
    "sweep": _sweep,
    "drop_call": _drop_call,
}
