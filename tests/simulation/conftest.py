"""What the long runs found out, in numbers, after the last test of all processes."""

from collections.abc import Iterator
from typing import Any

from _pytest.terminal import TerminalReporter

from tests.simulation.coverage import report


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    _tell_killed(terminalreporter)
    _tell_covered(terminalreporter)


def _tell_covered(terminalreporter: TerminalReporter) -> None:
    met = [one for seed in _properties(terminalreporter, "covered") for one in seed]
    if not met:
        return
    terminalreporter.section("calls and faults")
    for line in report(((call, fault), count) for call, fault, count in met):
        terminalreporter.line(line)


def _tell_killed(terminalreporter: TerminalReporter) -> None:
    killed = sorted(_properties(terminalreporter, "killed"), key=lambda one: one[1])
    if not killed:
        return
    total = sum(tried for _, tried, _ in killed)
    terminalreporter.section(f"{len(killed)} mutants noticed, {total} fresh seeds played")
    for name, tried, rule in killed:
        terminalreporter.line(f"{tried:5} {rule:4} {name}")


def _properties(reporter: TerminalReporter, wanted: str) -> Iterator[Any]:
    """Yield what tests recorded under a name, from whichever process."""
    for told in (*reporter.getreports("passed"), *reporter.getreports("failed")):
        if told.when == "call":
            yield from (value for name, value in told.user_properties if name == wanted)
