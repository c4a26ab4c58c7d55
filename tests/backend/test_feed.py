"""A call tells which lines of the actor's feed it has written, and only those."""

import pytest

from chalicelib.connectors.ports import Key
from chalicelib.controllers import acting, listing, publishing, sharing
from chalicelib.rows import feed_pk, feed_sk
from chalicelib.services import feed
from mydoctransfer_contract.documents import (
    ActionKind,
    DocumentAction,
    DocumentActions,
    Received,
    ShareChange,
)
from mydoctransfer_contract.uploads import CompleteUpload, CompleteUploads
from tests.backend.fakes import World, op, sha256
from tests.backend.test_races import races


def renames(documents, name="new") -> DocumentActions:
    return DocumentActions(
        tuple(
            DocumentAction(op(), ActionKind.RENAME, d.share_id, path=f"{name}/{n}")
            for n, d in enumerate(documents)
        )
    )


def touched(world, who, stretch) -> set[str]:
    """The documents that the lines of a stretch tell of."""
    lines = range(stretch.first, stretch.last + 1)
    keys = [Key(feed_pk(who.sub), feed_sk(line)) for line in lines]
    return {share_id for key in keys for share_id in world.store.tables[key]["ids"]}


def as_read(world, who, cursor) -> tuple[dict, str]:
    """What the feed tells from a cursor on, and where that ends."""
    found = {}
    while True:
        page = listing.changes(world.parts, who, world.now, cursor)
        assert not page.reset
        found |= {change.share_id: change.document for change in page.changes}
        cursor = page.cursor
        if not page.more:
            return found, cursor


def check(world, who, answer, documents) -> None:
    """What the stretch spares is what the answer has, as it is now."""
    known = {d.share_id: d for d in documents}
    spared = touched(world, who, answer.feed)
    assert spared <= known.keys()
    before = feed.cursor(world.parts, who.sub, answer.feed.first - 1, world.now)
    told, _ = as_read(world, who, before)
    later, _ = as_read(world, who, answer.feed.cursor)
    assert {s: d for s, d in told.items() if s not in later} == {
        s: known[s] for s in spared if s not in later
    }


def test_a_renamed_folder_need_not_be_read_back():
    world = World()
    ada = world.person()
    documents = [world.publish(ada, path=f"old/{n}") for n in range(100)]
    start = listing.changes(world.parts, ada, world.now, None)
    answer = acting.act_all(world.parts, ada, world.now, renames(documents))
    assert answer.feed.first == start.line + 1
    check(world, ada, answer, [r.document for r in answer.results])
    rest = listing.changes(world.parts, ada, world.now, answer.feed.cursor)
    assert (rest.changes, rest.more, rest.line) == ((), False, answer.feed.last)


def test_what_is_published_together_need_not_be_read_back():
    """Nor what the people it is published with are told: that is in their own feeds."""
    world = World()
    ada, bob = world.person(), world.person("Bob")
    start = listing.changes(world.parts, ada, world.now, None)
    bobs = listing.changes(world.parts, bob, world.now, None)
    files = [world.new(f"{n}".encode(), f"{n}", people=(bob.person.email,)) for n in range(60)]
    uploads = world.register(ada, *files).results
    for n, upload in enumerate(uploads):
        world.objects.put(upload.key, f"{n}".encode())
    asked = [
        CompleteUpload(u.upload_id, f.size, f.sha256) for u, f in zip(uploads, files, strict=True)
    ]
    answer = world.complete(ada, *asked)
    assert (start.line + 1, answer.feed.last > answer.feed.first) == (answer.feed.first, True)
    check(world, ada, answer, [r.document for r in answer.results])
    told, _ = as_read(world, bob, bobs.cursor)
    assert len(told) == 60


def test_what_was_done_by_an_earlier_call_is_not_among_a_calls_lines():
    """Invariant I17: the answer was lost, the same keys ask again, and one new thing with them."""
    world = World()
    ada = world.person()
    documents = [world.publish(ada, path=f"old/{n}") for n in range(3)]
    asked = renames(documents[:2])
    acting.act_all(world.parts, ada, world.now, asked)
    lost = listing.changes(world.parts, ada, world.now, None).line
    assert acting.act_all(world.parts, ada, world.now, asked).feed is None
    more = DocumentActions((*asked.actions, *renames(documents[2:], "more").actions))
    answer = acting.act_all(world.parts, ada, world.now, more)
    assert (answer.feed.first, answer.feed.last) == (lost + 1, lost + 1)
    assert touched(world, ada, answer.feed) == {documents[2].share_id}


def test_what_was_refused_has_no_line():
    world = World()
    ada, eve = world.person(), world.person("Eve")
    theirs = world.publish(eve)
    answer = acting.act_all(world.parts, ada, world.now, renames([theirs]))
    assert answer.results[0].problem.code == "not_found"
    assert answer.feed is None


@pytest.mark.parametrize(
    ("lines", "stretch"),
    [([], None), ([7], (7, 7)), ([8, 7, 7, 9], (7, 9)), ([7, 9], None)],
)
def test_lines_between_which_another_lies_are_no_stretch(lines, stretch):
    world = World()
    ada = world.person()
    made = feed.stretch(world.parts, ada.sub, world.now, lines)
    assert (made and (made.first, made.last)) == stretch


def test_a_stretch_of_somebody_elses_feed_is_no_place_in_mine():
    world = World()
    ada, eve = world.person(), world.person("Eve")
    answer = acting.act_all(world.parts, ada, world.now, renames([world.publish(ada)]))
    assert listing.changes(world.parts, eve, world.now, answer.feed.cursor).reset


MINE = 24  # more than one transaction
OTHERS = {
    "another device renames": lambda parts, s: acting.act_all(
        parts, s.ada, s.now, renames(s.others, "theirs")
    ),
    "another device publishes": lambda parts, s: publishing.complete(
        parts, s.ada, s.now, CompleteUploads((s.asked,))
    ),
    "somebody confirms having one of them": lambda parts, s: sharing.received(
        parts, s.bob, s.now, s.shared.share_id, Received(op(), s.shared.sha256, 1)
    ),
    "one of them is shared": lambda parts, s: sharing.share(
        parts, s.ada, s.now, s.mine[-1].share_id, ShareChange(op(), (s.bob.person.email,))
    ),
}


class Scene:
    """Documents of a person with two devices, one of them with somebody else."""

    def __init__(self) -> None:
        self.world = World()
        self.now = self.world.now
        self.ada, self.bob = self.world.person(), self.world.person("Bob")
        self.shared = self.world.publish(self.ada, path="s", people=(self.bob.person.email,))
        self.mine = [self.shared, *(self.world.publish(self.ada, path=f"{n}") for n in range(MINE))]
        self.others = [self.world.publish(self.ada, path=f"{n}") for n in "xyz"]
        file = self.world.new(path="new")
        upload = self.world.register(self.ada, file).results[0]
        self.world.objects.put(upload.key, b"hello")
        self.asked = CompleteUpload(upload.upload_id, 5, sha256(b"hello"))


@pytest.mark.parametrize("other", OTHERS)
def test_whatever_comes_between_is_never_within_a_stretch(other):
    """Every order in which the calls of two requests can fall."""

    def begin():
        scene = Scene()
        return (
            scene.world,
            lambda parts: acting.act_all(parts, scene.ada, scene.now, renames(scene.mine)),
            lambda parts: OTHERS[other](parts, scene),
            scene,
        )

    stretches: list[bool] = []
    for world, answer, second, scene in races(begin):
        assert not isinstance(answer, str) and not isinstance(second, str)
        stretches.append(answer.feed is not None)
        if answer.feed is not None:
            check(world, scene.ada, answer, [r.document for r in answer.results if r.document])
    assert set(stretches) == {True, False}
