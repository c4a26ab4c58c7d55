"""`python -m mydoctransfer` and the program `mydoctransfer`."""

import sys

from mydoctransfer.cli.main import main as run


def main() -> None:
    """Run the command line; with no command, the desktop application."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
