"""`python -m mydoctransfer` and the program `mydoctransfer`."""

import atexit
import multiprocessing
import os
import sys


def main() -> None:
    """Run the command line; with no command, the desktop application."""
    multiprocessing.freeze_support()  # a frozen program starts its sending processes through here
    # Not at the top: a sending process imports this module, and nothing of the command line.
    from mydoctransfer.cli.main import main as run

    code: int | None = None  # unknown while an exception is on its way: that is Python's to tell

    def end() -> None:
        if code is not None:
            os._exit(code)

    # The first that is registered runs last: Qt has closed by then, and the logs. What Python does
    # after it crashes now and then when a daemon thread comes back from C code in the midst of it
    # (python/cpython#84058), and nothing here needs it: all that is printed is flushed.
    atexit.register(end)
    code = run(sys.argv[1:])
    # Not sys.exit(): before the exit functions Python waits for the threads of every executor, and
    # one that asks a silent store has a minute. No public call runs them without that.
    atexit._run_exitfuncs()


if __name__ == "__main__":
    main()
