"""Completing many uploads: by one listing where that is enough, and one by one where it is not."""

from dataclasses import replace

import pytest

from chalicelib.controllers.arrivals import ObjectArrived, arrived
from mydoctransfer_contract.uploads import CompletedUploads, CompleteUpload, RegisteredUploads
from tests.backend.fakes import BUCKET, World, sha256
from tests.backend.test_api import ask, bucket, new, put

MANY = 20


class Sent:
    """Files registered together and put; what completes them as the client does."""

    def __init__(self, count: int = MANY) -> None:
        self.world = World()
        self.ada = self.world.person()
        self.contents = [b"%03d" % n for n in range(count)]
        files = [self.world.new(c, path=f"d/{n}") for n, c in enumerate(self.contents)]
        answer = self.world.register(self.ada, *files)
        self.grant = answer.grant
        self.uploads = answer.results
        self.asked = [
            CompleteUpload(
                r.upload_id, f.size, f.sha256, version_id=self.world.objects.put(r.key, content)
            )
            for r, f, content in zip(self.uploads, files, self.contents, strict=True)
        ]

    def complete(self, *, looks: int, listings: int = 1) -> list[str | None]:
        """Complete all; the code of each refusal. Holds it to what is asked of the bucket."""
        self.world.objects.looks = 0
        done = self.world.complete(self.ada, *self.asked).results
        assert self.world.objects.looks == looks
        assert self.world.objects.listings == [self.grant.prefix] * listings
        return [r.problem.code if r.problem else None for r in done]


def test_a_hundred_uploads_whose_versions_are_known_cost_one_listing():
    """Issue 2: nobody asks for each object."""
    sent = Sent(100)
    assert sent.complete(looks=0) == [None] * 100
    found = sent.world.rows("DOC#")
    assert len(found) == 100
    versions = {asked.version_id for asked in sent.asked}
    assert {sent.world.stored(key)["vid"] for key in found} == versions


def test_a_client_that_brings_no_versions_is_asked_about_object_by_object():
    sent = Sent()
    sent.asked = [replace(asked, version_id=None) for asked in sent.asked]
    assert sent.complete(looks=MANY, listings=0) == [None] * MANY


def test_a_few_uploads_are_not_worth_a_listing():
    """On AWS it costs what thirteen questions do."""
    sent = Sent(12)
    assert sent.complete(looks=12, listings=0) == [None] * 12


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        # A version that is not there: as after an answer that never came.
        (lambda s: replace(s.asked[3], version_id="v999"), None),
        (lambda s: replace(s.asked[3], version_id=s.asked[4].version_id), None),
        (lambda s: replace(s.asked[3], version_id=None), None),
        (lambda s: replace(s.asked[3], version_id=""), None),
        (lambda s: replace(s.asked[3], sha256=sha256(b"other")), "checksum_mismatch"),
        (lambda s: replace(s.asked[3], size=4), "checksum_mismatch"),
    ],
)
def test_whatever_does_not_fit_is_asked_for_and_stops_no_other(spoil, code):
    """Refused or taken as if there were no listing."""
    sent = Sent()
    sent.asked[3] = spoil(sent)
    is_known = sent.asked[3].version_id == "v4"
    assert sent.complete(looks=0 if is_known else 1) == [
        code if n == 3 else None for n in range(MANY)
    ]


def test_an_object_that_is_not_there_is_incomplete():
    sent = Sent()
    sent.world.objects.delete_all_versions(sent.uploads[3].key)
    codes = sent.complete(looks=1)
    assert codes[3] == "upload_incomplete"
    assert codes.count(None) == MANY - 1


def test_an_object_of_another_size_is_refused_whatever_version_was_brought():
    """T38. The bytes that were declared are what the quota knows."""
    sent = Sent()
    key = sent.uploads[3].key
    sent.world.objects.delete_all_versions(key)
    version = sent.world.objects.put(key, b"much more than was declared")
    sent.asked[3] = replace(sent.asked[3], version_id=version)
    assert sent.complete(looks=1)[3] == "checksum_mismatch"
    assert key not in sent.world.objects.all_keys
    assert "arrival refused" in sent.world.audited()


def test_a_second_version_at_the_key_is_held_to_the_checksum():
    """Which of them counts, only the object itself can say."""
    sent = Sent()
    sent.world.objects.put(sent.uploads[3].key, b"xxx")
    assert sent.complete(looks=1)[3] == "checksum_mismatch"


def test_uploads_in_parts_are_held_to_their_composite_checksum():
    """A listing says nothing of parts."""
    sent = Sent()
    key = sent.uploads[3].key
    sent.world.objects.delete_all_versions(key)
    version = sent.world.objects.put(key, b"xxx", crc32="AAAAAA==-1")
    wrong = {"part_size": 5, "checksum": "BBBBBB==-1"}
    sent.asked[3] = replace(sent.asked[3], version_id=version, **wrong)
    assert sent.complete(looks=1)[3] == "checksum_mismatch"


def test_a_version_put_after_publishing_is_removed_and_the_published_one_stays():
    """T30: what the listing took for published is pinned by its version."""
    sent = Sent()
    sent.complete(looks=0)
    key, pinned = sent.uploads[3].key, sent.asked[3].version_id
    for version in (pinned, sent.world.objects.put(key, b"xxx")):
        arrived(sent.world.parts, sent.world.now, ObjectArrived(BUCKET, key, version, 3))
    assert [v for v, _, _ in sent.world.objects.versions[key]] == [pinned]
    assert sent.world.audited().count("arrival refused") == 1


def test_a_version_counts_only_at_its_own_key_whoever_the_other_key_belongs_to():
    """T20, T28: the right bytes lie at another key, of one's own or of another person; other bytes
    of their size at the upload's."""
    sent = Sent()
    again = [sent.world.new(c, path=f"e/{n}") for n, c in enumerate(sent.contents)]
    eve = sent.world.person("Eve")
    for who, at in ((sent.ada, 3), (eve, 4)):
        sent.world.objects.delete_all_versions(sent.uploads[at].key)
        sent.world.objects.put(sent.uploads[at].key, b"xxx")
        elsewhere = sent.world.register(who, *again).results[0].key
        version = sent.world.objects.put(elsewhere, sent.contents[at])
        sent.asked[at] = replace(sent.asked[at], version_id=version)
    codes = sent.complete(looks=2)
    assert codes == ["checksum_mismatch" if n in (3, 4) else None for n in range(MANY)]


def test_files_of_two_registrations_are_told_of_by_a_listing_each():
    """And a version that lies at the other registration's key is asked for."""
    first = Sent()
    world, ada = first.world, first.ada
    files = [world.new(c, path=f"e/{n}") for n, c in enumerate(first.contents)]
    registered = world.register(ada, *files)
    others = [
        CompleteUpload(r.upload_id, f.size, f.sha256, version_id=world.objects.put(r.key, content))
        for r, f, content in zip(registered.results, files, first.contents, strict=True)
    ]
    mine, theirs = first.asked[3], others[3]
    first.asked[3] = replace(mine, version_id=theirs.version_id)
    others[3] = replace(theirs, version_id=mine.version_id)
    world.objects.looks = 0
    done = world.complete(ada, *first.asked, *others).results
    assert [result.problem for result in done] == [None] * (2 * MANY)
    assert world.objects.looks == 2
    assert world.objects.listings == [first.grant.prefix, registered.grant.prefix]
    kept = {world.stored(key)["vid"] for key in world.rows("DOC#")}
    brought = {asked.version_id for asked in first.asked + others}
    assert kept == brought


def test_what_is_put_between_the_listing_and_the_publishing_is_not_what_is_published():
    """T30: the version that the listing told of is pinned, and the later one goes."""
    sent = Sent()
    key, told = sent.uploads[3].key, sent.world.objects.only_versions
    late = []

    def told_and_overtaken(prefix):
        answer = told(prefix)
        late.append(sent.world.objects.put(key, b"xxx"))
        return answer

    sent.world.objects.only_versions = told_and_overtaken
    assert sent.complete(looks=0) == [None] * MANY
    arrived(sent.world.parts, sent.world.now, ObjectArrived(BUCKET, key, late[0], 3))
    assert [v for v, _, _ in sent.world.objects.versions[key]] == [sent.asked[3].version_id]
    assert sent.asked[3].version_id in {
        sent.world.stored(key)["vid"] for key in sent.world.rows("DOC#")
    }


# --- as deployed ---------------------------------------------------------------------------------


def test_the_deployed_function_lists_and_asks_for_what_does_not_fit(cloud, person):
    """What carried no SHA-256 would be refused if it were asked for: so the one whose version is
    brought was only listed, and the one without was asked for."""
    contents = [b"%03d" % n for n in range(MANY)]
    files = [new(content, f"listed/{n}") for n, content in enumerate(contents)]
    registered = ask(RegisteredUploads, person, "POST", "/uploads", {"files": files})
    unchecked = bucket(cloud, registered.grant)
    uploads = []
    for n, (result, content) in enumerate(zip(registered.results, contents, strict=True)):
        if n < 2:
            place = {"Bucket": registered.grant.bucket, "Key": result.key}
            answer = unchecked.put_object(**place, Body=content)
        else:
            answer = put(cloud, registered.grant, result.key, content)
        told = {"upload_id": result.upload_id, "size": 3, "sha256": sha256(content)}
        uploads.append(told | ({} if n == 1 else {"version_id": answer["VersionId"]}))
    done = ask(CompletedUploads, person, "POST", "/uploads/complete", {"uploads": uploads})
    codes = [result.problem.code if result.problem else None for result in done.results]
    assert codes == ["checksum_mismatch" if n == 1 else None for n in range(MANY)]
