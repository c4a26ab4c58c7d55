"""`python -m mydoctransfer` and the program `mydoctransfer`."""

import multiprocessing
import sys


def main() -> None:
    """Run the command line; with no command, the desktop application."""
    multiprocessing.freeze_support()  # a frozen program starts its sending processes through here
    # Not at the top: a sending process imports this module, and nothing of the command line.
    from mydoctransfer.cli.main import main as run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
