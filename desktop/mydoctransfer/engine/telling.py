"""What is told without being asked: changed rows, notices, and the status when it is another."""

from collections.abc import Callable

from mydoctransfer.engine.activity import Activity
from mydoctransfer.engine.expiring import Expiring
from mydoctransfer.engine.fetching import Fetching
from mydoctransfer.engine.given import Given
from mydoctransfer.engine.ports import Note
from mydoctransfer.engine.rows import Rows
from mydoctransfer.engine.standing import Standing
from mydoctransfer.model.events import (
    Deed,
    DeletesHeld,
    Downloaded,
    Event,
    ExpiringSoon,
    ItemState,
    ProblemRaised,
    Published,
    RulesChanged,
    SharedWithYou,
    Status,
    StatusChanged,
)
from mydoctransfer.model.rules import Rule
from mydoctransfer.model.trees import (
    Document,
    Fetched,
    RelPath,
    ShareId,
    name_of,
)


class Telling:
    """Gathers what happens during a turn, and publishes it at the end of it."""

    def __init__(
        self,
        standing: Standing,
        rows: Rows,
        expiring: Expiring,
        activity: Activity,
        publish: Callable[[Event], None],
    ) -> None:
        self._standing = standing
        self._rows = rows
        self._expiring = expiring
        self._activity = activity
        self._fetching = Fetching(standing.parts.journal)
        self._given = Given(standing.parts.journal)
        self._publish = publish
        self._published_names: list[str] = []
        self._newly_shared: list[ShareId] = []
        self._newly_fetched: list[tuple[Document, Fetched]] = []
        self._told_status: Status | None = None
        self._told_held: tuple[RelPath, ...] = ()
        self._told_rules: tuple[Rule, ...] | None = None  # the engine before may have had others
        self._are_rules_read = False

    def status(self) -> Status:
        """How things stand now."""
        return self._standing.status(self._told_status)

    def noted(self, path: RelPath, note: Note | None) -> None:
        """Write down what is wrong with a file, or that nothing is any more."""
        notes = self._standing.notes
        if notes.get(path) == note:
            return
        self._standing.parts.journal.note(path, note)
        if note is None:
            notes.pop(path, None)
        else:
            notes[path] = note
            self._publish(ProblemRaised(path, name_of(path), note.message))
        self._rows.touch((path,))

    def rules_changed(self) -> None:
        """The folder rules may be others."""
        self._are_rules_read = False

    def was_published(self, name: str) -> None:
        """A file has become a document."""
        self._published_names.append(name)

    def learned(
        self, documents: tuple[Document, ...], forgotten: tuple[ShareId, ...], *, is_all: bool
    ) -> None:
        """The change feed brought these; or (`is_all`) everything there is was listed."""
        self._newly_fetched.extend(self._fetching.learned(documents, is_all=is_all))
        self._newly_shared.extend(self._given.learned(documents, forgotten, is_all=is_all))
        if not is_all:
            self._activity.learned(documents)

    def turn(self) -> None:
        """Publish what is new since the last turn."""
        self._tell_busy()
        if self._published_names:
            self._publish(Published(tuple(self._published_names)))
            self._activity.happened(Deed.PUBLISHED, self._published_names)
            self._published_names = []
        if self._newly_shared:
            self._tell_shared()
        if self._newly_fetched:
            self._tell_fetched()
        if self._standing.works:
            self._tell_expiring()
        held = tuple(a.path for a in self._standing.dispatcher.holding.held)
        if held != self._told_held:
            self._told_held = held
            if held:
                self._publish(DeletesHeld(held, self._standing.parts.journal.published_count()))
        self._tell_rules()
        self._activity.turn()
        self._rows.flush()
        status = self.status()
        if status != self._told_status:
            self._told_status = status
            self._publish(StatusChanged(status))

    def _tell_rules(self) -> None:
        if self._are_rules_read:
            return
        self._are_rules_read = True
        kept = sorted(self._standing.parts.journal.rules().items())
        rules = tuple(Rule(path, rule.lifetime, rule.people) for path, rule in kept)
        if rules != self._told_rules:
            self._told_rules = rules
            self._publish(RulesChanged(rules))

    def _tell_busy(self) -> None:
        for path in self._standing.observer.reading.busy():
            self.noted(
                path,
                Note(
                    ItemState.BUSY.value,
                    "It keeps changing; it will be sent when it comes to rest.",
                ),
            )

    def _tell_shared(self) -> None:
        wanted = set(self._newly_shared)
        self._newly_shared = []
        rows = self._rows.of_documents(wanted)
        if rows:
            self._publish(SharedWithYou(tuple(rows)))
            owners = dict.fromkeys(row.owner.email for row in rows if row.owner is not None)
            names, people = [row.name for row in rows], ", ".join(owners)
            self._activity.happened(Deed.RECEIVED, names, people=people)

    def _tell_fetched(self) -> None:
        fetches, self._newly_fetched = self._newly_fetched, []
        rows = {r.share_id: r for r in self._rows.of_documents({d.share_id for d, _ in fetches})}
        told = [(rows[d.share_id], f.person) for d, f in fetches if d.share_id in rows]
        if told:
            self._publish(Downloaded(tuple(told)))
        for row, person in told:
            self._activity.happened(
                Deed.DOWNLOADED, (row.name,), share_id=row.share_id or "", people=person.email
            )

    def _tell_expiring(self) -> None:
        rows = self._rows.of_documents({d.share_id for d in self._expiring.turn()})
        if rows:
            self._publish(ExpiringSoon(tuple(rows)))
