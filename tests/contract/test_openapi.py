"""The OpenAPI document against the contract, against `app.routes`, against what is deployed."""

import importlib.util
import re
from pathlib import Path

import pytest
import yaml
from openapi_spec_validator import validate

from mydoctransfer_contract.problems import STATUS, Code
from tests.contract import openapi

BACKEND = Path(__file__).resolve().parents[2] / "backend"


@pytest.fixture(scope="module")
def document():
    return yaml.safe_load((BACKEND / "openapi.yaml").read_text())


@pytest.fixture(scope="module")
def application():
    spec = importlib.util.spec_from_file_location("backend_app", BACKEND / "app.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.app


def described(document):
    return {(m.upper(), path) for path, item in document["paths"].items() for m in item}


def test_the_document_is_valid_and_as_the_contract_has_it(document):
    validate(document)
    assert (BACKEND / "openapi.yaml").read_text() == openapi.spelled(), (
        "write it again: python -m tests.contract.openapi > backend/openapi.yaml"
    )


def test_every_route_is_described_and_none_beside(document, application):
    """T90."""
    routes = {(method, path) for path, by in application.routes.items() for method in by}
    assert routes == described(document)


def test_every_route_asks_for_a_token_and_says_what_it_costs(application):
    """T01, T48, T53."""
    for path, by_method in application.routes.items():
        for method, route in by_method.items():
            assert route.authorizer is not None, (method, path)
            assert not route.cors
            assert re.search(r"RRU|WRU|quer", route.view_function.__doc__), (method, path)


def test_every_deployed_route_is_described_and_asks_for_a_token(cloud, document):
    """T90, T01: read from the deployed API, not from the source."""
    gateway = cloud.boto3_client("apigateway")
    api_id = next(
        item["id"] for item in gateway.get_rest_apis()["items"] if "mydoctransfer" in item["name"]
    )
    found = set()
    for resource in gateway.get_resources(restApiId=api_id, limit=500)["items"]:
        for method, made in resource.get("resourceMethods", {}).items():
            made = made or gateway.get_method(
                restApiId=api_id, resourceId=resource["id"], httpMethod=method
            )
            found.add((method, resource["path"]))
            assert made["authorizationType"] == "COGNITO_USER_POOLS", (method, resource["path"])
    assert found == described(document)


FORGED = {
    "none at all": None,
    "garbage": "garbage",
    "alg none": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.",
    "empty parts": "..",
}


@pytest.mark.parametrize("token", FORGED)
def test_without_a_genuine_token_no_route_answers(cloud, document, token):
    """T01, T02."""
    for method, path in described(document):
        concrete = re.sub(r"\{\w+\}", "0" * 32, path)
        answer = cloud.call(method, concrete, FORGED[token], {} if method == "POST" else None)
        assert answer.status == 401, (method, path, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json["code"] == "unauthenticated"


def test_every_code_has_a_status_and_a_sentence():
    from chalicelib.refusals import Refused

    for code in Code:
        problem = Refused(code).problem
        assert problem.status == STATUS[code]
        assert problem.title.endswith(".")
