"""The bucket's notification, which ties it to the arrivals function of the other stack."""

import json
from typing import Any


def wire(s3: Any, bucket: str, api: dict[str, str]) -> bool:
    """Tell the bucket about the arrivals function; return whether it did not know."""
    if "ArrivalsFunctionArn" not in api:
        return False
    wanted = _notification(api)
    present = s3.get_bucket_notification_configuration(Bucket=bucket)
    if _comparable(present.get("LambdaFunctionConfigurations", [])) == _comparable(wanted):
        return False
    s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"LambdaFunctionConfigurations": wanted}
    )
    return True


def _notification(api: dict[str, str]) -> list[dict[str, Any]]:
    chosen = json.loads(api["ArrivalsFilter"])
    rule = {"Name": "Prefix", "Value": chosen["prefix"]}
    return [
        {
            "Id": "arrivals",
            "LambdaFunctionArn": api["ArrivalsFunctionArn"],
            "Events": chosen["events"],
            "Filter": {"Key": {"FilterRules": [rule]}},
        }
    ]


def _comparable(configurations: list[dict[str, Any]]) -> str:
    """Clouds differ in how they spell the names of filter rules."""
    return json.dumps(configurations, sort_keys=True).replace('"prefix"', '"Prefix"')


def unwire(s3: Any, bucket: str) -> None:
    """Take the notification away, so that emptying the bucket wakes nobody."""
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
