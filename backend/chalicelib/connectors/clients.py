"""boto3 clients, made when first asked for and kept for the life of the function's process."""

from functools import cache
from typing import Any

from chalicelib.connectors import verbatim


@cache
def client(service: str) -> Any:
    """Return the boto3 client of a service.

    Parameters are not validated: a transaction of a hundred rows spends longer in the validator
    than in DynamoDB, and every parameter is made by these connectors.
    """
    import boto3  # lazy: importing it costs more than everything else here together
    from botocore.config import Config

    made: Any = boto3.client(
        service,  # type: ignore[call-overload]
        config=Config(
            parameter_validation=False,
            connect_timeout=3,
            read_timeout=10,
            max_pool_connections=20,
            retries={"mode": "standard", "max_attempts": 4},
            signature_version="s3v4" if service == "s3" else None,
            s3={"addressing_style": "path"} if service == "s3" else None,
        ),
    )
    if service == "dynamodb":
        verbatim.register(made.meta.events)
    return made
