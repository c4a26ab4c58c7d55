"""Small files: registered, put and completed a batch at a time, two API calls in all.

The keys are on disk before the first call and the journal is committed last: a kill at any point
finds the same intents again, and the same keys answer what was done already.
"""

from collections.abc import Sequence

from mydoctransfer.engine.execution import agreements, intents
from mydoctransfer.engine.execution.errand import (
    OUTDATED,
    Outcome,
    Tools,
    by_halves,
    ended_badly,
    is_final,
    outdated,
    renewed,
    request,
    sha_of,
)
from mydoctransfer.engine.ports import (
    Answers,
    Arrived,
    Completion,
    Failure,
    FailureKind,
    Grant,
    Registered,
    SmallPut,
    Stretch,
)
from mydoctransfer.engine.tasks import Work, call
from mydoctransfer.model.actions import Publish
from mydoctransfer.model.trees import Document

BATCH = 96  # of the hundred the API takes: three rows each fill three transactions of a hundred


def publish_small(tools: Tools, actions: Sequence[Publish]) -> Work[list[Outcome]]:
    """Register, put and complete a batch of files of up to 8 MiB: two API calls in all."""
    wishes = [intents.publish_intent(a) for a in actions]
    op_ids = intents.keys(tools, wishes)
    requests = [request(a, op) for a, op in zip(actions, op_ids, strict=True)]
    tools.objects.expect([a.file.stat.size for a in actions])
    registration = yield from call(tools.cloud.register, requests, None)
    if isinstance(registration, Failure):
        if registration.kind is FailureKind.REFUSED and len(actions) > 1:
            return (yield from by_halves(publish_small, tools, actions))
        return [Outcome(a, registration) for a in actions]
    results: dict[int, Document | Failure] = {}
    sent: dict[int, Registered] = {}
    for n, answer in enumerate(registration.results):
        if isinstance(answer, Registered):
            sent[n] = answer
        else:
            results[n] = answer
    arrived, failed = yield from _put_all(tools, actions, sent, registration.grant)
    results |= failed
    arrived, failed = yield from _without_outdated(tools, actions, arrived, sent)
    results |= failed
    completed, stretch = yield from _complete_all(tools, actions, arrived, sent)
    results |= completed
    return agreements.settle_published(tools, actions, wishes, op_ids, results, stretch)


def _put_all(
    tools: Tools,
    actions: Sequence[Publish],
    sent: dict[int, Registered],
    granted: Grant | None,
) -> Work[tuple[dict[int, Arrived], dict[int, Document | Failure]]]:
    """Put the bytes, grant by grant; answer what arrived, and the failures."""
    arrived: dict[int, Arrived] = {}
    failures: dict[int, Document | Failure] = {}
    by_grant: dict[str, list[int]] = {}
    for n, registered in sent.items():
        by_grant.setdefault(registered.grant_id, []).append(n)
    for grant_id, numbers in by_grant.items():
        grant = (
            granted
            if granted is not None and granted.grant_id == grant_id
            else (yield from renewed(tools, grant_id))
        )
        if isinstance(grant, Failure):
            failures |= dict.fromkeys(numbers, grant)
            continue
        puts = [_small_put(actions[n], sent[n]) for n in numbers]
        answers = yield from call(tools.objects.put_many, grant, puts)
        for n, answer in zip(numbers, answers, strict=True):
            if isinstance(answer, Failure):
                failures[n] = answer
            else:
                arrived[n] = answer
    return arrived, (yield from _judged(tools, failures, sent))


def _without_outdated(
    tools: Tools,
    actions: Sequence[Publish],
    arrived: dict[int, Arrived],
    sent: dict[int, Registered],
) -> Work[tuple[dict[int, Arrived], dict[int, Document | Failure]]]:
    """Answer what is still wanted as it was registered, and give up the rest."""
    paths = {action.path for action in outdated(tools, [actions[n] for n in arrived])}
    failures: dict[int, Document | Failure] = {
        n: OUTDATED for n in arrived if actions[n].path in paths
    }
    left = {n: a for n, a in arrived.items() if n not in failures}
    return left, (yield from _judged(tools, failures, sent))


def _complete_all(
    tools: Tools,
    actions: Sequence[Publish],
    arrived: dict[int, Arrived],
    sent: dict[int, Registered],
) -> Work[tuple[dict[int, Document | Failure], Stretch | None]]:
    if not arrived:
        return {}, None
    numbers = sorted(arrived)
    completions = [
        Completion(
            sent[n].upload_id,
            actions[n].file.stat.size,
            sha_of(actions[n]),
            version_id=arrived[n].version,
        )
        for n in numbers
    ]
    answers = yield from call(tools.cloud.complete, completions)
    if isinstance(answers, Failure):
        if len(numbers) > 1 and not is_final(answers):
            return dict.fromkeys(numbers, answers), None  # it says nothing of any one of them
        answers = Answers((answers,) * len(numbers), None)
    results = dict(zip(numbers, answers.results, strict=True))
    return (yield from _judged(tools, results, sent)), answers.stretch


def _judged(
    tools: Tools, answers: dict[int, Document | Failure], sent: dict[int, Registered]
) -> Work[dict[int, Document | Failure]]:
    """Draw from each failure what follows for its upload."""
    judged: dict[int, Document | Failure] = {}
    for n, answer in answers.items():
        if isinstance(answer, Failure):
            judged[n] = yield from ended_badly(tools, sent[n].upload_id, answer)
        else:
            tools.endings.went_well(sent[n].upload_id)
            judged[n] = answer
    return judged


def _small_put(action: Publish, registered: Registered) -> SmallPut:
    return SmallPut(action.path, action.file.stat, sha_of(action), registered.key)
