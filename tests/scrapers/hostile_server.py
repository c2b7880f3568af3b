"""A web that means harm or is just broken: raw answers over sockets, TLS with certificates of our own, names of our own.

``HostileServer`` stands where an entity's own web does (proxy-style requests, one port for all hosts) and lets each
host answer with bytes as it likes. ``FakeNames`` is a resolver for names that no test could own.
"""

import datetime
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from twisted.internet.address import IPv4Address, IPv6Address

from scrapers.middlewares.guard import PublicResolver

Send = Callable[[bytes], None]
Host = Callable[["Asked", Send], None]


class Asked:
    """A request as it came."""

    def __init__(self, head: bytes, body: bytes) -> None:
        first, *lines = head.decode("latin-1").split("\r\n")
        self.method, self.url, _ = first.split(" ", 2)
        self.headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        self.body = body
        parts = urlsplit(self.url)
        self.host = parts.hostname or self.headers.get("host", "").partition(":")[0]
        self.path, self.query = parts.path, parts.query


class HostileServer:
    """Listens on a free loopback port; ``hosts`` says how each answers. A context manager."""

    def __init__(self, hosts: dict[str, Host], certificate: Path | None = None) -> None:
        self.hosts, self.asked = hosts, list[Asked]()
        self.is_over = threading.Event()
        self._tls = None
        if certificate:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(certificate)
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self._socket.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError, ValueError), connection:
            connection.settimeout(20)
            talk = self._tls.wrap_socket(connection, server_side=True) if self._tls else connection
            asked = _read(talk)
            self.asked.append(asked)
            host = self.hosts[asked.host]
            if asked.path == "/robots.txt" and not hasattr(host, "answers_robots"):
                talk.sendall(answer(b"", status="404 Not Found"))
            else:
                host(asked, talk.sendall)
            with suppress(OSError):
                talk.shutdown(socket.SHUT_WR)

    def wait(self, seconds: float) -> None:
        """Let time pass, unless all is over; then the connection ends."""
        if self.is_over.wait(seconds):
            raise OSError("over")


def _read(talk: socket.socket) -> Asked:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = talk.recv(65536)
        if not piece:
            raise OSError("closed")
        data += piece
        if data.startswith(b"\x16"):  # TLS, at a port that has none
            talk.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            raise OSError("no HTTP")
    head, _, body = data.partition(b"\r\n\r\n")
    asked = Asked(head, body)
    while len(asked.body) < int(asked.headers.get("content-length", 0)):
        asked.body += talk.recv(65536)
    return asked


def answer(
    body: bytes | str, kind: str = "application/xml", status: str = "200 OK", length: int | None = None, **headers: str
) -> bytes:
    """A whole HTTP answer; ``length`` may lie."""
    content = body.encode() if isinstance(body, str) else body
    told = {
        "Content-Type": kind,
        "Content-Length": str(len(content) if length is None else length),
        "Connection": "close",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + content


def says(*given: Any, **named: Any) -> Host:
    """A host that answers everything with one answer."""
    whole = answer(*given, **named)
    return lambda asked, send: send(whole)


class Authority:
    """A certificate authority for the length of a test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Prueba CA")])
        own = self._certificate("Prueba CA", self._key, is_authority=True)
        self.file = folder / "ca.pem"
        self.file.write_bytes(own.public_bytes(serialization.Encoding.PEM))

    def certificate(self, host: str, *, days: int = 1, is_self_signed: bool = False) -> Path:
        """The PEM file of a key and its certificate for ``host``, which ends in ``days``."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = self._certificate(host, key, days=days, is_self_signed=is_self_signed)
        path = self.folder / f"{host}-{days}-{is_self_signed}.pem"
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
        return path

    def _certificate(
        self, host: str, key: Any, *, days: int = 1, is_self_signed: bool = False, is_authority: bool = False
    ) -> x509.Certificate:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        now = datetime.datetime.now(datetime.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject if is_self_signed else self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=10))
            .not_valid_after(now + datetime.timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        )
        if not is_authority:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        return builder.sign(key if is_self_signed else self._key, hashes.SHA256())


class FakeNames(PublicResolver):
    """The crawl's resolver over the setting FAKE_NAMES (name → addresses, checked as ever).

    The names of LOCAL_NAMES are this machine, unchecked: servers with certificates can be nowhere else in a test.
    """

    names: dict[str, list[str]] = {}  # noqa: RUF012
    local: list[str] = []  # noqa: RUF012

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> Self:
        made = super().from_crawler(crawler, reactor)
        made.names, made.local = crawler.settings.getdict("FAKE_NAMES"), crawler.settings.getlist("LOCAL_NAMES")
        given = made.inner
        made.inner = _Inner(made.names, given)
        return made

    def resolveHostName(
        self, resolutionReceiver: Any, hostName: str, portNumber: int = 0, *a: Any, **named: Any
    ) -> Any:
        if hostName in self.local:
            return _told(resolutionReceiver, ["127.0.0.1"], portNumber)
        return super().resolveHostName(resolutionReceiver, hostName, portNumber, *a, **named)


class _Inner:
    def __init__(self, names: dict[str, list[str]], given: Any) -> None:
        self.names, self.given = names, given

    def resolveHostName(self, receiver: Any, host: str, port: int, *given: Any) -> Any:
        if host in self.names:
            return _told(receiver, self.names[host], port)
        return self.given.resolveHostName(receiver, host, port, *given)


def _told(receiver: Any, addresses: list[str], port: int) -> Any:
    class Resolution:
        name = "fake"

        def cancel(self) -> None:
            pass

    resolution = Resolution()
    receiver.resolutionBegan(resolution)
    for address in addresses:
        kind = IPv6Address if ":" in address else IPv4Address
        receiver.addressResolved(kind("TCP", address, port))
    receiver.resolutionComplete()
    return resolution
