"""HeadObject over kept connections, signed by botocore but without its request pipeline.

Completing a hundred uploads asks for a hundred objects; botocore spends more time on each of them
than the bucket does. This asks the plain question and hands everything unusual (another status, a
broken connection, a key that needs quoting) back to the caller, who asks again through boto3.
"""

import http.client
import re
import ssl
import threading
from typing import Any
from urllib.parse import urlsplit

from chalicelib.connectors.clients import client
from chalicelib.connectors.ports import ObjectFacts

_PLAIN = re.compile(r"[0-9A-Za-z/-]+\Z")
_TIMEOUT = 5  # seconds


class Unusual(Exception):
    """The plain question did not get a plain answer."""


class Heads:
    """Asks for the newest version of objects in one bucket; one connection for each thread."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket
        self._local = threading.local()

    def ask(self, key: str) -> ObjectFacts | None:
        """Return the facts, or None when there is no such object.

        Raises:
            Unusual: ask through boto3.
        """
        if not _PLAIN.match(key):
            raise Unusual
        path = f"/{self._bucket}/{key}"
        try:
            response = self._send(path)
        except (OSError, http.client.HTTPException) as exc:
            self._local.connection = None
            raise Unusual from exc
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

    def _send(self, path: str) -> http.client.HTTPResponse:
        from botocore.auth import S3SigV4Auth  # lazy, as boto3 itself: see clients
        from botocore.awsrequest import AWSRequest

        meta = client("s3").meta
        request: Any = AWSRequest(
            "HEAD", meta.endpoint_url + path, headers={"x-amz-checksum-mode": "ENABLED"}
        )
        S3SigV4Auth(_credentials(), "s3", meta.region_name).add_auth(request)
        connection = self._connection(meta.endpoint_url)
        connection.request("HEAD", path, headers=dict(request.headers.items()))
        response = connection.getresponse()
        response.read()
        return response

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


def _credentials() -> Any:
    """Return the function's credentials as boto3 keeps and renews them."""
    import boto3

    session: Any = boto3.DEFAULT_SESSION or boto3.Session()
    return session.get_credentials().get_frozen_credentials()
