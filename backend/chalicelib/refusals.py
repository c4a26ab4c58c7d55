"""How a use case says no: one exception, carrying a contract `Problem`."""

from mydoctransfer_contract.problems import STATUS, Code, Problem

_TITLES = {
    Code.INVALID_REQUEST: "The request is not understood.",
    Code.UNAUTHENTICATED: "Sign in again.",
    Code.FORBIDDEN: "This is not allowed.",
    Code.NOT_FOUND: "There is no such document.",
    Code.VERSION_CONFLICT: "Another device has published a newer version.",
    Code.PATH_TAKEN: "Another document has this path.",
    Code.UPLOAD_INCOMPLETE: "The upload has not arrived yet.",
    Code.CHECKSUM_MISMATCH: "What arrived is not what was announced.",
    Code.EXPIRED: "The document has expired.",
    Code.REMOVED: "The document was removed.",
    Code.TOO_LARGE: "The document is too large.",
    Code.LIFETIME_REFUSED: "This lifetime is not allowed.",
    Code.NAME_REFUSED: "This name is not allowed.",
    Code.UNKNOWN_RECIPIENT: "Somebody among the recipients has no account here.",
    Code.RECIPIENT_REFUSED: "The document may not be shared with somebody among the recipients.",
    Code.QUOTA_EXCEEDED: "Today's amount of data is used up.",
    Code.GRANTS_BLOCKED: "Uploads are blocked until tomorrow: an upload was not what it said.",
    Code.TOO_MANY_REQUESTS: "Too many requests. Try again in a moment.",
    Code.LINKS_REFUSED: "Links are not allowed here.",
    Code.INTERNAL: "Something went wrong on our side.",
}


class Refused(Exception):
    """A request, or one item of it, is refused."""

    def __init__(
        self,
        code: Code,
        detail: str = "",
        *,
        emails: tuple[str, ...] = (),
        share_id: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(code.value)
        self.code = code
        self.detail = detail
        self.emails = emails
        self.share_id = share_id
        self.retry_after = retry_after

    @property
    def problem(self) -> Problem:
        """Return the refusal as the wire shows it."""
        return Problem(
            code=self.code.value,
            title=_TITLES[self.code],
            status=STATUS[self.code],
            detail=self.detail,
            emails=self.emails,
            share_id=self.share_id,
        )
