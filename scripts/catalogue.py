"""Writes which line of a catalogue is covered by which test: docs/scenarios.md, docs/threats.md.

python -m scripts.catalogue

A test covers a line when it names it: in its docstring ("A18, E02: ...") or at the front of its
name (`test_g09_g10_...`). The lines, and why some are not automated, stand in tests/catalogue/.
Invariants are numbered like the lines of group I, so a test calls them so: "invariant I12".
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests"
CATALOGUES = ("scenarios", "threats")

_LINE = re.compile(r"\b[A-OT]\d\d\b")
_INVARIANTS = re.compile(r"\binvariants?((,| and)? I\d+)+", re.IGNORECASE)
_IN_NAME = re.compile(r"test_((?:[A-OTa-ot]\d\d_)+)")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a catalogue; `reason` is empty where it is to be automated."""

    kinds: str
    says: str
    reason: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The lines by name, under the titles of their groups by first letter."""

    title: str
    groups: dict[str, str]
    lines: dict[str, Line]


@dataclass(frozen=True, slots=True)
class Test:
    """A test as a person finds it again."""

    file: str
    name: str
    is_gate: bool


def read(name: str) -> Catalogue:
    """Read a catalogue from tests/catalogue/."""
    data = tomllib.loads((TESTS / "catalogue" / f"{name}.toml").read_text("utf-8"))
    reasons: dict[str, str] = data["not_automated"]
    lines = {
        line: Line(one["kinds"], one["says"], reasons.get(line, ""))
        for line, one in data["lines"].items()
    }
    return Catalogue(data["title"], data["groups"], lines)


def named_in_tests() -> dict[str, list[Test]]:
    """Return the tests that name each line, in the order of their files."""
    found: dict[str, list[Test]] = {}
    for path in sorted(TESTS.rglob("*.py")):
        for function in _tests(ast.parse(path.read_text("utf-8"))):
            is_gate = any("gates" in ast.unparse(one) for one in function.decorator_list)
            test = Test(path.relative_to(ROOT).as_posix(), function.name, is_gate)
            for line in sorted(names_in(function.name, ast.get_docstring(function) or "")):
                found.setdefault(line, []).append(test)
    return found


def names_in(function: str, docstring: str) -> set[str]:
    """Return the lines that a test's name and docstring name."""
    front = _IN_NAME.match(function)
    by_name = {one.upper() for one in front[1].rstrip("_").split("_")} if front else set()
    return by_name | set(_LINE.findall(_INVARIANTS.sub("", docstring)))


def problems(catalogue: Catalogue, named: dict[str, list[Test]]) -> list[str]:
    """Return what is wrong: no test and no reason, a test and a reason, P lines outside `test`."""
    found = []
    for name, line in catalogue.lines.items():
        tests = named.get(name, [])
        if not tests and not line.reason:
            found.append(f"{name} has neither a test nor a reason")
        if tests and line.reason:
            found.append(f"{name} has a test, and a reason why it has none")
        if tests and "P" in line.kinds and all(test.is_gate for test in tests):
            found.append(f"{name} is a property and tested in `make gates` only")
        if "P" in line.kinds and line.reason:
            found.append(f"{name} is a property, which no reason excuses")
    return found


def written(catalogue: Catalogue, named: dict[str, list[Test]]) -> str:
    """Return the whole page."""
    lines = catalogue.lines
    covered = sum(1 for name in lines if named.get(name))
    share = 100 * covered / len(lines)
    parts = [
        f"# {catalogue.title}",
        "",
        "Written by `python -m scripts.catalogue` from `tests/catalogue/` and from the lines that",
        "tests name; do not edit. A test in **bold** runs in `make gates`, every other one in",
        "`make test`.",
        "",
        f"{covered} of {len(lines)} lines are covered by a test ({share:.1f} %).",
    ]
    for letter, title in catalogue.groups.items():
        parts += [
            "",
            f"## {letter}. {title}",
            "",
            "| Line | What is asked | Tests |",
            "|---|---|---|",
        ]
        for name, line in lines.items():
            if name[0] == letter:
                parts.append(f"| {name} | {line.says} | {_cell(line, named.get(name, []))} |")
    return "\n".join(parts) + "\n"


def main() -> None:
    """Write both pages and say what is wrong."""
    named = named_in_tests()
    for name in CATALOGUES:
        catalogue = read(name)
        (ROOT / "docs" / f"{name}.md").write_text(written(catalogue, named), "utf-8")
        print(*problems(catalogue, named), sep="\n")


def _tests(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node


def _cell(line: Line, tests: list[Test]) -> str:
    if not tests:
        return f"not automated: {line.reason}" if line.reason else "**none**"
    return "<br>".join(_link(test) for test in tests)


def _link(test: Test) -> str:
    words = test.name.removeprefix("test_").replace("_", " ")
    link = f"[{words}](../{test.file})"
    return f"**{link}**" if test.is_gate else link


if __name__ == "__main__":
    main()
