"""The audit, for administrators."""

from dataclasses import dataclass

from mydoctransfer.engine import answers
from mydoctransfer.engine.commands.ground import Ground
from mydoctransfer.engine.ports import Failure
from mydoctransfer.engine.tasks import Work, call
from mydoctransfer.model.commands import Answer


@dataclass(frozen=True, slots=True)
class AuditCommands:
    """What is asked of the audit."""

    ground: Ground

    def audit(self, query: str) -> Work[Answer]:
        """Answer with the newest entries that match."""
        yield from self.ground.signed_in()
        entries = yield from call(self.ground.cloud.audit, query)
        if isinstance(entries, Failure):
            raise answers.error(entries)
        return {"entries": [answers.audit_entry(e) for e in entries]}

    def export_audit(self) -> Work[Answer]:
        """Answer with all of it, for spreadsheets."""
        yield from self.ground.signed_in()
        csv = yield from call(self.ground.cloud.audit_csv)
        if isinstance(csv, Failure):
            raise answers.error(csv)
        return {"csv": csv}
