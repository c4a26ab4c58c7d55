"""What is read from disk or from the line is data, and never becomes code. T77, T76."""

import ast
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mydoctransfer.adapters import config
from mydoctransfer.adapters.journal import SqliteJournal
from mydoctransfer.engine.ports import JournalBroken

ROOT = Path(__file__).parents[2]
SHIPPED = ("desktop", "backend")
MODULES = {"pickle", "cPickle", "marshal", "shelve", "dill", "jsonpickle", "code", "codeop"}
CALLS = {"eval", "exec", "compile", "__import__", "system", "popen", "unsafe_load", "full_load"}


@pytest.fixture
def journal_file(tmp_path: Path) -> Path:
    file = tmp_path / "journal.sqlite"
    SqliteJournal(file).close()
    return file


TRIGGERS = {
    "when a row is added": "AFTER INSERT ON meta BEGIN SELECT run_me(); END",
    "before a row is added": "BEFORE INSERT ON meta WHEN run_me() BEGIN SELECT 1; END",
    "when a row is taken away": "AFTER DELETE ON meta BEGIN SELECT run_me(); END",
}


@pytest.mark.parametrize("trigger", TRIGGERS.values(), ids=TRIGGERS.keys())
def test_code_in_a_journals_schema_is_not_run(journal_file: Path, trigger: str) -> None:
    """T77: somebody who can write the journal can change what it says, and nothing more."""
    ran: list[str] = []

    def connect(*where: Any, **how: Any) -> sqlite3.Connection:
        connection = sqlite3.connect(*where, **how)
        connection.create_function("run_me", 0, lambda: ran.append("ran"))
        return connection

    attacker = connect(journal_file, isolation_level=None)
    attacker.execute(f"CREATE TRIGGER planted {trigger}")
    attacker.execute("INSERT INTO meta VALUES ('here', 'it runs')")
    attacker.execute("DELETE FROM meta WHERE key = 'here'")
    attacker.close()
    assert ran, "the trigger is none, and the test would show nothing"
    ran.clear()
    journal = SqliteJournal(journal_file, connect=connect)
    try:
        with pytest.raises(JournalBroken):
            journal.put("session", "1")
            journal.put("session", None)
    finally:
        journal.close()
    assert ran == []


CONFIGS = (
    "!!python/object/apply:os.system [touch CANARY]",
    "__import__('os').system('touch CANARY')",
    "/$(touch CANARY)`touch CANARY`",
    "cos\nsystem\n(S'touch CANARY'\ntR.",
    "{{7*7}} ${7*7} %(x)s {0.__class__}",
)


@pytest.mark.parametrize("text", CONFIGS)
def test_code_in_the_configuration_is_text(tmp_path: Path, text: str) -> None:
    """T77: it is read as it was written."""
    canary, file = tmp_path / "canary", tmp_path / "config.toml"
    text = text.replace("CANARY", str(canary))
    spelled = json.dumps(text)  # of these, TOML's spelling is the same
    file.write_text(f"email = {spelled}\nsub = {spelled}\n[settings]\nx = {spelled}\n", "utf-8")
    found = config.load(file)
    assert found == (config.Config(email=text, sub=text, settings={"x": text}), "")
    assert not canary.exists()


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for top in SHIPPED:
        for path in sorted((ROOT / top).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text("utf-8"))


def test_nothing_shipped_can_make_code_of_data() -> None:
    """T76, T77: no pickles, no evaluation, no shell."""
    found = []
    looked = 0
    for path, tree in sources():
        looked += 1
        found += [f"{path}:{node.lineno} {what}" for node in ast.walk(tree) for what in makes(node)]
    assert looked > 100
    assert found == []


def makes(node: Any) -> Iterator[str]:
    """Whatever at this place could make code of data."""
    match node:
        case ast.Import(names=names):
            yield from (one.name for one in names if one.name.split(".")[0] in MODULES)
        case ast.ImportFrom(module="marshal", names=[ast.alias(name="dumps")]):
            return  # makes data of data only
        case ast.ImportFrom(module=str(module)) if module.split(".")[0] in MODULES:
            yield module
        case ast.Call(func=ast.Name(id=name)) if name in CALLS:
            yield name
        case ast.Call(func=ast.Attribute(attr=name, value=ast.Name(id="os" | "yaml"))):
            if name in CALLS or name == "load":
                yield name
        case ast.keyword(arg="shell", value=ast.Constant(value=True)):
            yield "shell=True"


@pytest.mark.parametrize(
    "line",
    [
        "import pickle",
        "from marshal import loads",
        "from marshal import dumps, loads",
        "eval('1')",
        "os.system('x')",
        "yaml.load(x)",
        "subprocess.run(x, shell=True)",
    ],
)
def test_each_of_these_would_be_found(line: str) -> None:
    assert [what for node in ast.walk(ast.parse(line)) for what in makes(node)]
