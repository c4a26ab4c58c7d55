"""What the person tells the program."""

import json
from typing import TYPE_CHECKING

from mydoctransfer.model import commands as c
from mydoctransfer.model.ignore import MARKER
from tests.simulation.world.cloud import OTHER
from tests.simulation.world.device import Device

if TYPE_CHECKING:
    from tests.simulation.world.world import World


def tell(world: "World", device: Device, what: str, pick: int = 0) -> None:
    """Tell a device a command, about what its window shows at that place."""
    if device.engine is None or not device.is_awake:
        return
    command = _command(world, device, what, pick)
    world.log(f"{device.name} is told {command!a}")
    world.guarded(device, lambda: device.tell(command))


def _command(world: "World", device: Device, what: str, pick: int) -> c.Command:
    assert device.journal is not None
    files = [path for path, _ in device.folder.files() if path != MARKER]
    path = files[pick % len(files)] if files else "a.txt"
    documents = sorted(d.share_id for d in device.journal.documents())
    target = documents[pick % len(documents)] if documents else path
    match what:
        case "share":
            return c.Share(target, (OTHER.email,))
        case "remove":
            return c.Remove(target)
        case "extend":
            return c.Extend(target, 7200)
        case "rename_document":
            return c.Rename(target, f"renamed {pick}.txt")
        case "send_again":
            # It is pressed on what the window shows there: what has traded places unseen since
            # is sent from where it lies now (R2), and may as well be what lies there.
            inode, seen = device.folder.at(path), device.journal.local(path)
            lying = inode.sha if inode is not None and inode.kind == "file" else None
            for sha in {lying, seen and seen.sha256} - {None}:
                world.oracle.births.by_hand[device.name, sha] += 1
            return c.SendAgain(path)
        case "confirm" | "keep":
            if what == "confirm":
                world.oracle.withdrawals.confirmed[device.name] |= _held(device)
            return c.AnswerDeletes(what == "confirm")
        case "pause":
            return c.Pause()
        case "resume":
            return c.Resume()
        case "sync_once":
            return c.SyncOnce(60)
        case "look":
            return c.LookNow()
        case "get":
            return c.Get(target)
    raise AssertionError(what)


def _held(device: Device) -> set[tuple[str, int]]:
    rows = json.loads(device.journal.get("deletes_held") or "[]")
    return {(share_id, version) for _, share_id, version, _ in rows}
