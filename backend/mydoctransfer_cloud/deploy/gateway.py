"""What the gateway itself answers, before any of our code runs, said in the API's own form.

A missing or wrong token, a path that is not there, a request too large or too many: everywhere else
a refusal is `application/problem+json` with a stable `code`, so here too. It stands in the API's
description, so that a deployment takes it along and an update does not lose it.
"""

import json
from typing import Any

from mydoctransfer_contract.codec import encode
from mydoctransfer_contract.problems import STATUS, Code, Problem

EXTENSION = "x-amazon-apigateway-gateway-responses"

_ANSWERS = {
    "UNAUTHORIZED": (Code.UNAUTHENTICATED, "Sign in again."),
    # API Gateway's name for a path or method it does not have.
    "MISSING_AUTHENTICATION_TOKEN": (Code.NOT_FOUND, "There is nothing at this address."),
    "ACCESS_DENIED": (Code.FORBIDDEN, "This is not allowed."),
    "REQUEST_TOO_LARGE": (Code.TOO_LARGE, "The request is too large."),
    "THROTTLED": (Code.TOO_MANY_REQUESTS, "Too many requests. Try again in a moment."),
    "DEFAULT_4XX": (Code.INVALID_REQUEST, "The request is not understood."),
    "DEFAULT_5XX": (Code.INTERNAL, "Something went wrong on our side. Try again in a moment."),
}


def answers() -> dict[str, Any]:
    """Return what stands under EXTENSION in the API's description."""
    return {kind: _answer(code, title) for kind, (code, title) in _ANSWERS.items()}


def _answer(code: Code, title: str) -> dict[str, Any]:
    problem = Problem(code.value, title, STATUS[code])
    return {
        "statusCode": str(STATUS[code]),
        "responseParameters": {
            "gatewayresponse.header.Content-Type": "'application/problem+json'",
            "gatewayresponse.header.Cache-Control": "'no-store'",
        },
        "responseTemplates": {"application/json": json.dumps(encode(problem))},
    }
