"""The watched folder: choosing it, its rules, what is dropped on the window."""

from collections.abc import Sequence
from dataclasses import dataclass

from mydoctransfer.engine import answers
from mydoctransfer.engine.commands.ground import Ground
from mydoctransfer.engine.health import DEVICE_KEY, MARKER_KEY
from mydoctransfer.engine.ports import Failure
from mydoctransfer.engine.tasks import Work, call
from mydoctransfer.model import commands as c
from mydoctransfer.model.commands import Answer
from mydoctransfer.model.errors import Refused, UsageError
from mydoctransfer.model.rules import FolderRule
from mydoctransfer.model.trees import RelPath, is_beneath


@dataclass(frozen=True, slots=True)
class FolderCommands:
    """What is said of the folder."""

    ground: Ground

    def choose_folder(self, command: c.ChooseFolder) -> Work[Answer]:
        """Watch this folder from now on."""
        self._check_lifetime(command.lifetime)
        resolved = yield from call(
            self.ground.settings.check_folder, command.folder, command.is_new
        )
        disk = self.ground.settings.open(resolved)
        root = yield from call(disk.mark, self.ground.rand.hex32())
        if isinstance(root, Failure):
            raise answers.error(root)
        since = (
            (self.ground.session.clock.wall_ms() + 1) * 1_000_000 if command.is_only_new else None
        )
        yield from call(self.ground.settings.choose_folder, resolved, command.lifetime, since)
        if (self.ground.journal.get(MARKER_KEY), self.ground.journal.get(DEVICE_KEY)) != (
            root.marker,
            str(root.dev),
        ):
            self.ground.journal.forget_local()
        self.ground.journal.put(MARKER_KEY, root.marker)
        self.ground.journal.put(DEVICE_KEY, str(root.dev))
        self.ground.hooks.folder_chosen(resolved, disk)
        return answers.OK

    def set_rule(self, target: str, rule: FolderRule | None) -> Work[Answer]:
        """Give new documents beneath a folder a lifetime and people (R12); None: no more."""
        self._check_lifetime(rule.lifetime if rule is not None else None)
        path = self.ground.inside(target)
        if not path:
            raise UsageError(
                "Not a folder rule",
                "A rule is for a folder inside the watched folder, which has its own lifetime.",
                "usage",
            )
        self.ground.journal.set_rule(path, rule)
        yield from self.ground.hooks.rules_changed()
        return answers.OK

    def add_files(self, sources: Sequence[str], into: str) -> Work[Answer]:
        """Copy what was dropped on the window into the folder."""
        disk = self.ground.hooks.disk()
        if disk is None:
            raise answers.no_folder()
        target = self.ground.inside(into) if into else RelPath("")
        folder = self.ground.settings.folder()
        added: list[RelPath] = []
        copied: list[RelPath] = []
        for source in sources:
            paths = yield from call(disk.add, source, target)
            if isinstance(paths, Failure):
                self.ground.hooks.files_added(added, copied)
                raise answers.error(paths)
            added.extend(paths)
            if folder is None or not is_beneath(source, folder):
                copied.extend(paths)
        self.ground.hooks.files_added(added, copied)
        return {"added": list(added)}

    def _check_lifetime(self, lifetime: int | None) -> None:
        account = self.ground.session.account
        if lifetime is not None and account and lifetime > account.policy.max_lifetime:
            raise Refused(
                "Too long",
                "Your organisation does not allow documents to stay that long.",
                "lifetime_refused",
            )
