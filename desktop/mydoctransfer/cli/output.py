"""What is printed, and what is read: JSON for programs, sentences for people."""

import json
import os
import sys
from dataclasses import dataclass
from typing import Any, BinaryIO, TextIO

from mydoctransfer.cli.text import plain
from mydoctransfer.model.errors import AppError


@dataclass(frozen=True, slots=True)
class Output:
    """Standard output and standard error.

    With `is_json`, stdout carries JSON and nothing else; names that are no UTF-8 appear in it as
    `\\udcXX`. Errors and warnings are one line on stderr in any case.
    """

    is_json: bool
    stdout: TextIO
    stderr: TextIO

    def answer(self, answer: dict[str, Any], said: str) -> None:
        """Print what a command answered; `said` is the same in words, "" where there are none."""
        if self.is_json:
            said = json.dumps(answer)
        if said:
            print(said, file=self.stdout, flush=True)

    def lines(self, objects: list[dict[str, Any]], said: list[str]) -> None:
        """Print a part of a stream: one JSON object, or one sentence, a line."""
        chosen = [json.dumps(value) for value in objects] if self.is_json else said
        if chosen:
            print("\n".join(chosen), file=self.stdout, flush=True)

    def error(self, exc: AppError) -> None:
        """Say why it did not work."""
        if self.is_json:
            error: dict[str, Any] = {"code": exc.code, "message": exc.message}
            if exc.emails:
                error["emails"] = list(exc.emails)
            print(json.dumps({"error": error}), file=self.stdout, flush=True)
        named = f" ({', '.join(exc.emails)})" if exc.emails else ""
        print(f"mydoctransfer: {_one_line(exc.message + named)}", file=self.stderr, flush=True)

    def warn(self, message: str) -> None:
        print(f"mydoctransfer: warning: {_one_line(message)}", file=self.stderr, flush=True)


class Lines:
    """Standard input, read line by line and as late as possible."""

    def __init__(self, stdin: BinaryIO) -> None:
        self._stdin = stdin

    def secret(self, what: str) -> str:
        """Return the next line without its one newline; everything else belongs to the secret.

        Raises:
            AppError: there is no such line, or it is no text.
        """
        line = self._stdin.readline(65_536)
        if not line:
            raise AppError("Nothing to read", f"There is no line with the {what}.", "no_input")
        if line.endswith(b"\n"):
            line = line[:-2] if line.endswith(b"\r\n") else line[:-1]
        try:
            return line.decode("utf-8")
        except UnicodeDecodeError as exc:
            raise AppError("Not a text", f"The {what} is no UTF-8 text.", "no_input") from exc


def standard(is_json: bool) -> Output:
    """Return the process's own streams, which no name can break."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    return Output(is_json, sys.stdout, sys.stderr)


def abandon_stdout() -> None:
    """Nobody reads any more: write what is still buffered nowhere, and silently."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _one_line(message: str) -> str:
    return plain(" ".join(message.split()))
