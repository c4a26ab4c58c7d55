"""What is worth a desktop notification, said once and for many things together."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer

from mydoctransfer.model.events import (
    DeletesHeld,
    Downloaded,
    ExpiringSoon,
    ProblemRaised,
    Published,
    Row,
    SharedWithYou,
)
from mydoctransfer.model.notifications import Notification
from mydoctransfer.model.trees import Person
from mydoctransfer.ui import text
from mydoctransfer.ui.arranging import NEEDS_ATTENTION
from mydoctransfer.ui.bridge import Outside
from mydoctransfer.ui.documents_model import DocumentsModel
from mydoctransfer.ui.said import said

COLLECT_MS = 2000


class Notices(QObject):
    """Collects for a moment, then notifies: one notification a kind, replaced by the next.

    `more_time`: how many seconds from now the button of an expiring document keeps it.

    Attributes:
        whose: the account it is about, where there are several; "" where there is one.
    """

    def __init__(
        self,
        outside: Outside,
        model: DocumentsModel,
        more_time: Callable[[], int],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._outside = outside
        self._model = model
        self._more_time = more_time
        self.whose = ""
        self._expiring: dict[str, Row] = {}
        self._told_expiring: dict[str, tuple[Row, ...]] = {}
        self._told_problems: tuple[str, ...] = ()
        self._published: list[str] = []
        self._shared: dict[str, Row] = {}
        self._downloaded: list[tuple[Row, Person]] = []
        self._problems: dict[str, ProblemRaised] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(COLLECT_MS)
        self._timer.timeout.connect(self.send)

    def take(
        self,
        event: Published | SharedWithYou | Downloaded | ExpiringSoon | DeletesHeld | ProblemRaised,
    ) -> None:
        """Remember something to tell."""
        match event:
            case Published(names):
                self._published += [name for name in names if name not in self._published]
            case SharedWithYou(rows):
                self._shared |= {row.key: row for row in rows}
            case Downloaded(fetches):
                self._downloaded += fetches
            case ExpiringSoon(rows):
                self._expiring |= {row.key: row for row in rows}
            case ProblemRaised(key):
                self._problems[key] = event
            case DeletesHeld(paths):
                self._tell_held(len(paths))
        if self._is_any() and not self._timer.isActive():
            self._timer.start()

    def _is_any(self) -> bool:
        of_mine = self._published or self._downloaded or self._expiring or self._problems
        return bool(of_mine or self._shared)

    def expiring_in(self, key: str) -> tuple[Row, ...]:
        """Return the documents a notification about expiring ones speaks of."""
        return self._told_expiring.get(key, ())

    def problems_told(self) -> tuple[str, ...]:
        """Return the paths that the last notification about problems speaks of."""
        return self._told_problems

    def forget(self) -> None:
        """Tell nothing of what is collected: somebody signed out."""
        self._timer.stop()
        self._published, self._downloaded = [], []
        self._shared, self._expiring, self._problems = {}, {}, {}

    def tell_of_tray(self, *, is_there: bool) -> None:
        """Say where the window went when it was closed."""
        body = (
            self.tr("It goes on in the tray. Click its icon to see your documents.")
            if is_there
            else self.tr("There is no tray on this desktop, so the window was minimised.")
        )
        self.tell(Notification("tray", self.tr("MyDoc Transfer is still running"), body))

    def tell(self, notification: Notification) -> None:
        """Notify, and say whose account it is about where there are several."""
        about = "\n".join(part for part in (notification.body, self.whose) if part)
        self._outside.notify(replace(notification, body=about))

    def send(self) -> None:
        """Tell what was collected, now."""
        published, shared = self._published, self._shared
        problems = tuple(p for p in self._problems.values() if self._is_trouble(p))
        expiring, downloaded = tuple(self._expiring.values()), tuple(self._downloaded)
        self.forget()
        wanted = self._outside.preferences
        if published and wanted.tell_published:
            self._tell_published(published)
        if shared and wanted.tell_shared:
            self._tell_shared(tuple(shared.values()))
        if downloaded and wanted.tell_downloaded:
            self._tell_downloaded(downloaded)
        if expiring and wanted.tell_expiring:
            self._tell_expiring(expiring)
        if problems and wanted.tell_problems:
            self._tell_problems(problems)

    def _is_trouble(self, raised: ProblemRaised) -> bool:
        """Whether it still stands: a file that is only being written passes by itself."""
        row = self._model.row(raised.key)
        return row is None or row.state in NEEDS_ATTENTION

    def _tell_published(self, names: list[str]) -> None:
        if len(names) > 1:
            title = self.tr("%Ln document(s) are in the cloud", "", len(names))
            body = self._names([_last(name) for name in names])
            self.tell(Notification("published", title, body))
            return
        row = self._model.named(names[0])
        name = text.isolated(text.shown(row.name if row else _last(names[0]), 80))
        if row is None or row.expires_at is None:
            title = self.tr("{name} is in the cloud").format(name=name)
        else:
            until = text.clock(row.expires_at, self._outside.now_ms())
            title = self.tr("{name} is in the cloud until {time}").format(name=name, time=until)
        self.tell(Notification("published", title))

    def _tell_shared(self, rows: tuple[Row, ...]) -> None:
        row = rows[0]
        who = text.isolated(text.full_name(row.owner)) if row.owner else self.tr("Somebody")
        if len(rows) > 1:
            title = self.tr("%Ln document(s) were shared with you", "", len(rows))
            body = ", ".join(text.isolated(text.shown(row.name, 40)) for row in rows[:3])
            self.tell(Notification("shared", title, body))
            return
        title = self.tr("{who} shared a document with you").format(who=who)
        body = text.isolated(text.shown(row.name, 80))
        if row.expires_at is not None:
            until = text.clock(row.expires_at, self._outside.now_ms())
            body = self.tr("{name}, until {time}").format(name=body, time=until)
        actions = (("download", self.tr("Download")),)
        self.tell(Notification(f"shared:{row.share_id}", title, body, actions))

    def _tell_expiring(self, rows: tuple[Row, ...]) -> None:
        first = rows[0]
        if len(rows) > 1:
            key = "expiring"
            title = self.tr("%Ln document(s) leave the cloud within ten minutes", "", len(rows))
            body = "\n".join(self._with_waiting(row) for row in rows[:3])
        else:
            key = f"expiring:{first.share_id}"
            end = text.clock(first.expires_at or 0, self._outside.now_ms())
            name = text.isolated(text.shown(first.name, 80))
            title = self.tr("{name} leaves the cloud at {time}").format(name=name, time=end)
            body = self._waiting(first)
        self._told_expiring[key] = rows
        keep = self.tr("Keep for {time}").format(time=text.lifetime(self._more_time()))
        actions = (("extend", keep), ("let-go", self.tr("Let go")))
        last = max(row.expires_at or 0 for row in rows)
        self.tell(Notification(key, title, body, actions, last))

    def _with_waiting(self, row: Row) -> str:
        name, waiting = text.isolated(text.shown(row.name, 40)), self._waiting(row)
        return (
            self.tr("{name}: {sentence}").format(name=name, sentence=waiting) if waiting else name
        )

    def _waiting(self, row: Row) -> str:
        """Return who has not fetched a document yet, in a sentence; "" where it was not shared."""
        if row.waits_for:
            who = self._names([text.full_name(person) for person in row.waits_for])
            return self.tr("Not downloaded yet by {people}.").format(people=who)
        return self.tr("Everybody has downloaded it.") if row.people else ""

    def _names(self, names: list[str]) -> str:
        """Return the first few names, and how many more there are."""
        some = ", ".join(text.isolated(text.shown(name, 40)) for name in names[:3])
        more = self.tr("and %Ln more", "", len(names) - 3)
        return f"{some} {more}" if len(names) > 3 else some

    def _tell_downloaded(self, fetches: tuple[tuple[Row, Person], ...]) -> None:
        rows = {row.key: row for row, _ in fetches}
        people = list(dict.fromkeys(text.full_name(person) for _, person in fetches))
        if len(rows) > 1:
            title = self.tr("%Ln document(s) were downloaded", "", len(rows))
            body = self.tr("By {people}.").format(people=self._names(people))
            self.tell(Notification("downloaded", title, body))
            return
        row = fetches[-1][0]
        name, body = text.isolated(text.shown(row.name, 80)), ""
        if len(people) > 1:
            title = self.tr("{name} was downloaded").format(name=name)
            body = self.tr("By {people}.").format(people=self._names(people))
        else:
            who = text.isolated(people[0])
            title = self.tr("{who} downloaded {name}").format(who=who, name=name)
        self.tell(Notification("downloaded", title, body))

    def _tell_held(self, count: int) -> None:
        title = self.tr("%Ln file(s) disappeared from your folder", "", count)
        body = self.tr("Nothing has been withdrawn from the cloud. Please decide what happens.")
        actions = (("keep", self.tr("Keep in the cloud")), ("show", self.tr("Decide…")))
        self.tell(Notification("held", title, body, actions))

    def _tell_problems(self, problems: tuple[ProblemRaised, ...]) -> None:
        first = problems[0]
        if len(problems) == 1:
            title = self.tr("{name} could not be sent").format(
                name=text.isolated(text.shown(first.name, 80))
            )
        else:
            title = self.tr("%Ln item(s) need attention", "", len(problems))
        self._told_problems = tuple(problem.key for problem in problems)
        actions = (("retry", self.tr("Try again")), ("show", self.tr("Show")))
        self.tell(Notification("problem", title, text.shown(said(first.message)), actions))


def _last(name: str) -> str:
    return name.rpartition("/")[2]
