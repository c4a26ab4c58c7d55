"""`local …` and `cloud …`: the only importer of `mydoctransfer_cloud`, and a lazy one.

What it needs comes with the extras [local] and [deploy], which a desktop does without.
"""

import importlib.util
import json
import signal
import threading
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any

from mydoctransfer.adapters import config
from mydoctransfer.adapters.home import make_private
from mydoctransfer.cli import text
from mydoctransfer.cli.commands import Context
from mydoctransfer.cli.text import plain
from mydoctransfer.model.errors import AppError

_PACKAGERS = ("chalice", "samtranslator")


def up(context: Context) -> None:
    cloud = _cloud()
    stop = threading.Event()
    before = signal.signal(signal.SIGINT, lambda _number, _frame: stop.set())
    try:
        cloud.localcloud.up(
            _data_dir(context),
            context.arguments.port,
            lambda ready: _say_ready(context, ready),
            stop,
        )
    except cloud.errors.CloudError as exc:
        raise _said(exc) from exc
    finally:
        signal.signal(signal.SIGINT, before)


def add_user(context: Context) -> None:
    cloud = _cloud()
    arguments = context.arguments
    try:
        cloud.localcloud.add_user(
            _data_dir(context),
            arguments.email,
            arguments.given_name,
            arguments.family_name,
            context.stdin.secret("password"),
            arguments.admin,
        )
    except cloud.errors.CloudError as exc:
        raise _said(exc) from exc
    context.output.answer({"ok": True}, f"{plain(arguments.email)} can sign in.")


def deploy(context: Context) -> None:
    """Bring a stage in the operator's AWS account up to date, and say how to connect to it."""
    made = _deployer(_PACKAGERS)
    arguments = context.arguments
    settings = made.Settings(
        _policy(arguments.policy),
        arguments.alarm_topic,
        arguments.boundary,
        None if arguments.concurrency is None else str(arguments.concurrency),
        arguments.pool_tier,
        arguments.sign_up,
    )
    try:
        target = made.aws_target(arguments.stage, arguments.region)
        _say(
            context, f"Deploying stage {target.stage} to {target.region}, account {target.account}"
        )
        deployed = made.deploy(
            target,
            context.home.cache / "bundles",
            settings=settings,
            say=lambda part: _say(context, f"  {part}"),
        )
    except made.CloudError as exc:
        raise AppError(exc.title, exc.message, "deploy_failed") from exc
    use = made.Use()
    dollars = made.estimate(use, deployed.pool_tier)
    services = {name: round(part, 2) for name, part in dollars.items()}
    answer = {
        "connection": str(_write_connection(context, target, deployed.connection)),
        "api_url": deployed.connection.api_url,
        "changed": deployed.changed,
        "made": list(deployed.made),
        "estimate": {
            "currency": "USD",
            "month": round(sum(services.values()), 2),
            "services": services,
            "use": asdict(use),
            "pool_tier": deployed.pool_tier,
            "person": made.POOL_TIERS[deployed.pool_tier],
        },
    }
    context.output.answer(answer, text.deployed(answer))


def destroy(context: Context) -> None:
    """Remove a stage with everything in it, once somebody has said that this is meant."""
    made = _deployer(())
    arguments = context.arguments
    try:
        target = made.aws_target(arguments.stage, arguments.region)
        doomed = made.deployed(target)
        if doomed and not arguments.yes:
            _ask(context, target, len(doomed))
        made.destroy(target, lambda part: _say(context, f"  {part}"))
    except made.CloudError as exc:
        raise AppError(exc.title, exc.message, "destroy_failed") from exc
    _connection_file(context, target).unlink(missing_ok=True)
    where = f"stage {target.stage} in {target.region}, account {target.account}"
    said = f"Removed {where}." if doomed else f"There is nothing of {where}."
    context.output.answer({"stage": target.stage, "removed": list(doomed)}, said)


def _ask(context: Context, target: Any, count: int) -> None:
    """Raises AppError unless the next line is the stage's name."""
    context.output.warn(
        f"this removes stage {target.stage} in {target.region}, account {target.account}: "
        f"{count} resources, with every person, document and record in it, for good. "
        "Type the stage's name to go on:"
    )
    if context.stdin.secret("stage's name").strip() != target.stage:
        raise AppError(
            "Nothing was removed",
            "That is not the stage's name. Nothing was removed.",
            "not_confirmed",
        )


def _say(context: Context, line: str) -> None:
    context.output.lines([], [line])


def _policy(file: str | None) -> str | None:
    """The JSON in the file, "" for `standard`; None without either."""
    if file is None or file == "standard":
        return None if file is None else ""
    try:
        return json.dumps(json.loads(Path(file).read_text("utf-8")), sort_keys=True)
    except (OSError, ValueError) as exc:
        raise AppError(
            "The policy cannot be read", f"{file} cannot be read as JSON: {exc}.", "bad_policy"
        ) from exc


def _connection_file(context: Context, target: Any) -> Path:
    places = context.home.state / "deployments"
    return places / f"{target.account}-{target.region}-{target.stage}" / "connection.json"


def _write_connection(context: Context, target: Any, connection: Any) -> Path:
    context.home.prepare()
    file = _connection_file(context, target)
    make_private(file.parent)
    config.replace(file, (json.dumps(asdict(connection), indent=2) + "\n").encode())
    return file


def _say_ready(context: Context, ready: Any) -> None:
    context.output.answer(
        {"ready": True, "connection": str(ready.connection), "api_url": ready.api_url},
        f"The local cloud is ready. Connect with:\n\n"
        f"    mydoctransfer connect {ready.connection}\n\nCtrl-C stops it and keeps its data.",
    )


def _data_dir(context: Context) -> Path:
    given = context.arguments.data_dir
    return context.home.cloud if given is None else Path(given).absolute()


def _cloud() -> ModuleType:
    try:
        import mydoctransfer_cloud.errors
        import mydoctransfer_cloud.localcloud
    except ImportError as exc:
        raise AppError(
            "No local cloud",
            "The local cloud is not installed: `pip install 'mydoctransfer[local]'` brings it "
            f"({exc}).",
            "local_extra_missing",
        ) from exc
    return mydoctransfer_cloud


def _deployer(needed: tuple[str, ...]) -> ModuleType:
    missing = [name for name in needed if importlib.util.find_spec(name) is None]
    try:
        if missing:
            raise ImportError(f"no {', no '.join(missing)}")
        import mydoctransfer_cloud.deploy
    except ImportError as exc:
        raise AppError(
            "No deployer",
            "What deploys to AWS is not installed: `pip install 'mydoctransfer[deploy]'` brings "
            f"it ({exc}).",
            "deploy_extra_missing",
        ) from exc
    return mydoctransfer_cloud.deploy


def _said(exc: Any) -> AppError:
    return AppError(exc.title, exc.message, "local_cloud_failed")
