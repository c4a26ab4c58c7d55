"""All seeded mistakes: each breaks one promise, and a recorded schedule notices.

`python -m tests.simulation.mutants [NAME …]` looks for killing seeds, in order from 0.
"""

import sys
import time

from tests.simulation.mistakes import deciding, observing, sending, serving
from tests.simulation.mutant import Mutant, killed_by
from tests.simulation.schedule import Schedule, make
from tests.simulation.shrink import failure_of

MUTANTS: tuple[Mutant, ...] = (
    *deciding.MUTANTS,
    *observing.MUTANTS,
    *sending.MUTANTS,
    *serving.MUTANTS,
)


def main() -> None:
    wanted = sys.argv[1:]
    for mutant in MUTANTS:
        if wanted and not any(w in mutant.name for w in wanted):
            continue
        began = time.perf_counter()
        if isinstance(mutant.seed, Schedule):
            print(f"{mutant.name}: own schedule: {killed_by(mutant, mutant.seed)[:90]!r}")
            continue
        for seed in range(mutant.seed, mutant.seed + 200):
            found = killed_by(mutant, make(seed))
            if found and not failure_of(make(seed))[0]:
                print(f"{mutant.name}: seed {seed}: {found[:90]!r}", flush=True)
                break
            if time.perf_counter() - began > 60:
                print(f"{mutant.name}: survives up to seed {seed}", flush=True)
                break


if __name__ == "__main__":
    main()
