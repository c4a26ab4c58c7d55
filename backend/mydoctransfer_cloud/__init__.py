"""The cloud half's tools: the deployer, and the local cloud it deploys into.

Imported by the command line only, and only when a cloud command runs: nothing of it is needed
to publish or to fetch a document. What people see when something goes wrong is a `CloudError`.
"""

from mydoctransfer_cloud.errors import CloudError

__all__ = ["CloudError"]
