"""What the original did wrong, each fault once, against the deployed API and its triggers.

A test is named after the fault; where the original's route does not exist here, it says so.
"""

import concurrent.futures
import json
import secrets
import urllib.error
import urllib.request
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.controllers import sharing
from chalicelib.refusals import Refused
from mydoctransfer_contract.documents import (
    AuditPage,
    DocumentPage,
    DocumentResults,
    Download,
    Me,
    PeoplePage,
    ShareChange,
)
from mydoctransfer_contract.uploads import CompletedUploads, RegisteredUploads
from tests.backend.fakes import World
from tests.backend.test_api import act, ask, new, op, publish, put, refused, share
from tests.backend.test_triggers import ask_download, bucket_name, versions
from tests.support.cloud import PASSWORD, Person
from tests.support.waiting import wait_for


@pytest.fixture
def bob(cloud):
    return cloud.person("Bob")


def listed(person, scope: str = "all") -> set[str]:
    page = ask(DocumentPage, person, "GET", f"/docs?scope={scope}")
    found, cursor = {d.share_id for d in page.documents}, page.cursor
    while cursor is not None:
        page = ask(DocumentPage, person, "GET", f"/docs?scope={scope}&cursor={cursor}")
        found, cursor = found | {d.share_id for d in page.documents}, page.cursor
    return found


def rewrite(cloud, person, **attributes) -> None:
    """Change the person's attributes as somebody does who has the pool's permission to."""
    cloud.boto3_client("cognito-idp").admin_update_user_attributes(
        UserPoolId=cloud.connection.user_pool_id,
        Username=person.email,
        UserAttributes=[{"Name": name, "Value": value} for name, value in attributes.items()],
    )


def expire(cloud, person, share_id: str) -> None:
    """Let a document's last second go by."""
    act(person, share_id, "extend", lifetime=1)
    body = {"action": "rename", "display_name": "late"}
    wait_for(
        lambda: (
            cloud.call("POST", f"/docs/{share_id}", person.token, {"op_id": op(), **body}).status
            == 410
        )
    )


def stray(cloud, key: str) -> None:
    cloud.boto3_client("s3").put_object(Bucket=bucket_name(cloud), Key=key, Body=b"planted")


def test_a_nickname_makes_no_administrator(cloud, person):
    """T12, T21: the role was the self-writable `nickname`."""
    rewrite(cloud, person, nickname="admin")
    person._token = (0.0, "")
    assert refused(person, "GET", "/audit").status == 403
    assert ask(Me, person, "GET", "/me").groups == ()


def test_the_owner_is_not_a_segment_of_the_key_the_uploader_chose(cloud, person, bob):
    """T28: a document was planted in somebody's list."""
    sub = ask(Me, person, "GET", "/me").sub
    files = {"files": [new(b"x", f"{sub}/planted.txt")]}
    registered = ask(RegisteredUploads, bob, "POST", "/uploads", files)
    key = registered.results[0].key
    assert ask(Me, bob, "GET", "/me").sub == key.split("/")[1]
    stolen = key.replace(key.split("/")[1], sub)
    with pytest.raises(Exception, match=r"AccessDenied|Forbidden"):
        put(cloud, registered.grant, stolen, b"x")
    stray(cloud, stolen)
    wait_for(lambda: not versions(cloud, stolen))
    assert listed(person) == set()


def test_a_changed_e_mail_sees_nobody_elses_documents(cloud, person):
    """T12: identity was the `email` claim."""
    document, eve = publish(person), cloud.person("Eve")
    where = {"UserPoolId": cloud.connection.user_pool_id, "Username": person.email}
    assert person.token and eve.token
    cloud.boto3_client("cognito-idp").admin_delete_user(**where)
    rewrite(cloud, eve, email=person.email, email_verified="true")
    eve.email, eve._token = person.email, (0.0, "")
    assert ask(Me, eve, "GET", "/me").person.email == person.email
    assert listed(eve) == set()
    assert refused(eve, "GET", f"/share/{document.share_id}").status == 404


@pytest.mark.parametrize("add", [["victim#A#B", "bad"], ["victim#A#B"], "victim", None, [None], {}])
def test_a_malformed_recipient_breaks_nobodys_list(person, bob, add):
    """T44: it broke the victim's and the owner's list for good."""
    document = publish(person)
    share(person, document.share_id, bob.email)
    body = {"op_id": op(), "add": add}
    assert refused(person, "POST", f"/share/{document.share_id}", body).status == 400
    assert listed(person) == listed(bob) == {document.share_id}


def test_an_expired_document_is_not_downloaded(cloud, person, bob):
    """R10: it was served until the sweep came."""
    document = publish(person)
    share(person, document.share_id, bob.email)
    expire(cloud, person, document.share_id)
    for somebody in (person, bob):
        assert refused(somebody, "GET", f"/share/{document.share_id}").code == "expired"


def test_a_download_link_outlives_neither_the_minute_nor_the_withdrawal(person, bob):
    """T32: a presigned link outlived unshare and expiry by up to an hour."""
    document = publish(person)
    share(person, document.share_id, bob.email)
    link = ask(Download, bob, "GET", f"/share/{document.share_id}")
    asked = dict(p.split("=", 1) for p in link.url.partition("?")[2].split("&"))
    assert int(asked.get("X-Amz-Expires", "61")) <= 60
    share(person, document.share_id, remove=(bob.email,))
    assert refused(bob, "GET", f"/share/{document.share_id}").status == 404
    act(person, document.share_id, "delete")
    with pytest.raises(urllib.error.HTTPError) as gone:
        urllib.request.urlopen(link.url)
    gone.value.close()


def test_a_file_name_injects_nothing_into_the_download_header(person):
    """T66: a second `filename=` was planted; names beyond Latin-1 could not be downloaded."""
    name = 'a"; filename="b.exe; ü漢'
    document = publish(person, b"x", "a.txt")
    act(person, document.share_id, "rename", display_name=name)
    link = ask(Download, person, "GET", f"/share/{document.share_id}")
    (header,) = parse_qs(urlsplit(link.url).query)["response-content-disposition"]
    header.encode("ascii")
    assert header.count('"') == 2
    names = [part.strip().partition("=")[0] for part in header.split(";")]
    assert names == ["attachment", "filename", "filename*"]
    assert ask_download(person, document.share_id) == b"x"


@pytest.mark.parametrize(
    "name", ["../../.ssh/authorized_keys", "..", "a/b", "", None, {"a": 1}, 7, ["x"], "a\x00b"]
)
def test_a_name_that_is_a_path_or_no_text_is_not_stored(person, name):
    """T45, T58: an object, null and a path into `.ssh` were stored."""
    document = publish(person)
    body = {"op_id": op(), "action": "rename", "display_name": name}
    code = refused(person, "POST", f"/docs/{document.share_id}", body).code
    assert code == ("name_refused" if isinstance(name, str) else "invalid_request")
    page = ask(DocumentPage, person, "GET", "/docs")
    assert [d.display_name for d in page.documents] == ["a.txt"]


def test_a_refused_recipient_is_refused_in_any_spelling():
    """T50: letter case got round the policy. The deployed policy refuses nobody: over the fakes."""
    world = World(refused_recipients=("spy@example.org", "evil.example"))
    ada, spy = world.person(), world.person("Spy", email="spy@example.org")
    document = world.publish(ada)
    for email in ("spy@example.org", "SPY@Example.ORG", " Spy@example.org ", "x@EVIL.example"):
        with pytest.raises(Refused) as refusal:
            sharing.share(
                world.parts, ada, world.now, document.share_id, ShareChange(op(), (email,))
            )
        assert refusal.value.problem.code == "recipient_refused", email
    assert f"P#{spy.sub}" not in {key.pk for key in world.rows("SHR#")}


def test_the_directory_is_searched_by_pages_with_an_escaped_filter(person, bob):
    """T37: anybody listed the first 60 addresses, and a quote went into the filter."""
    found = ask(PeoplePage, person, "GET", f"/share/users?query={bob.email}").users
    assert [p.email for p in found] == [bob.email]
    assert ask(PeoplePage, person, "GET", "/share/users?query=%22%20or%20email^=%22").users == ()


def test_a_failure_shows_no_trace_and_no_foreign_page_may_ask(cloud, person):
    """T53, T54: debug was on, CORS was `*` with credentials."""
    for path in ("/docs?cursor=%00", "/share/nonsense", "/nothing", "/docs/changes?since=x"):
        answer = cloud.call("GET", path, person.token)
        assert answer.status < 500
        assert "Traceback" not in answer.text and 'File "' not in answer.text
        assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("key", ["incoming/nobody/x", "incoming/a/b/c/d/e", "incoming//x"])
def test_an_odd_arrival_takes_no_published_document_with_it(cloud, person, key):
    """T29: an unknown owner or a nested key moved the bytes, deleted them, and crashed."""
    document = publish(person, b"kept")
    stray(cloud, key + secrets.token_hex(4))
    wait_for(lambda: not versions(cloud, key))
    assert ask_download(person, document.share_id) == b"kept"


def test_nobody_loses_sight_of_a_document_and_none_outlives_its_end_for_being_one_of_many(
    cloud, person
):
    """T48: beyond the first page of a scan nothing expired and owners did not find their own."""
    files = [new(b"%d" % n, f"many/{n}") for n in range(100)] + [new(b"x", "more")]
    made = []
    for some in (files[:100], files[100:]):
        answer = ask(RegisteredUploads, person, "POST", "/uploads", {"files": some})
        for result, file in zip(answer.results, some, strict=True):
            name = file["path"].rpartition("/")[2]
            put(cloud, answer.grant, result.key, b"x" if name == "more" else name.encode())
        uploads = [
            {"upload_id": r.upload_id, "size": f["size"], "sha256": f["sha256"]}
            for r, f in zip(answer.results, some, strict=True)
        ]
        done = ask(CompletedUploads, person, "POST", "/uploads/complete", {"uploads": uploads})
        made += [result.document.share_id for result in done.results]
    assert listed(person, "mine") == set(made)
    short = {"action": "extend", "lifetime": 1}
    for some in (made[:100], made[100:]):
        actions = [{"op_id": op(), "share_id": share_id, **short} for share_id in some]
        ask(DocumentResults, person, "POST", "/docs", {"actions": actions})

    def buried() -> bool:
        cloud.sweep()
        paths = [f"/docs/{made[n]}/receipt" for n in (0, 50, 99, 100)]
        return all(cloud.call("GET", path, person.token).status == 200 for path in paths)

    wait_for(buried)
    assert listed(person, "mine") == set()


def test_nothing_is_copied_so_that_nothing_is_too_large(cloud, person):
    """T42, C04: one copy request moved nothing above 5 GB and fired the trigger on its copy."""
    document = publish(person, b"where it was put")
    key = versions(cloud, f"incoming/{ask(Me, person, 'GET', '/me').sub}/")
    assert [v["Size"] for v in key] == [document.size]
    huge = {**new(b"", "huge"), "size": 6 * 1024**3, "sha256": None}
    answer = ask(RegisteredUploads, person, "POST", "/uploads", {"files": [huge]})
    assert answer.results[0].problem is None


def test_an_event_that_comes_twice_changes_nothing(cloud, person):
    """T34: duplicates raised, or inserted the document twice."""
    document = publish(person, b"once", "once.txt")
    (version,) = versions(cloud, f"incoming/{ask(Me, person, 'GET', '/me').sub}/")
    event = {"bucket": {"name": bucket_name(cloud)}}
    event["object"] = {"key": version["Key"], "versionId": version["VersionId"], "size": 4}
    payload = json.dumps({"Records": [{"eventName": "ObjectCreated:Put", "s3": event}] * 2})
    for _ in range(2):
        answer = cloud.boto3_client("lambda").invoke(
            FunctionName=cloud.function("Arrivals"), Payload=payload.encode()
        )
        assert "FunctionError" not in answer
    assert listed(person) == {document.share_id}
    assert ask_download(person, document.share_id) == b"once"


def test_two_uploads_of_one_name_do_not_collide(person, bob):
    first, second = publish(person, b"one", "x/a.txt"), publish(person, b"two", "y/a.txt")
    third = publish(bob, b"three", "x/a.txt")
    assert ask_download(person, first.share_id) == b"one"
    assert ask_download(person, second.share_id) == b"two"
    assert ask_download(bob, third.share_id) == b"three"


def test_one_bad_row_stops_neither_a_list_nor_the_sweep(cloud, person):
    """T56, T44: it aborted the whole run."""
    bad, good = publish(person, b"bad", "bad"), publish(person, b"good", "good")
    dynamo, table = cloud.boto3_client("dynamodb"), cloud.stack_outputs("data")["MainTableName"]
    sub = ask(Me, person, "GET", "/me").sub
    row = {"pk": {"S": f"P#{sub}"}, "sk": {"S": f"DOC#{bad.share_id}"}}
    act(person, bad.share_id, "extend", lifetime=1)
    dynamo.update_item(
        TableName=table,
        Key=row,
        UpdateExpression="SET body = :b",
        ExpressionAttributeValues={":b": {"S": "no JSON"}},
    )
    assert listed(person) == {good.share_id}
    act(person, good.share_id, "extend", lifetime=1)

    def buried() -> bool:
        cloud.sweep()
        return ask_receipt(cloud, person, good.share_id)

    wait_for(buried)
    dynamo.delete_item(TableName=table, Key=row)


def ask_receipt(cloud, person, share_id: str) -> bool:
    return cloud.call("GET", f"/docs/{share_id}/receipt", person.token).status == 200


def test_what_an_extension_promised_the_sweep_does_not_take(cloud, person):
    """R11: extend raced the sweep."""
    for number in range(3):
        document = publish(person, b"x", f"{number}")
        act(person, document.share_id, "extend", lifetime=1)
        body = {"op_id": op(), "action": "extend", "lifetime": 3600}
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            swept = pool.submit(cloud.sweep)
            answer = cloud.call("POST", f"/docs/{document.share_id}", person.token, body)
            swept.result()
        cloud.sweep()
        assert answer.status in (200, 410)
        assert (document.share_id in listed(person)) == (answer.status == 200)


def test_a_dead_link_is_404_and_a_refusal_is_no_200(person, bob):
    """T26, T25: a dead link gave 500, a refusal 200 with "Forbidden" in the body."""
    assert refused(person, "GET", f"/share/{'0' * 32}").status == 404
    document = publish(person)
    share(person, document.share_id, bob.email)
    body = {"op_id": op(), "action": "delete"}
    assert refused(bob, "POST", f"/docs/{document.share_id}", body).status == 403
    assert refused(person, "POST", f"/share/{document.share_id}", []).status == 400


def test_somebody_without_a_given_name_is_served(cloud):
    """T13: gave 500."""
    pool = cloud.connection.user_pool_id
    nameless = Person(cloud, f"{secrets.token_hex(4)}@example.org", "", "", PASSWORD)
    users, named = cloud.boto3_client("cognito-idp"), {"UserPoolId": pool}
    named["Username"] = nameless.email
    verified = {"email": nameless.email, "email_verified": "true"}
    users.admin_create_user(
        **named,
        UserAttributes=[{"Name": n, "Value": v} for n, v in verified.items()],
        MessageAction="SUPPRESS",
    )
    users.admin_set_user_password(**named, Password=PASSWORD, Permanent=True)
    assert ask(Me, nameless, "GET", "/me").person.email == nameless.email
    assert publish(nameless).share_id in listed(nameless)


def test_a_share_survives_a_change_of_name(cloud, person, bob):
    """`email#name#surname` was the identity of a share."""
    document = publish(person)
    share(person, document.share_id, bob.email)
    rewrite(cloud, bob, given_name="Robert", family_name="Brown")
    bob._token = (0.0, "")
    assert listed(bob) == {document.share_id}
    assert ask_download(bob, document.share_id) == b"hello"


def test_sharing_with_one_more_takes_nobody_away(cloud, person, bob):
    """Sharing replaced the list."""
    document, carol = publish(person), cloud.person("Carol")
    share(person, document.share_id, bob.email)
    after = share(person, document.share_id, carol.email)
    assert {p.email for p in after.people} == {bob.email, carol.email}


def test_every_time_says_that_it_is_utc(person):
    document = publish(person)
    for spelled in (document.uploaded_at, document.expires_at):
        assert spelled.endswith("Z")


def test_the_audit_says_what_happened_when_it_happened_and_loses_nothing(cloud, person, bob):
    """T57: entries overwrote each other; "downloaded" stood there before anything was; denials
    were missing."""
    document = publish(person)
    share(person, document.share_id, bob.email)
    eve, root = cloud.person("Eve"), cloud.person("Root", admin=True)
    assert eve.token and bob.token

    def look(_: int) -> None:
        ask(Download, bob, "GET", f"/share/{document.share_id}")

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(look, range(8)))
    refused(eve, "GET", f"/share/{document.share_id}")
    found = [
        e.action for e in ask(AuditPage, root, "GET", f"/audit?query={document.share_id}").entries
    ]
    assert found.count("download link issued") == 8
    assert found.count("denied") == 1
    assert "downloaded" not in found
