"""PUT of a small file, or of a part: the question, and what its answer means.

Asking is left to others.
"""

import base64
import os
import time
from urllib.parse import urlsplit
from xml.etree import ElementTree

from mydoctransfer.adapters.connection import is_loopback
from mydoctransfer.adapters.objects import failures, signing
from mydoctransfer.adapters.replies import Reply
from mydoctransfer.engine.ports import Arrived, Failure, Grant, PartPut, SmallPut


def question(
    endpoint: str | None, grant: Grant, put: SmallPut, offset_ms: int
) -> tuple[str, str, dict[str, str]]:
    """Return the store's base address, the target beneath it and the signed headers.

    Args:
        offset_ms: the server's clock minus this machine's.
    """
    headers = {
        "if-none-match": "*",
        "x-amz-checksum-sha256": base64.b64encode(bytes.fromhex(put.sha256)).decode("ascii"),
    }
    return _signed(endpoint, grant, put.key, headers, put.sha256, offset_ms)


def part_question(
    endpoint: str | None, grant: Grant, part: PartPut, crc32: int, offset_ms: int
) -> tuple[str, str, dict[str, str]]:
    """Return the same for a part; its bytes are held to their CRC32."""
    query = signing.canonical_query({"partNumber": str(part.number), "uploadId": part.multipart_id})
    headers = {"x-amz-checksum-crc32": base64.b64encode(crc32.to_bytes(4, "big")).decode("ascii")}
    return _signed(endpoint, grant, part.key, headers, signing.UNSIGNED, offset_ms, query)


def _signed(
    endpoint: str | None,
    grant: Grant,
    key: str,
    headers: dict[str, str],
    sha256: str,
    offset_ms: int,
    query: str = "",
) -> tuple[str, str, dict[str, str]]:
    base, path = address(endpoint, grant, key)
    uri = signing.canonical_uri(path)
    now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(time.time() + offset_ms / 1000))
    host = urlsplit(base).netloc
    signed = signing.signed_headers(grant, host, uri, headers, sha256, now, query)
    return base, f"{uri}?{query}" if query else uri, signed


def address(endpoint: str | None, grant: Grant, key: str) -> tuple[str, str]:
    """Return the store's base address and the object's path beneath it."""
    if endpoint is not None:
        return endpoint.rstrip("/"), f"/{grant.bucket}/{key}"
    suffix = "amazonaws.com.cn" if grant.region.startswith("cn-") else "amazonaws.com"
    return f"https://{grant.bucket}.s3.{grant.region}.{suffix}", f"/{key}"


def is_direct(endpoint: str | None, grant: Grant) -> bool:
    """Whether no proxy stands between this machine and the store."""
    base, _ = address(endpoint, grant, "")
    if is_loopback(base):
        return True
    # Slow to import, and no proxy stands before this machine itself.
    from mydoctransfer.adapters.line import proxy_for

    return not proxy_for(base, os.environ)


def verdict(reply: Reply) -> Arrived | Failure:
    """Return what an answer to the PUT means."""
    if reply.status == 200 and "etag" in reply.headers:
        return Arrived(reply.headers.get("x-amz-version-id"))
    code, message = _error_in(reply.body)
    if code == "PreconditionFailed" or (reply.status == 412 and not code):
        # The key was made for this upload alone: what lies there is what an earlier try has sent.
        return Arrived()
    if code:
        return failures.failure(code, reply.status, message, reply.retry_after)
    if reply.status in (500, 502, 503, 504, 429):
        return failures.failure("", reply.status, "", reply.retry_after)
    return failures.foreign()


def _error_in(body: bytes) -> tuple[str, str]:
    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, ValueError):
        return "", ""
    if root.tag.rpartition("}")[2] != "Error":
        return "", ""
    return root.findtext("Code") or "", root.findtext("Message") or ""
