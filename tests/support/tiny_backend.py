"""A back-end of twenty lines with every kind of trigger, for tests of what deploys and runs it.

The real one changes with every feature; what the deployer and the local cloud promise does not.
"""

import shutil
from pathlib import Path

from mydoctransfer_cloud.deploy.sources import backend_dir

_APP = '''
import json
import os
import time

import boto3
from chalice import Chalice, CognitoUserPoolAuthorizer, Rate

app = Chalice(app_name="mydoctransfer")
people = CognitoUserPoolAuthorizer("people", provider_arns=[os.environ["MYDOC_USER_POOL_ARN"]])
main, audit = os.environ.get("MYDOC_MAIN_TABLE"), os.environ.get("MYDOC_AUDIT_TABLE")


def store(partition, sort):
    item = {"pk": {"S": partition}, "sk": {"S": sort}}
    boto3.client("dynamodb").put_item(TableName=main, Item=item)


@app.route("/me", authorizer=people)
def me():
    claims = app.current_request.context["authorizer"]["claims"]
    return {"sub": claims["sub"], "answer": %(answer)r, "epoch": os.environ["MYDOC_EPOCH"]}


@app.route("/environment", authorizer=people)
def environment():
    return dict(os.environ)


@app.route("/slow", authorizer=people)
def slow():
    time.sleep(0.3)
    return {"worker": os.getpid()}


@app.route("/grant", methods=["POST"], authorizer=people)
def grant():
    sub = app.current_request.context["authorizer"]["claims"]["sub"]
    bucket, prefix = os.environ["MYDOC_BUCKET"], f"incoming/{sub}/one/"
    allowed = ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"]
    where = f"arn:aws:s3:::{bucket}/{prefix}*"
    statement = {"Effect": "Allow", "Action": allowed, "Resource": where}
    made = boto3.client("sts").assume_role(
        RoleArn=os.environ["MYDOC_GRANT_ROLE_ARN"],
        RoleSessionName=sub,
        DurationSeconds=900,
        Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )["Credentials"]
    return {"bucket": bucket, "prefix": prefix, **{k: str(v) for k, v in made.items()}}


@app.route("/try", methods=["POST"], authorizer=people)
def attempt():
    """Make one AWS call with the function's own role; say how it ended."""
    body = app.current_request.json_body
    names = {"MAIN": main, "AUDIT": audit, "BUCKET": os.environ["MYDOC_BUCKET"]}
    arguments = {k: names.get(v, v) if isinstance(v, str) else v for k, v in body["with"].items()}
    try:
        getattr(boto3.client(body["service"]), body["call"])(**arguments)
    except Exception as exc:
        return {"refused": str(exc)}
    return {"refused": None}


%(more)s


@app.on_s3_event(bucket="placeholder", events=["s3:ObjectCreated:*"], prefix="incoming/")
def arrivals(event):
    store("arrivals", event.key)


@app.schedule(Rate(5, unit=Rate.MINUTES))
def sweep(event):
    store("sweep", event.to_dict()["time"])
'''

ANOTHER_ROUTE = """
@app.route("/another", authorizer=people)
def another():
    return {"another": True}
"""


def make(place: Path, *, answer: str = "first", more: str = "") -> Path:
    """Write a back-end's sources to `place`, with the real infrastructure; return `place`."""
    real = backend_dir()
    for part in ("infrastructure", "vendor", ".chalice"):
        shutil.copytree(real / part, place / part, dirs_exist_ok=True)
    (place / "chalicelib").mkdir(exist_ok=True)
    (place / "chalicelib" / "__init__.py").touch()
    shutil.copyfile(real / "requirements.txt", place / "requirements.txt")
    (place / "app.py").write_text(_APP % {"answer": answer, "more": more})
    return place
