"""Taking a document out of the cloud by hand, while its file stays (R6)."""

from mydoctransfer.model import commands as c
from tests.engine.days import Day, a_day


def test_a_file_deleted_after_its_document_has_left_takes_nothing_with_it() -> None:
    with a_day() as day:
        day.write("a.txt")
        day.write("b.txt", "s00002")
        day.sync()
        day.tell(c.Remove("a.txt"))
        for name in ("a.txt", "b.txt"):
            assert day.device().folder.delete(name)
        day.did("a.txt", "b.txt")
        day.pass_time(10)
        assert row(day, "a.txt") == ("waiting", "Gone from the folder.")
        assert row(day, "b.txt") == (
            "waiting",
            "Gone from the folder; it will leave the cloud too.",
        )


def row(day: Day, path: str) -> tuple[str, str]:
    (item,) = [i for i in day.status(day.device())["items"] if i["path"] == path]
    return item["state"], item["message"]
