"""Makes the installed back-end's bundle ahead of a deployment and prints where it lies.

python -m mydoctransfer_cloud.deploy CACHE
"""

import sys
from pathlib import Path

from mydoctransfer_cloud.deploy.bundle import build

if __name__ == "__main__":
    print(build(Path(sys.argv[1]).resolve()).directory)
