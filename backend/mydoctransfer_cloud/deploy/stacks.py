"""CloudFormation stacks: create, update, remove, and read what came out.

A stack whose template and parameters are as asked for is left alone. A failure raises with the
first reason CloudFormation recorded, because the later ones are only its consequences.
"""

import json
import time
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from mydoctransfer_cloud.deploy import refusals
from mydoctransfer_cloud.errors import CloudError

KEEP: str | None = None
"""As a parameter's value: keep what the stack has; if it has none, the template's default holds."""

_POLL_LOCAL, _POLL_AWS = 0.05, 5.0
_GOOD = ("CREATE_COMPLETE", "UPDATE_COMPLETE")


class Stacks:
    """The stacks of one account and region."""

    def __init__(self, cloudformation: Any, *, is_local: bool) -> None:
        self._client = cloudformation
        self._poll = _POLL_LOCAL if is_local else _POLL_AWS

    def exists(self, name: str) -> bool:
        """Say whether a usable stack of this name is there."""
        stack = self._describe(name)
        return stack is not None and stack["StackStatus"] != "ROLLBACK_COMPLETE"

    def deploy(
        self, name: str, template: str, parameters: Mapping[str, str | None], url: str | None = None
    ) -> tuple[dict[str, str], bool]:
        """Create or update a stack; return its outputs and whether anything changed.

        Args:
            url: where the template lies in S3, for templates above CloudFormation's 51,200 bytes.

        Raises:
            CloudError: CloudFormation refused it or rolled it back.
        """
        stack = self._at_rest(name)
        if stack and stack["StackStatus"] == "ROLLBACK_COMPLETE":
            self.remove(name)
            stack = None
        if stack and self._is_as_asked(stack, template, parameters):
            return self.outputs(name), False
        known = {p["ParameterKey"] for p in (stack or {}).get("Parameters", [])}
        request = {
            "StackName": name,
            "Capabilities": ["CAPABILITY_IAM"],
            "Parameters": [
                _parameter(key, value)
                for key, value in parameters.items()
                if value is not KEEP or key in known
            ],
            **({"TemplateURL": url} if url else {"TemplateBody": template}),
        }
        changed = self._update(request) if stack else self._create(request)
        if changed:
            self._settle(name, "UPDATE_COMPLETE" if stack else "CREATE_COMPLETE")
        return self.outputs(name), changed

    def outputs(self, name: str) -> dict[str, str]:
        """Return the outputs of a stack, empty if there is none."""
        stack = self._describe(name) or {}
        return {o["OutputKey"]: o["OutputValue"] for o in stack.get("Outputs", [])}

    def parameters(self, name: str) -> dict[str, str]:
        """Return what a stack was deployed with, empty if there is none."""
        stack = self._describe(name) or {}
        return {p["ParameterKey"]: p["ParameterValue"] for p in stack.get("Parameters", [])}

    def resources(self, name: str) -> list[str]:
        """Return what a stack consists of, as "type name"; nothing if there is no stack."""
        if self._describe(name) is None:
            return []
        pages = self._client.get_paginator("list_stack_resources").paginate(StackName=name)
        return [
            f"{resource['ResourceType'].removeprefix('AWS::')} {resource['PhysicalResourceId']}"
            for page in pages
            for resource in page["StackResourceSummaries"]
        ]

    def remove(self, name: str) -> None:
        """Delete a stack and wait until it is gone."""
        stack = self._at_rest(name)
        if stack is None:
            return
        self._client.update_termination_protection(
            StackName=name, EnableTerminationProtection=False
        )
        self._client.delete_stack(StackName=name)
        self._settle(stack["StackId"], "DELETE_COMPLETE")

    def protect(self, name: str) -> None:
        """Refuse deletion by accident, in the console or by a script."""
        self._client.update_termination_protection(StackName=name, EnableTerminationProtection=True)

    def _is_as_asked(
        self, stack: dict[str, Any], template: str, parameters: Mapping[str, str | None]
    ) -> bool:
        """Compared here: the local cloud would go through the whole update for nothing."""
        present = {p["ParameterKey"]: p.get("ParameterValue") for p in stack.get("Parameters", [])}
        if any(value not in (KEEP, present.get(key)) for key, value in parameters.items()):
            return False
        body = self._client.get_template(StackName=stack["StackName"])["TemplateBody"]
        found = json.loads(body) if isinstance(body, str) else body
        return bool(found == json.loads(template)) and stack["StackStatus"] in _GOOD

    def _create(self, request: dict[str, Any]) -> bool:
        self._client.create_stack(**request, OnFailure="ROLLBACK")
        return True

    def _update(self, request: dict[str, Any]) -> bool:
        try:
            self._client.update_stack(**request)
        except ClientError as exc:
            if "No updates are to be performed" in str(exc):
                return False
            raise
        return True

    def _at_rest(self, name: str) -> dict[str, Any] | None:
        """The stack once nothing is going on there, such as what an interrupted run began."""
        while True:
            stack = self._describe(name)
            status = stack["StackStatus"] if stack else ""
            # A stack in review waits for somebody, for ever.
            if not status.endswith("_IN_PROGRESS") or status == "REVIEW_IN_PROGRESS":
                return stack
            time.sleep(self._poll)

    def _settle(self, name: str, wanted: str) -> None:
        while True:
            stack = self._describe(name)
            status = stack["StackStatus"] if stack else "DELETE_COMPLETE"
            if status == wanted or status == f"{wanted}_CLEANUP_IN_PROGRESS":
                return
            if not status.endswith("_IN_PROGRESS"):
                raise CloudError("The deployment failed", f"{name}: {self._reason(name, status)}")
            time.sleep(self._poll)

    def _reason(self, name: str, status: str) -> str:
        events = self._client.describe_stack_events(StackName=name)["StackEvents"]
        failed = [e for e in events if e["ResourceStatus"].endswith("FAILED")]
        if not failed:
            return status
        first = failed[-1]
        reason = first.get("ResourceStatusReason", "no reason was given")
        return refusals.reason(f"{first['LogicalResourceId']}: {reason}")

    def _describe(self, name: str) -> dict[str, Any] | None:
        try:
            stacks = self._client.describe_stacks(StackName=name)["Stacks"]
        except ClientError as exc:
            if "does not exist" in str(exc):
                return None
            raise
        return stacks[0] if stacks else None


def _parameter(key: str, value: str | None) -> dict[str, Any]:
    if value is None:
        return {"ParameterKey": key, "UsePreviousValue": True}
    return {"ParameterKey": key, "ParameterValue": value}
