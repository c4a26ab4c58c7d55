"""What the emulator remembers is what it would have worked out."""

import copy
import json
import os
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from ministack.core import iam_actions, iam_evaluator, persistence
from ministack.core.responses import AccountRegionScopedDict
from ministack.services import dynamodb, s3

from mydoctransfer_cloud.localcloud import remembering

POLICY = {"Statement": {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "a/*"}}


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The changes, taken back after the test."""
    for module, name in (
        (iam_actions, "dynamodb_transaction_checks"),
        (iam_actions, "json"),
        (iam_evaluator, "request_caller_arn"),
        (iam_evaluator, "parse_policy_document"),
        (iam_evaluator, "os"),
        (dynamodb, "json"),
        (dynamodb, "_condition_syntax_error"),
        (dynamodb, "_tokenize"),
        (dynamodb, "copy"),
        (s3, "os"),
        (persistence, "json"),
        (s3, "_fire_s3_event_async"),
    ):
        monkeypatch.setattr(module, name, getattr(module, name))
    remembering.prepare()


@pytest.mark.usefixtures("prepared")
def test_each_policy_is_its_own_whether_it_comes_as_text_or_as_a_map() -> None:
    other = json.dumps(POLICY).replace("a/*", "b/*")
    for _ in range(2):
        (first,) = iam_evaluator.parse_policy_document(json.dumps(POLICY))
        (second,) = iam_evaluator.parse_policy_document(other)
        (third,) = iam_evaluator.parse_policy_document(POLICY)
        assert (first.resources, second.resources, third.resources) == (["a/*"], ["b/*"], ["a/*"])


@pytest.mark.usefixtures("prepared")
def test_a_condition_that_is_wrong_is_wrong_each_time_and_the_values_are_looked_at_anew() -> None:
    item = {"state": {"S": "open"}}
    for _ in range(2):
        for value, is_so in (("open", True), ("done", False)):
            values = {":v0": {"S": value}}
            found = dynamodb._evaluate_condition("#n0 = :v0", item, values, {"#n0": "state"})
            assert found is is_so
        with pytest.raises(ValueError, match="Syntax error"):
            dynamodb._evaluate_condition("#n0 = = :v0", item, {":v0": {"S": "x"}}, {"#n0": "state"})


@pytest.mark.usefixtures("prepared")
def test_a_transaction_is_allowed_or_not_by_all_that_it_does_in_each_table() -> None:
    rows = [
        {does: {"TableName": table}}
        for does, table in (
            ("Put", "main"),
            ("Put", "main"),
            ("Update", "main"),
            ("Put", "audit"),
            ("Put", "main"),
            ("ConditionCheck", "audit"),
        )
    ]
    body = json.dumps({"TransactItems": rows}).encode()
    action = "dynamodb:TransactWriteItems"
    checks = iam_actions.dynamodb_transaction_checks(action, body, "eu-central-1", "1")
    table = "arn:aws:dynamodb:eu-central-1:1:table/"
    assert checks == [
        ("dynamodb:PutItem", f"{table}main"),
        ("dynamodb:UpdateItem", f"{table}main"),
        ("dynamodb:PutItem", f"{table}audit"),
        ("dynamodb:ConditionCheckItem", f"{table}audit"),
    ]


@pytest.mark.usefixtures("prepared")
def test_each_request_is_allowed_or_not_by_its_own_body() -> None:
    table = "arn:aws:dynamodb:eu-central-1:1:table/"
    bodies = [json.dumps({"TableName": name}).encode() for name in ("main", "audit")]
    for body in (*bodies, b"{", b"", *bodies):
        for _ in range(2):
            arns = iam_actions.dynamodb_resource_arns(body, "eu-central-1", "1")
            assert arns == [f"{table}{json.loads(body)['TableName']}" for _ in body[2:3]]


@pytest.mark.usefixtures("prepared")
def test_a_body_is_parsed_once_for_all_who_ask_whether_it_is_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parsed: list[bytes] = []
    loads = json.loads
    monkeypatch.setattr(
        remembering.json, "loads", lambda text: (parsed.append(text), loads(text))[1]
    )
    body = json.dumps({"TransactItems": [{"Put": {"TableName": "main"}}]}).encode()
    iam_actions.dynamodb_resource_arns(body, "eu-central-1", "1")
    iam_actions.dynamodb_service_context(body)
    assert iam_actions.dynamodb_transaction_checks(
        "dynamodb:TransactWriteItems", body, "eu-central-1", "1"
    )
    assert parsed == [body]


@pytest.mark.usefixtures("prepared")
def test_who_carries_a_request_out_has_its_body_for_himself() -> None:
    body = json.dumps({"TableName": "main", "Item": {"pk": {"S": "a"}}}).encode()
    assert iam_actions.dynamodb_resource_arns(body, "eu-central-1", "1")
    for _ in range(2):  # the same bytes again are another request
        taken = dynamodb.json.loads(body)
        assert taken == json.loads(body)
        taken["Item"].clear()
    with pytest.raises(dynamodb.json.JSONDecodeError):
        dynamodb.json.loads(b"{")


def test_which_key_is_the_roots_is_known_from_the_start(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDROOT")
    request.getfixturevalue("prepared")
    known = [iam_evaluator.is_root_access_key(key) for key in ("AKIDROOT", "AKIDANNA")]
    assert known == [True, False]


def test_a_key_is_looked_up_once_for_its_name_but_not_before_it_is_known() -> None:
    names = {"AKIDANNA": "arn:aws:iam::1:user/anna"}
    asked: list[str] = []

    def named(headers: dict[str, str], query: object = None) -> str:
        key = headers["authorization"].split("=")[1].split("/")[0]
        asked.append(key)
        return names.get(key, "arn:aws:iam::1:root")

    caller = remembering._remembered_by_key(named)

    def ask(key: str) -> str:
        return caller({"authorization": f"AWS4-HMAC-SHA256 Credential={key}/20261126/r/s3/x"})

    assert [ask("AKIDANNA"), ask("AKIDBEN"), ask("AKIDANNA")] == [
        names["AKIDANNA"], "arn:aws:iam::1:root", names["AKIDANNA"],
    ]  # fmt: skip
    names["AKIDBEN"] = "arn:aws:iam::1:user/ben"
    assert [ask("AKIDBEN"), ask("AKIDBEN")] == [names["AKIDBEN"]] * 2
    assert asked == ["AKIDANNA", "AKIDBEN", "AKIDBEN"]


@pytest.mark.usefixtures("prepared")
def test_who_changes_the_words_of_a_condition_changes_his_own() -> None:
    before = list(dynamodb._tokenize("#n0 = :v0"))
    dynamodb._tokenize("#n0 = :v0").clear()
    assert dynamodb._tokenize("#n0 = :v0") == before != []


@pytest.mark.usefixtures("prepared")
def test_what_happens_in_a_bucket_is_told_once_in_order_and_only_where_somebody_listens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[tuple[Any, ...]] = []
    monkeypatch.setattr(s3, "_bucket_notifications", {"ours": "<xml/>"})
    monkeypatch.setattr(s3, "_fire_s3_event", lambda *what, **more: told.append((*what, more)))
    for bucket in ("ours", "other", "ours"):
        s3._fire_s3_event_async(bucket, "key", "s3:ObjectCreated:Put", size=3, version_id="v")
    assert [(bucket, key, event) for bucket, key, event, _ in told] == [
        ("ours", "key", "s3:ObjectCreated:Put")
    ] * 2
    first, second = (more for *_, more in told)
    assert first["size"] == 3 and first["version_id"] == "v"
    assert first["sequencer"] < second["sequencer"]


@pytest.mark.usefixtures("prepared")
def test_a_row_is_copied_whole_and_nothing_of_it_is_shared() -> None:
    row = {"a": {"S": "x"}, "m": {"M": {"l": {"L": [{"N": "1"}, {"BOOL": True}, {"NULL": None}]}}}}
    for value in (row, defaultdict(dict, {"x": row}), [row, (row,)], {"set": {"SS": {"a", "b"}}}):
        before = copy.deepcopy(value)
        made = dynamodb.copy.deepcopy(value)
        assert made == before
        assert type(made) is type(value)
    made = dynamodb.copy.deepcopy(row)
    made["m"]["M"]["l"]["L"][0]["N"] = "2"
    assert row["m"]["M"]["l"]["L"][0] == {"N": "1"}


def test_what_is_saved_is_what_was_saved_before(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tables = AccountRegionScopedDict()
    tables.set_scoped("1", "eu-central-1", "main", {"b": b"\x00\xff", "t": ("ä", 1)})
    monkeypatch.setattr(persistence, "PERSIST_STATE", True)
    monkeypatch.setattr(persistence, "STATE_DIR", str(tmp_path))
    persistence.save_state("dynamodb", {"tables": tables})
    request.getfixturevalue("prepared")
    persistence.save_state("other", {"tables": tables})
    before, after = (tmp_path / f"{name}.json" for name in ("dynamodb", "other"))
    assert json.loads(after.read_text())["payload"] == json.loads(before.read_text())["payload"]
    saved = persistence.load_state("other")
    assert saved is not None and saved["tables"].get_scoped("1", "eu-central-1", "main")["b"] == (
        b"\x00\xff"
    )


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="links are made here")
@pytest.mark.usefixtures("prepared")
def test_a_key_is_kept_out_of_where_a_link_leads_also_when_the_link_is_made_later(
    tmp_path: Path,
) -> None:
    base, elsewhere = tmp_path / "bucket", tmp_path / "elsewhere"
    (base / "incoming").mkdir(parents=True)
    elsewhere.mkdir()
    lies = base / "incoming" / "a"
    assert s3._key_disk_path(str(base), "incoming/a") == os.path.realpath(lies)
    lies.symlink_to(elsewhere)
    (base / "out").symlink_to(elsewhere)
    for key in ("incoming/a", "out/a", "../elsewhere/a"):
        assert ".ministack-keys" in (s3._key_disk_path(str(base), key) or "")
