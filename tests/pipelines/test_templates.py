"""What the templates of the pipelines ask for. CodePipeline cannot be tried here, so it is read."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mydoctransfer_cloud.deploy.package import load_template

ROOT = Path(__file__).parents[2]
PLACE = ROOT / "backend" / "infrastructure" / "pipelines"
NAMES = ("publication", "builds", "pipelines")
Resource = dict[str, Any]

ALL = {name: load_template(PLACE / f"{name}.yaml") for name in NAMES}


def of_type(kind: str) -> list[tuple[str, Resource]]:
    return [
        (name, resource["Properties"])
        for template in ALL.values()
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    ]


def properties(template: str, name: str) -> Resource:
    found: Resource = ALL[template]["Resources"][name]["Properties"]
    return found


def statements() -> Iterator[tuple[str, Resource]]:
    """Every statement a role of ours has, with the name of what it stands in."""
    for name, policy in of_type("AWS::IAM::ManagedPolicy"):
        for statement in policy["PolicyDocument"]["Statement"]:
            yield name, statement
    for name, role in of_type("AWS::IAM::Role"):
        for policy in role["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                yield name, statement


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def statement(policy: str, sid: str) -> Resource:
    (found,) = [s for name, s in statements() if (name, s["Sid"]) == (policy, sid)]
    return found


def test_cfn_lint_finds_nothing() -> None:
    lint = [str(Path(sys.executable).with_name("cfn-lint")), "--"]
    templates = [str(PLACE / f"{name}.yaml") for name in NAMES]
    done = subprocess.run([*lint, *templates], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


class TestWhatIsPublished:
    def test_T41_every_bucket_is_closed_owned_encrypted_and_versioned(self) -> None:
        for name, bucket in of_type("AWS::S3::Bucket"):
            assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}, name
            assert len(bucket["PublicAccessBlockConfiguration"]) == 4, name
            owner = bucket["OwnershipControls"]["Rules"]
            assert owner == [{"ObjectOwnership": "BucketOwnerEnforced"}], name
            assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"], name
            assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}, name

    def test_T41_every_bucket_takes_tls_only(self) -> None:
        for name, policy in of_type("AWS::S3::BucketPolicy"):
            denied = json.dumps(policy["PolicyDocument"])
            assert '{"Bool": {"aws:SecureTransport": "false"}}' in denied, name
        assert len(of_type("AWS::S3::BucketPolicy")) == len(of_type("AWS::S3::Bucket"))

    def test_T84_only_the_distribution_reads_and_nobody_replaces_a_release(self) -> None:
        policy = properties("publication", "BucketPolicy")["PolicyDocument"]["Statement"]
        (allowed,) = [s for s in policy if s.get("Effect") == "Allow"]
        assert allowed["Principal"] == {"Service": "cloudfront.amazonaws.com"}
        assert allowed["Action"] == "s3:GetObject"
        source = allowed["Condition"]["StringEquals"]["AWS:SourceArn"]["Fn::Sub"]
        assert source.endswith(":distribution/${Distribution}")
        (kept,) = [
            s["Fn::If"][1]
            for s in policy
            if "Fn::If" in s and s["Fn::If"][1]["Sid"] == "ReleasesAreNeverOverwritten"
        ]
        assert (kept["Effect"], kept["Principal"], kept["Action"]) == ("Deny", "*", "s3:PutObject")
        assert kept["Resource"]["Fn::Sub"].endswith("/releases/*")
        assert kept["Condition"]["Null"] == {"s3:if-none-match": "true"}

    def test_T72_the_distribution_speaks_tls_only_and_signs_what_it_fetches(self) -> None:
        distribution = properties("publication", "Distribution")["DistributionConfig"]
        assert distribution["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "https-only"
        assert "CacheBehaviors" not in distribution
        own, default = distribution["ViewerCertificate"]["Fn::If"][1:]
        assert own["MinimumProtocolVersion"] == "TLSv1.2_2021"
        assert default == {"CloudFrontDefaultCertificate": True}
        (origin,) = distribution["Origins"]
        assert origin["OriginAccessControlId"] == {"Fn::GetAtt": ["OriginAccess", "Id"]}
        access = properties("publication", "OriginAccess")["OriginAccessControlConfig"]
        assert (access["SigningBehavior"], access["SigningProtocol"]) == ("always", "sigv4")


class TestWhatRolesMayDo:
    def test_T86_nothing_is_allowed_by_wildcard(self) -> None:
        for name, one in statements():
            assert one["Effect"] == "Allow"
            assert not [action for action in listed(one["Action"]) if "*" in action], name
            assert "*" not in listed(one["Resource"]), name
            assert "NotAction" not in one and "NotResource" not in one, name

    def test_T86_no_policy_of_aws_is_attached_such_as_administrator_access(self) -> None:
        for name, role in of_type("AWS::IAM::Role"):
            assert all(set(arn) == {"Ref"} for arn in role["ManagedPolicyArns"]), name
        assert "Administrator" not in json.dumps(ALL)

    def test_T86_roles_are_made_within_the_boundary_and_for_functions_only(self) -> None:
        writing = re.compile(r"iam:(Create|Put|Attach|Pass|Add|Delete.*Polic)")
        boundary = {"StringEquals": {"iam:PermissionsBoundary": {"Ref": "Boundary"}}}
        for name, one in statements():
            actions = [a for a in listed(one["Action"]) if writing.match(a)]
            if actions == ["iam:PassRole"]:
                passed = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
                assert one["Condition"] == passed
            elif actions:
                assert (name, one["Condition"]) == ("MakingRoles", boundary)
        everything = {a for _, one in statements() for a in listed(one["Action"])}
        assert not everything & {
            "iam:DeleteRolePermissionsBoundary",
            "iam:AttachRolePolicy",
            "iam:CreateUser",
            "iam:CreateAccessKey",
            "iam:CreatePolicyVersion",
        }

    def test_T92_deploying_reads_no_document_no_record_and_no_person(self) -> None:
        for name in ("Deploying", "MakingRoles"):
            for _, one in (s for s in statements() if s[0] == name):
                actions = set(listed(one["Action"]))
                assert not {a for a in actions if a.startswith("dynamodb:") and "Item" in a}
                assert not actions & {
                    "dynamodb:Query",
                    "dynamodb:Scan",
                    "cognito-idp:ListUsers",
                    "cognito-idp:AdminCreateUser",
                    "cognito-idp:AdminSetUserPassword",
                    "cognito-idp:DeleteUserPool",
                    "dynamodb:DeleteTable",
                    "s3:DeleteBucket",
                }
                if {"s3:GetObject", "s3:PutObject"} & actions:
                    assert one["Resource"]["Fn::Sub"].endswith("/deploy/*")

    def test_a_pipeline_cannot_delete_the_stack_with_the_data(self) -> None:
        deleting = [one for _, one in statements() if "cloudformation:DeleteStack" in one["Action"]]
        assert [one["Resource"]["Fn::Sub"].rpartition(":")[2] for one in deleting] == [
            "stack/mydoctransfer-${Stage}-api/*"
        ]

    def test_the_boundary_holds_what_the_functions_roles_ask_for(self) -> None:
        api = load_template(ROOT / "backend" / "infrastructure" / "api.yaml")
        asked = {
            action
            for resource in api["Resources"].values()
            for document in documents(resource)
            for one in document["Statement"]
            for action in listed(one["Action"])
        }
        most = {
            a for name, one in statements() if name == "Boundary" for a in listed(one["Action"])
        }
        assert asked <= most

    def test_T86_a_service_acts_for_this_account_and_its_own_project_only(self) -> None:
        for name, role in of_type("AWS::IAM::Role"):
            (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
            half = "backend" if name.startswith("Backend") else "desktop"
            account = {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
            assert trust["Condition"]["StringEquals"] == account, name
            source = trust["Condition"]["ArnEquals"]["aws:SourceArn"]["Fn::Sub"]
            assert source.endswith(f"mydoctransfer-${{Stage}}-{half}"), name

    def test_every_policy_fits_what_iam_stores(self) -> None:
        for name, policy in of_type("AWS::IAM::ManagedPolicy"):
            text = json.dumps(policy["PolicyDocument"], separators=(",", ":"))
            assert len(text.replace("${Stage}", "s" * 20)) < 6144, name


class TestTheBuilds:
    def test_each_half_has_a_project_with_a_buildspec_that_is_there(self) -> None:
        specs = {
            name: project["Source"]["BuildSpec"]
            for name, project in of_type("AWS::CodeBuild::Project")
        }
        assert specs == {"Backend": "backend/buildspec.yml", "Desktop": "packaging/buildspec.yml"}
        assert all((ROOT / spec).is_file() for spec in specs.values())

    def test_no_build_is_privileged_and_none_has_a_secret_in_its_environment(self) -> None:
        for name, project in of_type("AWS::CodeBuild::Project"):
            assert project["Environment"]["PrivilegedMode"] is False, name
            named = {v["Name"] for v in project["Environment"]["EnvironmentVariables"]}
            assert named <= {
                "MYDOC_STAGE",
                "MYDOC_BOUNDARY",
                "PUBLICATION_BUCKET",
                "PUBLICATION_DISTRIBUTION",
            }

    def test_T88_logs_are_kept_for_thirty_days(self) -> None:
        kept = {p["LogGroupName"]["Fn::Sub"]: p for _, p in of_type("AWS::Logs::LogGroup")}
        for name, project in of_type("AWS::CodeBuild::Project"):
            logs = ALL["builds"]["Resources"][
                project["LogsConfig"]["CloudWatchLogs"]["GroupName"]["Ref"]
            ]
            assert logs["Properties"]["RetentionInDays"] == 30, name
        assert len(kept) == 2


class TestThePipelines:
    def test_the_source_is_a_connection_and_no_token_is_kept_anywhere(self) -> None:
        for name, pipeline in of_type("AWS::CodePipeline::Pipeline"):
            (source,) = pipeline["Stages"][0]["Actions"]
            assert source["ActionTypeId"]["Provider"] == "CodeStarSourceConnection", name
            assert source["Configuration"]["ConnectionArn"] == {"Ref": "ConnectionArn"}
            assert "OAuthToken" not in json.dumps(pipeline)

    def test_a_push_deploys_the_back_end_and_a_tag_publishes_the_desktop(self) -> None:
        triggers = {
            name: pipeline["Triggers"][0]["GitConfiguration"]["Push"]
            for name, pipeline in of_type("AWS::CodePipeline::Pipeline")
        }
        assert triggers == {
            "BackendPipeline": [{"Branches": {"Includes": [{"Ref": "Branch"}]}}],
            "DesktopPipeline": [{"Tags": {"Includes": ["v*"]}}],
        }

    @pytest.mark.parametrize("half", ["Backend", "Desktop"])
    def test_each_starts_the_build_of_its_own_half_and_no_other(self, half: str) -> None:
        pipeline = properties("pipelines", f"{half}Pipeline")
        (build,) = pipeline["Stages"][1]["Actions"]
        project = properties("builds", half)["Name"]
        assert build["Configuration"]["ProjectName"] == project
        may = statement(f"{half}PipelineRole", "Build")
        assert may["Resource"]["Fn::Sub"].endswith("project/" + project["Fn::Sub"])

    def test_everything_imported_is_exported(self) -> None:
        text = "".join((PLACE / f"{name}.yaml").read_text("utf-8") for name in NAMES)
        exported = set(re.findall(r"Export:\n +Name: !Sub (\S+)", text))
        imported = set(re.findall(r"ImportValue: !Sub (\S+)", text))
        imported |= set(re.findall(r'ImportValue \{"Fn::Sub": "([^"]+)"\}', text))
        assert imported == exported


def documents(resource: Resource) -> list[Resource]:
    """The policies of a role, or the one a policy is."""
    asked = resource.get("Properties", {})
    if resource.get("Type") == "AWS::IAM::Policy":
        return [asked["PolicyDocument"]]
    return [policy["PolicyDocument"] for policy in asked.get("Policies", [])]
