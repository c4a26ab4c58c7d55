"""One small file's PUT: the question, and what its answer means. Asking is left to others."""

import base64
import time
from urllib.parse import urlsplit
from xml.etree import ElementTree

from mydoctransfer.adapters.objects import failures, signing
from mydoctransfer.adapters.replies import Reply
from mydoctransfer.engine.ports import Failure, Grant, SmallPut


def question(
    endpoint: str | None, grant: Grant, put: SmallPut, offset_ms: int
) -> tuple[str, str, dict[str, str]]:
    """Return the store's base address, the target beneath it and the signed headers.

    Args:
        offset_ms: the server's clock minus this machine's.
    """
    base, path = address(endpoint, grant, put.key)
    now = time.gmtime(time.time() + offset_ms / 1000)
    headers = {
        "if-none-match": "*",
        "x-amz-checksum-sha256": base64.b64encode(bytes.fromhex(put.sha256)).decode("ascii"),
    }
    uri = signing.canonical_uri(path)
    signed = signing.signed_headers(
        grant,
        urlsplit(base).netloc,
        uri,
        headers,
        put.sha256,
        time.strftime("%Y%m%dT%H%M%SZ", now),
    )
    return base, uri, signed


def address(endpoint: str | None, grant: Grant, key: str) -> tuple[str, str]:
    """Return the store's base address and the object's path beneath it."""
    if endpoint is not None:
        return endpoint.rstrip("/"), f"/{grant.bucket}/{key}"
    suffix = "amazonaws.com.cn" if grant.region.startswith("cn-") else "amazonaws.com"
    return f"https://{grant.bucket}.s3.{grant.region}.{suffix}", f"/{key}"


def verdict(reply: Reply) -> Failure | None:
    """Return what an answer to the PUT means: nothing when the object is there."""
    if reply.status == 200 and "etag" in reply.headers:
        return None
    code, message = _error_in(reply.body)
    if code == "PreconditionFailed" or (reply.status == 412 and not code):
        # The key was made for this upload alone: what lies there is what an earlier try has sent.
        return None
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
