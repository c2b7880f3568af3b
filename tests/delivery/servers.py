"""Real servers on the loopback, for HTTP and for SMTP, that answer as they are told and keep what they got."""

import json
import socket
import socketserver
import struct
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

Answer = int | tuple[int, dict[str, str]] | Literal["hang", "reset", "reset mid-answer"]


def reset(connection: socket.socket) -> None:
    """Close as a crashed server does: RST, not FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@dataclass
class Web:
    """A web service: ``answers`` are used up one a request, then ``otherwise`` holds."""

    url: str
    answers: deque[Answer] = field(default_factory=deque)
    otherwise: Answer = 200
    got: list[dict[str, Any]] = field(default_factory=list)
    arrived: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)

    @property
    def messages(self) -> list[str]:
        return [one["message"] for one in self.got]


@contextmanager
def web(*answers: Answer, otherwise: Answer = 200) -> Iterator[Web]:
    """Serve until the block ends. Its URL is Apprise's ``json://``."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.got.append(json.loads(body))
            answer = service.answers.popleft() if service.answers else service.otherwise
            service.arrived.set()
            if answer == "hang":
                service.let_go.wait(30)
            elif answer == "reset":
                reset(self.connection)
            elif answer == "reset mid-answer":
                self.send_response(200)
                self.send_header("Content-Length", "1000")
                self.end_headers()
                self.wfile.write(b"half")
                self.wfile.flush()
                reset(self.connection)
            else:
                status, headers = answer if isinstance(answer, tuple) else (answer, {})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, *_: object) -> None: ...

        def handle(self) -> None:
            try:
                super().handle()
            except (OSError, ValueError):  # the connection is gone, as was asked
                return

        def finish(self) -> None:
            try:
                super().finish()
            except (OSError, ValueError):
                return

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def shutdown_request(self, request: Any) -> None:
            try:
                super().shutdown_request(request)
            except OSError:
                return

    with Server(("127.0.0.1", 0), Handler) as server:
        service = Web(f"json://127.0.0.1:{server.server_port}/", deque(answers), otherwise)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield service
        finally:
            service.let_go.set()
            server.shutdown()


Mood = Literal[
    "well", "no login", "no recipient", "refuses text", "later", "lost after text", "hangs after text", "silent"
]


@dataclass
class Mail:
    """A mail server in a mood."""

    port: int
    mood: Mood = "well"
    got: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    let_go: threading.Event = field(default_factory=threading.Event)

    def url(self, *to: str, login: str = "", more: str = "") -> str:
        return f"mailto://{login}127.0.0.1:{self.port}?from=boletin@boi.test&to={','.join(to or ('lista@boi.test',))}{more}"


@contextmanager
def mail(mood: Mood = "well") -> Iterator[Mail]:
    """Serve SMTP (RFC 5321, as much as smtplib speaks) until the block ends."""

    class Handler(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")

        def handle(self) -> None:
            try:
                self.serve()
            except OSError:
                return

        def serve(self) -> None:
            if service.mood == "silent":
                service.let_go.wait(30)
            self.say("421 later" if service.mood == "later" else "220 boi.test ESMTP")
            for line in self.rfile:
                verb = line[:4].upper()
                if verb == b"EHLO":
                    self.say("250-boi.test")
                    self.say("250 AUTH PLAIN LOGIN")
                elif verb == b"AUTH":
                    self.say("535 bad credentials" if service.mood == "no login" else "235 ok")
                elif verb == b"RCPT" and (service.mood == "no recipient" or b"nadie" in line):
                    self.say("550 no such user")
                elif verb == b"DATA":
                    self.say("354 go on")
                    self.take()
                    if service.mood == "lost after text":
                        reset(self.connection)
                        return
                    if service.mood == "hangs after text":
                        service.let_go.wait(30)
                        return
                    self.say("554 spam" if service.mood == "refuses text" else "250 taken")
                elif verb == b"QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 ok")

        def take(self) -> None:
            lines = []
            for line in self.rfile:
                if line == b".\r\n":
                    break
                lines.append(line.removeprefix(b"."))
            if service.mood != "refuses text":
                service.raw.append(b"".join(lines))
                service.got.append(message_from_bytes(service.raw[-1], policy=policy.default))

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def shutdown_request(self, request: Any) -> None:
            try:
                super().shutdown_request(request)
            except OSError:
                return

    with Server(("127.0.0.1", 0), Handler) as server:
        service = Mail(server.server_address[1], mood)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield service
        finally:
            service.let_go.set()
            server.shutdown()


def dead_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
