"""Packages the Chalice back-end and brings it, with its infrastructure, into a cloud.

`deploy` creates or updates; `destroy` undoes it. Whether the cloud is AWS or the local one is
decided by the `Target`, nowhere else.
"""

from mydoctransfer_cloud.deploy.deployer import Deployed, Target, deploy, destroy, local_target

__all__ = ["Deployed", "Target", "deploy", "destroy", "local_target"]
