"""From words to an exit code: 0 done, 1 failed, 2 usage, 3 not signed in, 4 offline, 5 refused."""

import argparse
import errno
import logging
import os
import sys
from collections.abc import Sequence

from mydoctransfer.adapters import home, notifications
from mydoctransfer.adapters.home import Home
from mydoctransfer.adapters.logs import start_logging
from mydoctransfer.cli import arguments, output
from mydoctransfer.cli.commands import App, Context
from mydoctransfer.cli.output import Lines, Output
from mydoctransfer.model import links, wishes
from mydoctransfer.model.errors import AppError, UsageError, is_disk_full
from mydoctransfer.model.wishes import FollowLink, Wish

_INTERRUPTED = 130
_NOBODY_READS = 1

_log = logging.getLogger(__name__)


def main(argv: Sequence[str], app: App | None = None) -> int:
    """Carry out one command; without one, open the desktop application."""
    # Whatever is logged before a log file is open is not for the terminal.
    logging.getLogger().addHandler(logging.NullHandler())
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


def _run(argv: Sequence[str], app: App | None, out: Output) -> int:
    parsed = arguments.parse(argv)
    found = home.find(parsed.home)
    try:
        return _known(parsed, found, app, out)
    except AppError as exc:
        if parsed.run is None:
            # Started from a menu or at login: nobody sees what is printed.
            _notify(exc, _application() if app is None else app)
        raise


def _notify(error: AppError, app: App) -> None:
    """Tell of a start that came to nothing; what was wrong with a link has a head line of its own.

    The application of somebody who opened such a link may well be running.
    """
    if not isinstance(error, UsageError):
        error = AppError("MyDoc Transfer did not start", error.message, error.code)
    told = app.in_own_words(error)
    notifications.say_once(told.title, told.message)


def _known(parsed: argparse.Namespace, found: Home, app: App | None, out: Output) -> int:
    """Carry it out; whatever goes wrong comes as what a person is told.

    Raises:
        AppError: it did. BrokenPipeError: nobody reads.
    """
    try:
        return _carry_out(parsed, found, app, out)
    except (AppError, BrokenPipeError):
        raise
    except OSError as exc:
        raise _trouble(exc, found) or _logged(exc, found) from exc
    except Exception as exc:
        raise _logged(exc, found) from exc


def _carry_out(parsed: argparse.Namespace, found: Home, app: App | None, out: Output) -> int:
    application = _application if app is None else lambda: app
    if parsed.run is None:
        return application().run_desktop(found, parsed.hidden, _wish(parsed))
    _, warning = found.load()
    if warning:
        out.warn(warning)
    parsed.run(Context(found, application, Lines(sys.stdin.buffer), out, parsed))
    return 0


def _wish(parsed: argparse.Namespace) -> Wish | None:
    """Return what the desktop entry or the file manager wants of the window.

    Raises:
        UsageError: a link that is refused.
    """
    if parsed.link:
        return FollowLink(links.parse(parsed.link))
    if parsed.share_files:
        return wishes.share_files([os.path.abspath(path) for path in parsed.share_files])
    return None


def _application() -> App:
    from mydoctransfer import app  # 150 ms: `--help` and a typing error need none of it

    return app


def _trouble(exc: OSError, found: Home) -> AppError | None:
    """Return what a person can do something about; None for what should not have happened."""
    if is_disk_full(exc):
        return AppError(
            "The disk is full",
            f"The disk with {found.state} is full. Make room there and try again;"
            " your files and documents are as they were.",
            "disk_full",
        )
    if exc.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return AppError(
            "No permission",
            f"{exc.filename or found.state} cannot be used ({exc.strerror})."
            " Give yourself the right to it, or name another place with --home.",
            "not_writable",
        )
    return None


def _logged(exc: Exception, found: Home) -> AppError:
    if found.logs.is_dir():
        start_logging(found.logs)
    _log.error("a command ended unexpectedly", exc_info=exc)
    if isinstance(exc, ImportError):
        return AppError(
            "Not installed whole",
            f"A part that this program needs is missing or too old ({exc})."
            " Install it again; in a checkout of its sources `make run` does that.",
            "not_installed",
        )
    return AppError(
        "Something went wrong",
        f"Something went wrong that should not have ({type(exc).__name__}: {exc}).",
        "unexpected",
    )
