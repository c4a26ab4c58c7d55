"""`local up` and `local add-user`: the only importer of `mydoctransfer_cloud`, and a lazy one.

It comes with the [local] extra, which a desktop does not need.
"""

import signal
import threading
from pathlib import Path
from types import ModuleType
from typing import Any

from mydoctransfer.cli.commands import Context
from mydoctransfer.cli.text import plain
from mydoctransfer.model.errors import AppError


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


def _said(exc: Any) -> AppError:
    return AppError(exc.title, exc.message, "local_cloud_failed")
