"""Two requests at once: every order in which their calls to the tables can fall.

Both really run, each in a thread of its own that waits for its turn before every call; the orders
are gone through exhaustively, so nothing here depends on luck or time. R11, R13, T18.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from chalicelib.controllers import acting, linking, listing, publishing, sharing
from chalicelib.controllers.sweep import sweep
from chalicelib.refusals import Refused
from mydoctransfer_contract.documents import ActionKind, DocumentAction, ShareChange
from mydoctransfer_contract.links import LinkAction, LinkChange
from mydoctransfer_contract.uploads import CompleteUpload, CompleteUploads
from tests.backend.fakes import World, op, sha256


class Racer:
    """A request in a thread, stopped before each of its calls.

    Attributes:
        result: what it returned, or the code it was refused with.
    """

    def __init__(self, world: World, request: Callable) -> None:
        self._go, self._stopped = threading.Semaphore(0), threading.Semaphore(0)
        self.is_over = self.is_reading = False
        self.result: object = None
        parts = replace(world.parts, store=self)
        self._store = world.store
        self._thread = threading.Thread(target=self._run, args=(request, parts), daemon=True)
        self._thread.start()
        self._stopped.acquire()

    def step(self) -> None:
        """Let it make its next call, and go on to the one after."""
        self._go.release()
        self._stopped.acquire()
        if self.is_over:
            self._thread.join()

    def __getattr__(self, name: str):
        call = getattr(self._store, name)

        def in_turn(*args, **kwargs):
            self.is_reading = name in ("read", "page")
            self._stopped.release()
            self._go.acquire()
            return call(*args, **kwargs)

        return in_turn

    def _run(self, request: Callable, parts) -> None:
        try:
            self.result = request(parts)
        except Refused as refused:
            self.result = refused.problem.code
        except BaseException as exc:
            self.result = exc
        self.is_over = True
        self._stopped.release()


def races(begin: Callable[[], tuple[World, Callable, Callable, object]]) -> Iterator:
    """Run the orders of two requests' calls, each in a world of its own; yield what it came to.

    Two orders are one when they differ in neighbouring readings only: after "this one first", "the
    other first" is of interest once something was written between (a sleep set).
    """
    left: list[tuple[list[int], int | None]] = [([], None)]
    while left:
        order, asleep = left.pop()
        world, first, second, scene = begin()
        racers = [Racer(world, first), Racer(world, second)]
        taken: list[int] = []
        is_new = True
        while not all(racer.is_over for racer in racers):
            able = [n for n in (0, 1) if not racers[n].is_over]
            if len(taken) < len(order):
                chosen = order[len(taken)]
            else:
                awake = [n for n in able if n != asleep]
                is_new = is_new and bool(awake)
                chosen = (awake or able)[0]
                if len(awake) == 2:
                    left.append(([*taken, 1], 0))
            is_past = len(taken) >= len(order) - 1
            if is_past and asleep is not None and chosen != asleep:
                both_read = racers[chosen].is_reading and racers[asleep].is_reading
                asleep = asleep if both_read else None
            taken.append(chosen)
            racers[chosen].step()
        for racer in racers:
            assert not isinstance(racer.result, BaseException), racer.result
        if is_new:
            yield world, racers[0].result, racers[1].result, scene


def given(**more):
    world = World()
    ada, bob = world.person(), world.person("Bob")
    document = world.publish(ada, people=(bob.person.email,), **more)
    return world, ada, bob, document.share_id


def downloads(world, who, share_id: str) -> bool:
    try:
        sharing.download(world.parts, who, world.now, share_id)
    except Refused:
        return False
    return True


def sees(world, who, gone=False) -> list[str]:
    page = listing.documents(world.parts, who, world.now, "shared", gone, None)
    return [d.share_id for d in page.documents]


def test_after_a_revocation_there_is_no_link_whichever_came_first():
    def begin():
        world, ada, bob, share_id = given()
        now = world.now
        revoke = ShareChange(op(), remove=(bob.person.email,))
        return (
            world,
            lambda parts: sharing.share(parts, ada, now, share_id, revoke),
            lambda parts: sharing.download(parts, bob, now, share_id),
            (bob, share_id),
        )

    orders = 0
    for world, revoked, download, (bob, share_id) in races(begin):
        orders += 1
        assert not isinstance(revoked, str)
        assert isinstance(download, str) != bool(world.objects.presigned)
        assert world.audited().count("download link issued") == len(world.objects.presigned)
        assert not downloads(world, bob, share_id)
        assert sees(world, bob) == []
    assert orders > 3


def test_what_is_published_at_the_moment_of_the_panic_button_is_given_to_nobody():
    """Published before, it is taken back; published behind the list of what there was, it never
    was given."""

    def begin():
        world = World()
        ada, bob = world.person(), world.person("Bob")
        answer = world.register(ada, world.new(people=(bob.person.email,))).results[0]
        world.objects.put(answer.key, b"hello")
        whole = CompleteUploads((CompleteUpload(answer.upload_id, 5, sha256(b"hello")),))
        now = world.now
        return (
            world,
            lambda parts: publishing.complete(parts, ada, now, whole),
            lambda parts: linking.revoke_all(parts, ada, now, None),
            (ada, bob),
        )

    for world, completed, revoked, (ada, bob) in races(begin):
        assert not revoked.more
        assert completed.results[0].document is not None
        page = listing.documents(world.parts, ada, world.now, "mine", False, None)
        assert [d.people for d in page.documents] == [()]
        assert sees(world, bob) == []


@pytest.mark.parametrize("has_link", [False, True])
def test_a_link_made_while_another_device_revokes_is_there_whole_or_not_at_all(has_link):
    def begin():
        world, ada, _, share_id = given()
        if has_link:
            linking.change_link(world.parts, ada, world.now, share_id, LinkChange(op()))
        now, key = world.now, op()
        made = LinkChange(op(), max_downloads=3)
        gone = LinkChange(key, LinkAction.REVOKE)
        return (
            world,
            lambda parts: linking.change_link(parts, ada, now, share_id, made),
            lambda parts: linking.change_link(parts, ada, now, share_id, gone),
            (ada, share_id),
        )

    for world, _, _, (ada, _) in races(begin):
        page = listing.documents(world.parts, ada, world.now, "mine", False, None)
        rows = [key for key in world.store.tables if key.pk.startswith("L#")]
        assert len(rows) == (1 if page.documents[0].link else 0)


def test_what_an_extension_promised_no_order_takes_away():
    """Original: extend raced the sweep."""

    def begin():
        world, ada, bob, share_id = given(lifetime=60)
        now = world.now
        extend = DocumentAction(op(), ActionKind.EXTEND, lifetime=3600)
        world.now += 60_000
        return (
            world,
            lambda parts: acting.act(parts, ada, now + 59_999, share_id, extend),
            lambda parts: sweep(parts, world.now + 10**9),
            (ada, bob, share_id),
        )

    outcomes = set()
    for world, extended, _, (ada, bob, share_id) in races(begin):
        outcomes.add(extended if isinstance(extended, str) else "extended")
        is_live = not isinstance(extended, str)
        sweep(world.parts, world.now + 10**9)
        assert downloads(world, ada, share_id) == downloads(world, bob, share_id) == is_live
        assert bool(world.objects.all_keys) == is_live
    assert outcomes == {"extended", "expired"}


def test_a_document_deleted_while_it_is_shared_is_with_nobody():
    def begin():
        world, ada, _, share_id = given()
        carol = world.person("Carol")
        now = world.now
        give = ShareChange(op(), (carol.person.email,))
        delete = DocumentAction(op(), ActionKind.DELETE)
        return (
            world,
            lambda parts: sharing.share(parts, ada, now, share_id, give),
            lambda parts: acting.act(parts, ada, now, share_id, delete),
            (carol, share_id),
        )

    outcomes = set()
    for world, shared, deleted, (carol, share_id) in races(begin):
        assert not isinstance(deleted, str), deleted
        outcomes.add(shared if isinstance(shared, str) else "shared")
        assert not downloads(world, carol, share_id)
        assert sees(world, carol) == []
        assert not world.objects.all_keys
        assert world.audited().count("shared with") == 1 + (not isinstance(shared, str))
    assert outcomes == {"shared", "removed"}
