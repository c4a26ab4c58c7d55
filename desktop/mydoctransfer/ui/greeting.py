"""A greeting by name, for the time of the day."""

from PySide6.QtCore import QDateTime, QObject

from mydoctransfer.model.trees import Person
from mydoctransfer.ui import text

MORNING, AFTERNOON, EVENING = 5, 12, 18  # hours at which they begin


class _Words(QObject):
    """The greetings; an object because the translators' tools read `tr` of a class."""

    def by_hour(self, hour: int) -> str:
        if MORNING <= hour < AFTERNOON:
            return self.tr("Good morning, {name}")
        if AFTERNOON <= hour < EVENING:
            return self.tr("Good afternoon, {name}")
        return self.tr("Good evening, {name}")


_WORDS = _Words()


def greeting(person: Person, now_ms: int) -> str:
    """Return the greeting for somebody at a time (milliseconds), by this machine's time zone.

    Who has given no name is greeted by their address.
    """
    name = text.isolated(text.shown(person.given_name or person.email, 60))
    hour = QDateTime.fromMSecsSinceEpoch(now_ms).time().hour()
    return _WORDS.by_hour(hour).format(name=name)
