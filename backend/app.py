"""Routes and triggers: decode, use case, encode. Nothing is decided here.

Each route's docstring states what one call costs at most in DynamoDB units, for rows of usual size
(RRU: 4 KB read consistently; WRU: 1 KB written, counted double in a transaction), beside the one
WRU of the person's token bucket, two in a burst. Every person who has a document costs four WRU
more when it changes.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from chalice.app import (
    BaseLambdaEvent,
    Chalice,
    CognitoUserPoolAuthorizer,
    Rate,
    Response,
)

from chalicelib.controllers import (
    acting,
    auditing,
    linking,
    listing,
    publishing,
    receipts,
    sharing,
    uploads,
)
from chalicelib.controllers.me import me
from chalicelib.controllers.people import search
from chalicelib.controllers.sweep import sweep
from chalicelib.events import settle_arrivals
from chalicelib.logs import log
from chalicelib.parts import parts
from chalicelib.refusals import Refused
from chalicelib.wire import Answer, Call, Request, Text, csv_page, problem, respond
from mydoctransfer_contract.documents import (
    AuditPage,
    DocumentAction,
    DocumentActions,
    Received,
    ShareChange,
)
from mydoctransfer_contract.links import LinkChange
from mydoctransfer_contract.problems import Code
from mydoctransfer_contract.uploads import CompleteUploads, RegisterUploads

app = Chalice(app_name="mydoctransfer")
app.debug = False

# A placeholder when the code is only looked at; the deployer sets the pool's ARN.
_POOL_ARN = os.environ.get(
    "MYDOC_USER_POOL_ARN", "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_none"
)
users = CognitoUserPoolAuthorizer("users", header="Authorization", provider_arns=[_POOL_ARN])


@app.route("/me", methods=["GET"], authorizer=users)
def get_me() -> Response:
    """Who asks, and the policy. 0 RRU, 0 WRU."""
    return _use(lambda call: me(call.parts, call.who, call.now))


@app.route("/docs", methods=["GET"], authorizer=users)
def get_documents() -> Response:
    """A page of documents: one query. 25 RRU for a hundred rows; 75 RRU when shared. 0 WRU."""
    return _use(
        lambda call: listing.documents(
            call.parts,
            call.who,
            call.now,
            call.text("scope", "all"),
            call.flag("gone"),
            call.optional("cursor"),
        )
    )


@app.route("/docs/changes", methods=["GET"], authorizer=users)
def get_changes() -> Response:
    """What changed: one query. 1 RRU when nothing did, 3 RRU for one change. 0 WRU."""
    return _use(
        lambda call: listing.changes(call.parts, call.who, call.now, call.optional("since"))
    )


@app.route("/docs/{share_id}", methods=["POST"], authorizer=users)
def act_on_document(share_id: str) -> Response:
    """Rename, delete or extend. 7 RRU, 20 WRU."""
    return _use(
        lambda call: acting.act(call.parts, call.who, call.now, share_id, call.body(DocumentAction))
    )


@app.route("/docs", methods=["POST"], authorizer=users)
def act_on_documents() -> Response:
    """Up to a hundred actions, packed into transactions. 6 RRU, 18 WRU for each."""
    return _use(
        lambda call: acting.act_all(call.parts, call.who, call.now, call.body(DocumentActions))
    )


@app.route("/uploads", methods=["POST"], authorizer=users)
def register_uploads() -> Response:
    """Register up to a hundred files. 2 RRU, 6 WRU for one; 3 WRU for each of many.

    1 RRU more where a file is for people.
    """
    return _use(
        lambda call: uploads.register(
            call.parts, call.who, call.rate, call.now, call.body(RegisterUploads)
        )
    )


@app.route("/uploads/complete", methods=["POST"], authorizer=users)
def complete_uploads() -> Response:
    """Publish up to a hundred. 3 RRU, 14 WRU for one; 8 WRU for each of many.

    1 RRU more where one is for people, and 2 WRU for each transaction.
    """
    return _use(
        lambda call: publishing.complete(call.parts, call.who, call.now, call.body(CompleteUploads))
    )


@app.route("/uploads/{upload_id}", methods=["DELETE"], authorizer=users)
def abort_upload(upload_id: str) -> Response:
    """Give an upload up; answers an empty object. 1 RRU, 1 WRU."""

    def use(call: Call) -> Mapping[str, str]:
        uploads.abort(call.parts, call.who, call.now, upload_id)
        return {}

    return _use(use)


@app.route("/share/{share_id}", methods=["POST"], authorizer=users)
def share_document(share_id: str) -> Response:
    """Add and remove people. 7 RRU, 16 WRU for one person, 8 WRU for each further."""
    return _use(
        lambda call: sharing.share(call.parts, call.who, call.now, share_id, call.body(ShareChange))
    )


@app.route("/share/{share_id}", methods=["GET"], authorizer=users)
def download_document(share_id: str) -> Response:
    """A download link. 6 RRU, 3 WRU: the audit, and the bucket of downloads."""
    return _use(lambda call: sharing.download(call.parts, call.who, call.now, share_id))


@app.route("/share/{share_id}/received", methods=["POST"], authorizer=users)
def receive_document(share_id: str) -> Response:
    """The recipient's word that it arrived. 8 RRU, 10 WRU."""
    return _use(
        lambda call: sharing.received(call.parts, call.who, call.now, share_id, call.body(Received))
    )


@app.route("/share/users", methods=["GET"], authorizer=users)
def search_people() -> Response:
    """People to share with, from the user pool. 0 RRU, 0 WRU."""
    return _use(
        lambda call: search(
            call.parts, call.who, call.now, call.text("query"), call.optional("cursor")
        )
    )


@app.route("/links/{share_id}", methods=["POST"], authorizer=users)
def change_link(share_id: str) -> Response:
    """Make, change, show or revoke a link. 6 RRU, 14 WRU."""
    return _use(
        lambda call: linking.change_link(
            call.parts, call.who, call.now, share_id, call.body(LinkChange)
        )
    )


@app.route("/me/revoke-all", methods=["POST"], authorizer=users)
def revoke_all() -> Response:
    """The panic button. 300 RRU for a thousand documents seen; 18 WRU, 4 RRU for each given away.

    1 WRU more for what is on its way. The answer's cursor goes on with the next thousand.
    """
    return _use(
        lambda call: linking.revoke_all(call.parts, call.who, call.now, call.optional("cursor"))
    )


@app.route("/docs/{share_id}/receipt", methods=["GET"], authorizer=users)
def get_receipt(share_id: str) -> Response:
    """The receipt of a deletion. 4 RRU, 0 WRU."""
    return _use(lambda call: receipts.receipt(call.parts, call.who, call.now, share_id))


@app.route("/audit", methods=["GET"], authorizer=users)
def get_audit() -> Response:
    """The audit, newest first: at most twelve queries of 25 rows. 600 RRU, 0 WRU.

    With `format=csv` a page as a file; its next page stands in the header `Link`.
    """

    def use(call: Call) -> AuditPage | Text:
        query, cursor = call.text("query"), call.optional("cursor")
        form = call.choice("format", ("json", "csv"))
        page = auditing.entries(call.parts, call.who, call.now, query, cursor)
        return page if form == "json" else csv_page(page, query)

    return _use(use)


@app.on_s3_event(
    bucket=os.environ.get("MYDOC_BUCKET", "placeholder"),
    events=["s3:ObjectCreated:*"],
    prefix="incoming/",
    name="arrivals",
)
def on_arrival(event: BaseLambdaEvent) -> None:
    """Something arrived under `incoming/`: 1 WRU when it was registered."""
    settle_arrivals(parts(), event.to_dict())


@app.schedule(Rate(5, unit=Rate.MINUTES), name="sweep")
def on_schedule(event: BaseLambdaEvent) -> None:
    """Collect what is due: queries, never a scan."""
    context: Any = event.context
    deadline = parts().clock() + context.get_remaining_time_in_millis() - 10_000
    log(event="swept", **asdict(sweep(parts(), deadline)))


class _Unread(BaseLambdaEvent):
    """An event the framework does not look into: it ends in an exception over an odd one."""

    def _extract_attributes(self, event_dict: dict[str, Any]) -> None:
        """Take nothing from it; `settle_arrivals` reads it, and the sweep needs none of it."""


on_arrival.event_class = on_schedule.event_class = _Unread


@app.middleware("http")
def problems_only(event: Any, get_response: Callable[[Any], Response]) -> Response:
    """Turn the framework's own refusals (415, 405) into problem documents."""
    response = get_response(event)
    if isinstance(response.body, dict) and "Code" in response.body:
        is_ours = response.status_code >= 500
        refused = Refused(Code.INTERNAL if is_ours else Code.INVALID_REQUEST)
        return _encoded(problem(refused), None if is_ours else response.status_code)
    return response


def _use(use: Callable[[Call], object]) -> Response:
    """Decode the current request, call the use case, encode what it returns."""
    current = app.current_request
    if current is None:
        raise RuntimeError("a route is called outside a request")
    raw = current.raw_body
    request = Request(
        route=f"{current.context.get('httpMethod')} {current.context.get('resourcePath')}",
        context=current.context,
        query=dict(current.query_params or {}),
        content_type=current.headers.get("content-type", ""),
        body=raw if isinstance(raw, bytes) else raw.encode(),
    )
    return _encoded(respond(parts, request, use))


def _encoded(answer: Answer, status: int | None = None) -> Response:
    return Response(
        body=answer.body,
        headers=dict(answer.headers),
        status_code=status or answer.status,
    )
