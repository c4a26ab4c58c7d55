"""The operator's policy, judged by the back-end's own code before anything is deployed with it.

In a process of its own: the back-end's packages do not belong into this one.
"""

import subprocess
import sys
from pathlib import Path

from mydoctransfer_cloud.deploy.sources import vendor_dir
from mydoctransfer_cloud.errors import CloudError

_JUDGE = """
import sys
sys.path[:0] = sys.argv[1:]
from chalicelib.services.policy import PolicyError, load
try:
    print(load(sys.stdin.read()).max_age)
except PolicyError as exc:
    sys.exit(str(exc))
"""
_DAY = 86_400


def object_days(policy: str, backend: Path) -> int:
    """Return how many days the bucket keeps an object: the policy's `max_age` and two days.

    Raises:
        CloudError: the policy is none; the message says what is wrong with it.
    """
    done = subprocess.run(
        [sys.executable, "-c", _JUDGE, str(backend), str(vendor_dir(backend))],
        input=policy,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        reason = done.stderr.strip().rpartition("\n")[2]
        raise CloudError("The policy is not valid", f"The policy cannot be used: {reason}.")
    return -(-int(done.stdout) // _DAY) + 2
