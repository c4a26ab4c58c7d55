"""An engine with all its parts: who is handed what, for one command or for as long as it runs."""

import contextlib
import logging
import os
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mydoctransfer import testing
from mydoctransfer.adapters import network
from mydoctransfer.adapters.clock import SystemClock, SystemRand
from mydoctransfer.adapters.cloud import HttpCloud
from mydoctransfer.adapters.connection import Connection
from mydoctransfer.adapters.disk import FolderDisk
from mydoctransfer.adapters.home import Home
from mydoctransfer.adapters.identity import PoolIdentity
from mydoctransfer.adapters.inbox import InboxFolder
from mydoctransfer.adapters.journal import SqliteJournal
from mydoctransfer.adapters.objects import S3Objects
from mydoctransfer.adapters.objects.reading import OpenFile
from mydoctransfer.adapters.pace import Pace
from mydoctransfer.adapters.reserve import ReserveFile
from mydoctransfer.adapters.secrets import FileStore, KeyringStore, MemoryStore, SecretStore
from mydoctransfer.adapters.settings import HomeSettings
from mydoctransfer.adapters.userpool import UserPool
from mydoctransfer.adapters.watcher import FolderWatcher
from mydoctransfer.adapters.web import Web
from mydoctransfer.engine.driving import Inbox
from mydoctransfer.engine.halting import KEY as HALTED_KEY
from mydoctransfer.engine.loop import Engine
from mydoctransfer.engine.messages import Came, Sent
from mydoctransfer.engine.pause import PAUSED_KEY
from mydoctransfer.engine.pool import Pool
from mydoctransfer.engine.ports import Failure, FailureKind
from mydoctransfer.engine.session import ACCOUNT_KEY, POLL
from mydoctransfer.engine.standing import Parts
from mydoctransfer.engine.supervision import Worker
from mydoctransfer.model.commands import Store
from mydoctransfer.model.events import Event
from mydoctransfer.model.trees import RelPath, Stat

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Built:
    """An engine and what has to be closed behind it."""

    engine: Engine
    opened: contextlib.ExitStack

    def close(self) -> None:
        """Leave nothing open."""
        self.opened.close()


def build(
    home: Home,
    settings: HomeSettings,
    connection: Connection,
    inbox: Inbox,
    listener: Callable[[Event], None] | None,
    works: bool,
    reserve: ReserveFile,
    stores: Mapping[str, SecretStore],
    workers: Sequence[Worker] = (),
) -> Built:
    """Build an engine, heard by `listener`. The caller holds the installation's lock and drives it
    by `run`.

    Raises:
        JournalBroken: the journal cannot be used. OSError: the disk with the journal is full.
    """
    network.use(settings.network())
    clock, rand = SystemClock(), SystemRand()
    web = Web(wall_ms=clock.wall_ms)
    identity = PoolIdentity(
        UserPool(connection, web),
        stores,
        settings.config.store,
        clock.monotonic,
        clock.wall_ms,
        settings.signed_in,
    )
    host = socket.gethostname().partition(".")[0] or "this computer"
    cloud = HttpCloud(connection.api_url, identity.token, host, web)
    up = Pace(lambda: settings.network().upload_limit_kib * 1024)
    down = Pace(lambda: settings.network().download_limit_kib * 1024)
    with contextlib.ExitStack() as opened:
        journal = SqliteJournal(home.journal, whose=ACCOUNT_KEY, inherits=(PAUSED_KEY, HALTED_KEY))
        opened.callback(journal.close)
        if journal.set_aside is not None:
            log.warning("the journal was damaged, and is kept as %s", journal.set_aside)
        objects = S3Objects(
            connection.endpoint_url,
            Opening(settings),
            cloud.clock_offset_ms,
            pace=up,
            tell=lambda path, number, amount: inbox.put(Sent(path, number, amount)),
        )
        opened.callback(objects.close)
        downloads = InboxFolder(
            home.prepare_inbox,
            web,
            pace=down,
            watched=settings.folder,
            tell=lambda share_id, number, total: inbox.put(Came(share_id, number, total)),
        )
        opened.callback(downloads.close)
        if works or home.inbox.is_dir():
            downloads.sweep()
        pool = Pool(inbox)
        opened.callback(pool.close)
        watch = FolderWatcher(inbox.put) if works else None
        if watch is not None:
            opened.callback(watch.stop)
        parts = Parts(
            journal=testing.killable(journal, "journal"),
            cloud=testing.killable(cloud, "cloud"),
            objects=testing.killable(objects, "objects"),
            inbox=testing.killable(downloads, "inbox"),
            identity=identity,
            settings=settings,
            watch=watch,
            clock=clock,
            rand=rand,
            host=host,
            reserve=reserve,
            workers=(pool, objects.workers, *workers),
            grace=testing.seconds("DELETE_GRACE", 60.0),
            poll=testing.seconds("POLL", POLL),
        )
        return Built(Engine(parts, pool.submit, listener, works), opened.pop_all())


def session_stores(home: Home) -> dict[str, SecretStore]:
    """Return where a session may be kept; what is in memory outlives the engine, too."""
    return {
        Store.KEYRING.value: KeyringStore(home.keyring_service),
        Store.FILE.value: FileStore(home.session_file),
        Store.MEMORY.value: MemoryStore(),
    }


class Opening:
    """Opens files of whichever folder is watched now.

    Handed to another process it becomes the opening of that folder's files: settings stay here.
    """

    def __init__(self, settings: HomeSettings) -> None:
        self._settings = settings

    def __call__(self, path: RelPath, expects: Stat) -> int | Failure:
        """Open a file that is as expected."""
        folder = self._settings.folder()
        if folder is None:
            return Failure(FailureKind.MISSING, "No folder is watched any more.")
        return FolderDisk(folder).open_file(path, expects)

    def __reduce__(self) -> tuple[Callable[[FolderDisk, str], OpenFile], tuple[FolderDisk, str]]:
        """Pickle as what opens the files of the folder watched now; without one, none is found."""
        return getattr, (FolderDisk(self._settings.folder() or os.devnull), "open_file")
