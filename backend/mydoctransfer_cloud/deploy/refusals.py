"""What AWS says, in the words of the person who deploys: what was refused, and the remedy."""

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
)

from mydoctransfer_cloud.errors import CloudError

_UNKNOWN_CALLER = frozenset(
    {
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_SIGN_IN = (
    "Set up credentials, for example with `aws configure sso` and AWS_PROFILE, and try again."
)
_ALLOWANCE = "The operator's guide lists the permissions a deployment needs."


def said(title: str, exc: ClientError | BotoCoreError) -> CloudError:
    """Return the error for a call that AWS, or the way to it, refused."""
    match exc:
        case NoCredentialsError():
            return CloudError("No AWS credentials", f"There are no AWS credentials. {_SIGN_IN}")
        case ProfileNotFound() | PartialCredentialsError():
            return CloudError("No AWS credentials", f"{exc}. {_SIGN_IN}")
        case ConnectionError() | HTTPClientError():
            return CloudError(
                "AWS does not answer",
                f"AWS cannot be reached ({exc}). Check the connection and try again; nothing that "
                "was begun is lost.",
            )
        case ClientError() if exc.response["Error"]["Code"] in _UNKNOWN_CALLER:
            return CloudError(
                "No AWS credentials", f"AWS does not know who you are ({exc}). {_SIGN_IN}"
            )
        case ClientError() if is_denial(str(exc)):
            return CloudError(title, f"These AWS credentials do not suffice: {exc}. {_ALLOWANCE}")
        case BotoCoreError() if "SSO" in type(exc).__name__ or "Token" in type(exc).__name__:
            return CloudError("No AWS credentials", f"{exc} {_SIGN_IN}")
    return CloudError(title, str(exc))


def reason(text: str) -> str:
    """Return what CloudFormation recorded, with the remedy where permissions were missing."""
    return f"{text} {_ALLOWANCE}" if is_denial(text) else text


def is_denial(text: str) -> bool:
    """Say whether a message of AWS tells of missing permissions."""
    return any(sign in text for sign in ("AccessDenied", "not authorized", "UnauthorizedOperation"))
