"""A run as data: knobs, and what the person, the world and chance do at which step.

Made from a seed, printable, replayed exactly, and small after shrinking.
"""

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.simulation.leanings import AS_IT_COMES, Leaning
from tests.simulation.world.clock import Stream

PATHS = (
    "a.txt",
    "b.txt",
    "A.txt",
    "d/c.txt",
    "d/e.txt",
    "d/s/f.txt",
    "g/c.txt",
    "caf\u00e9.txt",
    "cafe\u0301.txt",
    "a (from D2).txt",
    "d",
    "bad\udce9name.txt",
)
API_FAULTS = ("lost_before", "lost_after", "busy", "throttled", "timeout_after", "portal",
              "truncated", "unauthorized")  # fmt: skip
S3_FAULTS = ("lost_before", "lost_after", "slow_down", "bad_digest", "grant_ended")
JOURNAL_WRITES = ("settle", "settled", "learn", "observe", "intend", "intended", "save_transfer",
                  "save_part")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Knobs:
    """Parameters that a run turns away from their real values, so that limits are met often."""

    devices: int = 2
    granularity_ns: int = 1
    has_birth: bool = True
    single_put_max: int = 24
    part_size: int = 10
    batch: int = 100
    listing_batch: int = 64
    hash_batch: int = 64
    many: int = 25
    lifetime: int = 30 * 86_400
    hint_loss: float = 0.0
    event_loss: float = 0.0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens at a step."""

    step: int
    kind: str
    args: dict[str, Any]

    def __str__(self) -> str:
        words = " ".join(f"{k}={v!a}" for k, v in self.args.items())
        return f"{self.step:4} {self.kind} {words}"


@dataclass(frozen=True, slots=True)
class Schedule:
    """A whole run. `note` says what it once showed."""

    seed: int
    knobs: Knobs
    steps: int
    events: tuple[Event, ...]
    note: str = ""
    rule: str = ""

    def __str__(self) -> str:
        head = f"seed {self.seed}, {self.steps} steps, {self.knobs}"
        return "\n".join([head, *map(str, self.events)])


def save(schedule: Schedule, path: Path) -> None:
    value = {
        "note": schedule.note,
        "rule": schedule.rule,
        "seed": schedule.seed,
        "steps": schedule.steps,
        "knobs": asdict(schedule.knobs),
        "events": [[e.step, e.kind, e.args] for e in schedule.events],
    }
    path.write_text(json.dumps(value, indent=1) + "\n")


def load(path: Path) -> Schedule:
    value = json.loads(path.read_text())
    return Schedule(
        value["seed"],
        Knobs(**value["knobs"]),
        value["steps"],
        tuple(Event(*event) for event in value["events"]),
        value["note"],
        value["rule"],
    )


@dataclass(slots=True)
class _Maker:
    draw: Stream
    devices: list[str]
    leaning: Leaning
    events: list[Event] = field(default_factory=list)
    token: int = 0

    def device(self) -> str:
        return self.draw.choice(self.devices)

    def content(self) -> str:
        """Return a new content's name; its first letter says how large it is."""
        self.token += 1
        size = self.draw.weighted([("s", 10 - self.leaning.large), ("L", self.leaning.large)])
        return f"{size}{self.token:05d}"

    def pick(self) -> int:
        return self.draw.below(1000)

    def path(self) -> str:
        return self.draw.choice(PATHS[: self.leaning.paths])

    def kind(self, items: list[tuple[str, float]]) -> str:
        return self.draw.weighted(self.leaning.weigh(items))


def make(seed: int, leaning: Leaning = AS_IT_COMES) -> Schedule:
    """Return the schedule of a seed."""
    draw = Stream(seed, "schedule")
    knobs = replace(_knobs(Stream(seed, "knobs")), **leaning.knobs)
    maker = _Maker(draw, [f"D{n + 1}" for n in range(knobs.devices)], leaning)
    steps = draw.choice((120, 250, 400))
    trouble = draw.choice((0.0, 0.1, 0.3, 0.5))
    trouble = trouble if leaning.trouble is None else leaning.trouble
    step = 0
    for _ in range(draw.between(3, 6)):
        _person(maker, step, fresh=True)
    while step < steps:
        if draw.chance(trouble):
            _trouble(maker, step)
        else:
            _person(maker, step, fresh=False)
        step += draw.choice((0, 1, 2, 4, 8, 16, 30))
    return Schedule(seed, knobs, steps, tuple(maker.events))


def _knobs(draw: Stream) -> Knobs:
    return Knobs(
        devices=draw.weighted([(1, 2), (2, 5), (3, 2)]),
        granularity_ns=draw.choice((1, 1, 4_000_000, 4_000_000, 100_000_000)),
        has_birth=draw.chance(0.8),
        batch=draw.choice((1, 2, 100)),
        listing_batch=draw.choice((1, 2, 64)),
        hash_batch=draw.choice((1, 2, 64)),
        many=draw.choice((25, 25, 4)),
        lifetime=draw.choice((30 * 86_400, 30 * 86_400, 3600, 120)),
        hint_loss=draw.choice((0.0, 0.0, 0.2, 1.0)),
        event_loss=draw.choice((0.0, 0.0, 0.3, 1.0)),
    )


def _add(maker: _Maker, step: int, kind: str, **args: Any) -> None:
    maker.events.append(Event(step, kind, args))


def _person(maker: _Maker, step: int, fresh: bool) -> None:
    draw, d = maker.draw, maker.device()
    if fresh:
        _add(maker, step, "write", d=d, path=maker.path(), content=maker.content())
        return
    kind = maker.kind(
        [
            ("write", 12), ("edit", 14), ("forge", 4), ("replace", 8), ("slow", 4), ("touch", 3),
            ("delete", 9), ("rename", 9), ("rename_dir", 3), ("swap", 3), ("link", 2),
            ("copy", 3), ("carry", 6), ("special", 2), ("chmod", 2), ("rm_all", 1),
            ("restore", 3), ("hide", 2), ("wait", 18), ("command", 9), ("same", 3),
            ("refile", 3), ("rot", 0.5), ("rm_dir", 0.5), ("crossed", 0), ("let_go", 0),
        ]
    )  # fmt: skip
    match kind:
        case "write":
            _add(maker, step, kind, d=d, path=maker.path(), content=maker.content())
        case "edit" | "forge" | "replace" | "rot":
            _add(maker, step, kind, d=d, pick=maker.pick(), content=maker.content())
        case "slow":
            content, pick = maker.content(), maker.path()
            _add(maker, step, "begin", d=d, path=pick, content=content)
            later = step + draw.between(1, 12)
            _add(maker, later, "write", d=d, path=pick, content=content)
        case "touch" | "delete" | "restore" | "hide":
            _add(maker, step, kind, d=d, pick=maker.pick())
        case "refile":
            _add(maker, step, kind, d=d, pick=maker.pick(), path=maker.path(),
                 content=maker.content())  # fmt: skip
        case "rename" | "link" | "copy":
            _add(maker, step, kind, d=d, pick=maker.pick(), path=maker.path())
        case "rename_dir":
            _add(maker, step, kind, d=d, old=draw.choice(("d", "d/s", "g")),
                 new=draw.choice(("d", "h", "g", "d/s", "h/s")))  # fmt: skip
        case "swap":
            _add(maker, step, kind, d=d, pick=maker.pick(), other=maker.pick())
        case "crossed":  # one edits what the other deleted, just before that is withdrawn
            pick, other = maker.pick(), draw.choice([one for one in maker.devices if one != d])
            _add(maker, step, "delete", d=d, pick=pick)
            _add(maker, step + 1, "wait", seconds=draw.between(48, 64))
            _add(maker, step + 2, "edit", d=other, pick=pick, content=maker.content())
        case "let_go":  # everything goes, is let go, comes back before that is done, and goes again
            _add(maker, step, "rm_all", d=d, top="")
            _add(maker, step + 1, "wait", d=d, seconds=200)
            _add(maker, step + 2, "tell", d=d, what="pause")
            _add(maker, step + 20, "tell", d=d, what="confirm")
            for path in PATHS[: maker.leaning.paths]:
                _add(maker, step + 30, "write", d=d, path=path, content=maker.content())
            _add(maker, step + 31, "wait", d=d, seconds=30)
            _add(maker, step + 40, "tell", d=d, what="resume")
            _add(maker, step + 41, "wait", d=d, seconds=60)
            _add(maker, step + 90, "rm_all", d=d, top="")
            _add(maker, step + 91, "wait", d=d, seconds=200)
        case "carry":
            _add(maker, step, kind, d=d, to=maker.device(), pick=maker.pick(),
                 path=draw.choice((None, None, maker.path())))  # fmt: skip
        case "same":
            content, path = maker.content(), maker.path()
            for device in maker.devices:
                _add(maker, step, "write", d=device, path=path, content=content)
        case "special":
            _add(maker, step, kind, d=d, path=maker.path(), what=draw.choice(("symlink", "fifo")))
        case "chmod":
            _add(maker, step, kind, d=d, pick=maker.pick(), readable=False)
            _add(maker, step + draw.between(5, 60), kind, d=d, pick=None, readable=True)
        case "rm_dir":
            _add(maker, step, kind, d=d, path=draw.choice(("d", "d/s", "g")))
        case "rm_all":
            _add(maker, step, kind, d=d, top=draw.choice(("", "d", "g")))
        case "wait":
            seconds = draw.weighted([(3, 8), (20, 4), (70, 6), (400, 2), (4000, 1), (90_000, 0.2)])
            _add(maker, step, kind, seconds=seconds)
        case "command":
            _command(maker, step, d)


def _command(maker: _Maker, step: int, d: str) -> None:
    draw = maker.draw
    kind = maker.kind(
        [
            ("share", 2), ("remove", 3), ("extend", 2), ("rename_document", 2), ("send_again", 3),
            ("confirm", 2), ("keep", 2), ("pause", 2), ("sync_once", 3), ("look", 2), ("get", 2),
        ]
    )  # fmt: skip
    if kind == "pause":
        _add(maker, step, "tell", d=d, what="pause")
        _add(maker, step + draw.between(5, 50), "tell", d=d, what="resume")
        return
    _add(maker, step, "tell", d=d, what=kind, pick=maker.pick())


def _trouble(maker: _Maker, step: int) -> None:
    draw, d = maker.draw, maker.device()
    kind = maker.kind(
        [
            ("api", 20), ("s3", 10), ("crash", 8), ("crash_at", 8), ("full", 2), ("die", 6),
            ("preempt", 6), ("sleep", 3), ("wall", 3), ("unmount", 2), ("vanish", 2),
            ("unmark", 2), ("overflow", 2), ("sweep", 3), ("drop_call", 3), ("power", 2),
            ("unheard", 0),
        ]
    )  # fmt: skip
    match kind:
        case "api":
            count = draw.choice((1, 1, 1, 2, 6))
            _add(maker, step, "fault", d=d, site="api", what=draw.choice(API_FAULTS), count=count)
        case "unheard":  # also not when it is asked again at once
            _add(maker, step, "fault", d=d, site="api", what="lost_after", count=4)
        case "s3":
            count = draw.choice((1, 1, 2, 7))
            _add(maker, step, "fault", d=d, site="s3", what=draw.choice(S3_FAULTS), count=count)
        case "crash" | "power":
            _add(maker, step, kind, d=d)
            _add(maker, step + draw.between(0, 20), "start", d=d)
        case "crash_at":
            _add(maker, step, kind, d=d, write=draw.choice(JOURNAL_WRITES), n=draw.below(3))
            _add(maker, step + draw.between(5, 40), "start", d=d)
        case "full":
            _add(maker, step, kind, d=d, write=draw.choice(JOURNAL_WRITES), n=draw.below(3))
            _add(maker, step + draw.between(5, 40), "start", d=d)
        case "die" | "preempt":
            _add(maker, step, kind, n=draw.between(1, 14))
        case "sleep":
            _add(maker, step, kind, d=d, seconds=draw.choice((30, 90, 4000)))
        case "wall":
            _add(maker, step, kind, d=d, ms=draw.choice((-3_600_000, 3_600_000, -5000, 86_400_000)))
        case "unmount" | "vanish" | "unmark":
            _add(maker, step, kind, d=d)
            _add(maker, step + draw.between(3, 40), "heal", d=d)
        case "overflow":
            _add(maker, step, kind, d=d)
        case "sweep" | "drop_call":
            _add(maker, step, kind, d=d)
