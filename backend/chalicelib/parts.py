"""What a use case is given: the outside, the rules and the clock. Built once a process."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from chalicelib.config import Config, load
from chalicelib.connectors.cognito import CognitoDirectory
from chalicelib.connectors.dynamodb import DynamoStore
from chalicelib.connectors.ports import Directory, Grants, Objects, Store
from chalicelib.connectors.s3 import S3Objects
from chalicelib.connectors.sts import StsGrants
from chalicelib.services import policy
from chalicelib.services.policy import Rules


@dataclass(frozen=True, slots=True)
class Parts:
    """The connectors, the configuration, the policy and the clock.

    Attributes:
        clock: milliseconds since the epoch.
        pause: waits so many seconds between two tries of one transaction.
    """

    config: Config
    rules: Rules
    store: Store
    objects: Objects
    grants: Grants
    directory: Directory
    clock: Callable[[], int]
    pause: Callable[[float], None]


@cache
def parts() -> Parts:
    """Return the real parts, after the environment."""
    gc.freeze()  # what is there now stays: looking through it took a request 20 ms now and then
    config = load()
    return Parts(
        config=config,
        rules=policy.load(config.policy),
        store=DynamoStore(config.main_table, config.audit_table),
        objects=S3Objects(config.bucket),
        grants=StsGrants(config.grant_role_arn, config.bucket),
        directory=CognitoDirectory(config.user_pool_id),
        clock=lambda: time.time_ns() // 1_000_000,
        pause=time.sleep,
    )
