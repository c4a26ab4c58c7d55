"""Presigned links against the clock: what is signed later than asked ends no later. T32."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import boto3
import botocore.auth
import pytest

from chalicelib.connectors import s3

AT = 1_795_000_000  # seconds


@pytest.fixture
def signing(monkeypatch):
    """A bucket whose signer's clock stands; it can be set."""
    clock = {"now": AT}
    keys = {"aws_access_key_id": "AKID", "aws_secret_access_key": "secret"}
    real = boto3.client("s3", region_name="eu-central-1", **keys)
    monkeypatch.setattr(s3, "client", lambda service: real)
    monkeypatch.setattr(
        botocore.auth,
        "get_current_datetime",
        lambda remove_tzinfo=True: datetime.fromtimestamp(clock["now"], UTC).replace(tzinfo=None),
    )
    return clock


def ends(url: str) -> int:
    asked = parse_qs(urlsplit(url).query)
    signed = datetime.strptime(asked["X-Amz-Date"][0], "%Y%m%dT%H%M%S%z").timestamp()
    return int(signed) + int(asked["X-Amz-Expires"][0])


@pytest.mark.parametrize("late", range(0, 9))
@pytest.mark.parametrize("left", [1, 2, 5, 59, 60, 3600])
def test_a_link_signed_late_ends_with_the_document(signing, late, left):
    """A busy function signs seconds after it decided how long the link may live."""
    signing["now"] = AT + late
    until = (AT + left) * 1000 + 999
    url = s3.S3Objects("bucket").presign("k", "v", "attachment", min(60, left), until)
    if late >= left:
        assert url is None
    else:
        assert AT + late < ends(url) <= min(AT + left, AT + late + 60)


def test_a_link_names_its_version_and_how_it_is_saved(signing):
    url = s3.S3Objects("bucket").presign("incoming/k", "v7", "attachment; x", 60, (AT + 99) * 1000)
    asked = parse_qs(urlsplit(url).query)
    assert asked["versionId"] == ["v7"]
    assert asked["response-content-disposition"] == ["attachment; x"]
    assert asked["response-content-type"] == ["application/octet-stream"]
    assert ends(url) == AT + 60
