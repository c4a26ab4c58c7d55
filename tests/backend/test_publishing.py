"""Registering and completing uploads, over the stateful fakes."""

import zlib

import pytest

from chalicelib.connectors.ports import Key
from chalicelib.controllers import uploads
from chalicelib.controllers.acting import act
from chalicelib.refusals import Refused
from chalicelib.rows import claim_key, document_key, upload_key
from mydoctransfer.engine.execution import small
from mydoctransfer_contract.checksums import composite_crc32
from mydoctransfer_contract.documents import ActionKind, DocumentAction, DocumentState
from mydoctransfer_contract.uploads import SINGLE_PUT_MAX, CompleteUpload
from tests.backend.fakes import START, World, op, sha256


def registered(world, who, data=b"hello", **more):
    file = world.new(data, **more)
    return file, world.register(who, file)


def test_a_completed_upload_is_a_live_document_whose_clock_starts_at_completion():
    """R10: queueing offline burns no lifetime."""
    world = World()
    ada = world.person()
    file, answer = registered(world, ada, lifetime=3600)
    world.objects.put(answer.results[0].key, b"hello")
    world.now += 5_000_000
    done = world.complete(
        ada, CompleteUpload(answer.results[0].upload_id, 5, sha256(b"hello"))
    ).results[0]
    assert done.document.state is DocumentState.LIVE
    stored = world.stored(document_key(ada.sub, done.document.share_id))
    assert stored["expires_at"] == START + 5_000_000 + 3_600_000
    assert stored["vid"] == "v1"
    assert file.path == done.document.path
    assert world.audited() == ["uploaded"]


def test_the_key_is_minted_by_the_server_under_the_owners_grant():
    """T28, T29, T92: nothing the client names becomes part of the key."""
    world = World()
    ada = world.person()
    _, answer = registered(world, ada, path="deep/x")
    result = answer.results[0]
    assert result.key == f"incoming/{ada.sub}/{answer.grant.grant_id}/{result.upload_id}"
    assert world.grants.minted == [(ada.sub, answer.grant.prefix)]
    assert result.key.startswith(answer.grant.prefix)


def test_registering_again_returns_the_same_upload_and_reserves_once():
    """Invariant I17."""
    world = World()
    ada = world.person()
    file = world.new()
    first = world.register(ada, file)
    again = world.register(ada, file)
    assert again.results[0].upload_id == first.results[0].upload_id
    assert again.results[0].grant_id == first.grant.grant_id
    assert again.grant is None
    (quota,) = world.rows("DAY#")
    assert world.store.tables[quota]["bytes"] == 5


def test_registering_a_completed_upload_again_returns_its_document():
    world = World()
    ada = world.person()
    file, answer = registered(world, ada)
    world.objects.put(answer.results[0].key, b"hello")
    done = world.complete(ada, CompleteUpload(answer.results[0].upload_id, 5, file.sha256))
    again = world.register(ada, file)
    assert again.results[0].document == done.results[0].document
    assert again.grant is None


def test_completing_again_gives_the_same_answer_and_one_effect():
    """Invariant I17."""
    world = World()
    ada = world.person()
    file, answer = registered(world, ada)
    world.objects.put(answer.results[0].key, b"hello")
    asked = CompleteUpload(answer.results[0].upload_id, 5, file.sha256)
    assert world.complete(ada, asked).results == world.complete(ada, asked).results
    assert world.audited() == ["uploaded"]


def test_an_op_id_used_for_another_file_is_refused():
    world = World()
    ada = world.person()
    file, _ = registered(world, ada)
    other = world.new(b"other", op_id=file.op_id)
    assert world.register(ada, other).results[0].problem.code == "invalid_request"


def test_an_upload_of_somebody_else_is_not_there():
    """T20."""
    world = World()
    ada, eve = world.person(), world.person("Eve")
    file, answer = registered(world, ada)
    world.objects.put(answer.results[0].key, b"hello")
    upload_id = answer.results[0].upload_id
    foreign = world.complete(eve, CompleteUpload(upload_id, 5, file.sha256)).results[0]
    absent = world.complete(eve, CompleteUpload("0" * 32, 5, file.sha256)).results[0]
    assert foreign.problem == absent.problem
    assert foreign.problem.status == 404
    for someones in (upload_id, "0" * 32, "nonsense"):
        with pytest.raises(Refused) as refused:
            uploads.abort(world.parts, eve, world.now, someones)
        assert refused.value.problem.code == "not_found"
    assert world.complete(ada, CompleteUpload(upload_id, 5, file.sha256)).results[0].document


def test_a_grant_of_somebody_else_is_not_renewed():
    """T20, T28."""
    world = World()
    ada, eve = world.person(), world.person("Eve")
    _, answer = registered(world, ada)
    for grant in (answer.grant.grant_id, "0" * 32, "*", ""):
        with pytest.raises(Refused) as refused:
            world.register(eve, renew=grant)
        assert refused.value.problem.code == "not_found"
    renewed = world.register(ada, renew=answer.grant.grant_id)
    assert renewed.grant.prefix == answer.grant.prefix


def test_a_missing_object_is_incomplete_and_can_still_be_completed():
    world = World()
    ada = world.person()
    file, answer = registered(world, ada)
    asked = CompleteUpload(answer.results[0].upload_id, 5, file.sha256)
    assert world.complete(ada, asked).results[0].problem.code == "upload_incomplete"
    world.objects.put(answer.results[0].key, b"hello")
    assert world.complete(ada, asked).results[0].document


@pytest.mark.parametrize("sent", [b"hellO", b"hell", b""])
def test_an_object_that_is_not_what_was_declared_is_removed(sent):
    """Invariant I14: nothing is published whose bytes nobody declared."""
    world = World()
    ada = world.person()
    file, answer = registered(world, ada)
    world.objects.put(answer.results[0].key, sent)
    asked = CompleteUpload(answer.results[0].upload_id, 5, file.sha256)
    assert world.complete(ada, asked).results[0].problem.code == "checksum_mismatch"
    assert not world.objects.all_keys
    assert world.audited() == ["arrival refused"]
    assert world.register(ada, file).results[0].problem.code == "checksum_mismatch"


def test_more_bytes_than_declared_block_further_grants_for_the_day():
    """T38."""
    world = World()
    ada = world.person()
    file, answer = registered(world, ada)
    world.objects.put(answer.results[0].key, b"hello and a lot more")
    world.complete(ada, CompleteUpload(answer.results[0].upload_id, 5, file.sha256))
    (rate,) = world.rows("RATE")
    until = world.store.tables[rate]["blocked_until"]
    assert world.now < until <= world.now + 86_400_000


def test_a_large_file_is_verified_by_its_composite_checksum_and_part_count():
    world = World()
    ada = world.person()
    size = SINGLE_PUT_MAX + 10
    data = b"x" * size
    part = SINGLE_PUT_MAX
    checksum = composite_crc32([zlib.crc32(data[:part]), zlib.crc32(data[part:])])
    file = world.new(data, sha256=None)
    result = world.register(ada, file).results[0]
    world.objects.put(result.key, data, crc32=checksum)

    def tried(**wrong):
        fields = {"sha256": sha256(data), "part_size": part, "checksum": checksum} | wrong
        asked = CompleteUpload(upload_id=result.upload_id, size=size, **fields)
        return world.complete(ada, asked).results[0]

    for wrong in (
        {"checksum": None},
        {"part_size": None},
        {"part_size": 0},
        {"part_size": -1},
        {"part_size": 2 * part},
        {"checksum": composite_crc32([1, 2])},
        {"sha256": "zz"},
    ):
        assert tried(**wrong).problem.code == "checksum_mismatch", wrong
    assert tried().document.sha256 == sha256(data)


def test_an_object_without_any_checksum_is_never_published():
    world = World()
    ada = world.person()
    file, answer = registered(world, ada)
    world.objects.versions[answer.results[0].key] = [("v1", b"hello", {})]
    asked = CompleteUpload(answer.results[0].upload_id, 5, file.sha256)
    assert world.complete(ada, asked).results[0].problem.code == "checksum_mismatch"


def test_a_path_names_at_most_one_live_document():
    """R14."""
    world = World()
    ada = world.person()
    first = world.publish(ada, path="a.txt")
    refused = world.register(ada, world.new(path="a.txt")).results[0]
    assert refused.problem.code == "path_taken"
    assert refused.problem.share_id == first.share_id


def test_two_uploads_racing_for_one_path_publish_once():
    """R14: the claim decides, not the look before."""
    world = World()
    ada = world.person()
    files = [world.new(b"one", path="same"), world.new(b"two", path="same")]
    answers = [world.register(ada, file).results[0] for file in files]
    for answer, data in zip(answers, (b"one", b"two"), strict=True):
        world.objects.put(answer.key, data)
    results = world.complete(
        ada,
        *(CompleteUpload(a.upload_id, 3, f.sha256) for a, f in zip(answers, files, strict=True)),
    ).results
    assert results[0].document is not None
    assert results[1].problem.code == "path_taken"
    assert results[1].problem.share_id == results[0].document.share_id


def test_a_path_is_free_again_the_moment_its_document_expires():
    """R10, R13: no waiting for the sweep."""
    world = World()
    ada = world.person()
    old = world.publish(ada, path="a.txt", lifetime=60)
    world.now += 60_000
    new = world.publish(ada, path="a.txt")
    assert new.share_id != old.share_id
    assert world.store.tables[claim_key(ada.sub, "a.txt")]["share_id"] == new.share_id


def test_a_new_version_keeps_id_expiry_and_people():
    """R13."""
    world = World()
    ada, bob = world.person(), world.person("Bob")
    first = world.publish(ada, lifetime=600, people=(bob.person.email,))
    world.now += 1000
    second = world.publish(ada, b"new bytes", share_id=first.share_id, expected_version=1)
    assert second.share_id == first.share_id
    assert second.expires_at == first.expires_at
    assert second.people == first.people
    assert (second.version, second.sha256) == (2, sha256(b"new bytes"))


@pytest.mark.parametrize(
    ("path", "name"),
    [("a/b.txt", "Contract.txt"), ("z/b.txt", "Contract.txt"), ("a/c.txt", "c.txt")],
)
def test_a_new_version_does_not_undo_a_rename(path, name):
    """The name people gave it in the cloud stays, until the file itself has another."""
    world = World()
    ada = world.person()
    first = world.publish(ada)
    rename = DocumentAction(op(), ActionKind.RENAME, display_name="Contract.txt")
    act(world.parts, ada, world.now, first.share_id, rename)
    second = world.publish(ada, b"two", path, share_id=first.share_id, expected_version=1)
    assert (second.path, second.display_name) == (path, name)


def test_a_version_based_on_an_older_one_is_refused():
    """R14: another device has published since."""
    world = World()
    ada = world.person()
    first = world.publish(ada)
    world.publish(ada, b"two", share_id=first.share_id, expected_version=1)
    late = world.register(
        ada, world.new(b"three", share_id=first.share_id, expected_version=1)
    ).results[0]
    assert late.problem.code == "version_conflict"
    assert late.problem.share_id == first.share_id


def test_a_version_that_loses_the_race_at_completion_is_refused():
    """R14: both were registered on version 1."""
    world = World()
    ada = world.person()
    first = world.publish(ada)
    answers = []
    for data in (b"two", b"three"):
        file = world.new(data, share_id=first.share_id, expected_version=1)
        answers.append((world.register(ada, file).results[0], data))
    for answer, data in answers:
        world.objects.put(answer.key, data)
    results = [
        world.complete(ada, CompleteUpload(a.upload_id, len(d), sha256(d))).results[0]
        for a, d in answers
    ]
    assert results[0].document.version == 2
    assert results[1].problem.code == "version_conflict"


@pytest.mark.parametrize("when", ["before registering", "before completing"])
def test_a_version_of_an_expired_document_is_410(when):
    """R13, K02."""
    world = World()
    ada = world.person()
    first = world.publish(ada, lifetime=60)
    file = world.new(b"two", share_id=first.share_id, expected_version=1)
    if when == "before registering":
        world.now += 60_000
        assert world.register(ada, file).results[0].problem.code == "expired"
        return
    answer = world.register(ada, file).results[0]
    world.objects.put(answer.key, b"two")
    world.now += 60_000
    result = world.complete(ada, CompleteUpload(answer.upload_id, 3, sha256(b"two"))).results[0]
    assert result.problem.code == "expired"


def test_a_version_and_a_share_at_the_same_moment_both_happen():
    """The loser of the race looks again: set operations and versions do not undo each other."""
    world = World()
    ada = world.person()
    first = world.publish(ada)
    file = world.new(b"two", share_id=first.share_id, expected_version=1)
    answer = world.register(ada, file).results[0]
    world.objects.put(answer.key, b"two")

    def rename_meanwhile(_writes):
        act(
            world.parts,
            ada,
            world.now,
            first.share_id,
            DocumentAction(op(), ActionKind.EXTEND, lifetime=7200),
        )

    world.store.before_commit = rename_meanwhile
    result = world.complete(ada, CompleteUpload(answer.upload_id, 3, sha256(b"two"))).results[0]
    assert result.document.version == 2
    assert result.document.revision == 3
    assert result.document.expires_at > first.expires_at


def test_quota_is_reserved_at_registration_and_what_fits_is_taken():
    """T38."""
    world = World(daily_bytes=12)
    ada = world.person()
    files = [world.new(b"12345", path=f"{n}") for n in range(4)]
    results = world.register(ada, *files).results
    assert [r.problem.code if r.problem else None for r in results] == [
        None,
        None,
        "quota_exceeded",
        "quota_exceeded",
    ]
    world.now += 86_400_000
    assert world.register(ada, world.new(b"12345", path="x")).results[0].problem is None


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("op_id", "x", "invalid_request"),
        ("path", "", "name_refused"),
        ("path", "/etc/passwd", "name_refused"),
        ("path", "a/../b", "name_refused"),
        ("path", "a//b", "name_refused"),
        ("path", "a\x00b", "name_refused"),
        ("path", "%41", "name_refused"),
        ("path", "x" * 5000, "name_refused"),
        ("display_name", "", "name_refused"),
        ("display_name", "..", "name_refused"),
        ("display_name", "a/b", "name_refused"),
        ("size", -1, "invalid_request"),
        ("size", 2**62, "too_large"),
        ("sha256", None, "invalid_request"),
        ("sha256", "ABC", "invalid_request"),
        ("sha256", "A" * 64, "invalid_request"),
        ("lifetime", 0, "lifetime_refused"),
        ("lifetime", 2**62, "lifetime_refused"),
        ("host", "x" * 300, "invalid_request"),
        ("share_id", "../x", "not_found"),
        ("share_id", "0" * 32, "not_found"),
        ("people", ("bad",), "invalid_request"),
        ("people", ("nobody@example.org",), "unknown_recipient"),
    ],
)
def test_a_bad_field_refuses_its_file_alone(field, value, code):
    """T44, T45, T58: the others of the call are registered."""
    world = World()
    ada = world.person()
    bad = world.new(path="bad")
    bad = type(bad)(**{f: getattr(bad, f) for f in bad.__dataclass_fields__} | {field: value})
    results = world.register(ada, world.new(path="good"), bad).results
    assert results[0].problem is None
    assert results[1].problem.code == code


def test_a_hundred_files_cost_one_grant_one_read_and_two_transactions():
    """Issue 4, figures: at most three calls beside the transactions; two for completing."""
    world = World()
    ada = world.person()
    files = [world.new(b"%d" % n, path=f"d/{n}") for n in range(100)]
    world.store.forget_costs()
    answer = world.register(ada, *files)
    assert world.store.calls == ["read", "transaction", "transaction"]
    assert max(world.store.transactions) <= 100
    assert len(world.grants.minted) == 1
    for result, n in zip(answer.results, range(100), strict=True):
        world.objects.put(result.key, b"%d" % n)
    world.store.forget_costs()
    world.objects.looks = 0
    done = world.complete(
        ada,
        *(
            CompleteUpload(r.upload_id, f.size, f.sha256)
            for r, f in zip(answer.results, files, strict=True)
        ),
    )
    assert all(result.document for result in done.results)
    assert world.objects.looks == 100
    assert world.store.calls.count("transaction") == 4
    assert world.store.calls.count("read") == 2
    assert max(world.store.transactions) <= 100


def test_the_batch_a_device_sends_is_registered_in_one_transaction_and_fills_three():
    """One file more, and completing them would wait for a fourth."""
    world = World()
    ada = world.person()
    files = [world.new(path=f"d/{n}") for n in range(small.BATCH)]
    world.store.forget_costs()
    answer = world.register(ada, *files)
    assert world.store.transactions == [small.BATCH + 2]
    for result in answer.results:
        world.objects.put(result.key, b"hello")
    world.store.forget_costs()
    completed = zip(answer.results, files, strict=True)
    done = world.complete(
        ada, *(CompleteUpload(r.upload_id, f.size, f.sha256) for r, f in completed)
    )
    assert all(result.document for result in done.results)
    assert world.store.transactions == [100, 100, 100]


def test_a_batch_for_the_same_people_asks_once_a_transaction_whether_all_was_taken_back():
    world = World()
    ada, bob = world.person(), world.person("Bob")
    files = [world.new(path=f"d/{n}", people=(bob.person.email,)) for n in range(23)]
    answer = world.register(ada, *files)
    for result in answer.results:
        world.objects.put(result.key, b"hello")
    world.store.forget_costs()
    completed = zip(answer.results, files, strict=True)
    done = world.complete(
        ada, *(CompleteUpload(r.upload_id, f.size, f.sha256) for r, f in completed)
    )
    assert all(result.document.people for result in done.results)
    assert world.store.transactions == [4 * 23 + 7]


def test_an_aborted_upload_cannot_be_completed_and_its_object_is_gone():
    world = World()
    ada = world.person()
    file, answer = registered(world, ada)
    result = answer.results[0]
    world.objects.put(result.key, b"hello")
    uploads.abort(world.parts, ada, world.now, result.upload_id)
    uploads.abort(world.parts, ada, world.now, result.upload_id)
    assert not world.objects.all_keys
    done = world.complete(ada, CompleteUpload(result.upload_id, 5, file.sha256)).results[0]
    assert done.problem.code == "removed"
    assert Key("U#" + result.upload_id, "U") == upload_key(result.upload_id)


@pytest.mark.parametrize("state", ["aborted", "refused"])
def test_what_arrives_after_its_upload_was_given_up_is_removed_when_its_client_gives_it_up(state):
    """Invariant I16: the client learnt of it only when it had sent the bytes."""
    world = World()
    ada = world.person()
    _, answer = registered(world, ada)
    result = answer.results[0]
    world.store.tables[upload_key(result.upload_id)]["state"] = state
    world.objects.put(result.key, b"hello")
    uploads.abort(world.parts, ada, world.now, result.upload_id)
    assert not world.objects.all_keys


def test_a_published_upload_is_not_aborted():
    world = World()
    ada = world.person()
    document = world.publish(ada)
    (key,) = [k for k in world.store.tables if k.pk.startswith("U#")]
    with pytest.raises(Refused) as refused:
        uploads.abort(world.parts, ada, world.now, key.pk[2:])
    assert refused.value.problem.share_id == document.share_id
    assert world.objects.all_keys


def test_people_under_a_folder_rule_have_the_document_from_its_first_moment():
    """R12."""
    world = World()
    ada, bob = world.person(), world.person("Bob")
    document = world.publish(ada, people=(bob.person.email.upper(),))
    assert [p.email for p in document.people] == [bob.person.email]
    assert world.rows("SHR#")[0].pk == f"P#{bob.sub}"
    assert world.audited() == ["uploaded", "shared with"]


def test_a_failing_document_fails_alone_in_its_batch():
    world = World()
    ada = world.person()
    world.publish(ada, path="taken", lifetime=600)
    files = [world.new(b"%d" % n, path=f"p{n}") for n in range(5)]
    answers = world.register(ada, *files).results
    for n, answer in enumerate(answers):
        world.objects.put(answer.key, b"%d" % n)
    claim = claim_key(ada.sub, "p2")
    world.store.tables[claim] = {"share_id": "f" * 32, "expires_at": world.now + 1000}
    results = world.complete(
        ada,
        *(
            CompleteUpload(a.upload_id, f.size, f.sha256)
            for a, f in zip(answers, files, strict=True)
        ),
    ).results
    assert [r.problem.code if r.problem else None for r in results] == [
        None,
        None,
        "path_taken",
        None,
        None,
    ]
