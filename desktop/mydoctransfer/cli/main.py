"""From words to an exit code: 0 done, 1 failed, 2 usage, 3 not signed in, 4 offline, 5 refused."""

import logging
import sys
from collections.abc import Sequence

from mydoctransfer.adapters import home
from mydoctransfer.cli import arguments, output
from mydoctransfer.cli.commands import App, Context
from mydoctransfer.cli.output import Lines
from mydoctransfer.model.errors import AppError

_INTERRUPTED = 130
_NOBODY_READS = 1

_log = logging.getLogger(__name__)


def main(argv: Sequence[str], app: App | None = None) -> int:
    """Carry out one command; without one, open the desktop application."""
    out = output.standard(arguments.wants_json(argv))
    try:
        return _run(argv, app, out)
    except AppError as exc:
        try:
            out.error(exc)
        except BrokenPipeError:
            output.abandon_stdout()
        return exc.exit_code
    except BrokenPipeError:
        output.abandon_stdout()
        return _NOBODY_READS
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as exc:
        _log.exception("a command ended unexpectedly")
        out.error(_surprise(exc))
        return AppError.exit_code


def _run(argv: Sequence[str], app: App | None, out: output.Output) -> int:
    parsed = arguments.parse(argv)
    found = home.find(parsed.home)
    app = app or _application()
    if parsed.run is None:
        return app.run_desktop(found)
    parsed.run(Context(found, app, Lines(sys.stdin.buffer), out, parsed))
    return 0


def _application() -> App:
    # Only now: `--help` and a typing error need none of it.
    from mydoctransfer import app

    return app


def _surprise(exc: Exception) -> AppError:
    return AppError(
        "Something went wrong",
        f"Something went wrong that should not have ({type(exc).__name__}: {exc}).",
        "unexpected",
    )
