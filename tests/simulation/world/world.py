"""Everything together, driven by one seeded scheduler: one step is one thing that happens."""

import builtins
import hashlib
import json
import logging
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from chalicelib import logs
from chalicelib.connectors import pool
from chalicelib.controllers import declaring, looking, sweep
from chalicelib.rows import read_document
from chalicelib.services import audit, commits, ids
from chalicelib.services.policy import Rules
from mydoctransfer.engine import observe, reading
from mydoctransfer.engine.auditing import AUDIT_KEY
from mydoctransfer.engine.execution import errand, small
from mydoctransfer.engine.speed import Speed
from mydoctransfer.model import commands as c
from mydoctransfer.model import guard
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.ignore import MARKER, is_ignored
from mydoctransfer.model.trees import name_of
from mydoctransfer_contract.documents import DocumentState
from tests.simulation.oracle import Oracle, Violation
from tests.simulation.schedule import Event, Knobs, Schedule
from tests.simulation.world.clock import SECOND, Stream, Time
from tests.simulation.world.cloud import Backend, FunctionDied, User
from tests.simulation.world.device import Crash, Device
from tests.simulation.world.operations import HANG_NS, NthOperation, Operation

ROUNDS = 6
STEPS_A_ROUND = 6000
SWEEP_NS = 300 * SECOND
USER = User("ann", "ann@example.org")
OTHER = User("bob", "bob@example.org")


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
        self._arrivals: list[tuple[int, str, str, int]] = []
        self._faults: dict[tuple[str, str], list[str]] = {}
        self._crashes: dict[str, tuple[str, int, str]] = {}
        self._armed: tuple[str, int] | None = None
        self._is_nested = False
        self._is_calm = False
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
        if self._is_calm:
            return None
        armed = self._faults.get((device.name, site))
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
        if self.nth is not None and not self._is_calm and device.engine is not None:
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
        armed = self._crashes.get(device.name)
        if armed is None or armed[0] != write or self._is_calm:
            return
        if armed[1] > 0:
            self._crashes[device.name] = (armed[0], armed[1] - 1, armed[2])
            return
        del self._crashes[device.name]
        self.covered[device.port_call, armed[2]] += 1
        self.log(f"  {armed[2]} at {write}")
        if armed[2] == "full":
            raise OSError(28, "No space left on device")
        raise Crash

    def _before_store(self, operation: str) -> None:
        if self._armed is None or self._is_nested or self._is_calm:
            return
        kind, n = self._armed
        if n > 0:
            self._armed = (kind, n - 1)
            return
        self._armed = None
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
        if self._arrivals:
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
                self._arrive()
            case "run":
                device, ticket = what
                self.log(f"  between: {device.name} runs {device.calls[ticket].call}")
                self._run(device, ticket)

    def _arrived(self, key: str, version: str, size: int) -> None:
        draw = self._bucket_draw
        if draw.chance(0.0 if self._is_calm else self.knobs.event_loss):
            return
        for _ in range(draw.weighted([(1, 8), (2, 2)])):
            due = self.time.ns + int(draw.choice((0.1, 1.0, 30.0, 400.0)) * SECOND)
            self._arrivals.append((due, key, version, size))

    def _arrive(self) -> None:
        n = self._draw.below(len(self._arrivals))
        event = self._arrivals.pop(n)
        self.log(f"arrival of {event[1][-8:]}")
        try:
            self.backend.tell_arrival(*event[1:])
        except FunctionDied:
            self._arrivals.append(event)

    # --- steps -----------------------------------------------------------------------------------

    def step(self) -> None:
        """Let one thing happen; where nothing can, let time pass."""
        self._step()
        self._raise_what_broke()

    def _raise_what_broke(self) -> None:
        if self.broken is not None:
            raise self.broken

    def _step(self) -> None:
        self.steps += 1
        self.time.advance(self._draw.uniform(0.0, 0.04))
        if self.nth is not None:
            for device in self.devices.values():
                self._start(device)  # whoever starts it again after a crash
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
                self._guarded(device, lambda: device.deliver(ticket))
            case "turn":
                self.log(f"{what.name} turns")
                self._guarded(what, what.turn)
                if what.spins > 5:
                    raise Violation("I21", f"{what.name} spins: it wants its next turn at once")
            case "hint":
                self.log(f"{what.name} hears of changes")
                self._guarded(what, what.hint)
            case "arrive":
                self._arrive()
            case "sweep":
                self.log("the sweep")
                self._sweep()

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
        if any(due <= now for due, *_ in self._arrivals):
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
        wakes += [due for due, *_ in self._arrivals]
        wakes.append(self.backend.swept_ns + SWEEP_NS)
        self.time.ns = max(self.time.ns, min(wakes))

    def _run(self, device: Device, ticket: int) -> None:
        self._guarded(device, lambda: device.run(ticket))
        if ticket not in device.calls:
            return  # it was killed meanwhile
        result = device.calls[ticket].result
        if isinstance(result, Violation):
            raise result
        if isinstance(result, AssertionError):
            raise result

    def _guarded(self, device: Device, act: Any) -> None:
        try:
            act()
        except Crash:
            self.log(f"{device.name} is killed")
            device.crash()

    def _sweep(self, device: Device | None = None) -> None:
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
        if event.kind in _PERSON:
            touched = _PERSON[event.kind](self, device, **args)
            self.time.advance(0.001)
            if touched:
                self._tell_watcher(device, touched)
            return
        getattr(self, f"_{event.kind}")(device, **args)

    def _tell_watcher(self, device: Device, paths: tuple[str, ...]) -> None:
        if self._bucket_draw.chance(0.0 if self._is_calm else self.knobs.hint_loss):
            return
        device.changed(*paths)

    def _wait(self, device: Device, seconds: float) -> None:
        """Let that much time pass, busily for a while."""
        end = self.time.ns + int(seconds * SECOND)
        for _ in range(60):
            if self.time.ns >= end:
                return
            self.step()
        self.time.ns = max(self.time.ns, end)

    def _fault(self, device: Device, site: str, what: str, count: int) -> None:
        self._faults.setdefault((device.name, site), []).extend([what] * count)

    def _crash(self, device: Device) -> None:
        if device.engine is not None:
            device.crash()

    def _power(self, device: Device) -> None:
        """The machine goes dark: what had not reached the disk is empty afterwards."""
        if device.engine is None:
            return
        before = self.oracle.known_bytes(device)
        device.folder.lose_power()
        self.oracle.lost_power(device, before)
        device.crash()

    def _start(self, device: Device) -> None:
        if device.engine is None:
            device.start()

    def _drop_journal(self, device: Device) -> None:
        """The journal is gone, and has to be made anew from folder and cloud."""
        self._crash(device)
        self.oracle.forgot(device)
        for suffix in ("", "-wal", "-shm"):
            Path(device.journal_path + suffix).unlink(missing_ok=True)
        device.start()

    def _crash_at(self, device: Device, write: str, n: int) -> None:
        self._crashes[device.name] = (write, n, "crash")

    def _full(self, device: Device, write: str, n: int) -> None:
        self._crashes[device.name] = (write, n, "full")

    def _die(self, device: Device, n: int) -> None:
        self._armed = ("die", n)

    def _preempt(self, device: Device, n: int) -> None:
        self._armed = ("preempt", n)

    def _sleep(self, device: Device, seconds: float) -> None:
        device.asleep_until = self.time.ns + int(seconds * SECOND)

    def _wall(self, device: Device, ms: int) -> None:
        device.clock.wall_offset_ms += ms

    def _unmount(self, device: Device) -> None:
        device.folder.is_mounted = False
        device.changed("x")

    def _vanish(self, device: Device) -> None:
        device.folder.exists = False
        device.changed("x")

    def _unmark(self, device: Device) -> None:
        marker = device.folder.root.children.pop(MARKER, None)
        if marker is not None:
            self._hidden_markers()[device.name] = marker
        device.changed("x")

    def _hidden_markers(self) -> dict[str, Any]:
        if not hasattr(self, "_markers"):
            self._markers: dict[str, Any] = {}
        return self._markers

    def _heal(self, device: Device) -> None:
        device.folder.is_mounted = device.folder.exists = True
        marker = self._hidden_markers().pop(device.name, None)
        if marker is not None:
            device.folder.root.children[MARKER] = marker
        device.changed("x")

    def _overflow(self, device: Device) -> None:
        if device.engine is not None and device.is_watching:
            device.overflow()

    def _drop_call(self, device: Device) -> None:
        """A worker dies with its call: the engine is told of an exception."""
        for pending in device.calls.values():
            if not pending.is_run:
                pending.is_run, pending.result = True, RuntimeError("the worker died")
                return

    def _tell(self, device: Device, what: str, pick: int = 0) -> None:
        if device.engine is None or not device.is_awake:
            return
        command = self._command(device, what, pick)
        if command is not None:
            self.log(f"{device.name} is told {command!a}")
            self._guarded(device, lambda: device.tell(command))

    def _command(self, device: Device, what: str, pick: int) -> c.Command | None:
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
                    self.oracle.births[device.name, sha] += 1
                return c.SendAgain(path)
            case "confirm" | "keep":
                held = json_held(device)
                if what == "confirm":
                    self.oracle.confirmed.setdefault(device.name, set()).update(held)
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

    # --- at rest ---------------------------------------------------------------------------------

    def quiesce(self) -> None:
        """End all trouble and let everybody settle; then nothing may move any more (I5)."""
        self._is_calm = True
        self.log("--- calm")
        for device in self.devices.values():
            self._heal(device)
            device.asleep_until = 0
            if device.engine is None:
                device.start()
            self._guarded(device, lambda d=device: d.tell(c.Resume()))
            told = len(device.replies)
            self._guarded(device, lambda d=device: d.tell(c.SignIn(d.user.email, "password")))
            self.until(
                lambda d=device, n=told: any(isinstance(x, c.SignIn) for x, _ in d.replies[n:]),
                "SignIn is not answered",
            )
        if self.has_rotted:
            self._read_all_again()
        before = None
        for _ in range(ROUNDS):
            self._round()
            calls = dict(self.oracle.calls)
            if calls == before:
                break
            before = calls
        else:
            raise Violation("I5", f"still calling after {ROUNDS} rounds: {calls}")
        # What is asked goes by the clock, and the window is told at a turn: a document may be over
        # since a moment, and the turn that says so be due (R10).
        self.until(self._is_no_turn_due, "there is always another turn due")
        statuses = {d.name: self.status(d) for d in self.devices.values()}
        self.oracle.check_rest(statuses)
        self._raise_what_broke()
        self.settled = self._settled(statuses)

    def _is_no_turn_due(self) -> bool:
        return all(device.wake_ns > self.time.ns for device in self.devices.values())

    def _settled(self, statuses: dict[str, dict[str, Any]]) -> tuple[object, ...]:
        """What came of it all, without ids, numbers and times: what lies in the cloud with whom it
        is shared, in each folder, and how each file is called (I8)."""
        cloud = sorted(
            (row.path, row.sha256, row.display_name, sorted(p.email for p in row.people.values()))
            for user in self.users
            for row in self.live(user.sub)
        )
        folders = [
            (device.name, path, inode.sha)
            for device in self.devices.values()
            for path, inode in device.folder.files()
            if path != MARKER
        ]
        items = sorted(
            (name, item["path"], item["state"])
            for name, status in statuses.items()
            for item in status["items"]
        )
        return (cloud, folders, items)

    def _read_all_again(self) -> None:
        """Let two days pass, in which everything is read again: what rotted is noticed (A18)."""
        self._round()
        self.time.advance(2 * 86_400.0)
        began = {device.name: device.clock.wall_ms() for device in self.devices.values()}
        self.until(
            lambda: all(self._has_read_since(d, began[d.name]) for d in self.devices.values()),
            "not everything is read again after two days",
        )

    def _has_read_since(self, device: Device, wall_ms: int) -> bool:
        assert device.journal is not None
        began, at = json.loads(device.journal.get(AUDIT_KEY) or "[0, null]")
        return began >= wall_ms and at is None

    def _round(self) -> None:
        """Have every device sync once, and wait for all answers."""
        told = {name: len(device.replies) for name, device in self.devices.items()}
        for device in self.devices.values():
            device.tell(c.SyncOnce(60))
        self.until(
            lambda: all(self._has_synced(d, told[d.name]) for d in self.devices.values()),
            "SyncOnce is not answered",
        )

    def _has_synced(self, device: Device, told: int) -> bool:
        return any(isinstance(command, c.SyncOnce) for command, _ in device.replies[told:])

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
        from mydoctransfer.engine.messages import Told

        device.engine.receive(Told(c.GetStatus(), answers.append))
        (answer,) = answers
        assert not isinstance(answer, AppError)
        return answer

    def shake(self) -> None:
        """I7: what changes no content sends nothing, and makes no document."""
        puts = dict(self.oracle.puts)
        for device in self.devices.values():
            items = self.status(device)["items"]
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
        self._round()
        if dict(self.oracle.puts) != puts:
            raise Violation("I7", "a touch and a restart sent bytes")

    def grow_old(self) -> None:
        """I16: a long time later nothing lies around that nobody owns."""
        for device in self.devices.values():
            device.crash()
        for hours in (1, 2, 24, 24, 24, 24, 24, 24, 24, 24, 24):
            self.time.advance(hours * 3600.0)
            while self._arrivals:
                self._arrive()
            self.backend.sweep(3600.0)
            self.time.advance(600.0)
            self.backend.sweep(3600.0)
        self.oracle.check_clean()
        self._raise_what_broke()

    def close(self) -> None:
        for device in self.devices.values():
            device.crash()


def json_held(device: Device) -> set[str]:
    rows = json.loads(device.journal.get("deletes_held") or "[]")
    return {row[1] for row in rows}


def _site(pending: Any) -> str:
    return type(getattr(pending.call.method, "__self__", None)).__name__


def _shown(result: object) -> str:
    if isinstance(result, BaseException):
        return f"{type(result).__name__}"
    return f"{result!a}"


def _rules(knobs: Knobs) -> Rules:
    return Rules(lifetimes=(3600,), default_lifetime=knobs.lifetime, max_lifetime=30 * 86_400)


# --- what the person does ------------------------------------------------------------------------


def _files(device: Device) -> list[str]:
    return [p for p, _ in device.folder.files() if not is_ignored(name_of(p), False)]


def _picked(device: Device, pick: int) -> str | None:
    files = _files(device)
    return files[pick % len(files)] if files else None


def _write(world: World, device: Device, path: str, content: str) -> tuple[str, ...]:
    return (path,) if device.folder.write(path, world.bytes_of(content)) else ()


def _begin(world: World, device: Device, path: str, content: str) -> tuple[str, ...]:
    """The first half of a slow write."""
    data = world.bytes_of(content)
    return (path,) if device.folder.write(path, data[: len(data) // 2]) else ()


def _edit(world: World, device: Device, pick: int, content: str) -> tuple[str, ...]:
    path = _picked(device, pick)
    return _write(world, device, path, content) if path else ()


def _forge(world: World, device: Device, pick: int, content: str) -> tuple[str, ...]:
    """An edit of the same size that puts the old mtime back."""
    path = _picked(device, pick)
    if path is None:
        return ()
    return (path,) if device.folder.write(path, world.bytes_of(content), forge=True) else ()


def _replace(world: World, device: Device, pick: int, content: str) -> tuple[str, ...]:
    path = _picked(device, pick)
    return (path,) if path and device.folder.replace(path, world.bytes_of(content)) else ()


def _rot(world: World, device: Device, pick: int, content: str) -> tuple[str, ...]:
    """The disk forgets: other bytes of the same number, and nothing that says so (A18)."""
    path = _picked(device, pick)
    if path is None:
        return ()
    size = len(device.folder.at(path).data)
    data = next((d for kind in "sL" if len(d := world.bytes_of(kind + content[1:])) == size), None)
    if data is not None and device.folder.rot(path, data):
        world.has_rotted = True
    return ()  # nobody hears of it


def _refile(world: World, device: Device, pick: int, path: str, content: str) -> tuple[str, ...]:
    """Rename and edit at once, before anybody can look in between."""
    moved = _rename(world, device, pick, path)
    return (*moved, *_write(world, device, path, content)) if moved else ()


def _touch(world: World, device: Device, pick: int) -> tuple[str, ...]:
    path = _picked(device, pick)
    return (path,) if path and device.folder.touch(path) else ()


def _delete(world: World, device: Device, pick: int) -> tuple[str, ...]:
    path = _picked(device, pick)
    return (path,) if path and device.folder.delete(path) else ()


def _restore(world: World, device: Device, pick: int) -> tuple[str, ...]:
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


def _hide(world: World, device: Device, pick: int) -> tuple[str, ...]:
    """Rename to a backup's name, which is ignored: to the folder the file is gone."""
    path = _picked(device, pick)
    if path is None:
        return ()
    inode = device.folder.at(path)
    if not device.folder.rename(path, path + "~"):
        return ()
    device.folder.lost(path, inode.sha)
    return (path,)


def _rename(world: World, device: Device, pick: int, path: str) -> tuple[str, ...]:
    old = _picked(device, pick)
    return (old, path) if old and device.folder.rename(old, path) else ()


def _rename_dir(world: World, device: Device, old: str, new: str) -> tuple[str, ...]:
    return (old, new) if device.folder.rename(old, new) else ()


def _swap(world: World, device: Device, pick: int, other: int) -> tuple[str, ...]:
    one, two = _picked(device, pick), _picked(device, other)
    if not one or not two or not device.folder.swap(one, two):
        return ()
    shas = [device.folder.at(path).sha for path in (one, two)]
    for path, sha, went in zip((one, two), shas, reversed(shas), strict=True):
        world.oracle.exchanged(device, path, sha, went, world.knobs.has_birth)
    return (one, two)


def _link(world: World, device: Device, pick: int, path: str) -> tuple[str, ...]:
    old = _picked(device, pick)
    return (path,) if old and device.folder.link(old, path) else ()


def _copy(world: World, device: Device, pick: int, path: str) -> tuple[str, ...]:
    old = _picked(device, pick)
    if old is None or old == path:
        return ()
    return (path,) if device.folder.write(path, device.folder.at(old).data) else ()


def _carry(world: World, device: Device, to: str, pick: int, path: str | None) -> tuple[str, ...]:
    """Copy a file to another device by hand."""
    old, target = _picked(device, pick), world.devices.get(to)
    if old is None or target is None or target is device:
        return ()
    if target.folder.write(path or old, device.folder.at(old).data):
        world._tell_watcher(target, (path or old,))
    return ()


def _special(world: World, device: Device, path: str, what: str) -> tuple[str, ...]:
    return (path,) if device.folder.special(path, what) else ()


def _chmod(world: World, device: Device, pick: int | None, readable: bool) -> tuple[str, ...]:
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
        world.oracle.hid(device, name)
    return (name,)


def _rm_all(world: World, device: Device, top: str) -> tuple[str, ...]:
    names = [p for p in _files(device) if not top or p.startswith(top + "/")]
    return tuple(p for p in names if device.folder.delete(p))


def _rm_dir(world: World, device: Device, path: str) -> tuple[str, ...]:
    return (path,) if device.folder.delete(path) else ()


_PERSON = {
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


# --- the run -------------------------------------------------------------------------------------


class _OneAfterTheOther:
    """Stands in for the functions' thread pool."""

    map = staticmethod(map)


@contextmanager
def turned(knobs: Knobs, seed: int, log: list[str]) -> Iterator[None]:
    """Turn the knobs, and take chance, threads and output out of the functions' hands."""
    chance = Stream(seed, "backend")
    changes = [
        (errand, "SINGLE_PUT_MAX", knobs.single_put_max),
        (declaring, "SINGLE_PUT_MAX", knobs.single_put_max),
        (looking, "_WORTH_LISTING", 2),
        (errand, "BATCH", knobs.batch),
        (small, "BATCH", knobs.batch),
        (Speed, "part_size", lambda self, size: knobs.part_size),
        (observe, "LISTING_BATCH", knobs.listing_batch),
        (reading, "HASH_BATCH_FILES", knobs.hash_batch),
        (guard, "MANY", knobs.many),
        (ids, "secrets", chance),
        (commits, "random", chance),
        (pool, "_pool", _OneAfterTheOther),
        (logs, "print", log.append),
        (sweep, "print", log.append),
    ]
    missing = object()
    # A name that has moved would turn nothing: only what Python itself has may be missing.
    assert all(hasattr(module, name) or hasattr(builtins, name) for module, name, _ in changes)
    before = [(module, name, getattr(module, name, missing)) for module, name, _ in changes]
    audit._days_written.clear()
    quiet = logging.getLogger("mydoctransfer").level
    logging.getLogger("mydoctransfer").setLevel(logging.CRITICAL)
    for module, name, value in changes:
        setattr(module, name, value)
    try:
        yield
    finally:
        logging.getLogger("mydoctransfer").setLevel(quiet)
        for module, name, value in before:
            if value is missing:
                delattr(module, name)
            else:
                setattr(module, name, value)


@contextmanager
def a_home() -> Iterator[str]:
    """Give a directory for journals, in memory where there is one."""
    memory = Path("/dev/shm")
    home = tempfile.mkdtemp(prefix="mydoctransfer-sim-", dir=memory if memory.is_dir() else None)
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


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
            world.quiesce()
            world.shake()
            world.grow_old()
        except BaseException as exc:
            exc.world = world  # type: ignore[attr-defined]
            raise
        finally:
            world.close()
    return world
