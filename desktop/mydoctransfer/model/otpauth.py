"""The address by which an authenticator application takes over a secret. Pure."""

from urllib.parse import quote

ISSUER = "MyDoc Transfer"


def address(secret: str, email: str) -> str:
    """Return the `otpauth://` address for a TOTP secret (base 32), to be shown as a QR code.

    Source: github.com/google/google-authenticator/wiki/Key-Uri-Format.
    """
    label = f"{quote(ISSUER)}:{quote(email, safe='')}"
    return f"otpauth://totp/{label}?secret={quote(secret, safe='')}&issuer={quote(ISSUER)}"
