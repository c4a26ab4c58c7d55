"""Runs in a process of its own: package the Chalice project in DIR into DIR/out.

    python -m mydoctransfer_cloud.deploy.package DIR

A process of its own, because Chalice imports the application's `app` module into this
interpreter and that module must not stay. The result is plain CloudFormation: the SAM transform
runs here, so that AWS and the local cloud get the same resources and tests read what is deployed.
"""

import copy
import json
import logging
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from chalice.cli.factory import CLIFactory
from chalice.deploy.appgraph import ApplicationGraphBuilder, DependencyBuilder
from chalice.deploy.deployer import create_build_stage
from chalice.deploy.swagger import CFNSwaggerGenerator
from chalice.package import (
    ResourceBuilder,
    TemplateDeepMerger,
    YAMLTemplateSerializer,
)
from chalice.utils import OSUtils
from samtranslator.translator.transform import transform

from mydoctransfer_cloud.deploy.generator import POOL_ARN_AT_PACKAGE_TIME, Generator

CHALICE_STAGE = "main"


def main(project: Path) -> None:
    """Write `out/api.json`, `out/data.json` and `out/code.zip` below `project`."""
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    os.environ["MYDOC_USER_POOL_ARN"] = POOL_ARN_AT_PACKAGE_TIME
    out = project / "out"
    out.mkdir()
    serverless, code = _chalice_template(project)
    merged = TemplateDeepMerger().merge(
        load_template(project / "infrastructure" / "api.yaml"), serverless
    )
    write_template(out / "api.json", _without_sam(merged))
    write_template(out / "data.json", load_template(project / "infrastructure" / "data.yaml"))
    code.rename(out / "code.zip")


def load_template(path: Path) -> dict[str, Any]:
    """Return a CloudFormation template in YAML, short function names resolved."""
    text = path.read_text(encoding="utf-8")
    template: dict[str, Any] = YAMLTemplateSerializer().load_template(text, str(path))
    return template


def write_template(path: Path, template: dict[str, Any]) -> None:
    """Write a template so that equal templates are equal bytes."""
    path.write_text(json.dumps(template, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _chalice_template(project: Path) -> tuple[dict[str, Any], Path]:
    config = CLIFactory(str(project)).create_config_obj(CHALICE_STAGE, autogen_policy=False)
    console: Any = _Silent()
    principals: Any = _Principals()
    build = create_build_stage(OSUtils(), console, CFNSwaggerGenerator(), config)
    builder = ResourceBuilder(ApplicationGraphBuilder(), DependencyBuilder(), build)
    resources = builder.construct_resources(config, CHALICE_STAGE)
    template = Generator(config, principals).generate(resources)
    return template, _point_at_the_bucket(template)


def _point_at_the_bucket(template: dict[str, Any]) -> Path:
    """Replace local paths of the code by parameters; return the one local path."""
    code = set()
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            code.add(resource["Properties"]["CodeUri"])
            resource["Properties"]["CodeUri"] = {
                "Bucket": {"Ref": "CodeBucket"},
                "Key": {"Ref": "CodeKey"},
            }
    (path,) = code
    return Path(path)


def _without_sam(template: dict[str, Any]) -> dict[str, Any]:
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    no_managed_policies: Any = SimpleNamespace(load=dict)
    plain: dict[str, Any] = transform(copy.deepcopy(template), {}, no_managed_policies)
    return plain


class _Principals:
    """Service principals without asking AWS: the ones used here are the same everywhere."""

    def service_principal(self, service: str) -> str:
        return f"{service}.amazonaws.com"


class _Silent:
    """Chalice's console, silenced."""

    def write(self, msg: str) -> None:
        """Say nothing."""

    def error(self, msg: str) -> None:
        """Say it on stderr, which the parent process shows."""
        sys.stderr.write(msg)

    def confirm(self, msg: str, default: bool = False, abort: bool = False) -> bool:
        """Nothing here asks."""
        return default


if __name__ == "__main__":
    main(Path(sys.argv[1]))
