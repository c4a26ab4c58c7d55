"""The way out that the settings name: a proxy, and a company's own authority."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mydoctransfer.adapters import network
from mydoctransfer.adapters.network import NetworkFile
from mydoctransfer.adapters.web import Web
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.preferences import Network
from tests.support.loopback import Answer, Request, authority, serving


def test_the_named_proxy_wins_over_the_environments(tmp_path: Path) -> None:
    """G13."""
    with serving(lambda _: Answer(200, b"{}", "application/json")) as proxy:
        environ = {"HTTP_PROXY": "http://gone.invalid:1", "http_proxy": "http://gone.invalid:1"}
        network.use(Network(proxy=f"http://localhost:{proxy.port}"), environ)
        Web(environ=environ).ask("GET", "http://api.example.org/me", {})
        assert [r.target for r in proxy.requests] == ["http://api.example.org/me"]
        assert environ["https_proxy"] == environ["HTTPS_PROXY"] == environ["http_proxy"]


def test_the_named_authority_is_believed_besides_the_systems(tmp_path: Path) -> None:
    """G13, T72."""
    known = authority(tmp_path)
    with serving(lambda _: Answer(200, b"{}", "application/json"), known.context()) as server:
        without: dict[str, str] = {}
        network.use(Network(), without)
        assert without == {}
        refused = Web(environ=without).ask("GET", server.url, {})
        assert getattr(refused, "code", "") == "tls"
        environ: dict[str, str] = {}
        network.use(Network(ca_file=str(known.file)), environ)
        answered = Web(environ=environ).ask("GET", server.url, {})
        assert getattr(answered, "status", None) == 200


@pytest.mark.parametrize(
    "proxy", ["proxy:3128", "ftp://proxy", "http://", "http://p:x", "http://[::"]
)
def test_a_proxy_that_is_no_address_is_said(proxy: str) -> None:
    environ: dict[str, str] = {}
    with pytest.raises(AppError) as told:
        network.use(Network(proxy=proxy), environ)
    assert told.value.code == "proxy_malformed"
    assert "http://host:port" in told.value.message
    assert environ == {}


def test_a_file_without_certificates_is_said(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    for file in (tmp_path / "ca.pem", tmp_path / "absent.pem", tmp_path):
        with pytest.raises(AppError) as told:
            network.use(Network(ca_file=str(file)), {})
        assert told.value.code == "ca_file_unusable"
        assert str(file) in told.value.message


def test_both_are_read_from_the_file_and_kept_in_it(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[network]\nproxy = " http://p:1 "\nca_file = 7\n')
    held = NetworkFile(file)
    assert held.read() == Network(proxy="http://p:1")
    held.write(Network(5, 0, proxy="http://p:1", ca_file="/etc/ca.pem"))
    assert NetworkFile(file).read() == Network(5, 0, proxy="http://p:1", ca_file="/etc/ca.pem")
    held.write(Network(5, 0))
    assert NetworkFile(file).read() == Network(5, 0)


def test_what_was_never_named_is_not_written_down(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    NetworkFile(file).write(Network(5, 0))
    assert "proxy" not in file.read_text()


# --- the real program ----------------------------------------------------------------------------

CONNECTION = """{"api_url": "https://api.example.org/api", "region": "eu-west-1",
"user_pool_id": "eu-west-1_pool", "client_id": "client"}"""


def _program(home: Path, *words: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    clean = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    return subprocess.run(
        [sys.executable, "-m", "mydoctransfer", "--json", "--home", str(home), *words],
        input=stdin,
        capture_output=True,
        text=True,
        env=clean,
        timeout=60,
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "connection.json").write_text(CONNECTION)
    made = tmp_path / "home"
    ran = _program(made, "connect", str(tmp_path / "connection.json"))
    assert ran.returncode == 0, ran
    return made


def _named(home: Path, table: str) -> None:
    config = home / "config.toml"
    config.write_text(config.read_text() + f"\n[network]\n{table}\n")


def test_the_program_signs_in_through_the_proxy_in_its_settings(home: Path) -> None:
    """G13."""
    asked: list[Request] = []

    def refuse(request: Request) -> Answer:
        asked.append(request)
        return Answer(502, b"", "text/plain")

    with serving(refuse) as proxy:
        _named(home, f'proxy = "http://localhost:{proxy.port}"')
        words = ("login", "a@example.org", "--password-stdin", "--store", "file")
        ran = _program(home, *words, stdin="secret\n")
    assert ran.returncode == 4, ran
    assert "proxy" in ran.stdout
    assert {(r.method, r.target) for r in asked} == {
        ("CONNECT", "cognito-idp.eu-west-1.amazonaws.com:443")
    }


def test_the_program_says_what_is_wrong_with_its_settings(home: Path) -> None:
    _named(home, 'proxy = "nowhere"')
    ran = _program(home, "sync", "--once")
    assert ran.returncode == 1, ran
    assert "proxy_malformed" in ran.stdout
