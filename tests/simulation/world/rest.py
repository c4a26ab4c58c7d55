"""What comes at the end of a run: everybody settles, is shaken, and grows old."""

import json
from typing import TYPE_CHECKING, Any

from mydoctransfer.engine.auditing import AUDIT_KEY
from mydoctransfer.model import commands as c
from mydoctransfer.model.ignore import MARKER
from tests.simulation.oracle.findings import Violation
from tests.simulation.world.device import Device
from tests.simulation.world.troubles import heal

if TYPE_CHECKING:
    from tests.simulation.world.world import World

ROUNDS = 6


def quiesce(world: "World") -> None:
    """End all trouble and let everybody settle; then nothing may move any more (I5)."""
    world.is_calm = True
    world.log("--- calm")
    for device in world.devices.values():
        heal(world, device)
        device.asleep_until = 0
        if device.engine is None:
            device.start()
        world.guarded(device, lambda d=device: d.tell(c.Resume()))
        told = len(device.replies)
        world.guarded(device, lambda d=device: d.tell(c.SignIn(d.user.email, "password")))
        world.until(
            lambda d=device, n=told: any(isinstance(x, c.SignIn) for x, _ in d.replies[n:]),
            "SignIn is not answered",
        )
    if world.has_rotted:
        _read_all_again(world)
    before = None
    for _ in range(ROUNDS):
        sync_all(world)
        calls = dict(world.oracle.calls)
        if calls == before:
            break
        before = calls
    else:
        raise Violation("I5", f"still calling after {ROUNDS} rounds: {calls}")
    # What is asked goes by the clock, and the window is told at a turn: a document may be over
    # since a moment, and the turn that says so be due (R10).
    world.until(lambda: _is_no_turn_due(world), "there is always another turn due")
    statuses = {d.name: world.status(d) for d in world.devices.values()}
    world.oracle.check_rest(statuses)
    world.raise_what_broke()
    world.settled = _settled(world, statuses)


def shake(world: "World") -> None:
    """I7: what changes no content sends nothing, and makes no document."""
    puts = dict(world.oracle.puts)
    for device in world.devices.values():
        items = world.status(device)["items"]
        # A touch says that a file emptied by a power loss is meant to be so: it is sent (C02).
        # Under whichever of its names it is touched, it is touched under all.
        skipped = {item["path"] for item in items if item["state"] == "skipped"}
        damaged = {inode.ino for path, inode in device.folder.files() if path in skipped}
        device.crash()
        for path, inode in list(device.folder.files()):
            if path != MARKER and inode.ino not in damaged:
                device.folder.touch(path)
        device.clock.wall_offset_ms += 3_600_000
        device.start()
    sync_all(world)
    if dict(world.oracle.puts) != puts:
        raise Violation("I7", "a touch and a restart sent bytes")


def grow_old(world: "World") -> None:
    """I16: a long time later nothing lies around that nobody owns."""
    for device in world.devices.values():
        device.crash()
    for hours in (1, 2, 24, 24, 24, 24, 24, 24, 24, 24, 24):
        world.time.advance(hours * 3600.0)
        while world.arrivals:
            world.arrive()
        world.backend.sweep(3600.0)
        world.time.advance(600.0)
        world.backend.sweep(3600.0)
    world.oracle.check_clean()
    world.raise_what_broke()


def sync_all(world: "World") -> None:
    """Have every device sync once, and wait for all answers."""
    told = {name: len(device.replies) for name, device in world.devices.items()}
    for device in world.devices.values():
        device.tell(c.SyncOnce(60))
    world.until(
        lambda: all(_has_synced(d, told[d.name]) for d in world.devices.values()),
        "SyncOnce is not answered",
    )


def _has_synced(device: Device, told: int) -> bool:
    return any(isinstance(command, c.SyncOnce) for command, _ in device.replies[told:])


def _is_no_turn_due(world: "World") -> bool:
    return all(device.wake_ns > world.time.ns for device in world.devices.values())


def _read_all_again(world: "World") -> None:
    """Let two days pass, in which everything is read again: what rotted is noticed (A18)."""
    sync_all(world)
    world.time.advance(2 * 86_400.0)
    began = {device.name: device.clock.wall_ms() for device in world.devices.values()}
    world.until(
        lambda: all(_has_read_since(d, began[d.name]) for d in world.devices.values()),
        "not everything is read again after two days",
    )


def _has_read_since(device: Device, wall_ms: int) -> bool:
    assert device.journal is not None
    began, at = json.loads(device.journal.get(AUDIT_KEY) or "[0, null]")
    return began >= wall_ms and at is None


def _settled(world: "World", statuses: dict[str, dict[str, Any]]) -> tuple[object, ...]:
    """What came of it all, without ids, numbers and times: what lies in the cloud with whom it
    is shared, in each folder, and how each file is called (I8)."""
    cloud = sorted(
        (row.path, row.sha256, row.display_name, sorted(p.email for p in row.people.values()))
        for user in world.users
        for row in world.live(user.sub)
    )
    folders = [
        (device.name, path, inode.sha)
        for device in world.devices.values()
        for path, inode in device.folder.files()
        if path != MARKER
    ]
    items = sorted(
        (name, item["path"], item["state"])
        for name, status in statuses.items()
        for item in status["items"]
    )
    return (cloud, folders, items)
