"""Checksums as S3 spells them.

One PUT carries the SHA-256 of the file. A multipart upload carries CRC32 per part and, at
`CompleteMultipartUpload`, S3 keeps the CRC32 of the parts' CRC32s with the number of parts:
type COMPOSITE. The client computes that value itself and `complete` compares it.
"""

import base64
import zlib
from collections.abc import Iterable


def sha256_header(hex_digest: str) -> str:
    """Return `x-amz-checksum-sha256` for a hexadecimal SHA-256."""
    return base64.b64encode(bytes.fromhex(hex_digest)).decode("ascii")


def crc32_header(crc: int) -> str:
    """Return `x-amz-checksum-crc32` for a CRC32."""
    return base64.b64encode(crc.to_bytes(4, "big")).decode("ascii")


def composite_crc32(part_crcs: Iterable[int]) -> str:
    """Return the COMPOSITE CRC32 of an upload whose parts, in order, have these CRC32s."""
    raw = [crc.to_bytes(4, "big") for crc in part_crcs]
    return f"{crc32_header(zlib.crc32(b''.join(raw)))}-{len(raw)}"
