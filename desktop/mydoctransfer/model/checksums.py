"""Checksums of a file that is sent in parts. Pure."""

import base64
import zlib
from collections.abc import Iterable


def composite_crc32(part_crcs: Iterable[int]) -> str:
    """Return what S3 keeps for parts with these CRC32s, in order: the CRC32 of the big-endian
    CRC32s in base64, and the number of parts (checksum type COMPOSITE)."""
    raw = [crc.to_bytes(4, "big") for crc in part_crcs]
    whole = zlib.crc32(b"".join(raw)).to_bytes(4, "big")
    return f"{base64.b64encode(whole).decode('ascii')}-{len(raw)}"
