"""Packages the Chalice back-end and brings it, with its infrastructure, into a cloud.

`deploy` creates or updates; `destroy` undoes it. Whether the cloud is AWS or the local one is
decided by the `Target`, nowhere else. `estimate` says what a month on AWS costs.
"""

from mydoctransfer_cloud.deploy.deployer import Deployed, deploy
from mydoctransfer_cloud.deploy.estimate import Use, estimate
from mydoctransfer_cloud.deploy.removal import destroy
from mydoctransfer_cloud.deploy.target import Target, aws_target, local_target

__all__ = [
    "Deployed",
    "Target",
    "Use",
    "aws_target",
    "deploy",
    "destroy",
    "estimate",
    "local_target",
]
