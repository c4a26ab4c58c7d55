"""Everything together, driven by one seeded scheduler: one step is one thing that happens."""

import hashlib
from collections import Counter
from typing import Any

from chalicelib.rows import read_document
from chalicelib.services.policy import Rules
from mydoctransfer.engine.messages import Told
from mydoctransfer.model import commands as c
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.ignore import is_ignored
from mydoctransfer_contract.documents import DocumentState
from tests.simulation.oracle.findings import Violation
from tests.simulation.oracle.oracle import Oracle
from tests.simulation.schedule import Event, Knobs, Schedule
from tests.simulation.world.clock import SECOND, Stream, Time
from tests.simulation.world.cloud import OTHER, USER, Backend, FunctionDied, User
from tests.simulation.world.device import Crash, Device
from tests.simulation.world.hands import PERSON
from tests.simulation.world.operations import HANG_NS, NthOperation, Operation
from tests.simulation.world.rest import grow_old, quiesce, shake
from tests.simulation.world.telling import tell
from tests.simulation.world.troubles import TROUBLES, start
from tests.simulation.world.turned import a_home, turned

STEPS_A_ROUND = 6000
SWEEP_NS = 300 * SECOND


class World:
    """One run.

    Attributes:
        trace: every step in words, if asked for. digest: the hash of them all.
        covered: how often which call of a port (or operation of a route) met which fault.
        settled: what came of it all, once everybody is at rest.
    """

    def __init__(
        self,
        schedule: Schedule,
        home: str,
        keeps_trace: bool = False,
        nth: "NthOperation | None" = None,
    ) -> None:
        self.schedule = schedule
        self.nth = nth
        self.seed = schedule.seed
        self.knobs = schedule.knobs
        self.time = Time()
        self.users = [USER, OTHER]
        self.backend = Backend(self.time, self.users, _rules(self.knobs))
        self.oracle = Oracle(self)
        self.devices: dict[str, Device] = {}
        self.trace: list[str] = []
        self.covered: Counter[tuple[str, str]] = Counter()
        self.steps = 0
        self._keeps_trace = keeps_trace
        self._hash = hashlib.blake2b(digest_size=16)
        self._draw = Stream(self.seed, "scheduler")
        self._bucket_draw = Stream(self.seed, "bucket")
        self.arrivals: list[tuple[int, str, str, int]] = []
        self.faults: dict[tuple[str, str], list[str]] = {}
        self.crashes: dict[str, tuple[str, int, str]] = {}
        self.armed: tuple[str, int] | None = None
        self._is_nested = False
        self.is_calm = False
        self.markers: dict[str, Any] = {}
        self.broken: BaseException | None = None
        self.settled: tuple[object, ...] = ()
        self.has_rotted = False
        self.backend.tables.before = self._before_store
        self.backend.tables.changed = self._row_changed
        self.backend.bucket.arrived = self._arrived
        for n in range(self.knobs.devices):
            self._add_device(f"D{n + 1}", USER, home)
        self._hot = {name: self._draw.choice((1, 1, 4)) for name in self.devices}

    def _add_device(self, name: str, user: User, home: str) -> None:
        self.devices[name] = Device(self, name, user, home)
        self.devices[name].start()

    # --- what others ask -------------------------------------------------------------------------

    @staticmethod
    def sha(data: bytes) -> str:
        return hashlib.sha256(data).hexdigest()

    def bytes_of(self, content: str) -> bytes:
        """Return the bytes of a named content: small (12), large (several parts), or empty."""
        if content == "empty":
            return b""
        times = 6 if content[0] == "L" else 1
        data = f"<{content}....>".encode()[:12] * times
        self.oracle.names.setdefault(self.sha(data), content)
        return data

    def log(self, words: str) -> None:
        self._hash.update(words.encode("utf-8", "surrogatepass") + b"\n")
        if self._keeps_trace:
            self.trace.append(f"{self.steps:5} {self.time.seconds:10.3f} {words}")

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def row_of(self, share_id: str) -> Any:
        for user in self.users:
            for row in self.documents(user.sub):
                if row.share_id == share_id:
                    return row
        return None

    def documents(self, sub: str) -> list[Any]:
        """Return the rows of somebody's documents, tombstones included."""
        rows = self.backend.tables.partitions
        found = next(
            (v for (t, pk), v in rows.items() if t.value == "main" and pk == f"P#{sub}"), {}
        )
        wanted = (row for sk, row in found.items() if sk.startswith(("DOC#", "GONE#")))
        return [read_document(row) for row in wanted]

    def live(self, sub: str) -> list[Any]:
        now = self.time.ms
        return [d for d in self.documents(sub) if d.state_at(now) is DocumentState.LIVE]

    def is_visible(self, device: Device, path: str) -> bool:
        """Whether the engine is to look after this file."""
        at = device.folder.root
        parts = path.split("/")
        for n, name in enumerate(parts):
            if not at.is_readable or is_ignored(name, n < len(parts) - 1):
                return False
            at = at.children[name]
        return True

    def _row_changed(self, key: Any, was: Any, now: Any) -> None:
        try:
            self.oracle.row_changed(key, was, now)
        except Exception as exc:
            self.broken = self.broken or exc

    # --- trouble ---------------------------------------------------------------------------------

    def fault(self, device: Device, site: str, what: str) -> str | None:
        """Return the trouble this call meets."""
        if self.is_calm:
            return None
        armed = self.faults.get((device.name, site))
        if device.due_fault:
            kind, device.due_fault = device.due_fault, ""
            return kind
        if not armed:
            return None
        kind = armed.pop(0)
        self.covered[device.port_call, kind] += 1
        self.log(f"  {kind} for {what}")
        return kind

    def operate(self, device: Device, layer: str, name: str, act: Any, refused: Any) -> Any:
        """Carry out one operation on disk, network or journal, with the trouble due at it.

        `refused` gives what the operation answers when it fails without having happened.
        """
        mode = None
        # What the world does before an engine lives is no operation of the engine's.
        if self.nth is not None and not self.is_calm and device.engine is not None:
            mode = self.nth.meet(Operation(device.name, layer, name, device.port_call))
        if mode is None:
            return act()
        self.log(f"  {mode} at {layer} {name}")
        self.covered[device.port_call, mode] += 1
        match mode:
            case "fail" | "fail_on":
                return refused()
            case "crash_before":
                raise Crash
            case "crash_after" | "power_loss" | "hang":
                pass
            case _:
                device.due_fault = mode
        answer = act()
        match mode:
            case "crash_after":
                raise Crash
            case "power_loss":
                device.folder.lose_power()
                raise Crash
            case "hang" if layer == "db":
                self.time.ns += HANG_NS
                return answer
            case "hang":
                device.hangs = HANG_NS
                return refused() if layer in ("api", "s3") else answer
        return answer

    def before_journal(self, device: Device, write: str) -> None:
        armed = self.crashes.get(device.name)
        if armed is None or armed[0] != write or self.is_calm:
            return
        if armed[1] > 0:
            self.crashes[device.name] = (armed[0], armed[1] - 1, armed[2])
            return
        del self.crashes[device.name]
        self.covered[device.port_call, armed[2]] += 1
        self.log(f"  {armed[2]} at {write}")
        if armed[2] == "full":
            raise OSError(28, "No space left on device")
        raise Crash

    def _before_store(self, operation: str) -> None:
        if self.armed is None or self._is_nested or self.is_calm:
            return
        kind, n = self.armed
        if n > 0:
            self.armed = (kind, n - 1)
            return
        self.armed = None
        route = self.backend.acting.route
        self.covered[f"{route} {operation}", kind] += 1
        self.log(f"  {kind} before {operation} of {route}")
        if kind == "die":
            raise FunctionDied
        self._is_nested = True
        try:
            self._something_else()
        finally:
            self._is_nested = False

    def _something_else(self) -> None:
        """Let another request, an arrival or the sweep come between."""
        choices: list[tuple[str, Any]] = [("sweep", None)]
        if self.arrivals:
            choices.append(("arrive", None))
        for device in self.devices.values():
            choices += [
                ("run", (device, p.ticket))
                for p in device.calls.values()
                if not p.is_run and _site(p) == "HttpCloud"
            ]
        kind, what = choices[-1 - self._draw.below(min(3, len(choices)))]
        match kind:
            case "sweep":
                self.backend.sweep()
            case "arrive":
                self.arrive()
            case "run":
                device, ticket = what
                self.log(f"  between: {device.name} runs {device.calls[ticket].call}")
                self._run(device, ticket)

    def _arrived(self, key: str, version: str, size: int) -> None:
        draw = self._bucket_draw
        if draw.chance(0.0 if self.is_calm else self.knobs.event_loss):
            return
        for _ in range(draw.weighted([(1, 8), (2, 2)])):
            due = self.time.ns + int(draw.choice((0.1, 1.0, 30.0, 400.0)) * SECOND)
            self.arrivals.append((due, key, version, size))

    def arrive(self) -> None:
        n = self._draw.below(len(self.arrivals))
        event = self.arrivals.pop(n)
        self.log(f"arrival of {event[1][-8:]}")
        try:
            self.backend.tell_arrival(*event[1:])
        except FunctionDied:
            self.arrivals.append(event)

    # --- steps -----------------------------------------------------------------------------------

    def step(self) -> None:
        """Let one thing happen; where nothing can, let time pass."""
        self._step()
        self.raise_what_broke()

    def raise_what_broke(self) -> None:
        if self.broken is not None:
            raise self.broken

    def _step(self) -> None:
        self.steps += 1
        self.time.advance(self._draw.uniform(0.0, 0.04))
        if self.nth is not None:
            for device in self.devices.values():
                start(self, device)  # whoever starts it again after a crash
        runnable = self._runnable()
        if not runnable:
            self._pass_time()
            return
        kind, what = self._draw.weighted(runnable)
        match kind:
            case "run":
                device, ticket = what
                self.log(f"{device.name} runs {device.calls[ticket].call}")
                self._run(device, ticket)
            case "deliver":
                device, ticket = what
                pending = device.calls[ticket]
                self.log(f"{device.name} gets {pending.call}: {_shown(pending.result)}")
                self.guarded(device, lambda: device.deliver(ticket))
            case "turn":
                self.log(f"{what.name} turns")
                self.guarded(what, what.turn)
                if what.spins > 5:
                    raise Violation("I21", f"{what.name} spins: it wants its next turn at once")
            case "hint":
                self.log(f"{what.name} hears of changes")
                self.guarded(what, what.hint)
            case "arrive":
                self.arrive()
            case "sweep":
                self.log("the sweep")
                self.sweep()

    def _runnable(self) -> list[tuple[tuple[str, Any], int]]:
        now = self.time.ns
        found: list[tuple[tuple[str, Any], int]] = []
        for device in self.devices.values():
            if not device.is_awake:
                continue
            hot = self._hot[device.name]
            for pending in device.calls.values():
                if pending.due_ns > now:
                    continue
                kind = "deliver" if pending.is_run else "run"
                found.append(((kind, (device, pending.ticket)), 4 * hot))
            if device.hints:
                found.append((("hint", device), 3 * hot))
            if device.wake_ns <= now:
                found.append((("turn", device), 3 * hot))
        if any(due <= now for due, *_ in self.arrivals):
            found.append((("arrive", None), 2))
        if now - self.backend.swept_ns >= SWEEP_NS:
            found.append((("sweep", None), 2))
        return found

    def _pass_time(self) -> None:
        wakes = [
            max(device.wake_ns, device.asleep_until)
            for device in self.devices.values()
            if device.engine is not None
        ]
        wakes += [
            pending.due_ns
            for device in self.devices.values()
            for pending in device.calls.values()
            if pending.due_ns > self.time.ns
        ]
        wakes += [due for due, *_ in self.arrivals]
        wakes.append(self.backend.swept_ns + SWEEP_NS)
        self.time.ns = max(self.time.ns, min(wakes))

    def _run(self, device: Device, ticket: int) -> None:
        self.guarded(device, lambda: device.run(ticket))
        if ticket not in device.calls:
            return  # it was killed meanwhile
        result = device.calls[ticket].result
        if isinstance(result, Violation):
            raise result
        if isinstance(result, AssertionError):
            raise result

    def guarded(self, device: Device, act: Any) -> None:
        try:
            act()
        except Crash:
            self.log(f"{device.name} is killed")
            device.crash()

    def sweep(self) -> None:
        """The function that tidies runs, as it does every few minutes."""
        try:
            self.backend.sweep()
        except FunctionDied:
            self.log("the sweep died")

    # --- the schedule ----------------------------------------------------------------------------

    def play(self) -> None:
        """Play the whole schedule."""
        events = sorted(self.schedule.events, key=lambda e: e.step)
        at = 0
        for step in range(self.schedule.steps):
            while at < len(events) and events[at].step <= step:
                self.happen(events[at])
                at += 1
            self.step()
        for event in events[at:]:
            self.happen(event)

    def happen(self, event: Event) -> None:
        """Let one event of the schedule happen."""
        self.log(f"* {event.kind} {sorted(event.args.items())!a}")
        args = dict(event.args)
        device = self.devices.get(args.pop("d", "D1"))
        if device is None:
            return
        if event.kind in PERSON:
            touched = PERSON[event.kind](self, device, **args)
            self.time.advance(0.001)
            if touched:
                self.tell_watcher(device, touched)
        elif event.kind == "tell":
            tell(self, device, **args)
        else:
            TROUBLES[event.kind](self, device, **args)

    def tell_watcher(self, device: Device, paths: tuple[str, ...]) -> None:
        if self._bucket_draw.chance(0.0 if self.is_calm else self.knobs.hint_loss):
            return
        device.changed(*paths)

    def until(self, is_done: Any, complaint: str, limit: int = STEPS_A_ROUND) -> None:
        for _ in range(limit):
            if is_done():
                return
            self.step()
        states = {d.name: self.status(d) for d in self.devices.values()}
        raise Violation("I5", f"{complaint} after {limit} steps: {states}")

    def status(self, device: Device) -> dict[str, Any]:
        answers: list[Any] = []
        assert device.engine is not None
        device.engine.receive(Told(c.GetStatus(), answers.append))
        (answer,) = answers
        assert not isinstance(answer, AppError)
        return answer

    def close(self) -> None:
        for device in self.devices.values():
            device.crash()


def _site(pending: Any) -> str:
    return type(getattr(pending.call.method, "__self__", None)).__name__


def _shown(result: object) -> str:
    if isinstance(result, BaseException):
        return f"{type(result).__name__}"
    return f"{result!a}"


def _rules(knobs: Knobs) -> Rules:
    return Rules(lifetimes=(3600,), default_lifetime=knobs.lifetime, max_lifetime=30 * 86_400)


# --- the run -------------------------------------------------------------------------------------


def run(schedule: Schedule, keeps_trace: bool = False, nth: NthOperation | None = None) -> World:
    """Play a schedule, settle, and check everything.

    Raises:
        Violation: an invariant does not hold; its `world` attribute is the world it broke in.
    """
    log: list[str] = []
    with a_home() as home, turned(schedule.knobs, schedule.seed, log):
        world = World(schedule, home, keeps_trace, nth)
        try:
            world.play()
            quiesce(world)
            shake(world)
            grow_old(world)
        except BaseException as exc:
            exc.world = world  # type: ignore[attr-defined]
            raise
        finally:
            world.close()
    return world
