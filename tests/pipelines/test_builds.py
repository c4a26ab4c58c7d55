"""The builds in a running local cloud: their infrastructure deployed, their commands really run.

What a command may do there is what the policies of its CodeBuild role allow.
"""

import hashlib
import json
import os
import subprocess
import sys
import tarfile
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from botocore.exceptions import ClientError

from mydoctransfer_cloud.deploy import destroy, local_target
from mydoctransfer_cloud.deploy.package import load_template
from mydoctransfer_cloud.deploy.stacks import Stacks
from mydoctransfer_cloud.localcloud.directory import Directory
from tests.support.cloud import Answer, Cloud, send

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "backend" / "infrastructure" / "pipelines"
STAGE = "pipes"
REGION = "us-east-1"
VENV = Path(sys.prefix)


@dataclass(frozen=True)
class Deployed:
    """Publication and builds of a stage in a local cloud.

    Attributes:
        publication, builds: the stacks' outputs.
    """

    cloud: Cloud
    publication: dict[str, str]
    builds: dict[str, str]

    def view(self, path: str, *, scheme: str = "https") -> Answer:
        """Ask the distribution for a path; the local cloud hears of TLS from a header only."""
        name = self.publication["Url"].removeprefix("https://").removesuffix(".cloudfront.net")
        endpoint = urllib.parse.urlsplit(self.cloud.endpoint)
        host = f"{name}.cloudfront.127.0.0.1:{endpoint.port}"
        headers = {"Host": host, "X-Forwarded-Proto": scheme}
        return send(urllib.request.Request(f"{self.cloud.endpoint}{path}", headers=headers))

    def keys(self) -> set[str]:
        """What is published."""
        s3 = self.cloud.boto3_client("s3")
        found = s3.list_objects_v2(Bucket=self.publication["BucketName"])
        return {entry["Key"] for entry in found.get("Contents", [])}

    def empty(self) -> None:
        """Publish nothing."""
        s3 = self.cloud.boto3_client("s3")
        for key in self.keys():
            s3.delete_object(Bucket=self.publication["BucketName"], Key=key)

    def invalidated(self) -> list[list[str]]:
        """The paths of every invalidation so far."""
        cloudfront = self.cloud.boto3_client("cloudfront")
        distribution = self.publication["DistributionId"]
        made = cloudfront.list_invalidations(DistributionId=distribution)["InvalidationList"]
        found = [
            cloudfront.get_invalidation(DistributionId=distribution, Id=one["Id"])["Invalidation"]
            for one in made.get("Items", [])
        ]
        return [one["InvalidationBatch"]["Paths"]["Items"] for one in found]

    def told(self) -> dict[str, str]:
        """What the desktop's CodeBuild project gives its build."""
        names = [self.builds["DesktopProject"]]
        codebuild = self.cloud.boto3_client("codebuild")
        (project,) = codebuild.batch_get_projects(names=names)["projects"]
        return {v["name"]: v["value"] for v in project["environment"]["environmentVariables"]}


def deploy(cloud: Cloud, name: str) -> tuple[dict[str, str], bool]:
    stacks = Stacks(cloud.boto3_client("cloudformation"), is_local=True)
    template = json.dumps(load_template(TEMPLATES / f"{name}.yaml"))
    chosen = {"Stage": STAGE, "LocalCloud": "true"}
    return stacks.deploy(f"mydoctransfer-{STAGE}-{name}", template, chosen)


@pytest.fixture(scope="module")
def deployed(cloud: Cloud) -> Deployed:
    return Deployed(cloud, deploy(cloud, "publication")[0], deploy(cloud, "builds")[0])


@pytest.fixture(scope="module")
def publisher(deployed: Deployed) -> dict[str, str]:
    """Somebody with the desktop build's policy and nothing else."""
    return user(deployed, "publisher", "PublishingArn")


@pytest.fixture(scope="module")
def deploying(deployed: Deployed) -> Iterator[dict[str, str]]:
    """Somebody with the back-end build's policies and nothing else; their stage is removed."""
    yield user(deployed, "deploying", "DeployingArn", "MakingRolesArn")
    settings = Directory(deployed.cloud.data_dir).kept_settings()
    assert settings is not None
    destroy(local_target(settings.endpoint_url, settings.root_key, REGION, STAGE))


def user(deployed: Deployed, name: str, *policies: str) -> dict[str, str]:
    """Make somebody with some of the builds' policies; return where and who they are."""
    iam = deployed.cloud.boto3_client("iam")
    iam.create_user(UserName=name)
    for policy in policies:
        iam.attach_user_policy(UserName=name, PolicyArn=deployed.builds[policy])
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {
        "AWS_ENDPOINT_URL": deployed.cloud.endpoint,
        "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
    }


def run(
    spec: str, phases: tuple[str, ...], given: Mapping[str, str], place: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Run the commands of a buildspec's phases as CodeBuild does: one shell, ended by a failure."""
    read = yaml.safe_load((ROOT / spec).read_text("utf-8"))
    script = "\n".join(c for name in phases for c in read["phases"][name]["commands"])
    variables = {name: str(value) for name, value in read["env"]["variables"].items()}
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=place,
        env={**kept, **variables, **given},
        capture_output=True,
        text=True,
    )


class TestTheInfrastructure:
    def test_deploying_it_again_changes_nothing(self, deployed: Deployed) -> None:
        assert deploy(deployed.cloud, "publication") == (deployed.publication, False)
        assert deploy(deployed.cloud, "builds") == (deployed.builds, False)

    def test_the_projects_run_the_buildspecs_of_the_repository(self, deployed: Deployed) -> None:
        codebuild = deployed.cloud.boto3_client("codebuild")
        names = [deployed.builds["BackendProject"], deployed.builds["DesktopProject"]]
        found = codebuild.batch_get_projects(names=names)["projects"]
        specs = {project["name"]: project["source"]["buildspec"] for project in found}
        assert specs == {
            f"mydoctransfer-{STAGE}-backend": "backend/buildspec.yml",
            f"mydoctransfer-{STAGE}-desktop": "packaging/buildspec.yml",
        }
        assert not any(project["environment"]["privilegedMode"] for project in found)

    def test_the_desktops_build_is_told_where_to_publish(self, deployed: Deployed) -> None:
        assert deployed.told() == {
            "PUBLICATION_BUCKET": deployed.publication["BucketName"],
            "PUBLICATION_DISTRIBUTION": deployed.publication["DistributionId"],
        }

    def test_T41_nobody_reads_the_bucket_but_through_the_distribution(
        self, deployed: Deployed
    ) -> None:
        bucket = deployed.publication["BucketName"]
        deployed.cloud.boto3_client("s3").put_object(Bucket=bucket, Key="feed/probe", Body=b"here")
        direct = urllib.request.Request(f"{deployed.cloud.endpoint}/{bucket}/feed/probe")
        assert send(direct).status == 403
        assert deployed.view("/feed/probe").text == "here"

    def test_T72_the_distribution_refuses_plain_http(self, deployed: Deployed) -> None:
        assert deployed.view("/feed/latest.json", scheme="http").status == 403


class TestTheDesktopsBuild:
    @pytest.fixture(autouse=True)
    def nothing_published(self, deployed: Deployed) -> None:
        deployed.empty()

    def test_it_publishes_a_release_and_a_feed_that_describes_it(
        self, deployed: Deployed, publisher: dict[str, str], tmp_path: Path
    ) -> None:
        narrow = {"DESKTOP_TESTS": "tests/packaging/test_lock.py", "RELEASE_PARTS": "wheel"}
        here = {"VENV": str(VENV), "OUT": str(tmp_path)}
        given = publisher | deployed.told() | narrow | here
        done = run("packaging/buildspec.yml", ("pre_build", "build"), given)
        assert done.returncode == 0, done.stdout + done.stderr
        feed = deployed.view("/feed/latest.json")
        assert feed.headers["cache-control"] == "public, max-age=300"
        assert feed.headers["strict-transport-security"].startswith("max-age=31536000")
        (file,) = feed.json["files"]
        s3, bucket = deployed.cloud.boto3_client("s3"), deployed.publication["BucketName"]
        content = s3.get_object(Bucket=bucket, Key=file["path"])["Body"].read()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (
            file["size"],
            file["sha256"],
        )
        assert deployed.keys() == {"feed/latest.json", file["path"]}
        assert ["/feed/*"] in deployed.invalidated()
        again = run("packaging/buildspec.yml", ("build",), given)
        assert again.returncode == 0, again.stderr
        assert "Everything was published already." in again.stdout

    def test_T84_a_published_file_is_never_replaced(
        self, deployed: Deployed, publisher: dict[str, str], tmp_path: Path
    ) -> None:
        tree(tmp_path, "9.0.0", b"first")
        assert publish(deployed, publisher, tmp_path).returncode == 0
        tree(tmp_path, "9.0.0", b"other")
        refused = publish(deployed, publisher, tmp_path)
        assert refused.returncode == 1
        assert "with other content; raise the version" in refused.stderr
        assert deployed.view("/releases/9.0.0/app.bin").text == "first"

    def test_T84_the_feed_never_goes_back(
        self, deployed: Deployed, publisher: dict[str, str], tmp_path: Path
    ) -> None:
        tree(tmp_path / "new", "9.10.0", b"new")
        assert publish(deployed, publisher, tmp_path / "new").returncode == 0
        tree(tmp_path / "old", "9.9.0", b"old")
        refused = publish(deployed, publisher, tmp_path / "old")
        assert "9.10.0 is published, which is newer than 9.9.0" in refused.stderr
        assert deployed.view("/feed/latest.json").json["version"] == "9.10.0"
        assert deployed.keys() == {"feed/latest.json", "releases/9.10.0/app.bin"}

    def test_T86_it_may_publish_and_nothing_else(
        self, deployed: Deployed, publisher: dict[str, str]
    ) -> None:
        bucket = deployed.publication["BucketName"]
        documents = deployed.cloud.stack_outputs("data")["BucketName"]
        for service, call, arguments in (
            ("s3", "put_object", {"Bucket": bucket, "Key": "index.html", "Body": b""}),
            ("s3", "delete_object", {"Bucket": bucket, "Key": "feed/latest.json"}),
            ("s3", "put_bucket_policy", {"Bucket": bucket, "Policy": "{}"}),
            ("s3", "put_object", {"Bucket": documents, "Key": "deploy/x", "Body": b""}),
            ("s3", "list_buckets", {}),
            ("cloudformation", "describe_stacks", {}),
            ("iam", "list_roles", {}),
            ("lambda", "list_functions", {}),
        ):
            is_refused(publisher, service, call, arguments)

    @pytest.mark.gates
    @pytest.mark.timeout(1800)
    def test_all_of_it_runs_in_a_checkout_where_nothing_is_installed(
        self, deployed: Deployed, publisher: dict[str, str], tmp_path: Path
    ) -> None:
        place = checkout(tmp_path / "checkout")
        given = publisher | deployed.told() | {"PYTHON": sys.executable}
        done = run("packaging/buildspec.yml", ("install", "pre_build", "build"), given, place)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        wheel, frozen = deployed.view("/feed/latest.json").json["files"]
        assert (wheel["platform"], frozen["platform"]) == ("any", "linux-x86_64")
        assert deployed.keys() == {"feed/latest.json", wheel["path"], frozen["path"]}
        with tarfile.open(place / "out" / "release" / frozen["path"]) as archive:
            assert archive.getmember("mydoctransfer/mydoctransfer").mode & 0o100


class TestTheBackEndsBuild:
    def test_it_tests_packages_and_deploys(
        self, deployed: Deployed, deploying: dict[str, str], tmp_path: Path
    ) -> None:
        given = stage(deployed, deploying, tmp_path, "tests/backend/test_services.py")
        done = run("backend/buildspec.yml", ("pre_build", "build"), given)
        assert done.returncode == 0, done.stdout + done.stderr
        made = json.loads((tmp_path / "deployed.json").read_text("utf-8"))
        assert send(urllib.request.Request(made["api_url"] + "/me")).status == 401
        again = run("backend/buildspec.yml", ("build",), given)
        assert again.returncode == 0, again.stderr
        assert json.loads((tmp_path / "deployed.json").read_text("utf-8"))["changed"] is False

    def test_a_failing_test_deploys_nothing(
        self, deployed: Deployed, deploying: dict[str, str], tmp_path: Path
    ) -> None:
        failing = tmp_path / "test_failing.py"
        failing.write_text("def test_nothing_works() -> None:\n    raise AssertionError\n")
        given = stage(deployed, deploying, tmp_path, str(failing))
        done = run("backend/buildspec.yml", ("pre_build", "build"), given)
        assert done.returncode == 1
        assert not (tmp_path / "deployed.json").exists()

    def test_T86_T92_it_reads_no_document_and_makes_no_administrator(
        self, deployed: Deployed, deploying: dict[str, str]
    ) -> None:
        data = deployed.cloud.stack_outputs("data")
        table, pool = data["MainTableName"], {"UserPoolId": data["UserPoolId"]}
        key = {"pk": {"S": "a"}, "sk": {"S": "b"}}
        trust = '{"Version":"2012-10-17","Statement":[]}'
        inside = f"mydoctransfer-{STAGE}-api-x"
        data_stack = f"mydoctransfer-{STAGE}-data"
        for service, call, arguments in (
            ("s3", "get_object", {"Bucket": data["BucketName"], "Key": "incoming/x"}),
            ("dynamodb", "get_item", {"TableName": table, "Key": key}),
            ("dynamodb", "delete_table", {"TableName": table}),
            ("cognito-idp", "list_users", pool),
            ("cognito-idp", "admin_create_user", {**pool, "Username": "me@example.org"}),
            ("cloudformation", "delete_stack", {"StackName": data_stack}),
            ("iam", "create_role", {"RoleName": inside, "AssumeRolePolicyDocument": trust}),
            ("iam", "create_user", {"UserName": "me"}),
        ):
            is_refused(deploying, service, call, arguments)

    @pytest.mark.gates
    @pytest.mark.timeout(1800)
    def test_all_of_it_runs_in_a_checkout_where_nothing_is_installed(
        self, deployed: Deployed, deploying: dict[str, str], tmp_path: Path
    ) -> None:
        place = checkout(tmp_path / "checkout")
        told = {"MYDOC_STAGE": STAGE, "MYDOC_BOUNDARY": deployed.builds["BoundaryArn"]}
        given = deploying | told | {"PYTHON": sys.executable}
        done = run("backend/buildspec.yml", ("install", "pre_build", "build"), given, place)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        made = json.loads((place / "out" / "deployed.json").read_text("utf-8"))
        assert (place / made["connection"]).is_file()


def stage(deployed: Deployed, deploying: dict[str, str], out: Path, tests: str) -> dict[str, str]:
    """What the back-end's build is given, with these tests for all of them."""
    told = {"MYDOC_STAGE": STAGE, "MYDOC_BOUNDARY": deployed.builds["BoundaryArn"]}
    return deploying | told | {"BACKEND_TESTS": tests, "VENV": str(VENV), "OUT": str(out)}


def is_refused(who: dict[str, str], service: str, call: str, arguments: dict[str, Any]) -> None:
    """Make a call as somebody, and hold the cloud to its refusal."""
    connect: Any = boto3.client
    client = connect(
        service,
        endpoint_url=who["AWS_ENDPOINT_URL"],
        region_name=REGION,
        aws_access_key_id=who["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=who["AWS_SECRET_ACCESS_KEY"],
    )
    with pytest.raises(ClientError, match=r"AccessDenied|not authorized|Forbidden"):
        getattr(client, call)(**arguments)


def tree(place: Path, version: str, content: bytes) -> None:
    """A release as release.py lays it out, of one small file."""
    file = place / "releases" / version / "app.bin"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    feed = place / "feed" / "latest.json"
    feed.parent.mkdir(exist_ok=True)
    feed.write_text(json.dumps({"schema": 1, "version": version, "files": []}))


def publish(
    deployed: Deployed, publisher: dict[str, str], place: Path
) -> subprocess.CompletedProcess[str]:
    where = deployed.told()
    return subprocess.run(
        [
            *(sys.executable, str(ROOT / "packaging" / "publish.py"), str(place)),
            *("--bucket", where["PUBLICATION_BUCKET"]),
            *("--distribution", where["PUBLICATION_DISTRIBUTION"]),
        ],
        env={"PATH": os.environ["PATH"], **publisher},
        capture_output=True,
        text=True,
    )


def checkout(place: Path) -> Path:
    """The files of this checkout as they are now, without what git ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().rstrip("\0").split("\0"):
        if (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes((ROOT / name).read_bytes())
            (place / name).chmod((ROOT / name).stat().st_mode)
    return place
