"""The connection file: which cloud an installation talks to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Connection:
    """Contents of `connection.json`.

    Attributes:
        api_url: base address of the API, without a trailing slash, stage included.
        endpoint_url: for a local cloud, the address of its AWS services; null on AWS.
        name: how the operator calls this cloud, shown to people.
        sign_up: whether people make their accounts themselves.
    """

    api_url: str
    region: str
    user_pool_id: str
    client_id: str
    endpoint_url: str | None = None
    name: str = "MyDoc Transfer"
    sign_up: bool = False
