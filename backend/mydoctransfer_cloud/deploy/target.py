"""Where to deploy: a stage in an account and region of AWS, or in the local cloud.

The endpoint is the only difference, and this the only module that knows it.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from mydoctransfer_cloud.deploy import refusals
from mydoctransfer_cloud.errors import CloudError

_STAGE = re.compile(r"[a-z][a-z0-9-]{0,19}")


@dataclass(frozen=True, slots=True)
class Target:
    """Where to deploy.

    Attributes:
        stage: names this installation inside the account.
        session: a boto3 session with the operator's credentials and region.
        endpoint_url: the local cloud's address; null on AWS.
        account: number of the AWS account, where it was asked for.
    """

    stage: str
    session: Any
    endpoint_url: str | None = None
    account: str = ""

    @property
    def region(self) -> str:
        """The region, as in `eu-central-1`."""
        return str(self.session.region_name)

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


def local_target(endpoint_url: str, root_key: str, region: str, stage: str) -> Target:
    """Return the local cloud as a target, with its root key."""
    session = boto3.Session(
        aws_access_key_id=root_key, aws_secret_access_key="unused", region_name=region
    )
    return Target(stage, session, endpoint_url)


def aws_target(stage: str, region: str) -> Target:
    """Return a stage in the AWS account of the operator's own credentials.

    Credentials, profile and endpoint come from boto3's ordinary chain. An endpoint on this
    machine (AWS_ENDPOINT_URL) is a local cloud and gets what a local cloud gets.

    Raises:
        CloudError: the stage's name or the region is none, or there are no usable credentials.
    """
    if not _STAGE.fullmatch(stage):
        raise CloudError(
            "The stage's name cannot be used",
            f"{stage!r}: a stage is named by at most 20 small letters, digits and hyphens, "
            "the first a letter.",
        )
    try:
        session: Any = boto3.Session(region_name=region)
        _check_region(session, region)
        sts = session.client("sts")
        account = sts.get_caller_identity()["Account"]
    except (ClientError, BotoCoreError) as exc:
        raise refusals.said("No AWS credentials", exc) from exc
    return Target(stage, session, _on_this_machine(sts.meta.endpoint_url), account)


def _check_region(session: Any, region: str) -> None:
    known = session.get_available_regions("cognito-idp")
    if region not in known:
        raise CloudError(
            "Unknown region",
            f"{region!r} is no AWS region with user pools. There are: {', '.join(sorted(known))}.",
        )


def _on_this_machine(endpoint_url: str) -> str | None:
    """The endpoint if it is a local cloud's; AWS itself is never on this machine."""
    is_here = urlsplit(endpoint_url).hostname in ("127.0.0.1", "localhost", "::1")
    return endpoint_url.rstrip("/") if is_here else None
