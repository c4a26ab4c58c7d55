"""What `sync` prints, event by event."""

import json

import pytest

from mydoctransfer.cli import events
from mydoctransfer.model.events import (
    DeletesHeld,
    EngineState,
    Event,
    ItemState,
    ProblemRaised,
    Progress,
    Published,
    Row,
    RowsChanged,
    SharedWithYou,
    Status,
    StatusChanged,
)
from mydoctransfer.model.trees import Person, RelPath, ShareId
from tests.cli.conftest import CommandLine

ROW = Row(
    "a\udcff.txt",
    RelPath("a\udcff.txt"),
    ShareId("0" * 32),
    "a.txt",
    1536,
    Person("ada@example.org", "Ada", "Byron"),
    True,
    (),
    None,
    None,
    ItemState.UPLOADING,
    "On its way.",
)
OWNER = {"email": "ada@example.org", "given_name": "Ada", "family_name": "Byron"}

CASES: list[tuple[Event, list[dict[str, object]], list[str]]] = [
    (
        StatusChanged(Status(EngineState.SIGNED_OUT, folder="/f", queued=2, held_deletes=1)),
        [
            {
                "event": "status",
                "state": "signed_out",
                "message": "",
                "folder": "/f",
                "queued": 2,
                "held_deletes": 1,
            }
        ],
        ["signed out."],
    ),
    (
        RowsChanged((ROW,), ("b",)),
        [
            {
                "event": "item",
                "path": "a\udcff.txt",
                "share_id": "0" * 32,
                "name": "a.txt",
                "state": "uploading",
                "message": "On its way.",
            },
            {"event": "removed", "key": "b"},
        ],
        [],
    ),
    (
        Progress("a", 3, 9),
        [{"event": "progress", "path": "a", "sent": 3, "total": 9}],
        [],
    ),
    (
        Published(("a", "b\n")),
        [{"event": "published", "names": ["a", "b\n"]}],
        ["Published a, b\\n."],
    ),
    (
        SharedWithYou((ROW,)),
        [
            {
                "event": "shared_with_you",
                "documents": [
                    {"share_id": "0" * 32, "name": "a.txt", "size": 1536, "owner": OWNER}
                ],
            }
        ],
        [f"ada@example.org shares a.txt (1.5 KiB) with you: get {'0' * 32}"],
    ),
    (
        DeletesHeld((RelPath("a"), RelPath("b")), 4),
        [{"event": "deletes_held", "paths": ["a", "b"], "published": 4}],
        [
            "2 of 4 documents would be withdrawn because their files are gone. Answer with "
            "`deletes --keep` or `deletes --confirm`."
        ],
    ),
    (
        ProblemRaised("a", "a", "It cannot be read."),
        [{"event": "problem", "path": "a", "name": "a", "message": "It cannot be read."}],
        ["a: It cannot be read."],
    ),
]


@pytest.mark.parametrize(("event", "objects", "said"), CASES, ids=lambda c: type(c).__name__)
def test_every_event_is_said_to_programs_and_to_people(
    event: Event, objects: list[dict[str, object]], said: list[str]
) -> None:
    assert events.to_json(event) == objects
    assert events.to_text(event) == said


def test_sync_streams_one_json_object_a_line(line: CommandLine) -> None:
    line.engine.events = tuple(case[0] for case in CASES)
    ran = line.json("sync")
    expected = [one for case in CASES for one in case[1]]
    assert [json.loads(text) for text in ran.stdout.splitlines()] == expected
    assert ran.stdout.isascii()


def test_sync_streams_sentences_to_people(line: CommandLine) -> None:
    line.engine.events = tuple(case[0] for case in CASES)
    assert line("sync").stdout.splitlines() == [one for case in CASES for one in case[2]]
