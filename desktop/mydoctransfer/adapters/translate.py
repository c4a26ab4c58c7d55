"""Contract values to model values and back, one function a kind.

Times become milliseconds, paths what `os.fsdecode` gives, problems a `Failure`. A value that cannot
be one (a time or a hash that is none, results of something else than was asked) raises ValueError.
"""

from collections.abc import Sequence
from dataclasses import replace

from mydoctransfer.engine.ports import (
    Answers,
    AuditEntry,
    Changes,
    Completion,
    Documents,
    DownloadLink,
    ExtendOrder,
    Failure,
    FailureKind,
    GivenLink,
    Grant,
    LinkWish,
    Order,
    Receipt,
    Registered,
    Registration,
    RenameOrder,
    Stretch,
    UploadRequest,
    WithdrawOrder,
)
from mydoctransfer.model.trees import (
    Account,
    Document,
    DocumentState,
    Fetched,
    LinkState,
    Person,
    Policy,
    RelPath,
    ShareId,
)
from mydoctransfer_contract import documents as wire
from mydoctransfer_contract import links as linking
from mydoctransfer_contract import uploads as sending
from mydoctransfer_contract.paths import decode_path, display_name, encode_path
from mydoctransfer_contract.problems import Code, Problem
from mydoctransfer_contract.times import parse_time

# --- from the server -----------------------------------------------------------------------------


def person(value: wire.Person) -> Person:
    return Person(value.email, value.given_name, value.family_name)


def fetched(value: wire.Fetched) -> Fetched:
    return Fetched(person(value.person), value.version, parse_time(value.at))


def document(value: wire.Document) -> Document:
    link = value.link
    if not value.share_id.isascii():
        raise ValueError(f"{value.share_id!r} is no id")
    bytes.fromhex(value.sha256)  # raises for what is no hash
    return Document(
        share_id=ShareId(value.share_id),
        owner=person(value.owner),
        is_mine=value.mine,
        path=None if value.path is None else RelPath(decode_path(value.path)),
        display_name=value.display_name,
        size=value.size,
        sha256=value.sha256,
        version=value.version,
        revision=value.revision,
        state=DocumentState(value.state.value),
        uploaded_at=parse_time(value.uploaded_at),
        expires_at=parse_time(value.expires_at),
        people=tuple(person(one) for one in value.people),
        link=None
        if link is None
        else LinkState(
            parse_time(link.expires_at), link.downloads, link.max_downloads, link.has_password
        ),
        host=value.host,
        fetched=tuple(fetched(one) for one in value.fetched),
    )


def account(me: wire.Me) -> Account:
    policy = me.policy
    return Account(
        sub=me.sub,
        person=person(me.person),
        groups=me.groups,
        policy=Policy(
            lifetimes=policy.lifetimes,
            default_lifetime=policy.default_lifetime,
            max_lifetime=policy.max_lifetime,
            max_bytes=policy.max_bytes,
            directory=policy.directory,
            links_allowed=policy.links_allowed,
            allowed_recipients=policy.allowed_recipients,
            refused_recipients=policy.refused_recipients,
        ),
        epoch=me.epoch,
    )


def documents(page: wire.DocumentPage) -> Documents:
    return Documents(tuple(document(d) for d in page.documents), page.cursor, page.epoch)


def changes(page: wire.ChangePage) -> Changes:
    gone = wire.ChangeKind.NO_LONGER_SHARED
    return Changes(
        documents=tuple(document(c.document) for c in page.changes if c.document is not None),
        withdrawn=tuple(ShareId(c.share_id) for c in page.changes if c.kind is gone),
        cursor=page.cursor,
        more=page.more,
        reset=page.reset,
        epoch=page.epoch,
        line=page.line,
    )


def registration(answer: sending.RegisteredUploads, asked: Sequence[str]) -> Registration:
    _check_order(asked, [result.op_id for result in answer.results])
    given = answer.grant
    grant = None
    if given is not None:
        grant = Grant(
            grant_id=given.grant_id,
            bucket=given.bucket,
            region=given.region,
            prefix=given.prefix,
            access_key_id=given.access_key_id,
            secret_access_key=given.secret_access_key,
            session_token=given.session_token,
            expires_at=parse_time(given.expires_at),
        )
    return Registration(grant, tuple(_registered(result) for result in answer.results))


def completed(answer: sending.CompletedUploads, asked: Sequence[str]) -> Answers:
    _check_order(asked, [result.upload_id for result in answer.results])
    return _answers(answer)


def results(answer: wire.DocumentResults, asked: Sequence[str]) -> Answers:
    _check_order(asked, [result.op_id for result in answer.results])
    return _answers(answer)


def _answers(answer: sending.CompletedUploads | wire.DocumentResults) -> Answers:
    feed = answer.feed
    return Answers(
        tuple(_document_or_failure(r.document, r.problem) for r in answer.results),
        None if feed is None else Stretch(feed.first, feed.last, feed.cursor),
    )


def download(value: wire.Download) -> DownloadLink:
    return DownloadLink(value.url, value.display_name, value.size, value.sha256, value.version)


def link_change(op_id: str, wish: LinkWish | None) -> linking.LinkChange:
    if wish is None:
        return linking.LinkChange(op_id, linking.LinkAction.REVOKE)
    return linking.LinkChange(
        op_id, linking.LinkAction.SET, wish.password, wish.max_downloads, wish.lifetime
    )


def given_link(value: linking.LinkAnswer, api_url: str) -> GivenLink:
    """Return the link with its whole address: the contract tells only what follows the API's."""
    url = None if value.link_path is None else f"{api_url}{value.link_path}"
    return GivenLink(document(value.document), url)


def receipt(value: linking.Receipt) -> Receipt:
    bytes_gone = value.objects_gone_at
    return Receipt(
        share_id=ShareId(value.share_id),
        display_name=value.display_name,
        size=value.size,
        sha256=value.sha256,
        versions=value.versions,
        state=DocumentState(value.state.value),
        owner=person(value.owner),
        people=tuple(person(one) for one in value.people),
        uploaded_at=parse_time(value.uploaded_at),
        expires_at=parse_time(value.expires_at),
        gone_at=parse_time(value.gone_at),
        objects_gone_at=None if bytes_gone is None else parse_time(bytes_gone),
        fetched=tuple(fetched(one) for one in value.fetched),
    )


def audit_entry(value: wire.AuditEntry) -> AuditEntry:
    return AuditEntry(
        id=value.id,
        at=parse_time(value.at),
        actor=None if value.actor is None else person(value.actor),
        action=value.action,
        share_id=value.share_id,
        display_name=value.display_name,
        detail=value.detail,
        source=value.source,
        expired=value.expired,
    )


def failure(problem: Problem, retry_after: float | None = None) -> Failure:
    """Return what a refusal means to the engine."""
    return Failure(
        _kind(problem),
        _sentence(problem),
        problem.code,
        retry_after,
        problem.emails,
        problem.share_id,
        "" if problem.detail else _IN_ANSWER.get(problem.code, ""),
    )


# A rule's row goes on from the server's sentence by itself; who named these people is told more.
_IN_ANSWER = {
    Code.UNKNOWN_RECIPIENT.value: "Somebody among the recipients has no account here. Check the "
    "addresses, or make a link, which needs no account.",
    Code.RECIPIENT_REFUSED.value: "The document may not be shared with somebody among the "
    "recipients. Leave them out, or ask whoever runs your cloud.",
}


def _kind(problem: Problem) -> FailureKind:
    if problem.code == Code.UNAUTHENTICATED.value:
        return FailureKind.SIGNED_OUT
    if problem.code == Code.QUOTA_EXCEEDED.value:
        return FailureKind.REFUSED  # a 429 that waiting a little does not help
    if problem.status == 429 or problem.status >= 500:
        return FailureKind.BUSY
    return FailureKind.REFUSED


def _sentence(problem: Problem) -> str:
    title = problem.title.strip()
    if title and title[-1] not in ".!?":
        title += "."
    return f"{title} {problem.detail}".strip()


def _registered(result: sending.RegisteredUpload) -> Registered | Document | Failure:
    if result.problem is not None or result.document is not None:
        return _document_or_failure(result.document, result.problem)
    if result.upload_id is None or result.grant_id is None or result.key is None:
        raise ValueError("a registered upload lacks its id, grant or key")
    return Registered(result.upload_id, result.grant_id, result.key)


def _document_or_failure(
    found: wire.Document | None, problem: Problem | None
) -> Document | Failure:
    if problem is not None:
        return failure(problem)
    if found is None:
        raise ValueError("a result says neither what nor why not")
    return document(found)


def _check_order(asked: Sequence[str], answered: Sequence[str]) -> None:
    if list(asked) != list(answered):
        raise ValueError("the results are not those that were asked for")


# --- to the server -------------------------------------------------------------------------------


def new_upload(request: UploadRequest, host: str) -> sending.NewUpload:
    return sending.NewUpload(
        op_id=request.op_id,
        path=encode_path(request.path),
        display_name=readable(request.display_name),
        size=request.size,
        sha256=request.sha256,
        share_id=request.share_id,
        expected_version=request.expected_version,
        lifetime=request.lifetime,
        people=request.people,
        host=host,
    )


def readable(name: str) -> str:
    """Return a name as people read it. A `/` somebody typed stays, for the server to refuse."""
    return "/".join(display_name(part) for part in name.split("/"))


def completion(value: Completion) -> sending.CompleteUpload:
    return sending.CompleteUpload(
        value.upload_id,
        value.size,
        value.sha256,
        value.part_size,
        value.checksum,
        value.version_id,
    )


def action(order: Order) -> wire.DocumentAction:
    match order:
        case RenameOrder():
            path = None if order.path is None else encode_path(order.path)
            name = None if order.display_name is None else readable(order.display_name)
            return _action(order, wire.ActionKind.RENAME, name, path)
        case WithdrawOrder():
            deleted = _action(order, wire.ActionKind.DELETE)
            return replace(deleted, expected_version=order.expected_version)
        case ExtendOrder():
            return replace(_action(order, wire.ActionKind.EXTEND), lifetime=order.lifetime)


def _action(
    order: Order,
    kind: wire.ActionKind,
    display_name: str | None = None,
    path: str | None = None,
) -> wire.DocumentAction:
    return wire.DocumentAction(order.op_id, kind, order.share_id, display_name, path)
