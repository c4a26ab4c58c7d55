"""Days with devices, told in sentences: the simulation's world with a person at the keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mydoctransfer.engine.auditing import EVERY_MS
from mydoctransfer.model import commands as c
from tests.simulation.schedule import Knobs, Schedule
from tests.simulation.world.cloud import USER
from tests.simulation.world.device import Device
from tests.simulation.world.turned import a_home, turned
from tests.simulation.world.world import World


class Day(World):
    """A world without chance events, in which a test says what happens."""

    def device(self, name: str = "D1") -> Device:
        return self.devices[name]

    def write(self, path: str, content: str = "s00001", d: str = "D1") -> None:
        device = self.device(d)
        assert device.folder.write(path, self.bytes_of(content))
        self.time.advance(0.001)
        device.changed(path)

    def rot(self, path: str, content: str) -> None:
        """The disk gives other bytes to a file, and nothing says so (A18)."""
        assert self.device().folder.rot(path, self.bytes_of(content))

    def did(self, *paths: str, d: str = "D1") -> None:
        """The watcher is told of what was done to these paths."""
        self.time.advance(0.001)
        self.device(d).changed(*paths)

    def tell(self, command: c.Command, d: str = "D1", limit: int = 4000) -> Any:
        """Tell a command and wait for its answer."""
        device = self.device(d)
        told = len(device.replies)
        device.tell(command)
        self.until(lambda: len(device.replies) > told, f"{command} is not answered", limit)
        return device.replies[-1][1]

    def sync(self, *names: str, grace: int = 60) -> Any:
        """Have devices sync once, all of them by default; return the last answer."""
        for device in self.devices.values():
            device.grace = float(grace)
        for name in names or tuple(self.devices):
            answer = self.tell(c.SyncOnce(grace), name)
        return answer

    def confirm_deletes(self) -> None:
        """Say yes to the question about every document there is."""
        asked = {(d.share_id, d.version) for d in self.live(USER.sub)}
        self.oracle.withdrawals.confirmed["D1"] = asked
        assert self.tell(c.AnswerDeletes(True)) == {"ok": True}

    def live_paths(self) -> list[str]:
        return sorted(d.path for d in self.live(USER.sub))

    def content_at(self, path: str) -> str:
        """Return the name of what lies in the cloud at a path."""
        (found,) = [d for d in self.live(USER.sub) if d.path == path]
        return self.oracle.names[found.sha256]

    def id_of(self, path: str) -> str:
        (found,) = [d for d in self.live(USER.sub) if d.path == path]
        return found.share_id

    def states(self, d: str = "D1") -> dict[str, str]:
        return {item["path"]: item["state"] for item in self.status(self.device(d))["items"]}

    @property
    def puts(self) -> int:
        return sum(self.oracle.puts.values())

    def pass_time(self, seconds: float) -> None:
        end = self.time.seconds + seconds
        self.until(lambda: self.time.seconds >= end, "time stands still", 100_000)

    def pass_a_day_asleep(self) -> None:
        """A computer that slept: its clock goes on, and within the hour somebody looks at it."""
        self.device().clock.wall_offset_ms += EVERY_MS
        self.pass_time(3600)


@contextmanager
def a_day(devices: int = 1, **knobs: Any) -> Iterator[Day]:
    """Give a world in which nothing goes wrong by itself."""
    schedule = Schedule(1, Knobs(devices=devices, **knobs), 0, ())
    log: list[str] = []
    with a_home() as home, turned(schedule.knobs, 1, log):
        day = Day(schedule, home)
        try:
            yield day
        finally:
            day.close()
