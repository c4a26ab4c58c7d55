"""One deployer for AWS and for the local cloud: only the endpoint differs.

Two stacks. `mydoctransfer-STAGE-data` holds what must outlive every update (people, documents,
records); `mydoctransfer-STAGE-api` holds the functions and the API and can be made again at any
time. The code lies in the documents' bucket under `deploy/`, which no role of ours may read.

The bucket's notification is set last: CloudFormation cannot tie a bucket of one stack to a
function of another, and S3 checks the permission when the notification is set.
"""

import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from mydoctransfer_cloud.deploy import buckets, refusals, tables, wiring
from mydoctransfer_cloud.deploy.bundle import Bundle, build
from mydoctransfer_cloud.deploy.policy import object_days
from mydoctransfer_cloud.deploy.sources import backend_dir
from mydoctransfer_cloud.deploy.stacks import KEEP, Stacks
from mydoctransfer_cloud.deploy.target import Target
from mydoctransfer_contract.connection import Connection

STANDARD_OBJECT_DAYS = 367
"""How long the bucket keeps an object under the standard policy."""

TEMPLATE_BODY_LIMIT = 51_200
"""Bytes CloudFormation takes inline."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may choose besides stage and region. None: as it is, or as is standard.

    Attributes:
        policy: JSON of what differs from the standard policy, empty for nothing.
        alarm_topic: ARN of the SNS topic alarms are sent to, empty for none.
        boundary: ARN of the permissions boundary of every role made, empty for none.
        concurrency: calls of each function at once, "0" for as many as the account has.
        pool_tier: of the user pool, one of `estimate.POOL_TIERS`.
        sign_up: "on" where people make their accounts themselves, "off" where an administrator
            does.
    """

    policy: str | None = None
    alarm_topic: str | None = None
    boundary: str | None = None
    concurrency: str | None = None
    pool_tier: str | None = None
    sign_up: str | None = None


@dataclass(frozen=True, slots=True)
class Deployed:
    """What a deployment left behind.

    Attributes:
        connection: what clients need to know.
        changed: whether anything had to be done.
        made: everything it consists of, as "type name", sorted.
        pool_tier: of the user pool, which has a price of its own.
    """

    connection: Connection
    changed: bool
    made: tuple[str, ...]
    pool_tier: str


def deploy(
    target: Target,
    cache: Path,
    *,
    backend: Path | None = None,
    settings: Settings = Settings(),
    new_epoch: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Deployed:
    """Bring the target to the state the sources describe; return how to connect to it.

    Args:
        new_epoch: tell clients that the records went back in time (a restored backup).

    Raises:
        CloudError: packaging failed, or the cloud refused something; the message says what.
    """
    source = backend or backend_dir()
    wanted = _parameters(settings, source)
    try:
        return _deploy(target, build(cache, source), wanted, new_epoch, say)
    except (ClientError, BotoCoreError) as exc:
        raise refusals.said("The deployment failed", exc) from exc


def _deploy(
    target: Target,
    bundle: Bundle,
    wanted: dict[str, str | None],
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
            **_chosen(wanted, "ObjectDays", "PoolTier", "SignUp"),
        },
    )
    if data_changed:
        stacks.protect(target.data_stack)
        days = int(stacks.parameters(target.data_stack).get("ObjectDays", STANDARD_OBJECT_DAYS))
        buckets.complete(target.client("s3"), data["BucketName"], bundle.data_template, days)
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
            **_chosen(wanted, "Policy", "AlarmTopicArn", "BoundaryArn", "Concurrency"),
        },
        _template_url(target, s3, data["BucketName"], bundle),
    )
    wired = wiring.wire(s3, data["BucketName"], api)
    connection = _connection(target, data, api)
    made = [*stacks.resources(target.data_stack), *stacks.resources(target.api_stack)]
    is_changed = data_changed or api_changed or wired
    return Deployed(connection, is_changed, tuple(sorted(made)), data["PoolTier"])


_PASSED_ON = (
    "BucketName",
    "MainTableName",
    "AuditTableName",
    "UserPoolId",
    "UserPoolArn",
    "ClientId",
    "Epoch",
)


def _parameters(settings: Settings, backend: Path) -> dict[str, str | None]:
    days = None if settings.policy is None else _object_days(settings.policy, backend)
    return {
        "Policy": settings.policy,
        "ObjectDays": days,
        "AlarmTopicArn": settings.alarm_topic,
        "BoundaryArn": settings.boundary,
        "Concurrency": settings.concurrency,
        "PoolTier": settings.pool_tier,
        "SignUp": settings.sign_up,
    }


def _object_days(policy: str, backend: Path) -> str:
    return str(object_days(policy, backend) if policy.strip() else STANDARD_OBJECT_DAYS)


def _chosen(wanted: dict[str, str | None], *names: str) -> dict[str, str | None]:
    return {name: wanted[name] for name in names}


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


def _connection(target: Target, data: dict[str, str], api: dict[str, str]) -> Connection:
    return Connection(
        api_url=_api_url(target, api["RestAPIId"], api["ApiStage"]),
        region=target.session.region_name,
        user_pool_id=data["UserPoolId"],
        client_id=data["ClientId"],
        endpoint_url=target.endpoint_url,
        sign_up=data["SignUp"] == "on",
    )


def _api_url(target: Target, api_id: str, stage: str) -> str:
    if target.endpoint_url:
        return f"{target.endpoint_url}/_aws/execute-api/{api_id}/{stage}"
    return f"https://{api_id}.execute-api.{target.session.region_name}.amazonaws.com/{stage}"
