"""botocore's signature, dated by the server's clock instead of this machine's (H08)."""

import datetime
from collections.abc import Callable
from typing import Any

from botocore.auth import SIGV4_TIMESTAMP, S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from mydoctransfer.engine.ports import Grant


class _Skewed(S3SigV4Auth):
    def __init__(self, grant: Grant, offset_ms: Callable[[], int]) -> None:
        credentials = Credentials(grant.access_key_id, grant.secret_access_key, grant.session_token)
        super().__init__(credentials, "s3", grant.region)
        self._offset_ms = offset_ms

    def _modify_request_before_signing(self, request: AWSRequest) -> None:
        offset = datetime.timedelta(milliseconds=self._offset_ms())
        now = datetime.datetime.now(datetime.UTC) + offset
        request.context["timestamp"] = now.strftime(SIGV4_TIMESTAMP)
        super()._modify_request_before_signing(request)  # type: ignore[misc]


def signer(grant: Grant, offset_ms: Callable[[], int]) -> Callable[..., None]:
    """Return a handler for `before-sign`, for a client that signs nothing by itself."""
    auth = _Skewed(grant, offset_ms)

    def sign(request: AWSRequest, **_: Any) -> None:
        # A part is worth more than the journey botocore makes to ask whether it is wanted; and
        # over TLS 1.3 it takes session tickets for the answer, and waits for the rest of it.
        del request.headers["Expect"]
        auth.add_auth(request)

    return sign
