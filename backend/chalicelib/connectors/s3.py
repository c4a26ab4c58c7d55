"""The bucket: facts of objects, removal of versions, presigned downloads."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from chalicelib.connectors.clients import client
from chalicelib.connectors.plain import Plain, Unusual
from chalicelib.connectors.ports import ObjectFacts, OnlyVersion

_ABSENT = {"404", "NoSuchKey", "NoSuchVersion", "NotFound", "405", "MethodNotAllowed"}


class S3Objects:
    """`Objects` over one versioned bucket."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket
        self._plain = Plain(bucket)

    def facts(self, key: str, version_id: str | None = None) -> ObjectFacts | None:
        if version_id is None:
            try:
                return self._plain.facts(key)
            except Unusual:
                pass
        s3 = client("s3")
        version = {} if version_id is None else {"VersionId": version_id}
        try:
            head = s3.head_object(Bucket=self._bucket, Key=key, ChecksumMode="ENABLED", **version)
        except s3.exceptions.ClientError as exc:
            # 405: the newest version is a delete marker.
            if exc.response["Error"]["Code"] in _ABSENT:
                return None
            raise
        return ObjectFacts(
            version_id=head.get("VersionId", "null"),
            size=head["ContentLength"],
            sha256=head.get("ChecksumSHA256"),
            crc32=head.get("ChecksumCRC32"),
            is_composite=head.get("ChecksumType") == "COMPOSITE",
        )

    def only_versions(self, prefix: str) -> Mapping[str, OnlyVersion]:
        try:
            return self._plain.only_versions(prefix)
        except Unusual:
            return {}

    def delete_version(self, key: str, version_id: str) -> None:
        client("s3").delete_object(Bucket=self._bucket, Key=key, VersionId=version_id)

    def delete_all_versions(self, key: str) -> int:
        removed = 0
        arguments: dict[str, Any] = {"Bucket": self._bucket, "Prefix": key}
        while True:
            page = client("s3").list_object_versions(**arguments)
            for version in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                if version["Key"] == key:  # a prefix also matches longer keys
                    self.delete_version(key, version["VersionId"])
                    removed += 1
            if not page.get("IsTruncated"):
                return removed
            arguments["KeyMarker"] = page["NextKeyMarker"]
            arguments["VersionIdMarker"] = page["NextVersionIdMarker"]

    def presign(
        self, key: str, version_id: str, disposition: str, seconds: int, until: int
    ) -> str | None:
        while seconds > 0:
            url = self._presigned(key, version_id, disposition, seconds)
            # What is signed counts from the second of signing, later than that of the request.
            late = _signed_at(url) + seconds - until // 1000
            if late <= 0:
                return url
            seconds -= late
        return None

    def _presigned(self, key: str, version_id: str, disposition: str, seconds: int) -> str:
        url: str = client("s3").generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": key,
                "VersionId": version_id,
                "ResponseContentDisposition": disposition,
                "ResponseContentType": "application/octet-stream",
                "ResponseCacheControl": "no-store",
            },
            ExpiresIn=seconds,
        )
        return url


def _signed_at(url: str) -> int:
    """Seconds since the epoch, as the signature says."""
    (said,) = parse_qs(urlsplit(url).query)["X-Amz-Date"]
    return int(datetime.strptime(said, "%Y%m%dT%H%M%S%z").timestamp())
