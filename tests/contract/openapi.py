"""Writes `backend/openapi.yaml`: the routes from the table here, the schemas from the contract.

python -m tests.contract.openapi > backend/openapi.yaml
"""

import dataclasses
import sys
import types
import typing
from enum import Enum

import yaml

from mydoctransfer_contract import documents, links, problems, uploads
from mydoctransfer_contract.problems import Code
from mydoctransfer_contract.uploads import MAX_BATCH

ID = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
TEXT = {"type": "string"}


def query(name: str, schema: dict, about: str) -> dict:
    return {"name": name, "in": "query", "schema": schema, "description": about}


CURSOR = query("cursor", {"type": "string", "maxLength": 4096}, "Where the last page ended.")

# method, path -> (summary, request, answer, query parameters)
ROUTES = {
    ("GET", "/me"): ("Who asks, and what the operator allows.", None, documents.Me, []),
    ("GET", "/docs"): (
        "A page of own documents and those shared with me.",
        None,
        documents.DocumentPage,
        [
            query("scope", {"enum": ["mine", "shared", "all"], "default": "all"}, "Whose."),
            query("gone", {"enum": ["true", "false"], "default": "false"}, "With tombstones."),
            CURSOR,
        ],
    ),
    ("GET", "/docs/changes"): (
        "What changed since a cursor, tombstones included.",
        None,
        documents.ChangePage,
        [query("since", TEXT, "The last cursor; absent: the cursor of now.")],
    ),
    ("POST", "/docs"): (
        "Up to a hundred actions, each with a result of its own.",
        documents.DocumentActions,
        documents.DocumentResults,
        [],
    ),
    ("POST", "/docs/{share_id}"): (
        "Rename, delete or extend.",
        documents.DocumentAction,
        documents.DocumentAnswer,
        [],
    ),
    ("POST", "/uploads"): (
        "Register up to a hundred files, and get a grant to send them.",
        uploads.RegisterUploads,
        uploads.RegisteredUploads,
        [],
    ),
    ("POST", "/uploads/complete"): (
        "Publish up to a hundred uploads whose objects are in place.",
        uploads.CompleteUploads,
        uploads.CompletedUploads,
        [],
    ),
    ("DELETE", "/uploads/{upload_id}"): ("Give an upload up.", None, None, []),
    ("POST", "/share/{share_id}"): (
        "Add and remove people: all of it, or nothing.",
        documents.ShareChange,
        documents.DocumentAnswer,
        [],
    ),
    ("GET", "/share/{share_id}"): (
        "A download link, at most 60 s to start and never past expiry.",
        None,
        documents.Download,
        [],
    ),
    ("POST", "/share/{share_id}/received"): (
        "The recipient's word that it arrived.",
        documents.Received,
        documents.DocumentAnswer,
        [],
    ),
    ("GET", "/share/users"): (
        "People to share with, as far as the policy shows them.",
        None,
        documents.PeoplePage,
        [query("query", {"type": "string", "maxLength": 100}, "A prefix."), CURSOR],
    ),
    ("POST", "/links/{share_id}"): (
        "Make, change, show again or revoke the link of a document.",
        links.LinkChange,
        links.LinkAnswer,
        [],
    ),
    ("POST", "/me/revoke-all"): (
        "Take everybody and every link from my documents, and everybody from my uploads.",
        None,
        links.Revoked,
        [CURSOR],
    ),
    ("GET", "/docs/{share_id}/receipt"): (
        "The receipt of a deletion, for the owner to keep.",
        None,
        links.Receipt,
        [],
    ),
    ("GET", "/audit"): (
        "Who did what, newest first; for administrators.",
        None,
        documents.AuditPage,
        [
            query("query", {"type": "string", "maxLength": 200}, "Words to find."),
            query("format", {"enum": ["json", "csv"], "default": "json"}, "As a value or a file."),
            CURSOR,
        ],
    ),
}

# They repeat what somebody sent, whatever it was; an audit entry may be of no document.
_ECHOES = {"DocumentResult", "RegisteredUpload", "AuditEntry"}

_LIMITS = {
    "DocumentActions.actions": {"minItems": 1, "maxItems": MAX_BATCH},
    "RegisterUploads.files": {"maxItems": MAX_BATCH},
    "CompleteUploads.uploads": {"minItems": 1, "maxItems": MAX_BATCH},
    "ShareChange.add": {"maxItems": 20},
    "ShareChange.remove": {"maxItems": 20},
}


def document() -> dict:
    """Return the OpenAPI document."""
    schemas: dict[str, dict] = {}
    paths: dict[str, dict] = {}
    for (method, path), (summary, request, answer, parameters) in ROUTES.items():
        in_path = [part[1:-1] for part in path.split("/") if part.startswith("{")]
        operation = {
            "summary": summary,
            "operationId": f"{method} {path}",
            "parameters": [
                *({"name": n, "in": "path", "required": True, "schema": ID} for n in in_path),
                *parameters,
            ],
            "responses": {
                "200": {
                    "description": "Done.",
                    "content": {"application/json": {"schema": reference(answer, schemas)}},
                },
                "default": {"$ref": "#/components/responses/Refused"},
            },
        }
        if path == "/audit":
            operation["responses"]["200"]["content"]["text/csv"] = {"schema": TEXT}
        if request is not None:
            operation["requestBody"] = {
                "required": True,
                "content": {"application/json": {"schema": reference(request, schemas)}},
            }
        paths.setdefault(path, {})[method.lower()] = operation
    refusal = reference(problems.Problem, schemas)
    schemas["Problem"]["properties"]["code"] = {
        "type": "string",
        "description": "Stable; a newer server may know more.",
        "examples": [code.value for code in Code],
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "MyDoc Transfer",
            "version": "1",
            "description": (
                "Errors are problem documents (RFC 9457) with a stable code. Times are RFC 3339 "
                "in UTC. A foreign document and an absent one are the same 404; 410 is said only "
                "to the owner and to people it was shared with."
            ),
        },
        "security": [{"idToken": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "securitySchemes": {
                "idToken": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "An ID token of the user pool.",
                }
            },
            "responses": {
                "Refused": {
                    "description": "Refused, and why.",
                    "content": {"application/problem+json": {"schema": refusal}},
                }
            },
            "schemas": dict(sorted(schemas.items())),
        },
    }


def reference(kind: type | None, schemas: dict[str, dict]) -> dict:
    """Return a reference to a contract type's schema, adding it and what it holds."""
    if kind is None:
        return {"type": "object"}
    if kind.__name__ not in schemas:
        schemas[kind.__name__] = {}
        schemas[kind.__name__] = _schema(kind, schemas)
    return {"$ref": f"#/components/schemas/{kind.__name__}"}


def _schema(kind: type, schemas: dict[str, dict]) -> dict:
    if issubclass(kind, Enum):
        return {"type": "string", "enum": [member.value for member in kind]}
    hints = typing.get_type_hints(kind)
    properties, required = {}, []
    for field in dataclasses.fields(kind):
        found = _field(hints[field.name], schemas)
        is_id = field.name == "op_id" or (field.name == "share_id" and field.default != "")
        if is_id and found.get("type") and kind.__name__ not in _ECHOES:
            found = {**found, "pattern": ID["pattern"]}
        properties[field.name] = found | _LIMITS.get(f"{kind.__name__}.{field.name}", {})
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            required.append(field.name)
    schema = {"type": "object", "properties": properties}
    return {**schema, "required": required} if required else schema


def _field(kind, schemas: dict[str, dict]) -> dict:
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        (inner,) = (arg for arg in typing.get_args(kind) if arg is not type(None))
        found = _field(inner, schemas)
        if "$ref" in found:
            return {"anyOf": [found, {"type": "null"}]}
        return {**found, "type": [found["type"], "null"]}
    if origin is tuple:
        return {"type": "array", "items": _field(typing.get_args(kind)[0], schemas)}
    if dataclasses.is_dataclass(kind) or issubclass(kind, Enum):
        return reference(kind, schemas)
    if kind is int:
        return {"type": "integer", "minimum": -(2**63) + 1, "maximum": 2**63 - 1}
    return {str: {"type": "string"}, bool: {"type": "boolean"}}[kind]


def spelled() -> str:
    """Return the document as YAML."""
    head = "# Written by tests/contract/openapi.py from the contract; a test holds it to both.\n"
    plain = yaml.SafeDumper
    plain.ignore_aliases = lambda self, data: True  # the document repeats itself, plainly
    return head + yaml.dump(document(), Dumper=plain, sort_keys=False, allow_unicode=True)


if __name__ == "__main__":
    sys.stdout.write(spelled())
