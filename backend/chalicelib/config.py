"""What the functions find in their environment.

Read here, but for what `app.py` needs before anything is called: the pool's ARN and the bucket.

Environment variables (set by the deployer, on AWS and in the local cloud alike):

- `MYDOC_STAGE`: name of the stage, shown in logs.
- `MYDOC_EPOCH`: a uuid fixed at the first deployment; another one means another set of documents.
- `MYDOC_MAIN_TABLE`, `MYDOC_AUDIT_TABLE`, `MYDOC_BUCKET`: where things lie.
- `MYDOC_USER_POOL_ID`, `MYDOC_CLIENT_ID`: whose tokens are believed.
- `MYDOC_USER_POOL_ARN`: of that pool, for the authorizer of the routes.
- `MYDOC_GRANT_ROLE_ARN`: the role assumed, narrowed, to make an upload grant.
- `MYDOC_POLICY`: JSON of what differs from the standard policy; absent or empty for none.
- `MYDOC_SECRET`: the stage key that signs cursors, grant ids and link tokens.
- `AWS_REGION`: set by Lambda; where it is not there, `AWS_DEFAULT_REGION`.

`AWS_ENDPOINT_URL` is boto3's own and is not looked at here: the code does not know which cloud
it runs in.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Config:
    """What the functions were deployed with."""

    stage: str
    epoch: str
    main_table: str
    audit_table: str
    bucket: str
    region: str
    user_pool_id: str
    client_id: str
    grant_role_arn: str
    policy: str
    secret: str = field(repr=False)

    @property
    def issuer_suffix(self) -> str:
        """How the `iss` of a token of this pool ends, whatever host serves the pool."""
        return f"/{self.user_pool_id}"


def load(environment: Mapping[str, str] = os.environ) -> Config:
    """Return the configuration.

    Raises:
        KeyError: a variable is not set: the deployment is wrong, and nothing should be served.
    """
    return Config(
        stage=environment["MYDOC_STAGE"],
        epoch=environment["MYDOC_EPOCH"],
        main_table=environment["MYDOC_MAIN_TABLE"],
        audit_table=environment["MYDOC_AUDIT_TABLE"],
        bucket=environment["MYDOC_BUCKET"],
        region=environment.get("AWS_REGION") or environment["AWS_DEFAULT_REGION"],
        user_pool_id=environment["MYDOC_USER_POOL_ID"],
        client_id=environment["MYDOC_CLIENT_ID"],
        grant_role_arn=environment["MYDOC_GRANT_ROLE_ARN"],
        policy=environment.get("MYDOC_POLICY", ""),
        secret=environment["MYDOC_SECRET"],
    )
