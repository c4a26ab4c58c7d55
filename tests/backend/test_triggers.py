"""Arrivals and the sweep as deployed: real events of the real bucket, the real function."""

import json
import re
import secrets
import time

import pytest
from botocore.exceptions import ClientError

from mydoctransfer_contract.documents import DocumentPage
from mydoctransfer_contract.links import Receipt
from mydoctransfer_contract.uploads import RegisteredUploads
from tests.backend.test_api import act, ask, new, publish, put, refused, share
from tests.support.waiting import wait_for


def bucket_name(cloud) -> str:
    return cloud.stack_outputs("data")["BucketName"]


def versions(cloud, prefix: str) -> list:
    s3 = cloud.boto3_client("s3")
    page = s3.list_object_versions(Bucket=bucket_name(cloud), Prefix=prefix)
    return [*page.get("Versions", []), *page.get("DeleteMarkers", [])]


def test_what_nobody_registered_disappears_from_the_bucket(cloud, person):
    """T38, T28."""
    key = f"incoming/{secrets.token_hex(8)}/stray"
    cloud.boto3_client("s3").put_object(Bucket=bucket_name(cloud), Key=key, Body=b"stray")
    wait_for(lambda: not versions(cloud, key))


def test_more_than_declared_disappears_and_blocks_further_grants(cloud):
    """T38."""
    greedy = cloud.person("Greedy")
    registered = ask(RegisteredUploads, greedy, "POST", "/uploads", {"files": [new(b"x", "x")]})
    result = registered.results[0]
    put(cloud, registered.grant, result.key, b"x" * 1000)
    wait_for(lambda: not versions(cloud, result.key))

    def blocked():
        files = {"files": [new(b"y", "y")]}
        return cloud.call("POST", "/uploads", greedy.token, files).status == 403

    wait_for(blocked)
    assert refused(greedy, "POST", "/uploads", {"files": [new(b"z", "z")]}).code == (
        "grants_blocked"
    )


@pytest.mark.parametrize("logical_id", ["Arrivals", "Sweep"])
def test_an_odd_event_ends_in_no_exception_and_leaves_no_content_in_the_log(cloud, logical_id):
    """T34, T88: whoever may invoke the function hands it anything."""
    canary = f"canary{secrets.token_hex(6)}"
    told = {"key": f"{canary}%ff", "versionId": canary, "size": canary}
    odd = [
        {}, [], canary, None, {"Records": canary}, {"Records": [None, {}, [], canary]},
        {"Records": [{"s3": {"bucket": {"name": canary}, "object": told}}]},
        {"Records": [{"s3": {"bucket": {"name": canary}, "object": told | {"size": 5}}}]},
        {"detail-type": canary, "source": [canary], "time": 0},
    ]  # fmt: skip
    functions = cloud.boto3_client("lambda")
    for event in odd:
        answer = functions.invoke(
            FunctionName=cloud.function(logical_id), Payload=json.dumps(event).encode()
        )
        assert "FunctionError" not in answer, answer["Payload"].read()
    logged = wait_for(lambda: cloud.logs(logical_id))
    assert not [line for line in logged if canary in line]


def test_a_published_document_survives_its_own_events(cloud, person):
    """T42."""
    document = publish(person, b"kept", "kept.txt")
    publish(person, b"kept again", "kept.txt", share_id=document.share_id)
    cloud.sweep()
    page = ask(DocumentPage, person, "GET", "/docs?scope=mine")
    assert [(d.share_id, d.version) for d in page.documents] == [(document.share_id, 2)]
    link = ask_download(person, document.share_id)
    assert link == b"kept again"


def ask_download(person, share_id: str) -> bytes:
    import urllib.request

    url = person.cloud.call("GET", f"/share/{share_id}", person.token).json["url"]
    with urllib.request.urlopen(url) as response:
        return response.read()


def test_downloads_without_end_raise_an_alarm(cloud, person):
    """T89: the API writes down what it offers, a metric adds it up, an alarm looks at the sum."""
    began_ms = time.time_ns() // 1_000_000
    content = secrets.token_bytes(4096 + secrets.randbelow(4096))  # no other document's size
    document = publish(person, content, "offered.txt")
    ask_download(person, document.share_id)
    group = f"/aws/lambda/{cloud.function('APIHandler')}"
    found = cloud.boto3_client("logs").describe_metric_filters(logGroupName=group)["metricFilters"]
    (metric,) = found
    (event,) = re.findall(r"^\{ \$\.event = \"(\w+)\" \}$", metric["filterPattern"])
    (change,) = metric["metricTransformations"]
    value = change["metricValue"].removeprefix("$.")

    def offered():
        """Several processes of the function write, each when it comes to it."""
        lines = cloud.logs("APIHandler", began_ms)
        logged = [json.loads(line) for line in lines if line.startswith("{")]
        return [line[value] for line in logged if line.get("event") == event]

    wait_for(lambda: len(content) in offered(), explain=lambda: f"no {len(content)}: {offered()}")

    cloudwatch = cloud.boto3_client("cloudwatch")
    series = {"Namespace": change["metricNamespace"]}
    name = change["metricName"]
    (alarm,) = cloudwatch.describe_alarms_for_metric(MetricName=name, **series)["MetricAlarms"]
    hundred_gib = 100 * 1024**3
    for more, state in ((hundred_gib, "OK"), (1, "ALARM")):
        said = {"MetricName": name, "Value": more, "Unit": "Bytes"}
        cloudwatch.put_metric_data(MetricData=[said], **series)
        (now,) = cloudwatch.describe_alarms(AlarmNames=[alarm["AlarmName"]])["MetricAlarms"]
        assert now["StateValue"] == state


def test_the_deployed_sweep_buries_what_expired_and_signs_the_receipt(cloud, person):
    bob = cloud.person("Bob")
    document = publish(person, b"short-lived", "short.txt")
    share(person, document.share_id, bob.email)
    act(person, document.share_id, "extend", lifetime=1)

    def signed() -> bool:
        cloud.sweep()
        answer = cloud.call("GET", f"/docs/{document.share_id}/receipt", person.token)
        return answer.status == 200 and answer.json["objects_gone_at"] is not None

    wait_for(signed)
    receipt = ask(Receipt, person, "GET", f"/docs/{document.share_id}/receipt")
    assert receipt.state.value == "expired"
    assert receipt.objects_gone_at is not None
    assert [p.email for p in receipt.people] == [bob.email]

    def told() -> int:
        """What a function has written is read when it is called the next time."""
        cloud.sweep()
        lines = [json.loads(line) for line in cloud.logs("Sweep") if '"swept"' in line]
        return sum(line["expired"] for line in lines)

    wait_for(lambda: told() >= 1)
    gone = ask(DocumentPage, bob, "GET", "/docs?scope=shared&gone=true").documents
    assert [d.share_id for d in gone] == [document.share_id]
    assert ask(DocumentPage, bob, "GET", "/docs?scope=shared").documents == ()


def test_logs_carry_no_name_address_token_or_signature(cloud):
    """T88, T70, T33: canaries planted in everything a person can say, read back from every log."""
    canary = f"canary{secrets.token_hex(6)}"
    spy = cloud.person(canary, canary)
    document = publish(spy, canary.encode(), f"{canary}.txt", host=canary)
    ask_download(spy, document.share_id)
    cloud.call("POST", f"/docs/{document.share_id}", spy.token, {"op_id": canary})
    cloud.call("GET", f"/share/users?query={canary}", spy.token)
    cloud.call("POST", "/docs", spy.token, {"actions": [{"op_id": canary, "action": canary}]})
    logs = cloud.boto3_client("logs")
    signature = spy.token.rsplit(".", 1)[1]
    lines = 0
    for group in logs.describe_log_groups()["logGroups"]:
        try:
            events = logs.filter_log_events(logGroupName=group["logGroupName"])["events"]
        except ClientError:
            continue
        for event in events:
            lines += 1
            for secret in (canary, spy.email, signature, "X-Amz-Signature", "Authorization"):
                assert secret not in event["message"]
    if not lines:
        pytest.fail("no log was read")
