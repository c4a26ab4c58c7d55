"""Multipart uploads, and single ones signed by botocore, through boto3: one client for each grant.

boto3 is imported when the first large file is sent: 200 ms that no start has to wait for.
"""

import base64
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from mydoctransfer.adapters.connection import is_loopback
from mydoctransfer.adapters.objects import failures
from mydoctransfer.adapters.objects.lean import Given
from mydoctransfer.adapters.pace import Pace
from mydoctransfer.engine.ports import (
    Arrived,
    Failure,
    FailureKind,
    Grant,
    Part,
    PartPut,
    SmallPut,
)

T = TypeVar("T")

_CLIENTS = 4
_CONNECTIONS = 16


class Control:
    """The bucket's calls that are few and large.

    Args:
        endpoint: the store's address; None is AWS. offset_ms: the server's clock minus this one.
    """

    def __init__(self, endpoint: str | None, offset_ms: Callable[[], int], pace: Pace) -> None:
        self._pace = pace
        self._endpoint = endpoint
        self._offset_ms = offset_ms
        self._clients: OrderedDict[str, Any] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, grant: Grant, put: SmallPut, content: bytearray) -> Arrived | Failure:
        """Send a small file as the plane does, signed by botocore."""

        def ask(client: Any) -> Arrived:
            answer = client.put_object(
                Bucket=grant.bucket,
                Key=put.key,
                Body=self._pace.body(content),
                IfNoneMatch="*",
                ChecksumSHA256=base64.b64encode(bytes.fromhex(put.sha256)).decode("ascii"),
            )
            return Arrived(answer.get("VersionId"))

        outcome = self._call(grant, ask)
        return Arrived() if _is_there(outcome) else outcome

    def start(self, grant: Grant, key: str) -> str | Failure:
        """Begin a multipart upload; answers its id."""

        def ask(client: Any) -> str | Failure:
            answer = client.create_multipart_upload(
                Bucket=grant.bucket, Key=key, ChecksumAlgorithm="CRC32", ChecksumType="COMPOSITE"
            )
            return str(answer["UploadId"]) if "UploadId" in answer else failures.foreign()

        return self._call(grant, ask)

    def put_part(
        self, grant: Grant, part: PartPut, content: bytearray, crc32: int, given: Given
    ) -> Part | Failure:
        """Send one part. `given` hears of its bytes while a limit holds."""

        def ask(client: Any) -> Part | Failure:
            answer = client.upload_part(
                Bucket=grant.bucket,
                Key=part.key,
                UploadId=part.multipart_id,
                PartNumber=part.number,
                Body=self._pace.body(content, given),
                ChecksumCRC32=_spelled(crc32),
            )
            if not answer.get("ETag"):
                return failures.foreign()
            return Part(answer["ETag"], crc32, len(content))

        return self._call(grant, ask)

    def list_parts(self, grant: Grant, key: str, multipart_id: str) -> dict[int, Part] | Failure:
        """Return what the store has, by part number."""

        def ask(client: Any) -> dict[int, Part] | Failure:
            found: dict[int, Part] = {}
            marker = 0
            while True:
                page = client.list_parts(
                    Bucket=grant.bucket, Key=key, UploadId=multipart_id, PartNumberMarker=marker
                )
                if page.get("UploadId") != multipart_id:
                    return failures.foreign()
                parts = page.get("Parts", [])
                found |= {
                    p["PartNumber"]: Part(p["ETag"], _crc_of(p.get("ChecksumCRC32")), p["Size"])
                    for p in parts
                }
                if not page.get("IsTruncated") or not parts:
                    return found
                marker = parts[-1]["PartNumber"]

        return self._call(grant, ask)

    def finish(
        self, grant: Grant, key: str, multipart_id: str, parts: Mapping[int, Part]
    ) -> Failure | None:
        """Complete it. botocore turns an error inside of a 200 into an error (H05)."""
        listed = [
            {"PartNumber": n, "ETag": parts[n].etag, "ChecksumCRC32": _spelled(parts[n].crc32)}
            for n in sorted(parts)
        ]

        def ask(client: Any) -> Failure | None:
            answer = client.complete_multipart_upload(
                Bucket=grant.bucket,
                Key=key,
                UploadId=multipart_id,
                IfNoneMatch="*",
                MultipartUpload={"Parts": listed},
            )
            return None if answer.get("ETag") else failures.foreign()

        outcome = self._call(grant, ask)
        if _is_there(outcome):
            self.abort(grant, key, multipart_id)  # else its parts stay, which nobody needs (I16)
            return None
        if outcome is not None and outcome.code == "conditional_request_conflict":
            return failures.failure("NoSuchUpload", 409)  # AWS: upload every part again (H20)
        return outcome

    def abort(self, grant: Grant, key: str, multipart_id: str) -> Failure | None:
        """End a multipart upload and drop its parts; one that is unknown has ended."""

        def ask(client: Any) -> None:
            client.abort_multipart_upload(Bucket=grant.bucket, Key=key, UploadId=multipart_id)

        outcome = self._call(grant, ask)
        is_over = outcome is not None and outcome.kind is FailureKind.UPLOAD_ENDED
        return None if is_over else outcome

    # --- asking ----------------------------------------------------------------------------------

    def _call(self, grant: Grant, ask: Callable[[Any], T]) -> T | Failure:
        from botocore import exceptions, parsers  # slow, see above

        try:
            return ask(self._client(grant))
        except exceptions.ClientError as exc:
            return _told(exc.response)
        except parsers.ResponseParserError:
            return failures.foreign()
        except exceptions.SSLError as exc:
            return Failure(
                FailureKind.OFFLINE, f"The connection to the store is not secure ({exc}).", "tls"
            )
        except (exceptions.HTTPClientError, exceptions.ConnectionError):
            return failures.offline("The store cannot be reached.")

    def _client(self, grant: Grant) -> Any:
        with self._lock:
            client = self._clients.get(grant.access_key_id)
            if client is None:
                client = _new_client(grant, self._endpoint, self._offset_ms)
                self._clients[grant.access_key_id] = client
                if len(self._clients) > _CLIENTS:
                    self._clients.popitem(last=False)
            return client


def _new_client(grant: Grant, endpoint: str | None, offset_ms: Callable[[], int]) -> Any:
    import boto3  # slow, see above
    from botocore import UNSIGNED
    from botocore.config import Config

    from mydoctransfer.adapters.objects.skewed import signer

    options: dict[str, Any] = {}
    if endpoint is not None and is_loopback(endpoint):
        options["proxies"] = {}
    config = Config(
        # Signed by `signer`, which knows how wrong this machine's clock is.
        signature_version=UNSIGNED,
        connect_timeout=10,
        read_timeout=60,
        retries={"mode": "standard", "total_max_attempts": 2},
        max_pool_connections=_CONNECTIONS,
        tcp_keepalive=True,
        # Each call that carries bytes carries our own checksum of them.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={
            "addressing_style": "virtual" if endpoint is None else "path",
            "payload_signing_enabled": False,
        },
        **options,
    )
    session = boto3.session.Session(region_name=grant.region)
    client = session.client("s3", endpoint_url=endpoint, config=config, verify=_authorities())
    client.meta.events.register("before-sign.s3", signer(grant, offset_ms))
    return client


def _authorities() -> str | None:
    """The file OpenSSL is told to believe, where botocore would not look by itself."""
    return os.environ.get("SSL_CERT_FILE") if "AWS_CA_BUNDLE" not in os.environ else None


def _told(response: Mapping[str, Any]) -> Failure:
    error, meta = response.get("Error", {}), response.get("ResponseMetadata", {})
    code, status = str(error.get("Code", "")), int(meta.get("HTTPStatusCode", 0))
    retry_after = meta.get("HTTPHeaders", {}).get("retry-after", "")
    if (not code or code.isdecimal()) and (status < 500 or status == 511):
        return failures.foreign()  # botocore found no error document in it
    return failures.failure(
        "" if code.isdecimal() else code,
        status,
        str(error.get("Message", "")),
        float(retry_after) if retry_after.isdecimal() else None,
    )


def _is_there(outcome: object) -> bool:
    """The key was made for this upload alone: what lies there is what an earlier try has sent."""
    return isinstance(outcome, Failure) and outcome.code == "precondition_failed"


def _spelled(crc32: int) -> str:
    return base64.b64encode(crc32.to_bytes(4, "big")).decode("ascii")


def _crc_of(spelled: str | None) -> int:
    return int.from_bytes(base64.b64decode(spelled), "big") if spelled else -1
