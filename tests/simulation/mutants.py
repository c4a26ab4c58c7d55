"""All seeded mistakes: each breaks one promise, and a recorded schedule notices.

`python -m tests.simulation.mutants FIRST SECONDS [NAME ...]` looks for seeds that notice them, in
order from FIRST, for so many seconds each.
"""

import io
import sys
import time
from collections.abc import Iterator
from contextlib import redirect_stdout

from tests.simulation.mistakes import deciding, observing, sending, serving
from tests.simulation.mutant import Mutant, hunt

MUTANTS: tuple[Mutant, ...] = (
    *deciding.MUTANTS,
    *observing.MUTANTS,
    *sending.MUTANTS,
    *serving.MUTANTS,
)


def main() -> None:
    first, seconds = int(sys.argv[1]), float(sys.argv[2])
    for mutant in MUTANTS:
        if len(sys.argv) > 3 and not any(words in mutant.name for words in sys.argv[3:]):
            continue
        began = time.process_time()
        with redirect_stdout(io.StringIO()):  # what the functions log
            killed = hunt(mutant, _seeds(first, began + seconds))
        took = time.process_time() - began
        print(f"{mutant.name}: {killed or 'survives'} ({took:.1f} s)", flush=True)


def _seeds(first: int, end: float) -> Iterator[int]:
    while time.process_time() < end:
        yield first
        first += 1


if __name__ == "__main__":
    main()
