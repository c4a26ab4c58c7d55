"""Makes sure that tables expire rows and can be restored, as the template asks.

CloudFormation does this on AWS. The local cloud's (ministack 1.5.33) creates tables without
either, and a tombstone that never goes would be another behaviour than the one people get.
"""

from collections.abc import Iterable
from typing import Any

TTL_ATTRIBUTE = "ttl"


def complete(dynamodb: Any, tables: Iterable[str]) -> None:
    """Switch on what is off; a table that is as asked for is only read."""
    for table in tables:
        _expire_rows(dynamodb, table)
        _keep_backups(dynamodb, table)


def forget_backups(dynamodb: Any, tables: Iterable[str]) -> None:
    """Switch restoring off: AWS keeps a backup of what is deleted while it is on, for 35 days."""
    for table in tables:
        _restorable(dynamodb, table, False)


def _expire_rows(dynamodb: Any, table: str) -> None:
    found = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    if found["TimeToLiveStatus"] == "DISABLED":
        dynamodb.update_time_to_live(
            TableName=table,
            TimeToLiveSpecification={"Enabled": True, "AttributeName": TTL_ATTRIBUTE},
        )


def _keep_backups(dynamodb: Any, table: str) -> None:
    found = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    point_in_time = found.get("PointInTimeRecoveryDescription", {})
    if point_in_time.get("PointInTimeRecoveryStatus") != "ENABLED":
        _restorable(dynamodb, table, True)


def _restorable(dynamodb: Any, table: str, is_wanted: bool) -> None:
    dynamodb.update_continuous_backups(
        TableName=table,
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": is_wanted},
    )
