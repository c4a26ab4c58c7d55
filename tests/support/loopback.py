"""A web server on loopback that answers what a test says, to the letter: also over TLS, as a proxy,
half, slowly or never. It records what it was asked.
"""

import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Request:
    """What was asked; `headers` by lower-case name."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What is answered. `cut`: only so many bytes of the body are sent, then the line is cut."""

    status: int = 200
    body: bytes = b"{}"
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None

    def raw(self) -> bytes:
        headers = {
            "Content-Type": self.kind,
            "Content-Length": str(len(self.body)),
            "Date": formatdate(usegmt=True),
            **self.headers,
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value)
        head = f"HTTP/1.1 {self.status} Said\r\n{lines}\r\n".encode()
        return head + self.body[: self.cut]


class Never:
    """The answer that never comes."""


class HangUp:
    """The line is cut without a word."""


class Drip:
    """An answer whose body comes byte by byte, for ever."""


class Tunnel:
    """A proxy's answer to CONNECT: carry on with the server at this port."""

    def __init__(self, port: int) -> None:
        self.port = port


Answering = Callable[[Request], Answer | Never | HangUp | Drip | Tunnel]


class Loopback:
    """The server; a context manager. `requests` is what it was asked, in order."""

    def __init__(self, answering: Answering, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self.answering = answering
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self._clients: list[socket.socket] = []

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://localhost:{self.port}"

    def __enter__(self) -> "Loopback":
        self._spawn(self._serve)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.refuse()
        for client in self._clients:
            _hang_up(client)
        for thread in self._threads:
            thread.join()

    def refuse(self) -> None:
        """Take no more connections."""
        _hang_up(self._listener)
        self._listener.close()

    def _spawn(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._clients.append(client)
            self._spawn(self._attend, client)

    def _attend(self, client: socket.socket) -> None:
        try:
            if self._tls is not None:
                client = self._tls.wrap_socket(client, server_side=True)
                self._clients.append(client)
            with client, client.makefile("rb") as source:
                while (request := _request(source)) is not None:
                    self.requests.append(request)
                    if not self._reply(client, self.answering(request)):
                        return
        except (OSError, ValueError):
            return

    def _reply(
        self, client: socket.socket, answer: Answer | Never | HangUp | Drip | Tunnel
    ) -> bool:
        match answer:
            case Answer():
                client.sendall(answer.raw())
                return answer.cut is None
            case Never():
                self._over.wait()
            case HangUp():
                pass
            case Drip():
                client.sendall(Answer(body=b"").raw().replace(b"Length: 0", b"Length: 999999"))
                while not self._over.wait(0.02):
                    client.sendall(b" ")
            case Tunnel():
                self._tunnel(client, answer.port)
        return False

    def _tunnel(self, client: socket.socket, port: int) -> None:
        with socket.create_connection(("127.0.0.1", port)) as there:
            self._clients.append(there)
            client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            self._spawn(_carry, there, client)
            _carry(client, there)


def _carry(source: socket.socket, target: socket.socket) -> None:
    try:
        while piece := source.recv(65_536):
            target.sendall(piece)
    except OSError:
        return
    finally:
        _hang_up(target)


def _hang_up(peer: socket.socket) -> None:
    try:
        peer.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _request(source) -> Request | None:  # type: ignore[no-untyped-def]
    first = source.readline().decode("latin-1").split()
    if len(first) < 2:
        return None
    headers = {}
    while line := source.readline().decode("latin-1").strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    body = source.read(int(headers.get("content-length", 0)))
    return Request(first[0], first[1], headers, body)


# --- certificates --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Authority:
    """An authority of the tests; `file` is what SSL_CERT_FILE names."""

    file: Path
    _key: ec.EllipticCurvePrivateKey
    _certificate: x509.Certificate

    def context(
        self,
        name: str = "localhost",
        days: int = 30,
        newest: ssl.TLSVersion = ssl.TLSVersion.MAXIMUM_SUPPORTED,
    ) -> ssl.SSLContext:
        """Return what a server of this name needs; `days` it stays valid, negative: expired."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _certificate(name, key, self._certificate.subject, self._key, days)
        file = self.file.with_name(f"{name}{days}.pem")
        file.write_bytes(_pem(certificate) + _pem(key))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        if newest is not ssl.TLSVersion.MAXIMUM_SUPPORTED:
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = context.maximum_version = newest
        return context


def authority(directory: Path) -> Authority:
    """Make an authority whose certificate lies in `directory`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tests")])
    certificate = _certificate("Tests", key, name, key, 30, is_authority=True)
    file = directory / "authority.pem"
    file.write_bytes(_pem(certificate))
    return Authority(file, key, certificate)


def _certificate(
    subject: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    days: int,
    is_authority: bool = False,
) -> x509.Certificate:
    now = datetime.datetime.now(datetime.UTC)
    names: list[x509.GeneralName] = [x509.DNSName(subject)]
    if subject == "localhost":
        names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=60))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
        .sign(issuer_key, hashes.SHA256())
    )


def _pem(value: x509.Certificate | ec.EllipticCurvePrivateKey) -> bytes:
    if isinstance(value, x509.Certificate):
        return value.public_bytes(serialization.Encoding.PEM)
    return value.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


@contextmanager
def serving(answering: Answering, tls: ssl.SSLContext | None = None) -> Iterator[Loopback]:
    """Serve while the block runs."""
    with Loopback(answering, tls) as server:
        yield server
