"""The bundle for whoever helps: logs and versions, and nothing that is nobody's business."""

import zipfile
from pathlib import Path

import pytest

from mydoctransfer.adapters import diagnostics
from mydoctransfer.model.errors import AppError


def test_the_bundle_holds_logs_and_versions_without_secrets(tmp_path: Path) -> None:
    logs = tmp_path / "log"
    logs.mkdir()
    token = "eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl"
    (logs / "mydoctransfer.log").write_text(
        f"token {token} of ada@example.org in {Path.home()}/Private\npassword=geheim\n"
    )
    (logs / "mydoctransfer.log.1").write_text("older\n")
    bundle = tmp_path / "d.zip"
    diagnostics.write(bundle, logs)
    with zipfile.ZipFile(bundle) as held:
        assert sorted(held.namelist()) == [
            "mydoctransfer.log",
            "mydoctransfer.log.1",
            "versions.txt",
        ]
        log = held.read("mydoctransfer.log").decode()
        assert "Python" in held.read("versions.txt").decode()
    assert log == "token [secret] of [address] in ~/Private\n[secret]\n"
    assert bundle.stat().st_mode & 0o777 == 0o600


def test_a_bundle_overwrites_nothing(tmp_path: Path) -> None:
    taken = tmp_path / "d.zip"
    taken.write_bytes(b"mine")
    with pytest.raises(AppError):
        diagnostics.write(taken, tmp_path)
    assert taken.read_bytes() == b"mine"
