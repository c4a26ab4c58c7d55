"""The emulator's API Gateway, with what it lacks (ministack 1.5.33).

*Its own answers.* It knows them, but not where an API's description has them.

*Updates.* A changed description makes it delete the API and import another, under another id. AWS
overwrites the one there is (PutRestApi), so that it is never down and keeps its address. So does
this: the new description is imported beside, and its parts are put into the API's place.
"""

from collections.abc import Callable
from typing import Any

from ministack.services import apigateway_v1 as _ministack
from ministack.services.cloudformation import provisioners as _provisioners

from mydoctransfer_cloud.deploy.gateway import EXTENSION

# Typed loosely: the emulator is untyped here and there.
_gateway: Any = _ministack
_handler: Any = _provisioners._RESOURCE_HANDLERS["AWS::ApiGateway::RestApi"]

Properties = dict[str, Any]
Update = Callable[..., tuple[str, Properties]]


def prepare() -> None:
    """Change what is said above."""
    _gateway._import_rest_api = _with_its_answers(_gateway._import_rest_api)
    _handler["update"] = _in_place(_handler["create"], _handler["update"])


def _with_its_answers(import_api: Callable[..., str]) -> Callable[..., str]:
    """`import_api`, and what the description says the gateway itself answers."""

    def import_all(description: dict[str, Any], *more: Any) -> str:
        api = import_api(description, *more)
        for kind, answer in description.get(EXTENSION, {}).items():
            _gateway._put_gateway_response(api, kind, answer)
        return api

    return import_all


def _in_place(create: Update, update: Update) -> Update:
    """`update`, with a changed description taken over by the API that is there."""

    def update_api(
        api: str, before: Properties, after: Properties, stack: str, logical_id: str | None = None
    ) -> tuple[str, Properties]:
        if before.get("Body") != after.get("Body"):
            made, _ = create(logical_id or api, after, stack)
            _take_over(api, made)
            before = {**before, "Body": after.get("Body")}
        return update(api, before, after, stack, logical_id)

    return update_api


def _take_over(api: str, made: str) -> None:
    """Give `api` the parts of `made`, in an order in which every request finds all it needs."""
    authorizers = _gateway._authorizers_v1
    authorizers[api] = {**authorizers[api], **authorizers[made]}
    _gateway._gateway_responses[api] = _gateway._gateway_responses[made]
    _gateway._resources[api] = _gateway._resources[made]
    authorizers[api] = authorizers[made]
    _gateway._delete_rest_api(made)
