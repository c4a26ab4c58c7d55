"""Packages the Chalice back-end and brings it, with its infrastructure, into a cloud.

`deploy` creates or updates; `destroy` undoes it. Whether the cloud is AWS or the local one is
decided by the `Target`, nowhere else. `estimate` says what a month on AWS costs.
"""

from mydoctransfer_cloud.deploy.deployer import Deployed, Settings, deploy
from mydoctransfer_cloud.deploy.estimate import POOL_TIERS, Use, estimate
from mydoctransfer_cloud.deploy.removal import deployed, destroy
from mydoctransfer_cloud.deploy.target import Target, aws_target, local_target
from mydoctransfer_cloud.errors import CloudError

__all__ = [
    "POOL_TIERS",
    "CloudError",
    "Deployed",
    "Settings",
    "Target",
    "Use",
    "aws_target",
    "deploy",
    "deployed",
    "destroy",
    "estimate",
    "local_target",
]
