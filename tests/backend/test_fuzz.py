"""Whatever the OpenAPI document lets one say, and what it does not, said to the deployed API.

The cases are schemathesis's, well-formed and ill-formed, drawn from `backend/openapi.yaml`; the
same in every run, for nothing here is random and no example database is kept. An id in a case is
often that of a real document, or the fuzz would see nothing but 404. Nothing may end in a 5xx, and
an answer has no field the document does not name. T46, T54, T90.

MYDOCTRANSFER_FUZZ_CASES says how many: 1,000 unless told.
"""

import copy
import json
import os
import re
from pathlib import Path

import pytest
import requests
import schemathesis
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
)

from tests.backend.test_api import publish, share

CASES = int(os.environ.get("MYDOCTRANSFER_FUZZ_CASES", "1000"))
DOCUMENT = yaml.safe_load(
    (Path(__file__).resolve().parents[2] / "backend" / "openapi.yaml").read_text()
)
CALLS = sorted((m.upper(), path) for path, item in DOCUMENT["paths"].items() for m in item)
RICH = [  # the others have next to nothing that could vary
    (method, path)
    for method, path in CALLS
    if {"parameters", "requestBody"}.intersection(
        name for name, value in DOCUMENT["paths"][path][method.lower()].items() if value
    )
]
EACH = -(-CASES // len(RICH))
IDS = re.compile(r"^[0-9a-f]{32}$")
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]


def strict() -> dict:
    """The document, with answers closed: a field it does not name is a leak.

    Tokens are not drawn: every case has a good one, or it would meet the gateway only.
    """
    document = copy.deepcopy(DOCUMENT)
    del document["security"], document["components"]["securitySchemes"]
    schemas = document["components"]["schemas"]
    for name in reachable(schemas, answers(document)) - reachable(schemas, requests_of(document)):
        if schemas[name]["type"] == "object":
            schemas[name]["additionalProperties"] = False
    return document


def answers(document: dict) -> object:
    operations = [o for item in document["paths"].values() for o in item.values()]
    return [o["responses"]["200"] for o in operations], document["components"]["responses"]


def requests_of(document: dict) -> object:
    return [o.get("requestBody") for item in document["paths"].values() for o in item.values()]


def reachable(schemas: dict, start: object) -> set[str]:
    """Names of the schemas something refers to, through any number of others."""
    found: set[str] = set()
    left = [start]
    while left:
        for name in re.findall(r"#/components/schemas/(\w+)", json.dumps(left.pop())):
            if name not in found:
                found.add(name)
                left.append(schemas[name])
    return found


@pytest.fixture(scope="module")
def scene(cloud):
    """Callers, so that none runs out of requests; the ids each is offered; a session.

    Everybody owns two documents, one given to somebody, has one from somebody, and knows the id
    of one that is none of theirs.
    """
    people = [cloud.person(f"Fuzz{n}", admin=n % 2 == 0) for n in range(4)]
    own = [[publish(p, b"%d" % n, f"{n}.txt").share_id for n in range(2)] for p in people]
    ids = []
    for number, person in enumerate(people):
        share(person, own[number][0], people[(number + 1) % 4].email)
        ids.append((*own[number], own[number - 1][0], own[number - 2][0]))
    schema = schemathesis.openapi.from_dict(strict())
    schema.config.update(base_url=cloud.api_url)
    with requests.Session() as session:
        yield {"people": people, "ids": ids, "schema": schema, "session": session}


def with_real_ids(case, real: str | None):
    """The case, its ids replaced by one of a document that was there at the start."""
    if real is None:
        return case
    for name, value in (case.path_parameters or {}).items():
        if isinstance(value, str) and IDS.match(value):
            case.path_parameters[name] = real
    if isinstance(case.body, dict):
        for action in (case.body, *lists(case.body)):
            if isinstance(action, dict) and isinstance(action.get("share_id"), str):
                action["share_id"] = real
    return case


def lists(body: dict) -> list:
    return [inner for value in body.values() if isinstance(value, list) for inner in value]


@pytest.mark.timeout(0)
@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_no_case_ends_in_a_5xx_or_in_an_answer_the_document_does_not_know(scene, call):
    method, path = call
    operation = scene["schema"][path][method]
    asked: list[int] = []

    @settings(
        max_examples=EACH,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=st.one_of(
            operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
            operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
        ),
        real=st.one_of(st.none(), st.sampled_from(range(4))),
    )
    def ask(case, real):
        number = len(asked) % 4
        case = with_real_ids(case, None if real is None else scene["ids"][number][real])
        person = scene["people"][number]
        response = case.call(session=scene["session"], headers={"Authorization": person.token})
        asked.append(response.status_code)
        case.validate_response(response, checks=CHECKS)

    ask()
    assert len(asked) >= EACH or call not in RICH
    assert 429 not in asked, "nothing was tried by a case that came too soon"
