"""`python -m tests.simulation SEED` prints a seed's schedule and its trace.

With a file of the corpus instead of a seed, that. With `--shrink`, the smallest schedule that still
fails, as JSON. With `--seeds A B`, only which seeds in that range fail, and how fast it went.
"""

import argparse
import time
import traceback
from collections import Counter
from dataclasses import replace
from pathlib import Path

from tests.simulation.schedule import Schedule, load, make, save
from tests.simulation.shrink import failure_of, shrink
from tests.simulation.world.world import run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", help="a seed, or a file of the corpus")
    parser.add_argument("--shrink", metavar="FILE", type=Path, help="write the smallest failure")
    parser.add_argument("--note", default="")
    parser.add_argument("--seeds", nargs=2, type=int)
    parser.add_argument("--quiet", action="store_true", help="no trace")
    asked = parser.parse_args()
    if asked.seeds:
        survey(*asked.seeds)
        return
    schedule = load(Path(asked.what)) if "." in asked.what else make(int(asked.what))
    if asked.shrink:
        smallest, failure = shrink(schedule)
        save(replace(smallest, note=asked.note, rule=failure.partition(":")[0]), asked.shrink)
        schedule = smallest
    show(schedule, not asked.quiet)


def show(schedule: Schedule, with_trace: bool) -> None:
    print(schedule)
    try:
        world = run(schedule, keeps_trace=True)
        outcome = "all invariants hold"
    except BaseException as exc:
        world = exc.world
        outcome = "".join(traceback.format_exception(exc)[-3:])
    if with_trace:
        print("\n".join(world.trace))
    print(f"digest {world.digest}, {world.steps} steps, {world.time.seconds:.0f} s of its time")
    print(outcome)


def survey(first: int, last: int) -> None:
    began, steps = time.perf_counter(), 0
    found: Counter[str] = Counter()
    for seed in range(first, last):
        failure, world = failure_of(make(seed))
        steps += world.steps
        if failure:
            found[failure.partition(":")[0]] += 1
            print(f"{seed}: {failure[:300]}", flush=True)
    took = time.perf_counter() - began
    runs = last - first
    print(f"{runs} runs, {runs / took:.1f} a second, {steps / took:.0f} steps a second, {found}")


if __name__ == "__main__":
    main()
