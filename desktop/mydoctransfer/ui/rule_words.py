"""What a folder's rule does, in sentences: shown beside it, and before something is dropped."""

from PySide6.QtCore import QObject

from mydoctransfer.model.rules import Rule
from mydoctransfer.ui import text

_MOST = 3


class _Words(QObject):
    """An object because only `tr` of an object knows plurals."""

    def stays(self, folder: str, seconds: int) -> str:
        return self.tr("What is put into {folder} leaves the cloud after {time}.").format(
            folder=quoted(folder), time=text.lifetime(seconds)
        )

    def reaches(self, people: tuple[str, ...]) -> str:
        if not people:
            return self.tr("Nobody else can see it until you share it.")
        named = ", ".join(text.isolated(text.shown(one, 60)) for one in people[:_MOST])
        if len(people) > _MOST:
            named += " " + self.tr("and %Ln more", "people", len(people) - _MOST)
        return self.tr("It is shared at once with {who}.").format(who=named)

    def quoted(self, name: str) -> str:
        return self.tr("“{name}”", "a folder's name in quotation marks").format(name=name)

    def follows(self, folder: str) -> str:
        return self.tr("The rule of {folder} says so.").format(folder=quoted(folder))

    def limits(self) -> str:
        return self.tr(
            "The rule holds for files that are new there, in folders within it, too; one of those "
            "with a rule of its own follows that alone. What is there already, or is moved there, "
            "keeps its time and its people."
        )


_WORDS = _Words()


def quoted(folder: str) -> str:
    """Return a folder's name in the language's quotation marks."""
    return _WORDS.quoted(text.isolated(text.shown(folder, 60)))


def what_happens(folder: str, lifetime: int, people: tuple[str, ...]) -> str:
    """Return what becomes of what is put into a folder."""
    return f"{_WORDS.stays(folder, lifetime)} {_WORDS.reaches(people)}"


def which_rule(rule: Rule) -> str:
    """Return that a rule is why."""
    return _WORDS.follows(rule.path)


def what_it_leaves() -> str:
    """Return for which files a rule holds, and for which it does not."""
    return _WORDS.limits()
