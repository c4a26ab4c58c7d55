"""The keys of storage events, as `app.py` decodes them."""

import importlib.util
from pathlib import Path
from urllib.parse import quote_plus

import pytest

BACKEND = Path(__file__).parents[2] / "backend"


@pytest.fixture(scope="module")
def module():
    spec = importlib.util.spec_from_file_location("backend_app_for_keys", BACKEND / "app.py")
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


@pytest.mark.parametrize(
    "key",
    ["incoming/a/b c", "incoming/a/+", "incoming/a/%2B", "incoming/a/x?versionId=v9",
     "incoming/a/\u00e9\u4e2d", "incoming/a/\"'&;", "incoming/a/%252e%252e", "incoming/a/a%"],
)  # fmt: skip
def test_a_key_is_decoded_exactly_once_and_selects_no_version(module, monkeypatch, key):
    """H17, T36: as S3 writes it in its events."""
    heard = []

    class Clocked:
        @staticmethod
        def clock():
            return 0

    monkeypatch.setattr(module, "parts", Clocked)
    monkeypatch.setattr(module, "arrived", lambda parts, now, arrival: heard.append(arrival))
    told = {"key": quote_plus(key, safe="/"), "versionId": "v1", "size": 5}
    record = {"s3": {"bucket": {"name": "b"}, "object": told}}
    module.on_arrival({"Records": [record]}, None)
    assert [(a.key, a.version_id, a.size) for a in heard] == [(key, "v1", 5)]
