"""What kind of file system a path lies on (Linux; elsewhere every answer is "local")."""

import os
import re

# Kernels tell of changes made by other machines nowhere, and locks and shared memory fail here.
_NETWORK = {
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "coda", "glusterfs", "lustre",
    "ncpfs", "beegfs", "gpfs", "orangefs", "fuse.sshfs", "fuse.rclone", "fuse.davfs",
    "fuse.glusterfs", "fuse.s3fs", "fuse.gvfsd-fuse", "fuse.curlftpfs", "davfs", "prl_fs", "vboxsf",
    "vmhgfs", "fuse.vmhgfs-fuse",
}  # fmt: skip

_OCTAL = re.compile(r"\\([0-7]{3})")


def is_network(path: str, mountinfo: str = "/proc/self/mountinfo") -> bool:
    """Whether `path` lies on a file system of another machine."""
    return file_system(path, mountinfo) in _NETWORK


def file_system(path: str, mountinfo: str = "/proc/self/mountinfo") -> str:
    """Return the type of the file system that holds `path`; "" where the system does not tell."""
    try:
        with open(mountinfo, encoding="utf-8", errors="surrogateescape") as lines:
            mounts = [_parsed(line) for line in lines]
    except OSError:
        return ""
    real = os.path.realpath(path)
    # The last of several mounts on one point is the visible one.
    around = [(len(p), n, kind) for n, (p, kind) in enumerate(mounts) if _holds(p, real)]
    return max(around)[2] if around else ""


def _parsed(line: str) -> tuple[str, str]:
    left, _, right = line.partition(" - ")
    point = left.split(" ")[4]
    return _OCTAL.sub(lambda m: chr(int(m[1], 8)), point), right.split(" ")[0]


def _holds(point: str, path: str) -> bool:
    return point == "/" or path == point or path.startswith(point + "/")
