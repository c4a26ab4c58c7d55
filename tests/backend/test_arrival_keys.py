"""The records of storage events: what is read of them, and what is passed over."""

import importlib.util
import json
from pathlib import Path
from urllib.parse import quote_plus

import pytest

from chalicelib.controllers.arrivals import Unsettled
from chalicelib.events import read_arrival
from tests.backend.fakes import BUCKET, World

BACKEND = Path(__file__).parents[2] / "backend"


@pytest.fixture(scope="module")
def module():
    spec = importlib.util.spec_from_file_location("backend_app_for_keys", BACKEND / "app.py")
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


@pytest.fixture
def world(module, monkeypatch):
    made = World()
    monkeypatch.setattr(module, "parts", lambda: made.parts)
    return made


def record(key: object = "k", version: object = "v1", size: object = 5, bucket: object = BUCKET):
    told = {"key": key, "versionId": version, "size": size}
    return {"s3": {"bucket": {"name": bucket}, "object": told}}


@pytest.mark.parametrize(
    "key",
    ["incoming/a/b c", "incoming/a/+", "incoming/a/%2B", "incoming/a/x?versionId=v9",
     "incoming/a/\u00e9\u4e2d", "incoming/a/\"'&;", "incoming/a/%252e%252e", "incoming/a/a%"],
)  # fmt: skip
def test_a_key_is_decoded_exactly_once_and_selects_no_version(key):
    """H17, T36: as S3 writes it in its events."""
    read = read_arrival(record(quote_plus(key, safe="/")))
    assert (read.key, read.version_id, read.size) == (key, "v1", 5)


ODD_RECORDS = [
    None, 7, "s3", [], {}, {"s3": None},
    {"s3": {"object": {}}}, {"s3": {"bucket": [], "object": 1}},
    record(key=None), record(key=""), record(key="\ud800"), record(key="%20" * 1025),
    record(version=1), record(version=""), record(version="v1&x"), record(version="v" * 1025),
    record(size=None), record(size="5"), record(size=True), record(size=-1), record(size=2**70),
    record(bucket=None), record(bucket="\udfff"),
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD_RECORDS, ids=range(len(ODD_RECORDS)))
def test_an_odd_record_is_passed_over_and_its_neighbours_are_settled(module, world, capsys, odd):
    """T34: and the log says that it was, not what it was."""
    world.objects.put("incoming/a", b"first")
    world.objects.put("incoming/b", b"second")
    sound = [record("incoming/a", "v1"), record("incoming/b", "v2")]
    module.on_arrival({"Records": [sound[0], odd, sound[1]]}, None)
    assert world.objects.all_keys == set()
    assert json.loads(capsys.readouterr().out) == {"event": "malformed record", "number": 1}


@pytest.mark.parametrize("odd", [None, [], "x", 7, {}, {"Records": None}, {"Records": {}}], ids=str)
def test_what_is_no_event_is_logged_and_does_nothing(module, world, capsys, odd):
    """T34: S3's own test event, sent when the notification is set up, is one of them."""
    module.on_arrival(odd, None)
    assert world.store.calls == [] and world.objects.looks == 0
    assert json.loads(capsys.readouterr().out) == {"event": "malformed event"}


def test_a_record_that_fails_stops_no_other_and_brings_the_event_back(module, world, capsys):
    for key in ("incoming/broken", "incoming/sound"):
        world.objects.put(key, b"hello")
    world.objects.broken = {"incoming/broken"}
    records = [record("incoming/broken", "v1"), record("incoming/sound", "v2")]
    with pytest.raises(Unsettled):
        module.on_arrival({"Records": records}, None)
    assert world.objects.all_keys == {"incoming/broken"}
    logged = capsys.readouterr().out
    assert json.loads(logged)["error"] == "ConnectionError"
    assert "incoming/" not in logged
