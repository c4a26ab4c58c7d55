"""What each route costs, counted, against what its docstring states. T48."""

import importlib.util
import re
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.controllers import (
    acting,
    auditing,
    linking,
    listing,
    publishing,
    receipts,
    sharing,
    uploads,
)
from chalicelib.controllers.me import me
from chalicelib.controllers.people import search
from mydoctransfer_contract.documents import (
    ActionKind,
    DocumentAction,
    DocumentActions,
    Received,
    ShareChange,
)
from mydoctransfer_contract.links import LinkChange
from mydoctransfer_contract.uploads import CompleteUpload, CompleteUploads, RegisterUploads
from tests.backend.fakes import FakeStore, World, op

BACKEND = Path(__file__).resolve().parents[2] / "backend"


@pytest.fixture(scope="module")
def stated():
    """The first RRU and WRU of every route's docstring."""
    spec = importlib.util.spec_from_file_location("backend_app_costs", BACKEND / "app.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = {}
    for path, by_method in module.app.routes.items():
        for method, route in by_method.items():
            text = route.view_function.__doc__
            found[method, path] = tuple(
                int(re.search(rf"(\d+) {unit}", text).group(1)) for unit in ("RRU", "WRU")
            )
    return found


class Scene:
    """A usual document of a person with others, given to one recipient."""

    def __init__(self, others: int = 0, store: FakeStore | None = None) -> None:
        self.world = World()
        if store is not None:
            self.world.parts = replace(self.world.parts, store=store)
            self.world.store = store
        self.ada, self.bob = self.world.person(), self.world.person("Bob")
        self.root = self.world.person("Root", groups=("admins",))
        for n in range(others):
            self.world.publish(self.ada, path=f"other {n}")
        self.document = self.world.publish(self.ada, people=(self.bob.person.email,))
        self.alone = self.world.publish(self.ada, path="alone")
        self.file = self.world.new(path="new")
        self.upload = self.world.register(self.ada, self.file).results[0]
        self.world.objects.put(self.upload.key, b"hello")
        self.since = listing.changes(self.world.parts, self.ada, self.world.now, None).cursor


def _register(s, p, now):
    return uploads.register(p, s.ada, {}, now, RegisterUploads((s.world.new(path="y"),)))


def _complete(s, p, now):
    asked = CompleteUpload(s.upload.upload_id, 5, s.file.sha256)
    return publishing.complete(p, s.ada, now, CompleteUploads((asked,)))


def _batch(s, p, now):
    action = DocumentAction(op(), ActionKind.RENAME, s.alone.share_id, path="z")
    return acting.act_all(p, s.ada, now, DocumentActions((action,)))


def _act(kind, **more):
    return lambda s, p, now: acting.act(
        p, s.ada, now, s.document.share_id, DocumentAction(op(), kind, **more)
    )


CALLS = {
    ("GET", "/me"): lambda s, p, now: me(p, s.ada, now),
    ("GET", "/docs"): lambda s, p, now: listing.documents(p, s.ada, now, "mine", False, None),
    ("GET", "/docs/changes"): lambda s, p, now: listing.changes(p, s.ada, now, s.since),
    ("POST", "/docs/{share_id}"): _act(ActionKind.DELETE),
    ("POST", "/docs/{share_id}#2"): _act(ActionKind.EXTEND, lifetime=60),
    ("POST", "/docs/{share_id}#3"): _act(ActionKind.RENAME, path="x", display_name="x"),
    ("POST", "/docs"): _batch,
    ("POST", "/uploads"): _register,
    ("POST", "/uploads/complete"): _complete,
    ("DELETE", "/uploads/{upload_id}"): lambda s, p, now: uploads.abort(
        p, s.ada, now, s.upload.upload_id
    ),
    ("POST", "/share/{share_id}"): lambda s, p, now: sharing.share(
        p, s.ada, now, s.alone.share_id, ShareChange(op(), (s.bob.person.email,))
    ),
    ("GET", "/share/{share_id}"): lambda s, p, now: sharing.download(
        p, s.bob, now, s.document.share_id
    ),
    ("POST", "/share/{share_id}/received"): lambda s, p, now: sharing.received(
        p, s.bob, now, s.document.share_id, Received(op(), s.document.sha256, 1)
    ),
    ("GET", "/share/users"): lambda s, p, now: search(p, s.ada, now, "", None),
    ("GET", "/audit"): lambda s, p, now: auditing.entries(p, s.root, now, "", None),
    ("POST", "/links/{share_id}"): lambda s, p, now: linking.change_link(
        p, s.ada, now, s.alone.share_id, LinkChange(op())
    ),
    ("POST", "/me/revoke-all"): lambda s, p, now: linking.revoke_all(p, s.ada, now, None),
    ("GET", "/docs/{share_id}/receipt"): lambda s, p, now: (
        acting.act(p, s.ada, now, s.alone.share_id, DocumentAction(op(), ActionKind.DELETE)),
        s.world.store.forget_costs(),
        receipts.receipt(p, s.ada, now, s.alone.share_id),
    ),
}


def cost(call, others: int = 0, store: FakeStore | None = None):
    scene = Scene(others, store)
    scene.world.store.forget_costs()
    call(scene, scene.world.parts, scene.world.now)
    return scene.world.store.reads, scene.world.store.writes


@pytest.mark.parametrize("route", CALLS, ids=" ".join)
def test_a_route_costs_no_more_than_it_states(route, stated):
    reads, writes = cost(CALLS[route])
    most = stated[route[0], route[1].partition("#")[0]]
    assert (reads <= most[0], writes <= most[1]) == (True, True), (reads, writes, most)


def test_every_route_is_counted(stated):
    assert {(method, path.partition("#")[0]) for method, path in CALLS} == set(stated)


GROWS = {("GET", "/docs"), ("GET", "/audit"), ("POST", "/me/revoke-all"), ("GET", "/share/users")}


@pytest.mark.parametrize("route", sorted(CALLS.keys() - GROWS), ids=" ".join)
def test_a_route_costs_the_same_with_two_hundred_documents_more(route):
    """Issue 4: no request dearer because there is more. Lists grow to a page, and no further."""
    assert cost(CALLS[route], others=200) == cost(CALLS[route])
