"""Dragging documents out of the window: what lies on this computer at once, the rest once fetched.

What lies in the cloud alone is downloaded into the inbox as soon as somebody begins to drag it. It
is dragged when it is here, if they still hold it; else they are told to drag it again.
"""

import os
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from mydoctransfer.model.commands import Answer
from mydoctransfer.model.events import Row
from mydoctransfer.model.trees import ShareId
from mydoctransfer.ui import text
from mydoctransfer.ui.choices import Act, possible
from mydoctransfer.ui.documents_view import DocumentsView

MOST = 20

Fetch = Callable[[tuple[Row, ...], Callable[[Answer], None]], None]


class DraggingOut(QObject):
    """Knows which files documents are, and fetches those that are none yet.

    Attributes:
        say: called with what is to be said.
        fetch: called with documents to download, and what to do with the answer of each.
        local: called with a document of the folder, for the path of its file.
    """

    def __init__(
        self,
        view: DocumentsView,
        say: Callable[[str], None],
        fetch: Fetch,
        local: Callable[[Row], str],
    ) -> None:
        super().__init__(view)
        self._view = view
        self._say = say
        self._fetch = fetch
        self._local = local
        self._fetched: dict[ShareId, tuple[int, str]] = {}

    def forget(self) -> None:
        """Forget what was downloaded: somebody signed out."""
        self._fetched.clear()

    def files(self, rows: tuple[Row, ...]) -> list[str]:
        """Return the files of documents; where some have to be fetched first, none."""
        missing = tuple(row for row in rows if self._is_away(row))
        if not missing:
            return [path for row in rows if (path := self._file(row)) is not None]
        if len(missing) > MOST:
            self._say(self.tr("These are too many to drag at once: download them first."))
        else:
            self._fetch_first(rows, missing)
        return []

    def was_downloaded(self, row: Row, answer: Answer) -> None:
        """Keep where a document lies now."""
        if row.share_id is not None:
            self._fetched[row.share_id] = row.version, str(answer.get("path") or "")

    def _is_away(self, row: Row) -> bool:
        acts = possible((row,))
        return Act.DOWNLOAD in acts and Act.OPEN not in acts and self._inbox_file(row) is None

    def _file(self, row: Row) -> str | None:
        return self._local(row) if Act.OPEN in possible((row,)) else self._inbox_file(row)

    def _inbox_file(self, row: Row) -> str | None:
        """Return the file that was downloaded, while it is there and what the cloud has."""
        version, path = self._fetched.get(row.share_id or ShareId(""), (0, ""))
        return path if path and version == row.version and os.path.isfile(path) else None

    def _fetch_first(self, rows: tuple[Row, ...], missing: tuple[Row, ...]) -> None:
        press = self._view.presses
        waiting = {row.share_id: row for row in missing}

        def arrived(answer: Answer) -> None:
            row = waiting.pop(ShareId(str(answer["share_id"])))
            self.was_downloaded(row, answer)
            if not waiting:
                # In a turn of its own: a drag keeps its caller until the button is let go.
                QTimer.singleShot(0, self, lambda: self._all_here(rows, missing, press))

        self._say(self._fetching(missing))
        self._fetch(missing, arrived)

    def _all_here(self, rows: tuple[Row, ...], fetched: tuple[Row, ...], press: int) -> None:
        is_held = self._view.is_held_since(press)
        self._say("" if is_held else self._again(fetched))
        if is_held:
            self._view.drag(self.files(rows))

    def _fetching(self, rows: tuple[Row, ...]) -> str:
        if len(rows) > 1:
            return self.tr("Downloading %Ln document(s): hold on to them.", "", len(rows))
        return self.tr("Downloading {name}: hold on to it.").format(name=_name(rows[0]))

    def _again(self, rows: tuple[Row, ...]) -> str:
        if len(rows) > 1:
            return self.tr("%Ln document(s) are in your inbox now: drag them again.", "", len(rows))
        return self.tr("{name} is in your inbox now: drag it again.").format(name=_name(rows[0]))


def _name(row: Row) -> str:
    return text.isolated(text.shown(row.name, 80))
