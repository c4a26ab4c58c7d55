"""Errors written for the person who reads them.

`title` is a few words for a dialog's head line, `message` a sentence that says what happened and
what to do. The subclass says how the command line ends.
"""

import errno

CANCELLED = "cancelled"
"""The code of what the person ended: nobody has to be told of it."""


class AppError(Exception):
    """Something a person has to know. Exit code 1.

    Attributes:
        title: a few words. message: a sentence with the remedy. code: stable, for programs.
    """

    exit_code = 1

    def __init__(
        self, title: str, message: str, code: str = "failed", emails: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message)
        self.title = title
        self.message = message
        self.code = code
        self.emails = emails


class UsageError(AppError):
    """The words given make no sense. Exit code 2."""

    exit_code = 2


class NotSignedIn(AppError):
    """Nobody is signed in, or the session has ended. Exit code 3."""

    exit_code = 3

    def __init__(
        self, message: str = "You are not signed in. Sign in and try again.", code: str = ""
    ) -> None:
        super().__init__("Not signed in", message, code or "not_signed_in")


class Offline(AppError):
    """The cloud cannot be reached. Exit code 4."""

    exit_code = 4

    def __init__(self, message: str, code: str = "offline") -> None:
        super().__init__("Offline", message, code)


class Refused(AppError):
    """The server said no. Exit code 5; `code` is the server's."""

    exit_code = 5


BY_EXIT_CODE: dict[int, type[AppError]] = {1: AppError, 2: UsageError, 5: Refused}


def is_disk_full(exc: BaseException | None) -> bool:
    """Whether what went wrong is that a disk, or a person's share of it, is full."""
    return isinstance(exc, OSError) and exc.errno in (errno.ENOSPC, errno.EDQUOT)
