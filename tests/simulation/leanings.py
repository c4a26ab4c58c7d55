"""What a run can be made rich in: chance brings some things together once in ten thousand runs.

A leaning makes kinds of events likelier and turns knobs; everything else stays drawn from the seed,
so that a run under a leaning is as fresh as any other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Leaning:
    """How much likelier events are (by kind, 1 where nothing is said), and what is not left to
    chance.

    Attributes:
        times: factor of a kind's weight; 0 leaves it out. knobs: set instead of drawn.
        paths: how many of the paths are used: fewer meet more often. trouble: the share of events
            that are trouble. large: how many of ten contents go in parts. also: weights of kinds
            that chance alone never brings.
    """

    times: Mapping[str, float] = field(default_factory=dict)
    knobs: Mapping[str, Any] = field(default_factory=dict)
    paths: int | None = None
    trouble: float | None = None
    large: int = 2
    also: Mapping[str, float] = field(default_factory=dict)

    def weigh(self, items: list[tuple[Any, float]]) -> list[tuple[Any, float]]:
        """Return the weighted items as this leaning has them."""
        return [
            (kind, weight * self.times.get(kind, 1) + self.also.get(kind, 0))
            for kind, weight in items
        ]


AS_IT_COMES = Leaning()


_FOR_GOOD = {"lifetime": 30 * 86_400}
ONE = Leaning(knobs={"devices": 1})
MOVES = Leaning({"rename": 6, "swap": 6, "rename_dir": 3}, {"has_birth": True, **_FOR_GOOD}, 5)
EXCHANGES = Leaning(
    {"swap": 30}, {"devices": 1, "has_birth": True, "hash_batch": 1, **_FOR_GOOD}, 4
)
UNHEARD_MOVES = Leaning(
    {"rename": 6, "swap": 6, "rename_dir": 8}, {"hint_loss": 1.0, **_FOR_GOOD}, 8
)
HALF_HEARD_TRADES = Leaning(
    {"swap": 20, "rename": 6, "wait": 4},
    {"devices": 1, "has_birth": True, "hint_loss": 0.5, "lifetime": 120},
    8,
    0.0,
)
UNHEARD_DELETIONS = Leaning({"rm_dir": 20}, {"hint_loss": 1.0, **_FOR_GOOD}, 8, trouble=0.05)
UNPROVEN_MOVES = Leaning(
    {"rename": 6, "copy": 6, "same": 2, "delete": 2}, {"has_birth": False, **_FOR_GOOD}, 6
)
REFILED = Leaning({"refile": 12, "rename": 2}, {"has_birth": True, **_FOR_GOOD}, 6)
LOCKED = Leaning({"chmod": 30, "wait": 2}, _FOR_GOOD, 6)
LOCKED_AND_MOVED = Leaning(
    {"chmod": 30, "rename": 20, "wait": 8},
    {"devices": 1, "has_birth": True, "hint_loss": 0.5, **_FOR_GOOD},
    6,
    0.0,
)
LOST_MOVES = Leaning(
    {"rename": 8, "link": 8, "api": 8}, {"devices": 1, "has_birth": True, **_FOR_GOOD}, 4, 0.4
)
LOST_TRADES = Leaning(
    {"swap": 20, "rename": 8, "api": 12}, {"devices": 1, "has_birth": True, **_FOR_GOOD}, 3, 0.4
)
# Of what else a person does nothing: it would have to keep out of the way of four things in a row.
_LEFT_OUT = ("edit", "copy", "link", "swap", "refile", "delete", "rename_dir", "rm_dir", "rm_all",
             "chmod", "special", "restore", "hide", "same", "carry")  # fmt: skip
LOST_AND_GONE = Leaning(
    {
        "rename": 20,
        "write": 6,
        "command": 8,
        "remove": 30,
        "api": 0,
        **dict.fromkeys(_LEFT_OUT, 0),
    },
    {"devices": 1, "has_birth": True, **_FOR_GOOD},
    2,
    0.35,
    also={"unheard": 100},
)
LET_GO = Leaning({"wait": 4}, {"devices": 1, "many": 4, **_FOR_GOOD}, 6, 0.0, also={"let_go": 60})
DELETIONS = Leaning({"delete": 4, "rm_all": 30}, {"many": 4, **_FOR_GOOD}, 8, trouble=0.05)
TOGETHER = Leaning(
    {"carry": 8, "edit": 2, "same": 8, "delete": 2, "sleep": 8},
    {"devices": 2, **_FOR_GOOD},
    4,
)
COPIED = Leaning({"copy": 10, "refile": 10}, {"has_birth": True, **_FOR_GOOD}, 6)
UNSEEN = Leaning({"carry": 8}, {"devices": 2, **_FOR_GOOD}, 4, 0.0, also={"crossed": 40})
FOUND = Leaning({"carry": 10, "delete": 3, "wait": 3}, {"devices": 2, **_FOR_GOOD}, 8, 0.0)
SLOW = Leaning({"slow": 20, "edit": 2})
SHORT_LIVES = Leaning({"rename": 4, "refile": 3, "wait": 2}, {"lifetime": 120}, 5)
LARGE = Leaning({"edit": 3, "delete": 2, "s3": 5}, _FOR_GOOD, 5, trouble=0.4, large=9)
IN_EACH_OTHERS_WAY = Leaning(
    {"write": 3, "edit": 2, "crash_at": 5}, {"devices": 2, **_FOR_GOOD}, 3, 0.3, large=9
)
BUSY_CLOUD = Leaning({"api": 6, "s3": 3}, _FOR_GOOD, 5, trouble=0.5)
ROT = Leaning({"rot": 40}, _FOR_GOOD, 5)
ROT_TAKEN_OUT = Leaning({"rot": 60, "edit": 2, "command": 4, "remove": 12}, _FOR_GOOD, 4)
POWER = Leaning({"power": 30, "edit": 2}, _FOR_GOOD, 5, trouble=0.3)
