"""A device: one `--home` and its folder, driven through the real program as from a shell."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from tests.support.cloud import PASSWORD, Cloud, Person
from tests.support.waiting import PATIENCE, wait_for


@dataclass
class Ran:
    """How a command ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.stdout)

    @property
    def error(self) -> str:
        """The code of its error."""
        code: str = self.json["error"]["code"]
        return code


class Watching:
    """A running `sync`; a context manager that ends it with SIGTERM."""

    def __init__(self, process: "subprocess.Popen[bytes]", stdout: Path, stderr: Path) -> None:
        self.process = process
        self._stdout = stdout
        self._stderr = stderr

    def events(self, name: str) -> list[dict[str, Any]]:
        """The events of this name so far."""
        lines = self._stdout.read_text().splitlines(keepends=True)
        whole = [json.loads(line) for line in lines if line.endswith("\n")]
        return [event for event in whole if event["event"] == name]

    def wait_for(self, name: str, **wanted: object) -> dict[str, Any]:
        """The first event of this name with these fields."""

        def look() -> dict[str, Any] | None:
            assert self.process.poll() is None, self._stderr.read_text()
            for event in self.events(name):
                if wanted.items() <= event.items():
                    return event
            return None

        return wait_for(look, PATIENCE, lambda: f"no {name} {wanted} in {self._stdout.read_text()}")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


@dataclass
class Device:
    """An installation of its own with an empty folder beside it."""

    root: Path
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True)

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def folder(self) -> Path:
        return self.root / "folder"

    def argv(self, *words: str | bytes, is_json: bool = True) -> list[str | bytes]:
        options = ["--json"] if is_json else []
        return [sys.executable, "-m", "mydoctransfer", *options, "--home", str(self.home), *words]

    def run(
        self,
        *words: str | bytes,
        stdin: str = "",
        is_json: bool = True,
        also: Mapping[str, str] | None = None,
    ) -> Ran:
        """Run one command to its end, `also` in its environment."""
        done = subprocess.run(
            self.argv(*words, is_json=is_json),
            input=stdin.encode(),
            capture_output=True,
            env={**self.environment, **(also or {})},
            cwd=self.root,
            timeout=120,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    def ok(self, *words: str | bytes, stdin: str = "") -> Any:
        """Run one command that has to succeed; what it answered."""
        ran = self.run(*words, stdin=stdin)
        assert ran.code == 0, ran
        return ran.json

    def watch(self) -> Watching:
        """Start `sync`, and return once it has looked at everything."""
        watching = self.start_watching()
        watching.wait_for("status", state="idle")
        return watching

    def start_watching(self) -> Watching:
        """Start `sync`."""
        stdout, stderr = self.root / "sync.out", self.root / "sync.err"
        with stdout.open("wb") as out, stderr.open("wb") as err:
            process = subprocess.Popen(
                self.argv("sync"), stdout=out, stderr=err, env=self.environment, cwd=self.root
            )
        return Watching(process, stdout, stderr)

    def sign_in(self, cloud: Cloud, person: Person) -> Self:
        """Connect, sign in with the session in a file, and watch the folder."""
        self.ok("connect", str(cloud.connection_file))
        self.ok(
            *("login", person.email, "--password-stdin", "--store", "file"), stdin=f"{PASSWORD}\n"
        )
        self.ok("folder", str(self.folder))
        return self

    def documents(self, *options: str) -> dict[str, dict[str, Any]]:
        """What `ls` lists, by display name."""
        return {d["display_name"]: d for d in self.ok("ls", *options)["documents"]}
