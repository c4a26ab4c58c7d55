"""What passes botocore as it is, is what botocore would have made of it."""

import json
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError

from chalicelib.connectors import verbatim

ROW = {
    "pk": {"S": "P#\u00fc\U0001f600"},
    "n": {"N": "12"},
    "live": {"BOOL": True},
    "none": {"NULL": True},
    "people": {"M": {"anna": {"L": [{"S": "x"}, {"M": {}}]}}},
}
ITEMS = [{"Put": {"TableName": "main", "Item": ROW, "ConditionExpression": "attribute_exists(a)"}}]
READ = {"Responses": {"main": [ROW, ROW]}, "UnprocessedKeys": {}}


class Body:
    def __init__(self, text: bytes) -> None:
        self._text = text

    def stream(self, **_: Any) -> Any:
        yield self._text


class Answering:
    """DynamoDB, answering always the same; `asked` has what it was sent."""

    def __init__(self, is_ours: bool, status: int, answer: Any) -> None:
        self.asked: list[Any] = []
        self._answer = (status, json.dumps(answer).encode())
        keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
        self.client: Any = boto3.client("dynamodb", region_name="us-east-1", **keys)
        if is_ours:
            verbatim.register(self.client.meta.events)
        self.client.meta.events.register("before-send.dynamodb", self._send)

    def _send(self, request: Any, **_: Any) -> AWSResponse:
        self.asked.append((request.headers["Content-Length"], json.loads(request.body)))
        assert int(request.headers["Content-Length"]) == len(request.body)
        status, text = self._answer
        return AWSResponse(request.url, status, {}, Body(text))


def test_a_transaction_asks_for_the_same_with_a_token_of_its_own_and_leaves_its_items_alone() -> (
    None
):
    sent = []
    for is_ours in (False, True):
        dynamo = Answering(is_ours, 200, {})
        for _ in range(2):
            dynamo.client.transact_write_items(TransactItems=ITEMS)
        tokens = {body.pop("ClientRequestToken") for _, body in dynamo.asked}
        assert len(tokens) == 2
        sent.append(dynamo.asked)
    assert [body for _, body in sent[0]] == [body for _, body in sent[1]]
    assert sent[1][0][1] == {"TransactItems": ITEMS}


def test_rows_that_are_read_are_the_same() -> None:
    answers = []
    for is_ours in (False, True):
        dynamo = Answering(is_ours, 200, READ)
        answer = dynamo.client.batch_get_item(RequestItems={"main": {"Keys": [{"pk": {"S": "x"}}]}})
        answers.append({name: answer[name] for name in READ})
    assert answers[0] == answers[1] == READ


def test_a_cancelled_transaction_says_why_and_a_refused_reading_is_an_error() -> None:
    reasons = [{"Code": "ConditionalCheckFailed", "Item": ROW}]
    kind = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException"
    cancelled = {"__type": kind, "Message": "no", "CancellationReasons": reasons}
    dynamo = Answering(True, 400, cancelled)
    with pytest.raises(dynamo.client.exceptions.TransactionCanceledException) as told:
        dynamo.client.transact_write_items(TransactItems=ITEMS)
    assert told.value.response["CancellationReasons"] == reasons
    dynamo = Answering(True, 400, {"__type": "x#AccessDeniedException", "message": "no"})
    with pytest.raises(ClientError, match="AccessDenied"):
        dynamo.client.batch_get_item(RequestItems={"main": {"Keys": [{"pk": {"S": "x"}}]}})
