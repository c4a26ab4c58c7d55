"""What a person sees of folder rules (R12)."""

from mydoctransfer.model import commands as c
from tests.engine.days import Day, a_day
from tests.simulation.world.world import OTHER


def message_of(day: Day, path: str) -> str:
    return {item["path"]: item["message"] for item in day.status(day.device())["items"]}[path]


def test_a_rule_with_a_person_unknown_here_is_named_and_sends_as_soon_as_it_is_right():
    with a_day() as day:
        day.tell(c.SetFolderRule("team", None, ("nobody@example.org",)))
        day.write("team/a.txt")
        day.pass_time(400)
        assert message_of(day, "team/a.txt") == (
            "The rule of this folder shares with nobody@example.org. "
            "Somebody among the recipients has no account here. Correct the rule."
        )
        assert day.live_paths() == []
        day.tell(c.SetFolderRule("team", None, (OTHER.email,)))
        day.pass_time(5)
        assert (day.live_paths(), message_of(day, "team/a.txt")) == (["team/a.txt"], "")
