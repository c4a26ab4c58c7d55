"""What an error of the object store means to the engine."""

from mydoctransfer.engine.ports import Failure, FailureKind

_KINDS: dict[str, FailureKind] = {
    # A store that was restarted does not know the session any more: renewed, it does.
    **dict.fromkeys(
        ("ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "InvalidToken",
         "InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException"),
        FailureKind.GRANT_ENDED,
    ),
    "NoSuchUpload": FailureKind.UPLOAD_ENDED,
    **dict.fromkeys(("RequestTimeTooSkewed", "RequestExpired"), FailureKind.CLOCK_WRONG),
    # An unknown part is sent again: the next try asks the store which parts it has (H01).
    **dict.fromkeys(
        ("SlowDown", "ServiceUnavailable", "InternalError", "RequestTimeout", "Throttling",
         "ThrottlingException", "RequestLimitExceeded", "OperationAborted",
         "ConditionalRequestConflict", "InvalidPart", "InvalidPartOrder"),
        FailureKind.BUSY,
    ),
    **dict.fromkeys(
        ("BadDigest", "InvalidDigest", "IncompleteBody", "XAmzContentSHA256Mismatch",
         "XAmzContentChecksumMismatch"),
        FailureKind.CORRUPT,
    ),
}  # fmt: skip

_SENTENCES = {
    FailureKind.GRANT_ENDED: "The leave to upload has ended; it is renewed.",
    FailureKind.UPLOAD_ENDED: "The store does not know this upload any more; it begins again.",
    FailureKind.CLOCK_WRONG: "This computer's clock is wrong. Set it, and sending goes on.",
    FailureKind.BUSY: "The store is busy; it is tried again.",
    FailureKind.CORRUPT: "The bytes did not arrive whole; they are sent again.",
}


def failure(code: str, status: int, message: str = "", retry_after: float | None = None) -> Failure:
    """Return the failure for an error the store itself has told of."""
    kind = _KINDS.get(code)
    if kind is None and "expired" in message.lower() and status == 403:
        kind = FailureKind.GRANT_ENDED
    if kind is None and (status >= 500 or status == 429):
        kind = FailureKind.BUSY
    if kind is None:
        return Failure(
            FailureKind.REFUSED,
            f"The store refused the file ({code or f'status {status}'}).",
            _snake(code) or "refused_by_store",
        )
    in_answer = "The store is busy. Try again in a moment." if kind is FailureKind.BUSY else ""
    return Failure(kind, _SENTENCES[kind], _snake(code), retry_after, in_answer=in_answer)


def foreign() -> Failure:
    """Return the failure for an answer that is not the store's (G09, G10)."""
    return Failure(
        FailureKind.OFFLINE,
        "Something else than the store answered. Does this network want you to sign in?",
        "captive_portal",
    )


def silent(host: str) -> Failure:
    """Return the failure for a store that was asked and said nothing in time."""
    return Failure(FailureKind.OFFLINE, f"{host} does not answer. Try again in a while.", "timeout")


def offline(message: str) -> Failure:
    """Return the failure for no answer at all."""
    return Failure(FailureKind.OFFLINE, message, "offline")


def _snake(code: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in code).lstrip("_")
