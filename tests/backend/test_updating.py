"""An update of the back-end while people use it: the API is never down, and nothing is lost.

The real back-end in a local cloud of its own, updated while one person asks `GET /me` without a
pause and another publishes documents through registration, put and completion.
"""

import itertools
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from mydoctransfer_cloud import localcloud
from mydoctransfer_cloud.deploy import Deployed, Settings, deploy, local_target
from mydoctransfer_cloud.deploy.sources import backend_dir
from mydoctransfer_cloud.localcloud.directory import Directory
from mydoctransfer_cloud.localcloud.process import REGION
from mydoctransfer_contract.documents import DocumentPage, Me
from tests.backend.test_api import ask, op, publish
from tests.support.cloud import Cloud, Person

ANOTHER_ROUTE = '''

@app.route("/another", methods=["GET"], authorizer=users)
def another() -> Response:
    """A route that the version before did not have. 0 RRU, 0 WRU."""
    return _use(lambda call: me(call.parts, call.who, call.now))
'''


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    cloud = Cloud(tmp_path_factory.mktemp("cloud"))
    cloud.start()
    yield cloud
    cloud.stop()


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """The sources of a later version, with one route more."""
    copy = tmp_path / "later"
    shutil.copytree(backend_dir(), copy, ignore=shutil.ignore_patterns("__pycache__"))
    with (copy / "app.py").open("a") as app:
        app.write(ANOTHER_ROUTE)
    return copy


def update(cloud: Cloud, backend: Path | None = None, settings: Settings | None = None) -> Deployed:
    """What `cloud deploy` does, on the stage people use."""
    kept = Directory(cloud.data_dir).kept_settings()
    assert kept is not None
    target = local_target(kept.endpoint_url, kept.root_key, REGION, localcloud.STAGE)
    cache = cloud.data_dir / "bundles"
    return deploy(target, cache, backend=backend, settings=settings or Settings())


@contextmanager
def meanwhile(*uses: Callable[[int], object]) -> Iterator[list[Future[int]]]:
    """Call each of `uses` over and over, each once at least after the block; how often, at last."""
    is_over = threading.Event()

    def keep_on(use: Callable[[int], object]) -> int:
        for count in itertools.count(1):
            was_over = is_over.is_set()
            use(count)
            if was_over:
                return count
        raise AssertionError("counting ended")

    with ThreadPoolExecutor(len(uses)) as pool:
        began = [pool.submit(keep_on, use) for use in uses]
        try:
            yield began
        finally:
            is_over.set()


def asks_who_they_are(person: Person) -> Callable[[int], None]:
    def use(_: int) -> None:
        answer = person.cloud.call("GET", "/me", person.token)
        assert (answer.status, answer.json.get("sub")) == (200, who), answer

    who = ask(Me, person, "GET", "/me").sub
    return use


def publishes(person: Person, made: list[str], name: str) -> Callable[[int], None]:
    return lambda count: made.append(publish(person, b"%d" % count, f"{name} {count}").share_id)


def test_an_update_takes_the_api_away_from_nobody_and_keeps_what_was_published(
    running: Cloud, later: Path
) -> None:
    ada, bob = running.person(), running.person("Bob")
    published = [publish(bob, b"before", "before").share_id]
    before = update(running).connection
    assert running.call("GET", "/another", bob.token).status == 404
    with meanwhile(asks_who_they_are(ada), publishes(bob, published, "during")) as using:
        there = update(running, later)
        assert running.call("GET", "/another", bob.token).status == 200
        back = update(running)
        assert running.call("GET", "/another", bob.token).status == 404
    asked, sent = (use.result() for use in using)
    assert (there.changed, back.changed) == (True, True)
    assert there.connection == back.connection == before
    assert asked > 2 and sent > 1
    page = ask(DocumentPage, bob, "GET", "/docs?scope=mine")
    assert {d.share_id for d in page.documents} == set(published)


def test_another_policy_is_taken_over_in_place(running: Cloud) -> None:
    """T50: a refused recipient is refused in every spelling."""
    ada, spy = running.person(), running.person("Spy")
    document = publish(ada, b"secret", "secret")
    refusing = json.dumps({"refused_recipients": [spy.email]})
    with meanwhile(asks_who_they_are(ada)) as using:
        update(running, settings=Settings(policy=refusing))
        policy = running.call("GET", "/me", ada.token).json["policy"]
        assert policy["refused_recipients"] == [spy.email]
        for spelled in (spy.email, spy.email.upper(), f" {spy.email.title()} "):
            body = {"op_id": op(), "add": [spelled]}
            answer = running.call("POST", f"/share/{document.share_id}", ada.token, body)
            assert (answer.status, answer.json["code"]) == (422, "recipient_refused"), answer
        update(running, settings=Settings(policy=""))
        assert running.call("GET", "/me", ada.token).json["policy"]["refused_recipients"] == []
    assert using[0].result() > 2


def test_a_rate_that_was_deployed_slows_down_whoever_is_in_a_hurry_and_nobody_else(
    running: Cloud,
) -> None:
    """T52: on the deployed API, to the person who asks and not to all."""
    ada, bob = running.person(), running.person("Bob")
    update(running, settings=Settings(policy='{"requests_per_second": 1, "burst": 5}'))
    token = ada.token
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(running.call, "GET", "/me", token) for _ in range(40)]
    answers = [one.result() for one in asked]
    served = [answer for answer in answers if answer.status == 200]
    slowed = [answer for answer in answers if answer.status == 429]
    assert len(served) >= 5
    assert slowed and len(served) + len(slowed) == len(answers)
    assert {answer.json["code"] for answer in slowed} == {"too_many_requests"}
    assert all(1 <= int(answer.headers["retry-after"]) <= 10 for answer in slowed)
    assert running.call("GET", "/me", bob.token).status == 200
    update(running, settings=Settings(policy=""))
    assert running.call("GET", "/me", ada.token).status == 200


def test_deploying_again_changes_nothing(running: Cloud) -> None:
    first, again = update(running), update(running)
    assert again == first
    assert again.changed is False
