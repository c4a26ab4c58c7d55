"""Logs: rotated files in the installation's state, without secrets.

The engine logs kinds and codes, never contents; what libraries log is redacted at the sink.
"""

import logging
import logging.handlers
import re
from pathlib import Path

_SIZE = 2_000_000  # bytes of one file
_KEPT = 4

_SECRETS = re.compile(
    r"(eyJ[\w-]+\.[\w-]+\.[\w-]+)"  # a JSON web token
    r"|((?:X-Amz-(?:Signature|Security-Token|Credential)|Signature|Credential)=[^&\s\"',]+)"
    r"|((?:Authorization|x-amz-security-token|password|SRP_A|REFRESH_TOKEN)[\"']?\s*[:=]\s*\S+)",
    re.IGNORECASE,
)


class Redacted(logging.Formatter):
    """Writes every record without tokens, signatures and passwords."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, secrets replaced."""
        return redacted(super().format(record))


def redacted(text: str) -> str:
    """Return the text with tokens, signatures and passwords replaced."""
    return _SECRETS.sub("[secret]", text)


def start_logging(directory: Path) -> None:
    """Write what is worth knowing into `directory`/mydoctransfer.log from now on."""
    # Descriptors are opened at the first record: `status` writes none.
    handler = logging.handlers.RotatingFileHandler(
        directory / "mydoctransfer.log", maxBytes=_SIZE, backupCount=_KEPT, delay=True,
        encoding="utf-8", errors="backslashreplace",
    )  # fmt: skip
    handler.setFormatter(Redacted("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers = [handler]
    logging.raiseExceptions = False  # a log on a full disk is no reason to print tracebacks
    root.setLevel(logging.INFO)
    for noisy in ("botocore", "boto3", "urllib3", "watchdog"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
