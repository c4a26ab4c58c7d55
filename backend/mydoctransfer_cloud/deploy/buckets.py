"""Makes sure that the bucket collects garbage and owns what lies in it, as the template asks.

CloudFormation does this on AWS. The local cloud's (ministack 1.5.33) ignores both, so that what
a test read there would be no statement about the bucket.
"""

import json
from typing import Any

from botocore.exceptions import ClientError


def complete(s3: Any, bucket: str, template: str, object_days: int) -> None:
    """Set what is not set; a bucket that is as asked for is only read.

    Args:
        template: the data stack's, as deployed.
        object_days: the stack's parameter ObjectDays.
    """
    asked = json.loads(template)["Resources"].get("Bucket", {}).get("Properties", {})
    if "LifecycleConfiguration" in asked:
        rules = [_rule(rule, object_days) for rule in asked["LifecycleConfiguration"]["Rules"]]
        _collect_garbage(s3, bucket, rules)
    if "OwnershipControls" in asked:
        _own_everything(s3, bucket, asked["OwnershipControls"])


def _collect_garbage(s3: Any, bucket: str, wanted: list[dict[str, Any]]) -> None:
    found = _unless_absent(
        s3.get_bucket_lifecycle_configuration, bucket, "NoSuchLifecycleConfiguration"
    )
    if _expirations(found.get("Rules", [])) != _expirations(wanted):
        s3.put_bucket_lifecycle_configuration(
            Bucket=bucket, LifecycleConfiguration={"Rules": wanted}
        )


def _own_everything(s3: Any, bucket: str, wanted: dict[str, Any]) -> None:
    found = _unless_absent(
        s3.get_bucket_ownership_controls, bucket, "OwnershipControlsNotFoundError"
    )
    if not found:
        s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=wanted)


def _expirations(rules: list[dict[str, Any]]) -> dict[str, Any]:
    """What changes from one policy to another: clouds spell the rest in different ways."""
    return {rule["ID"]: rule.get("Expiration", {}).get("Days") for rule in rules}


def _unless_absent(get: Any, bucket: str, absent: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = get(Bucket=bucket)
    except ClientError as exc:
        if exc.response["Error"]["Code"] != absent:
            raise
        return {}
    return found


def _rule(rule: dict[str, Any], object_days: int) -> dict[str, Any]:
    """A rule of the template as S3's own API spells it."""
    made: dict[str, Any] = {"ID": rule["Id"], "Status": rule["Status"]}
    made["Filter"] = {"Prefix": rule.get("Prefix", "")}
    for name in ("AbortIncompleteMultipartUpload", "NoncurrentVersionExpiration"):
        if name in rule:
            made[name] = rule[name]
    if "ExpirationInDays" in rule:
        made["Expiration"] = {"Days": object_days}
    if "ExpiredObjectDeleteMarker" in rule:
        made["Expiration"] = {"ExpiredObjectDeleteMarker": True}
    return made
