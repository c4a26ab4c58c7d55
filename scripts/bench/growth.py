"""DynamoDB units of each request over growing tables: nobody pays for what others have.

The routes of the real back-end over tables in memory that are full already and bill as DynamoDB
does. `tests/backend/test_growth.py` holds the figures to each other.
"""

import importlib
from typing import Any

# The suite's own calls and tables; they are not typed.
_costs: Any = importlib.import_module("tests.backend.test_costs")
_growing: Any = importlib.import_module("tests.backend.growing")

SIZES = ((100, 1_000), (10_000, 1_000_000), (100_000, 1_000_000))


def main() -> None:
    """Print a line for each route: read and write units at each size."""
    heads = [f"{mine:,} of {pool:,}" for mine, pool in SIZES]
    print(f"{'one request, RRU/WRU, documents:':36}" + "".join(f"{h:>22}" for h in heads))
    for method, path in sorted(_costs.CALLS):
        call = _costs.CALLS[method, path]
        units = [_costs.cost(call, store=_growing.FullStore(*size)) for size in SIZES]
        cells = [f"{reads:.0f} / {writes:.0f}" for reads, writes in units]
        print(f"{method + ' ' + path:36}" + "".join(f"{cell:>22}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
