"""Documents whose files are names of one file (hard links): none takes another's (R2)."""

from mydoctransfer.model import commands as c
from tests.engine.days import a_day


def test_of_two_names_the_one_whose_document_is_live_has_the_file_that_is_left():
    """R2, R6: a document that had left the cloud took the only file, and the live one was withdrawn
    from its people."""
    with a_day() as day:
        day.write("a.txt")
        folder = day.device().folder
        assert folder.link("a.txt", "b.txt")
        day.did("b.txt")
        day.sync()
        live = day.id_of("b.txt")
        day.tell(c.Remove("a.txt"))
        assert folder.delete("a.txt")
        assert folder.rename("b.txt", "c.txt")
        day.did("a.txt", "b.txt", "c.txt")
        day.sync()
        day.pass_time(200)
        assert (day.live_paths(), day.id_of("c.txt")) == (["c.txt"], live)
        assert day.states() == {"c.txt": "synced"}
