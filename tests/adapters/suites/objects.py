"""What the engine relies on in `Objects`. Fixture: `bucket`, with a grant over a fresh prefix."""

import hashlib
import zlib
from dataclasses import replace
from typing import Protocol

from mydoctransfer.engine.ports import (
    Arrived,
    Digest,
    Failure,
    FailureKind,
    Grant,
    Objects,
    Part,
    PartPut,
    SmallPut,
)
from mydoctransfer.model.trees import RelPath, Stat

PART = 5 * 1024 * 1024  # bytes: the least S3 takes, but for the last


class Bucket(Protocol):
    """A bucket, a folder beside it, and the port between them."""

    objects: Objects
    grant: Grant

    def write(self, path: str, content: bytes) -> Stat:
        """Put a file into the folder."""

    def key(self) -> str:
        """Return a key nobody used, in the grant's prefix."""

    def content(self, key: str) -> bytes | None:
        """Return an object's bytes; None where there is none."""

    def version(self, key: str) -> str | None:
        """Return the newest version of an object; None where there is none."""

    def uploads(self) -> set[str]:
        """Keys of the multipart uploads that have begun and not ended, in the grant's prefix."""


def small(bucket: Bucket, path: str, content: bytes) -> SmallPut:
    expects = bucket.write(path, content)
    return SmallPut(RelPath(path), expects, hashlib.sha256(content).hexdigest(), bucket.key())


def begin(bucket: Bucket, path: str, content: bytes) -> tuple[str, str, list[PartPut]]:
    """Write a file and start its upload; return key, upload id and the parts to send."""
    expects = bucket.write(path, content)
    key = bucket.key()
    multipart_id = bucket.objects.start(bucket.grant, key)
    assert isinstance(multipart_id, str)
    parts = [
        PartPut(RelPath(path), expects, key, multipart_id, n + 1, at, min(PART, len(content) - at))
        for n, at in enumerate(range(0, len(content), PART))
    ]
    return key, multipart_id, parts


def send(bucket: Bucket, part: PartPut) -> Part:
    sent = bucket.objects.put_part(bucket.grant, part)
    assert isinstance(sent, Part)
    return sent


def kind_of(outcome: object) -> FailureKind:
    assert isinstance(outcome, Failure)
    assert outcome.message
    return outcome.kind


class ObjectsSuite:
    """The port's promises."""

    # --- small files -----------------------------------------------------------------------------

    def test_small_files_arrive_byte_for_byte(self, bucket: Bucket) -> None:
        """C01. The empty one too."""
        contents = [b"", b"x", b"y" * 100_000]
        puts = [small(bucket, f"f{n}", c) for n, c in enumerate(contents)]
        outcomes = bucket.objects.put_many(bucket.grant, puts)
        told = [bucket.version(p.key) for p in puts]
        assert outcomes == [Arrived(version) for version in told]
        assert None not in told
        assert [bucket.content(p.key) for p in puts] == contents

    def test_an_object_is_never_overwritten(self, bucket: Bucket) -> None:
        """H20. Where something lies, an earlier try has put it there: a success.

        Which version that is, nobody tells: it may be another's bytes.
        """
        first, second = small(bucket, "a", b"first"), small(bucket, "b", b"second")
        second = SmallPut(second.path, second.expects, second.sha256, first.key)
        (sent,) = bucket.objects.put_many(bucket.grant, [first])
        assert sent == Arrived(bucket.version(first.key))
        assert bucket.objects.put_many(bucket.grant, [second]) == [Arrived()]
        assert bucket.content(first.key) == b"first"

    def test_a_file_that_is_another_one_by_now_is_not_sent(self, bucket: Bucket) -> None:
        """A06, T60. By stat, and by hash where the stat is forged."""
        stale = small(bucket, "a", b"old")
        bucket.write("a", b"new!")
        forged = small(bucket, "b", b"bytes")
        forged = SmallPut(forged.path, forged.expects, "0" * 64, forged.key)
        gone = small(bucket, "c", b"x")
        gone = SmallPut(RelPath("nowhere"), gone.expects, gone.sha256, gone.key)
        outcomes = bucket.objects.put_many(bucket.grant, [stale, forged, gone])
        assert [kind_of(o) for o in outcomes] == [
            FailureKind.CHANGED,
            FailureKind.CHANGED,
            FailureKind.MISSING,
        ]
        assert [bucket.content(p.key) for p in (stale, forged, gone)] == [None] * 3

    def test_one_bad_file_does_not_stop_the_others(self, bucket: Bucket) -> None:
        """Invariant I22, G20."""
        good, bad = small(bucket, "a", b"a"), small(bucket, "b", b"b")
        bad = SmallPut(RelPath("nowhere"), bad.expects, bad.sha256, bad.key)
        other = small(bucket, "c", b"c")
        outcomes = bucket.objects.put_many(bucket.grant, [good, bad, other])
        assert [isinstance(o, Arrived) for o in outcomes] == [True, False, True]

    def test_a_grant_reaches_no_further_than_its_prefix(self, bucket: Bucket) -> None:
        """H22, T89. Refused for good, so that nobody tries it in a loop."""
        put = small(bucket, "a", b"a")
        astray = SmallPut(put.path, put.expects, put.sha256, "incoming/somebody/else/x")
        (outcome,) = bucket.objects.put_many(bucket.grant, [astray])
        assert kind_of(outcome) is FailureKind.REFUSED
        assert kind_of(bucket.objects.start(bucket.grant, astray.key)) is FailureKind.REFUSED

    # --- large files -----------------------------------------------------------------------------

    def test_parts_arrive_and_make_the_file(self, bucket: Bucket) -> None:
        content = bytes(range(256)) * 50_000
        key, multipart_id, parts = begin(bucket, "big", content)
        sent = {p.number: send(bucket, p) for p in reversed(parts)}
        assert bucket.objects.finish(bucket.grant, key, multipart_id, sent) is None
        assert bucket.content(key) == content
        for part in parts:
            piece = content[part.offset : part.offset + part.length]
            assert sent[part.number].crc32 == zlib.crc32(piece)
            assert sent[part.number].size == len(piece)

    def test_the_store_tells_which_parts_it_has(self, bucket: Bucket) -> None:
        """G02, H01."""
        key, multipart_id, parts = begin(bucket, "big", b"z" * (2 * PART + 7))
        assert bucket.objects.list_parts(bucket.grant, key, multipart_id) == {}
        sent = {n: send(bucket, parts[n - 1]) for n in (3, 1)}
        listed = bucket.objects.list_parts(bucket.grant, key, multipart_id)
        assert isinstance(listed, dict)
        assert {n: (p.etag, p.size) for n, p in listed.items()} == {
            n: (p.etag, p.size) for n, p in sent.items()
        }
        assert all(listed[n].crc32 in (-1, sent[n].crc32) for n in sent)

    def test_an_aborted_upload_leaves_nothing_and_is_not_known_any_more(
        self, bucket: Bucket
    ) -> None:
        """A13, invariant I16."""
        key, multipart_id, parts = begin(bucket, "big", b"z" * (PART + 7))
        send(bucket, parts[0])
        assert key in bucket.uploads()
        assert bucket.objects.abort(bucket.grant, key, multipart_id) is None
        assert bucket.objects.abort(bucket.grant, key, multipart_id) is None
        assert key not in bucket.uploads()
        ended = FailureKind.UPLOAD_ENDED
        assert kind_of(bucket.objects.put_part(bucket.grant, parts[1])) is ended
        listed = bucket.objects.list_parts(bucket.grant, key, multipart_id)
        assert kind_of(listed) is ended
        assert bucket.content(key) is None

    def test_finishing_twice_is_no_harm(self, bucket: Bucket) -> None:
        """H04. Done, or `upload ended`: then completion finds the object."""
        key, multipart_id, parts = begin(bucket, "big", b"z" * (PART + 7))
        sent = {p.number: send(bucket, p) for p in parts}
        assert bucket.objects.finish(bucket.grant, key, multipart_id, sent) is None
        again = bucket.objects.finish(bucket.grant, key, multipart_id, sent)
        assert again is None or again.kind is FailureKind.UPLOAD_ENDED
        assert bucket.content(key) == b"z" * (PART + 7)

    def test_an_upload_whose_object_another_one_made_leaves_no_parts(self, bucket: Bucket) -> None:
        """H04, invariant I16: the first was finished unheard, and all was sent once more."""
        content = b"z" * (PART + 7)
        key, multipart_id, parts = begin(bucket, "big", content)
        again = bucket.objects.start(bucket.grant, key)
        assert isinstance(again, str)
        for one in (multipart_id, again):
            sent = {p.number: send(bucket, replace(p, multipart_id=one)) for p in parts}
            assert bucket.objects.finish(bucket.grant, key, one, sent) is None
        assert key not in bucket.uploads()
        assert bucket.content(key) == content

    def test_finishing_with_a_part_the_store_has_not_is_no_success(self, bucket: Bucket) -> None:
        """H01, H05."""
        key, multipart_id, parts = begin(bucket, "big", b"z" * (PART + 7))
        sent = {1: send(bucket, parts[0]), 2: Part('"0123456789abcdef"', 1, 7)}
        assert isinstance(bucket.objects.finish(bucket.grant, key, multipart_id, sent), Failure)
        assert bucket.content(key) is None

    def test_a_file_that_changes_under_an_upload_sends_no_further_part(
        self, bucket: Bucket
    ) -> None:
        """A12, invariant I14."""
        _, _, parts = begin(bucket, "big", b"z" * (PART + 7))
        send(bucket, parts[0])
        bucket.write("big", b"z" * (PART + 7))
        changed = FailureKind.CHANGED
        assert kind_of(bucket.objects.put_part(bucket.grant, parts[1])) is changed
        assert kind_of(bucket.objects.digest(parts[1].path, parts[1].expects, PART)) is changed

    def test_one_reading_gives_the_hash_and_every_parts_checksum(self, bucket: Bucket) -> None:
        """H02."""
        for size in (0, 1, PART - 1, PART, PART + 1, 2 * PART):
            content = b"q" * size
            expects = bucket.write("f", content)
            pieces = [content[at : at + PART] for at in range(0, size, PART)]
            assert bucket.objects.digest(RelPath("f"), expects, PART) == Digest(
                hashlib.sha256(content).hexdigest(), tuple(zlib.crc32(p) for p in pieces)
            )
