"""Grants: credentials narrowed to putting objects under one prefix."""

import json

from chalicelib.connectors.clients import client
from chalicelib.connectors.ports import Credentials

GRANT_SECONDS = 900  # the shortest STS gives
_MAX_POLICY = 2048  # characters of an inline session policy
_ACTIONS = ("s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts")


class StsGrants:
    """`Grants` by assuming one role with an inline session policy."""

    def __init__(self, role_arn: str, bucket: str) -> None:
        self._role_arn = role_arn
        self._bucket = bucket
        self._partition = role_arn.split(":")[1] if role_arn.startswith("arn:") else "aws"

    def mint(self, session_name: str, prefix: str) -> Credentials:
        policy = self.session_policy(prefix)
        answer = client("sts").assume_role(
            RoleArn=self._role_arn,
            RoleSessionName=session_name,
            DurationSeconds=GRANT_SECONDS,
            Policy=policy,
        )
        made = answer["Credentials"]
        return Credentials(
            access_key_id=made["AccessKeyId"],
            secret_access_key=made["SecretAccessKey"],
            session_token=made["SessionToken"],
            expires_at=int(made["Expiration"].timestamp() * 1000),
        )

    def session_policy(self, prefix: str) -> str:
        """Return the inline policy for one prefix.

        Raises:
            ValueError: the prefix is not made of the characters we mint, or is too long. A `*` or
                `?` in it would widen the grant.
        """
        if not prefix.endswith("/") or not prefix.replace("/", "").replace("-", "").isalnum():
            raise ValueError("not a prefix of ours")
        policy = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": list(_ACTIONS),
                    "Resource": f"arn:{self._partition}:s3:::{self._bucket}/{prefix}*",
                }
            ],
        }
        text = json.dumps(policy, separators=(",", ":"))
        if len(text) > _MAX_POLICY:
            raise ValueError("the session policy is too long")
        return text
