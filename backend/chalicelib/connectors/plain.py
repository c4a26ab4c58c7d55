"""Two questions to the bucket over kept connections, signed by botocore but without its pipeline.

Completing a hundred uploads asks for a hundred objects; botocore spends more time on each of them
than the bucket does. This asks the plain question and hands everything unusual (another status, a
broken connection, a key that needs quoting) back to the caller, who asks otherwise.
"""

import http.client
import re
import ssl
import threading
from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

from chalicelib.connectors.clients import client
from chalicelib.connectors.ports import ObjectFacts, OnlyVersion

_PLAIN = re.compile(r"[0-9A-Za-z/-]+\Z")
_TIMEOUT = 5  # seconds
_VERSIONS = ("Version", "DeleteMarker")


class Unusual(Exception):
    """The plain question did not get a plain answer."""


class Plain:
    """Asks one bucket; one connection for each thread.

    Raises, in both questions:
        Unusual: ask otherwise.
    """

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket
        self._local = threading.local()

    def facts(self, key: str) -> ObjectFacts | None:
        """Return the facts of the newest version at `key`, or None when there is no object."""
        path = f"/{self._bucket}/{_plain(key)}"
        response, _ = self._ask("HEAD", path, {"x-amz-checksum-mode": "ENABLED"})
        if response.status == 404:
            return None
        if response.status != 200:
            raise Unusual
        return ObjectFacts(
            version_id=response.headers.get("x-amz-version-id", "null"),
            size=int(response.headers["Content-Length"]),
            sha256=response.headers.get("x-amz-checksum-sha256"),
            crc32=response.headers.get("x-amz-checksum-crc32"),
            is_composite=response.headers.get("x-amz-checksum-type") == "COMPOSITE",
        )

    def only_versions(self, prefix: str) -> Mapping[str, OnlyVersion]:
        """Return the objects beneath `prefix` that have one version, as far as one page tells."""
        query = f"prefix={quote(_plain(prefix), safe='')}&versions="
        response, body = self._ask("GET", f"/{self._bucket}?{query}", {})
        if response.status != 200:
            raise Unusual
        try:
            return _only_versions(body)
        except (ElementTree.ParseError, KeyError, ValueError) as exc:
            raise Unusual from exc

    def _ask(
        self, method: str, path: str, headers: Mapping[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        is_kept = self._is_connected()
        try:
            return self._sent(method, path, headers)
        except (OSError, http.client.HTTPException) as exc:
            self._hang_up()
            if not is_kept or isinstance(exc, TimeoutError):
                raise Unusual from exc
        return self._ask(method, path, headers)  # the other side had closed it meanwhile

    def _sent(
        self, method: str, path: str, headers: Mapping[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        from botocore.auth import S3SigV4Auth  # lazy, as boto3 itself: see clients
        from botocore.awsrequest import AWSRequest

        meta = client("s3").meta
        request: Any = AWSRequest(method, meta.endpoint_url + path, headers=headers)
        S3SigV4Auth(_credentials(), "s3", meta.region_name).add_auth(request)
        connection = self._connection(meta.endpoint_url)
        connection.request(method, path, headers=dict(request.headers.items()))
        response = connection.getresponse()
        return response, response.read()

    def _is_connected(self) -> bool:
        kept: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        return kept is not None and kept.sock is not None

    def _hang_up(self) -> None:
        kept: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        if kept is not None:
            kept.close()

    def _connection(self, endpoint: str) -> http.client.HTTPConnection:
        kept: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        if kept is None:
            where = urlsplit(endpoint)
            if where.scheme == "https":
                kept = http.client.HTTPSConnection(
                    where.netloc, timeout=_TIMEOUT, context=ssl.create_default_context()
                )
            else:
                kept = http.client.HTTPConnection(where.netloc, timeout=_TIMEOUT)
            self._local.connection = kept
        return kept


def _plain(text: str) -> str:
    if not _PLAIN.match(text):
        raise Unusual
    return text


def _only_versions(body: bytes) -> dict[str, OnlyVersion]:
    """Read a page. Where another follows, the page's last key may have versions on it: left out."""
    page = [(_name(element), element) for element in ElementTree.fromstring(body)]
    told = [(name, _fields(element)) for name, element in page if name in _VERSIONS]
    counts = Counter(fields["Key"] for _, fields in told)
    is_whole = any(name == "IsTruncated" and element.text == "false" for name, element in page)
    if told and not is_whole:
        del counts[max(counts)]
    return {
        fields["Key"]: OnlyVersion(fields["VersionId"], int(fields["Size"]))
        for name, fields in told
        if name == "Version" and fields["IsLatest"] == "true" and counts[fields["Key"]] == 1
    }


def _fields(element: ElementTree.Element) -> dict[str, str]:
    return {_name(child): child.text or "" for child in element}


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _credentials() -> Any:
    """Return the function's credentials as boto3 keeps and renews them."""
    import boto3

    session: Any = boto3.DEFAULT_SESSION or boto3.Session()
    return session.get_credentials().get_frozen_credentials()
