"""Audit entries as CSV that is text to every spreadsheet, and never a formula.

A cell is quoted, on one line, and holds no control or direction character: those are spelled
`\\u{85}`. Where a spreadsheet would start a formula, at the start of the cell or behind what some
take for the end of one, stands an apostrophe (the OWASP advice on CSV injection).
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable

from mydoctransfer_contract.documents import AuditEntry, Person

COLUMNS = (
    "at",
    "email",
    "given_name",
    "family_name",
    "action",
    "display_name",
    "detail",
    "share_id",
    "source",
    "expired",
    "id",
)
_SYSTEM = Person("", "system", "")
_STARTS = re.compile(r"(^|[;,\"'])(\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")


def csv_text(entries: Iterable[AuditEntry]) -> str:
    """Return a heading and a line for each entry; lines end as RFC 4180 says."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for entry in entries:
        writer.writerow([cell(value) for value in _values(entry)])
    return text.getvalue()


def cell(value: str) -> str:
    """Return a text without anything a spreadsheet or a terminal would act on."""
    visible = "".join(_spelled(c) if unicodedata.category(c) in _UNSEEN else c for c in value)
    return _STARTS.sub(r"\1'\2", visible)


def _spelled(character: str) -> str:
    return f"\\u{{{ord(character):x}}}"


def _values(entry: AuditEntry) -> tuple[str, ...]:
    actor = entry.actor or _SYSTEM
    return (
        entry.at,
        actor.email,
        actor.given_name,
        actor.family_name,
        entry.action,
        entry.display_name,
        entry.detail,
        entry.share_id,
        entry.source,
        "yes" if entry.expired else "no",
        entry.id,
    )
