"""AWS Signature Version 4 for one kind of request: PUT of an object, or of a part of one.

A signature made here costs a hundredth of botocore's, since the signing key is kept for the day
and nothing of the request has to be found out. Tests hold it against botocore's.
"""

import hashlib
import hmac
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import quote

from mydoctransfer.engine.ports import Grant

UNSIGNED = "UNSIGNED-PAYLOAD"
"""In place of a body's hash: the body is held to a signed checksum instead."""

_ALGORITHM = "AWS4-HMAC-SHA256"


def canonical_uri(path: str) -> str:
    """Return the path as it is signed and sent: every byte but unreserved ones and `/` escaped."""
    return quote(path, safe="/-_.~")


def canonical_query(parameters: Mapping[str, str]) -> str:
    """Return the query as it is signed and sent."""
    return "&".join(
        f"{quote(name, safe='-_.~')}={quote(parameters[name], safe='-_.~')}"
        for name in sorted(parameters)
    )


def signed_headers(
    grant: Grant,
    host: str,
    uri: str,
    headers: Mapping[str, str],
    sha256: str,
    at: str,
    query: str = "",
) -> dict[str, str]:
    """Return the headers of a PUT, signed.

    Args:
        host: as in the Host header. uri: from `canonical_uri`. headers: others to sign, names in
            lower case. sha256: of the body, hexadecimal, or UNSIGNED. at: `YYYYMMDDTHHMMSSZ`.
            query: from `canonical_query`.
    """
    signed = {
        **headers,
        "host": host,
        "x-amz-content-sha256": sha256,
        "x-amz-date": at,
        "x-amz-security-token": grant.session_token,
    }
    names = ";".join(sorted(signed))
    lines = "".join(f"{name}:{signed[name]}\n" for name in sorted(signed))
    canonical = f"PUT\n{uri}\n{query}\n{lines}\n{names}\n{sha256}"
    scope = f"{at[:8]}/{grant.region}/s3/aws4_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    key = _signing_key(grant.secret_access_key, at[:8], grant.region)
    signature = hmac.digest(key, f"{_ALGORITHM}\n{at}\n{scope}\n{digest}".encode(), "sha256").hex()
    signed["authorization"] = (
        f"{_ALGORITHM} Credential={grant.access_key_id}/{scope}, "
        f"SignedHeaders={names}, Signature={signature}"
    )
    return signed


@lru_cache(16)
def _signing_key(secret: str, day: str, region: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for step in (day, region, "s3", "aws4_request"):
        key = hmac.digest(key, step.encode(), "sha256")
    return key
