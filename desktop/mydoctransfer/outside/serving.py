"""The thread in which the desktop's engine runs; one that breaks is started again.

Started and ended from the window's thread or one beside it; spoken to through the engine's queue.
"""

import logging
import queue
import threading
from collections.abc import Callable

from mydoctransfer.adapters.connection import Connection
from mydoctransfer.adapters.settings import HomeSettings
from mydoctransfer.engine.driving import Inbox
from mydoctransfer.engine.messages import Reply, Stop, Told
from mydoctransfer.engine.succession import Publisher
from mydoctransfer.model.commands import Command, SignOut
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import Event

QUIT_PATIENCE = 5.0  # seconds
RESTART_AFTER = 10.0  # seconds after which a broken engine is tried again

log = logging.getLogger(__name__)

Serve = Callable[[HomeSettings, Connection, Inbox, Publisher, Callable[[], None]], None]


class EngineThread:
    """Keeps an engine running while there is a connection.

    Attributes:
        is_broken: set while the engine has ended by itself, and rests.
    """

    def __init__(
        self,
        settings: HomeSettings,
        serve: Serve,
        publish: Callable[[Event], None],
        on_begin: Callable[[], None],
    ) -> None:
        """`on_begin` is called before each engine begins: a new one has been told nothing."""
        self._settings = settings
        self._serve = serve
        self._publish = publish
        self._on_begin = on_begin
        self._inbox: Inbox = queue.Queue()
        self._thread: threading.Thread | None = None
        self._quitting = threading.Event()
        self._rest_is_over = threading.Event()
        self.is_broken = threading.Event()

    @property
    def is_running(self) -> bool:
        """Whether there is an engine, or will be again after a rest."""
        return self._thread is not None

    def start(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._keep_serving, name="sync", daemon=True)
        self._thread.start()

    def tell(self, command: Command, reply: Callable[[Reply], None] | None = None) -> None:
        """Tell the engine; where there is none, the answer is that."""
        if self._thread is not None:
            self._inbox.put(Told(command, reply or _ignore))
        elif reply is not None:
            reply(AppError("Not connected", "Connect to your cloud first.", "not_connected"))

    def restart(self) -> None:
        """End the engine; with the connection as it is then, the next one begins at once."""
        self._inbox.put(Stop())

    def sign_out(self) -> None:
        """Sign out, and wait until that is done.

        Raises:
            AppError: the session could not be forgotten, and must not be lost sight of.
        """
        signed_out: queue.Queue[Reply] = queue.Queue()
        self._inbox.put(Told(SignOut(), signed_out.put))
        try:
            answer = signed_out.get(timeout=QUIT_PATIENCE)
        except queue.Empty:
            raise busy() from None
        if isinstance(answer, AppError):
            raise answer

    def stop(self) -> bool:
        """End the engine, which has no connection any more; whether it ended in time."""
        thread, self._thread = self._thread, None
        if thread is None:
            return True
        self._rest_is_over.set()
        self._inbox.put(Stop())
        thread.join(QUIT_PATIENCE)
        self._rest_is_over.clear()
        return not thread.is_alive()

    def quit(self) -> None:
        """The person quits: no engine begins any more. Ends by `wait`."""
        self._quitting.set()
        self._rest_is_over.set()
        self._inbox.put(Stop())

    def wait(self) -> None:
        """Wait until the engine has ended, but not for ever."""
        if self._thread is not None:
            self._thread.join(QUIT_PATIENCE)

    def _keep_serving(self) -> None:
        """Run the engine; if it breaks, say so at once and try again a little later."""
        connection: Connection | None = None
        publisher: Publisher | None = None
        while not self._quitting.is_set():
            before, connection = connection, self._settings.config.connection
            if connection is None:
                return
            if publisher is None or connection != before:
                publisher = Publisher(self._publish, self._settings.folder)
            try:
                self._serve(self._settings, connection, self._inbox, publisher, self._on_begin)
            except Exception as exc:
                # The edge of the thread: a dead engine behind a green icon is the worst of all.
                log.exception("the engine ended")
                publisher.broken(_why(exc))
                self.is_broken.set()
                self._rest_is_over.wait(RESTART_AFTER)
                self.is_broken.clear()


def _why(exc: Exception) -> str:
    if isinstance(exc, AppError):
        return exc.message
    return "Syncing stopped because of an error. It will start again by itself."


def busy() -> AppError:
    """Return the error for an engine that does not answer, or does not end."""
    return AppError(
        "No answer",
        "The running application is busy and did not answer in time.",
        "engine_busy",
    )


def _ignore(_reply: Reply) -> None:
    """Nobody waits for this answer."""
