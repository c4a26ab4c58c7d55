"""Answers in words, for people at a terminal. What programs read is the JSON itself."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from mydoctransfer.model.commands import Answer

_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


def plain(text: str) -> str:
    """Return a name fit for a terminal: whatever could move the cursor is shown as an escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def whoami(answer: Answer) -> str:
    name = f"{answer['given_name']} {answer['family_name']}".strip()
    groups = f", in {', '.join(answer['groups'])}" if answer["groups"] else ""
    return plain(f"{answer['email']} ({name}){groups}" if name else f"{answer['email']}{groups}")


def status(answer: Answer) -> str:
    said = [f"State:  {answer['state']}", f"Folder: {plain(answer['folder'] or 'none chosen yet')}"]
    if answer["queued"]:
        said.append(f"Queued: {answer['queued']}")
    if answer["held_deletes"]:
        said.append(
            f"{_held(answer['held_deletes'])} documents would be withdrawn because their files are "
            "gone. Answer with `deletes --keep` or `deletes --confirm`."
        )
    rows = [(i["state"], plain(i["path"]), plain(i.get("message") or "")) for i in answer["items"]]
    return "\n".join([*said, *_table(("STATE", "PATH", ""), rows)])


def documents(answer: Answer) -> str:
    rows = [
        (
            plain(d["path"] or d["display_name"]),
            size(d["size"]),
            d["state"] if d["state"] != "live" else f"until {local(d['expires_at'])}",
            plain(d["owner"]["email"]),
            plain(", ".join(person["email"] for person in d["people"])) or "-",
            d["share_id"],
        )
        for d in answer["documents"]
    ]
    head = ("NAME", "SIZE", "EXPIRES", "OWNER", "SHARED WITH", "ID")
    return "\n".join(_table(head, rows)) or "No documents."


def shared(answer: Answer) -> str:
    document = answer["document"]
    people = ", ".join(person["email"] for person in document["people"])
    return plain(f"{_name(document)} is shared with {people or 'nobody'}.")


def renamed(answer: Answer) -> str:
    return plain(f"People see it as {answer['document']['display_name']}.")


def extended(answer: Answer) -> str:
    document = answer["document"]
    return plain(f"{_name(document)} is there until {local(document['expires_at'])}.")


def linked(answer: Answer) -> str:
    if answer["url"] is None:
        return "There is no link any more. Whoever has the address gets nothing."
    limit = answer["max_downloads"]
    terms = [f"until {local(answer['expires_at'])}"]
    if limit is not None:
        terms.append(f"{answer['downloads']} of {limit} downloads used")
    if answer["has_password"]:
        terms.append("with a password")
    return f"{plain(answer['url'])}\n({', '.join(terms)})"


def sent_again(answer: Answer) -> str:
    return plain(f"{_name(answer['document'])} was sent again. It is shared with nobody yet.")


def users(answer: Answer) -> str:
    rows = [
        (plain(u["email"]), plain(f"{u['given_name']} {u['family_name']}".strip()))
        for u in answer["users"]
    ]
    return "\n".join(_table(("E-MAIL", "NAME"), rows)) or "Nobody found."


def got(answer: Answer) -> str:
    return f"Saved as {plain(answer['path'])}."


def audit(answer: Answer) -> str:
    rows = [[plain(_cell(value)) for value in entry.values()] for entry in answer["entries"]]
    head = [name.upper() for name in answer["entries"][0]] if rows else []
    return "\n".join(_table(head, rows)) or "Nothing recorded."


def sync_once(answer: Answer) -> str:
    said = [
        f"{answer[name]} {name}"
        for name in ("uploaded", "renamed", "withdrawn", "unchanged", "skipped", "failed")
        if answer[name]
    ]
    return f"Done: {', '.join(said) or 'nothing to do'}."


def deployed(answer: Answer) -> str:
    estimate = answer["estimate"]
    use, services = estimate["use"], estimate["services"]
    costs = [(name, f"{dollars:.2f}") for name, dollars in services.items()]
    made = _table(("TYPE", "NAME"), [entry.split(" ", 1) for entry in answer["made"]])
    said = "This is what there is now:" if answer["changed"] else "All was up to date already:"
    return plain_lines(
        [
            said,
            "",
            *made,
            "",
            f"About {estimate['month']:.2f} US dollars a month without free tiers, for "
            f"{use['people']} people who send {use['documents']} documents of "
            f"{size(use['mean_bytes'])} for {use['lifetime_days']:g} days, each fetched "
            f"{use['downloads']:g} times:",
            "",
            *_table(("SERVICE", "USD"), costs),
            "",
            f"In Cognito an active person costs {estimate['person']:.3f}: its tier is "
            f"{estimate['pool_tier']}.",
            "",
            "People connect with this file:",
            "",
            f"    mydoctransfer connect {answer['connection']}",
        ]
    )


def plain_lines(lines: Iterable[str]) -> str:
    """Return lines of text, each fit for a terminal."""
    return "\n".join(plain(line) for line in lines)


def size(amount: int) -> str:
    """Return a size in bytes as people read it."""
    number = float(amount)
    for unit in _UNITS:
        if number < 1024 or unit == _UNITS[-1]:
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= 1024
    raise AssertionError("the last unit fits everything")


def local(time: str) -> str:
    """Return a time of the JSON in this machine's time zone."""
    return datetime.fromisoformat(time).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _name(document: Answer) -> str:
    return str(document["path"] or document["display_name"])


def _held(held: Any) -> int:
    return len(held) if isinstance(held, list) else int(held)


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("email", ""))
    return "" if value is None else str(value)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table; none when it has no rows."""
    lines = list(rows)
    if not lines:
        return []
    widths = [max(map(len, column)) for column in zip(head, *lines, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in [head, *lines]
    ]
