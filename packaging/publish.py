"""Publishes what release.py built: `publish.py OUT --bucket B --distribution D`.

Releases first, the feed last, then the invalidation: whoever reads a feed finds everything it
names. A file of a release is never replaced, and the feed never goes back to an older version;
publishing the same bytes again changes nothing.
"""

import argparse
import hashlib
import json
import mimetypes
import sys
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError
from packaging.version import Version

FEED = "feed/latest.json"
FOREVER = "public, max-age=31536000, immutable"
SOON = "public, max-age=300"


class Refused(Exception):
    """Publishing would change what people already rely on."""


def publish(out: Path, bucket: str, distribution: str) -> list[str]:
    """Publish the tree; return the keys that were not there before."""
    s3: Any = boto3.client("s3")
    feed = out / FEED
    version = Version(json.loads(feed.read_text("utf-8"))["version"])
    announced = _announced(s3, bucket)
    if announced and announced > version:
        raise Refused(f"version {announced} is published, which is newer than {version}")
    files = sorted(path for path in (out / "releases").rglob("*") if path.is_file())
    added = [key for path in files if (key := _add(s3, bucket, out, path))]
    s3.put_object(
        Bucket=bucket,
        Key=FEED,
        Body=feed.read_bytes(),
        ContentType="application/json",
        CacheControl=SOON,
    )
    _invalidate(distribution, f"{version}-{_digest(feed)[:16]}")
    return added


def _announced(s3: Any, bucket: str) -> Version | None:
    try:
        body = s3.get_object(Bucket=bucket, Key=FEED)["Body"].read()
    except s3.exceptions.NoSuchKey:
        return None
    return Version(json.loads(body)["version"])


def _add(s3: Any, bucket: str, out: Path, path: Path) -> str | None:
    """Add one file; None if it is there already, byte for byte."""
    key, digest = path.relative_to(out).as_posix(), _digest(path)
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    try:
        with path.open("rb") as body:
            s3.put_object(
                Bucket=bucket,
                Key=key,
                Body=body,
                IfNoneMatch="*",
                ContentType=kind,
                CacheControl=FOREVER,
                Metadata={"sha256": digest},
            )
    except ClientError as exc:
        if exc.response["Error"]["Code"] != "PreconditionFailed":
            raise
        if s3.head_object(Bucket=bucket, Key=key)["Metadata"].get("sha256") != digest:
            raise Refused(f"{key} is published with other content; raise the version") from exc
        return None
    return key


def _invalidate(distribution: str, reference: str) -> None:
    """Equal references are one invalidation, however often it is asked for."""
    batch = {"Paths": {"Quantity": 1, "Items": ["/feed/*"]}, "CallerReference": reference}
    client: Any = boto3.client("cloudfront")
    client.create_invalidation(DistributionId=distribution, InvalidationBatch=batch)


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def main() -> None:
    """Publish what the arguments name."""
    parser = argparse.ArgumentParser(description="Publish a release.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--bucket", required=True)
    parser.add_argument("--distribution", required=True)
    arguments = parser.parse_args()
    try:
        added = publish(arguments.out, arguments.bucket, arguments.distribution)
    except Refused as exc:
        sys.exit(f"Not published: {exc}.")
    print("\n".join(added) or "Everything was published already.")


if __name__ == "__main__":
    main()
