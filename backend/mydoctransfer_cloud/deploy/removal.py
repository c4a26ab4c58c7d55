"""Undoing a deployment: functions first, then the documents, then what held them."""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from mydoctransfer_cloud.deploy import refusals, tables, wiring
from mydoctransfer_cloud.deploy.stacks import Stacks
from mydoctransfer_cloud.deploy.target import Target


def deployed(target: Target) -> tuple[str, ...]:
    """Return what `destroy` would remove, as "type name", sorted.

    Raises:
        CloudError: the cloud refused to say.
    """
    try:
        stacks = _stacks(target)
        found = [*stacks.resources(target.api_stack), *stacks.resources(target.data_stack)]
    except (ClientError, BotoCoreError) as exc:
        raise refusals.said("The removal failed", exc) from exc
    return tuple(sorted(found))


def destroy(target: Target, say: Callable[[str], None] = lambda _: None) -> None:
    """Remove everything a deployment made, documents and people included.

    Raises:
        CloudError: the cloud refused something; the message says what.
    """
    try:
        _destroy(target, say)
    except (ClientError, BotoCoreError) as exc:
        raise refusals.said("The removal failed", exc) from exc


def _destroy(target: Target, say: Callable[[str], None]) -> None:
    stacks = _stacks(target)
    data = stacks.outputs(target.data_stack)
    bucket = data.get("BucketName")
    say("functions and API")
    if bucket:
        wiring.unwire(target.client("s3"), bucket)
    stacks.remove(target.api_stack)
    say("people, documents, records")
    if bucket:
        _empty(target.client("s3"), bucket)
        tables.forget_backups(
            target.client("dynamodb"), (data["MainTableName"], data["AuditTableName"])
        )
    stacks.remove(target.data_stack)


def _stacks(target: Target) -> Stacks:
    return Stacks(target.client("cloudformation"), is_local=target.endpoint_url is not None)


def _empty(s3: Any, bucket: str) -> None:
    """Delete every version, every delete marker and every unfinished upload."""
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        doomed = [
            {"Key": entry["Key"], "VersionId": entry["VersionId"]}
            for entry in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        ]
        if doomed:
            s3.delete_objects(Bucket=bucket, Delete={"Objects": doomed, "Quiet": True})
    for page in s3.get_paginator("list_multipart_uploads").paginate(Bucket=bucket):
        for upload in page.get("Uploads", []):
            s3.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])
