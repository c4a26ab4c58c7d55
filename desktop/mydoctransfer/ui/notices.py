"""What is worth a desktop notification, said once and for many things together."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from mydoctransfer.model.events import (
    DeletesHeld,
    ExpiringSoon,
    ProblemRaised,
    Published,
    Row,
    SharedWithYou,
)
from mydoctransfer.model.trees import ShareId
from mydoctransfer.ui import text
from mydoctransfer.ui.bridge import Outside
from mydoctransfer.ui.documents_model import DocumentsModel

COLLECT_MS = 2000


class Notices(QObject):
    """Collects for a moment, then notifies: one notification a kind, replaced by the next.

    `more_time`: how many seconds from now the button of an expiring document keeps it.
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
        self._expiring: dict[str, Row] = {}
        self._told_expiring: dict[str, tuple[ShareId, ...]] = {}
        self._published: list[str] = []
        self._shared: dict[str, Row] = {}
        self._problems: dict[str, ProblemRaised] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(COLLECT_MS)
        self._timer.timeout.connect(self.send)

    def take(
        self, event: Published | SharedWithYou | ExpiringSoon | DeletesHeld | ProblemRaised
    ) -> None:
        """Remember something to tell."""
        match event:
            case Published(names):
                self._published += [name for name in names if name not in self._published]
            case SharedWithYou(rows):
                self._shared |= {row.key: row for row in rows}
            case ExpiringSoon(rows):
                self._expiring |= {row.key: row for row in rows}
            case ProblemRaised(key):
                self._problems[key] = event
            case DeletesHeld(paths):
                self._tell_held(len(paths))
        is_any = self._published or self._shared or self._expiring or self._problems
        if is_any and not self._timer.isActive():
            self._timer.start()

    def expiring_in(self, key: str) -> tuple[ShareId, ...]:
        """Return the documents a notification about expiring ones speaks of."""
        return self._told_expiring.get(key, ())

    def forget(self) -> None:
        """Tell nothing of what is collected: somebody signed out."""
        self._timer.stop()
        self._published, self._shared, self._expiring, self._problems = [], {}, {}, {}

    def tell_of_tray(self, *, is_there: bool) -> None:
        """Say where the window went when it was closed."""
        body = (
            self.tr("It goes on in the tray. Click its icon to see your documents.")
            if is_there
            else self.tr("There is no tray on this desktop, so the window was minimised.")
        )
        self._outside.notify("tray", self.tr("MyDoc Transfer is still running"), body, ())

    def send(self) -> None:
        """Tell what was collected, now."""
        published, shared, problems = self._published, self._shared, self._problems
        expiring = tuple(self._expiring.values())
        self.forget()
        wanted = self._outside.preferences
        if published and wanted.tell_published:
            self._tell_published(published)
        if shared and wanted.tell_shared:
            self._tell_shared(tuple(shared.values()))
        if expiring and wanted.tell_expiring:
            self._tell_expiring(expiring)
        if problems and wanted.tell_problems:
            self._tell_problems(tuple(problems.values()))

    def _tell_published(self, names: list[str]) -> None:
        if len(names) > 1:
            title = self.tr("%n document(s) are in the cloud", "", len(names))
            body = ", ".join(text.isolated(text.shown(_last(name), 40)) for name in names[:3])
            more = self.tr("and %n more", "", len(names) - 3) if len(names) > 3 else ""
            self._outside.notify("published", title, f"{body} {more}".strip(), ())
            return
        row = self._model.named(names[0])
        name = text.isolated(text.shown(row.name if row else _last(names[0]), 80))
        if row is None or row.expires_at is None:
            title = self.tr("{name} is in the cloud").format(name=name)
        else:
            until = text.clock(row.expires_at, self._outside.now_ms())
            title = self.tr("{name} is in the cloud until {time}").format(name=name, time=until)
        self._outside.notify("published", title, "", ())

    def _tell_shared(self, rows: tuple[Row, ...]) -> None:
        row = rows[0]
        who = text.isolated(text.full_name(row.owner)) if row.owner else self.tr("Somebody")
        if len(rows) > 1:
            title = self.tr("%n document(s) were shared with you", "", len(rows))
            body = ", ".join(text.isolated(text.shown(row.name, 40)) for row in rows[:3])
            self._outside.notify("shared", title, body, ())
            return
        title = self.tr("{who} shared a document with you").format(who=who)
        body = text.isolated(text.shown(row.name, 80))
        if row.expires_at is not None:
            until = text.clock(row.expires_at, self._outside.now_ms())
            body = self.tr("{name}, until {time}").format(name=body, time=until)
        actions = (("download", self.tr("Download")),)
        self._outside.notify(f"shared:{row.share_id}", title, body, actions)

    def _tell_expiring(self, rows: tuple[Row, ...]) -> None:
        first = rows[0]
        if len(rows) > 1:
            key = "expiring"
            title = self.tr("%n document(s) leave the cloud within ten minutes", "", len(rows))
            body = ", ".join(text.isolated(text.shown(row.name, 40)) for row in rows[:3])
        else:
            key = f"expiring:{first.share_id}"
            end = text.clock(first.expires_at or 0, self._outside.now_ms())
            name = text.isolated(text.shown(first.name, 80))
            title = self.tr("{name} leaves the cloud at {time}").format(name=name, time=end)
            who = ", ".join(text.isolated(text.full_name(person)) for person in first.people)
            body = self.tr("Shared with {people}.").format(people=who) if who else ""
        self._told_expiring[key] = tuple(row.share_id for row in rows if row.share_id)
        keep = self.tr("Keep for {time}").format(time=text.lifetime(self._more_time()))
        actions = (("extend", keep), ("let-go", self.tr("Let go")))
        self._outside.notify(key, title, body, actions)

    def _tell_held(self, count: int) -> None:
        self._outside.notify(
            "held",
            self.tr("%n file(s) disappeared from your folder", "", count),
            self.tr("Nothing has been withdrawn from the cloud. Please decide what happens."),
            (("keep", self.tr("Keep in the cloud")), ("show", self.tr("Decide…"))),
        )

    def _tell_problems(self, problems: tuple[ProblemRaised, ...]) -> None:
        first = problems[0]
        if len(problems) == 1:
            title = self.tr("{name} could not be sent").format(
                name=text.isolated(text.shown(first.name, 80))
            )
        else:
            title = self.tr("%n document(s) need attention", "", len(problems))
        self._outside.notify("problem", title, text.shown(first.message), ())


def _last(name: str) -> str:
    return name.rpartition("/")[2]
