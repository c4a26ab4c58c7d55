"""What a month on AWS costs, for a stated use.

List prices of us-east-1 in US dollars as written down here, not asked for at run time, and without
free tiers (with them small installations are nearly free). Other regions differ by up to a third.
"""

from dataclasses import dataclass

_GIB = 1024**3

STORED_GIB_MONTH = 0.023
PUT_REQUEST, GET_REQUEST = 5e-6, 4e-7
TRAFFIC_OUT_GIB = 0.09
READ_UNIT, WRITE_UNIT = 0.125e-6, 0.625e-6
ROWS_GIB_MONTH = 0.25 + 0.20  # stored, and restorable to any second
API_CALL = 3.5e-6
FUNCTION_CALL, FUNCTION_GIB_SECOND = 0.2e-6, 16.6667e-6
ALARM, METRIC = 0.10, 0.30
LOGGED_GIB = 0.50

POOL_TIERS = {"ESSENTIALS": 0.015, "PLUS": 0.02}
"""Tiers of the user pool, and what each costs an active person. PLUS has threat protection."""

FUNCTION_GIB, FUNCTION_SECONDS = 0.5, 0.05
WRITES_A_DOCUMENT, READS_A_CALL = 40, 3
ROW_BYTES_A_DOCUMENT, LOG_BYTES_A_CALL = 6_000, 500
ALARMS, METRICS = 6, 1


@dataclass(frozen=True, slots=True)
class Use:
    """How an installation is used in a month.

    Attributes:
        hours: a person's desktop is at work; it then polls every 15 seconds, else every five
            minutes.
        downloads: of each document.
    """

    people: int = 10
    documents: int = 1_000
    mean_bytes: int = 5 * 1024**2
    lifetime_days: float = 7
    downloads: float = 2
    hours: float = 160


def estimate(use: Use, pool_tier: str) -> dict[str, float]:
    """Return US dollars a month by service; `pool_tier` is one of POOL_TIERS."""
    polls = use.people * (use.hours * 240 + (720 - use.hours) * 12)
    fetched = use.documents * use.downloads
    calls = polls + use.documents * 3 + fetched * 2
    stored = use.documents * use.mean_bytes * min(use.lifetime_days + 1, 30) / 30 / _GIB
    rows = use.documents * ROW_BYTES_A_DOCUMENT * 2 / _GIB
    writes = calls + use.documents * WRITES_A_DOCUMENT
    seconds = (calls + use.documents) * FUNCTION_SECONDS
    return {
        "S3": stored * STORED_GIB_MONTH + use.documents * PUT_REQUEST + fetched * GET_REQUEST,
        "Traffic": fetched * use.mean_bytes / _GIB * TRAFFIC_OUT_GIB,
        "DynamoDB": calls * READS_A_CALL * READ_UNIT + writes * WRITE_UNIT + rows * ROWS_GIB_MONTH,
        "API Gateway": calls * API_CALL,
        "Lambda": calls * FUNCTION_CALL + seconds * FUNCTION_GIB * FUNCTION_GIB_SECOND,
        "Cognito": use.people * POOL_TIERS[pool_tier],
        "CloudWatch": ALARMS * ALARM
        + METRICS * METRIC
        + calls * LOG_BYTES_A_CALL / _GIB * LOGGED_GIB,
    }
