"""One deployer for AWS and for the local cloud: only the endpoint differs.

Two stacks. `mydoctransfer-STAGE-data` holds what must outlive every update (people, documents,
records); `mydoctransfer-STAGE-api` holds the functions and the API and can be made again at any
time. The code lies in the documents' bucket under `deploy/`, which no role of ours may read.

The bucket's notification is set last: CloudFormation cannot tie a bucket of one stack to a
function of another, and S3 checks the permission when the notification is set.
"""

import json
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from mydoctransfer_cloud.deploy import tables
from mydoctransfer_cloud.deploy.bundle import Bundle, build
from mydoctransfer_cloud.deploy.policy import object_days
from mydoctransfer_cloud.deploy.sources import backend_dir
from mydoctransfer_cloud.deploy.stacks import KEEP, Stacks
from mydoctransfer_cloud.errors import CloudError
from mydoctransfer_contract.connection import Connection

STANDARD_OBJECT_DAYS = 367
"""How long the bucket keeps an object under the standard policy."""

TEMPLATE_BODY_LIMIT = 51_200
"""Bytes CloudFormation takes inline."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to deploy.

    Attributes:
        stage: names this installation inside the account.
        session: a boto3 session with the operator's credentials and region.
        endpoint_url: the local cloud's address; null on AWS.
    """

    stage: str
    session: Any
    endpoint_url: str | None = None

    @property
    def data_stack(self) -> str:
        """Name of the stack that keeps people and documents."""
        return f"mydoctransfer-{self.stage}-data"

    @property
    def api_stack(self) -> str:
        """Name of the stack with the API and its triggers."""
        return f"mydoctransfer-{self.stage}-api"

    def client(self, service: str) -> Any:
        """Return a boto3 client of the target."""
        config = Config(
            signature_version="s3v4" if service == "s3" else None,
            s3={"addressing_style": "path" if self.endpoint_url else "virtual"},
            retries={"mode": "standard", "max_attempts": 4},
        )
        return self.session.client(service, endpoint_url=self.endpoint_url, config=config)


@dataclass(frozen=True, slots=True)
class Deployed:
    """What a deployment left behind.

    Attributes:
        connection: what clients need to know.
        changed: whether anything had to be done.
    """

    connection: Connection
    changed: bool


def local_target(endpoint_url: str, root_key: str, region: str, stage: str) -> Target:
    """Return the local cloud as a target, with its root key."""
    session = boto3.Session(
        aws_access_key_id=root_key, aws_secret_access_key="unused", region_name=region
    )
    return Target(stage, session, endpoint_url)


def deploy(
    target: Target,
    cache: Path,
    *,
    backend: Path | None = None,
    policy: str | None = None,
    new_epoch: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Deployed:
    """Bring the target to the state the sources describe; return how to connect to it.

    Args:
        policy: JSON of what differs from the standard policy, empty for nothing; without it the
            policy stays as it is.
        new_epoch: tell clients that the records went back in time (a restored backup).

    Raises:
        CloudError: packaging failed, or the cloud refused something; the message says what.
    """
    source = backend or backend_dir()
    wanted = {} if policy is None else _policy_parameters(policy, source)
    try:
        return _deploy(target, build(cache, source), wanted, new_epoch, say)
    except (ClientError, BotoCoreError) as exc:
        raise CloudError("The deployment failed", str(exc)) from exc


def destroy(target: Target, say: Callable[[str], None] = lambda _: None) -> None:
    """Remove everything a deployment made, documents and people included.

    Raises:
        CloudError: the cloud refused something; the message says what.
    """
    try:
        _destroy(target, say)
    except (ClientError, BotoCoreError) as exc:
        raise CloudError("The removal failed", str(exc)) from exc


def _deploy(
    target: Target,
    bundle: Bundle,
    policy: dict[str, str],
    new_epoch: bool,
    say: Callable[[str], None],
) -> Deployed:
    stacks = Stacks(target.client("cloudformation"), is_local=target.endpoint_url is not None)
    is_local = "true" if target.endpoint_url else "false"
    say("people, documents, records")
    is_known = stacks.exists(target.data_stack) and not new_epoch
    epoch = KEEP if is_known else str(uuid.uuid4())
    data, data_changed = stacks.deploy(
        target.data_stack,
        bundle.data_template,
        {
            "Stage": target.stage,
            "LocalCloud": is_local,
            "Epoch": epoch,
            **_kept_or("ObjectDays", policy, is_new=not stacks.exists(target.data_stack)),
        },
    )
    if data_changed:
        stacks.protect(target.data_stack)
        tables.complete(target.client("dynamodb"), (data["MainTableName"], data["AuditTableName"]))
    say("functions and API")
    s3 = target.client("s3")
    key = _upload(s3, data["BucketName"], f"deploy/{bundle.digest}.zip", bundle.code)
    secret = KEEP if stacks.exists(target.api_stack) else secrets.token_hex(32)
    api, api_changed = stacks.deploy(
        target.api_stack,
        bundle.api_template,
        {
            "Stage": target.stage,
            **{name: data[name] for name in _PASSED_ON},
            "CodeBucket": data["BucketName"],
            "CodeKey": key,
            "Secret": secret,
            **_kept_or("Policy", policy, is_new=secret is not KEEP),
        },
        _template_url(target, s3, data["BucketName"], bundle),
    )
    wired = _wire_arrivals(s3, data["BucketName"], api)
    connection = _connection(target, data, api)
    return Deployed(connection, data_changed or api_changed or wired)


_PASSED_ON = (
    "BucketName",
    "MainTableName",
    "AuditTableName",
    "UserPoolId",
    "UserPoolArn",
    "ClientId",
    "Epoch",
)


def _policy_parameters(policy: str, backend: Path) -> dict[str, str]:
    if not policy.strip():
        return {"Policy": "", "ObjectDays": str(STANDARD_OBJECT_DAYS)}
    return {"Policy": policy, "ObjectDays": str(object_days(policy, backend))}


def _kept_or(name: str, given: dict[str, str], *, is_new: bool) -> dict[str, str | None]:
    """A parameter as given, else as the stack has it, else the template's default."""
    if name in given:
        return {name: given[name]}
    return {} if is_new else {name: KEEP}


def _upload(s3: Any, bucket: str, key: str, content: bytes) -> str:
    """Put content under a key named by it, unless it is there."""
    found = s3.list_objects_v2(Bucket=bucket, Prefix=key, MaxKeys=1)
    if not found.get("KeyCount"):
        s3.put_object(Bucket=bucket, Key=key, Body=content)
    return key


def _template_url(target: Target, s3: Any, bucket: str, bundle: Bundle) -> str | None:
    template = bundle.api_template.encode()
    if len(template) <= TEMPLATE_BODY_LIMIT:
        return None
    key = _upload(s3, bucket, f"deploy/{bundle.digest}.json", template)
    if target.endpoint_url:
        return f"{target.endpoint_url}/{bucket}/{key}"
    return f"https://{bucket}.s3.{target.session.region_name}.amazonaws.com/{key}"


def _wire_arrivals(s3: Any, bucket: str, api: dict[str, str]) -> bool:
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


def _connection(target: Target, data: dict[str, str], api: dict[str, str]) -> Connection:
    return Connection(
        api_url=_api_url(target, api["RestAPIId"], api["ApiStage"]),
        region=target.session.region_name,
        user_pool_id=data["UserPoolId"],
        client_id=data["ClientId"],
        endpoint_url=target.endpoint_url,
    )


def _api_url(target: Target, api_id: str, stage: str) -> str:
    if target.endpoint_url:
        return f"{target.endpoint_url}/_aws/execute-api/{api_id}/{stage}"
    return f"https://{api_id}.execute-api.{target.session.region_name}.amazonaws.com/{stage}"


def _destroy(target: Target, say: Callable[[str], None]) -> None:
    stacks = Stacks(target.client("cloudformation"), is_local=target.endpoint_url is not None)
    bucket = stacks.outputs(target.data_stack).get("BucketName")
    say("functions and API")
    if bucket:
        target.client("s3").put_bucket_notification_configuration(
            Bucket=bucket, NotificationConfiguration={}
        )
    stacks.remove(target.api_stack)
    say("people, documents, records")
    if bucket:
        _empty(target.client("s3"), bucket)
    stacks.remove(target.data_stack)


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
