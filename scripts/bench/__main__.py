"""`make bench`: every measurement, each next to its floor. ROUNDS=n repeats each comparison."""

import os

from scripts.bench import (
    functions,
    growth,
    peers,
    scanning,
    starting,
    uploads,
    watching,
    window,
)


def main() -> None:
    """Print the figures, a heading before each part."""
    rounds = int(os.environ.get("ROUNDS", "3"))
    print("Scanning 100,000 files", flush=True)
    scanning.main(rounds)
    print("Uploading into the local cloud", flush=True)
    uploads.main(rounds, "")
    print("The data path next to its peers", flush=True)
    peers.main(max(rounds, 5))
    print("A running sync", flush=True)
    watching.main(rounds)
    print("Starting the desktop application", flush=True)
    starting.main(rounds)
    print("100,000 rows in the window", flush=True)
    window.main()
    print("The back-end's functions", flush=True)
    functions.main(rounds)
    print("Units of each request over growing tables", flush=True)
    growth.main()


if __name__ == "__main__":
    main()
