"""The process that sends: Apprise alone, over pipes. Run as ``python -m boi_pipeline.delivery.courier``.

It is given its addresses and then one message a line on standard input, answers one line each, and ends when its input
closes. Right before anything of a message leaves it writes ``LEAVES``, so that whoever kills it knows what that means.

A process of its own, since what is watched and bent here (HTTP and SMTP below Apprise) is bent for nobody else, a hanging
plugin can be killed, and Apprise's log, which may name credentials, reaches nobody. What an answer means belongs to
``outcome``; the ledger is not known here.
"""

import json
import logging
import os
import smtplib
import ssl
import sys
from base64 import b64decode
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from email.utils import parsedate_to_datetime
from time import time
from typing import Any

from boi_pipeline.delivery.outcome import Exchange, Fault

CONNECT_SECONDS, READ_SECONDS = 10.0, 30.0
LEAVES = "leaves"
_LOOPBACK = frozenset({"127.0.0.1", "::1"})


class Fenced(ConnectionRefusedError):
    """A connection to another machine that the sample's courier may not make."""


@dataclass
class Wire:
    """What was seen on the wire since the last message."""

    tell_leaving: Callable[[], None] = lambda: None  # called right before anything leaves, once a message
    exchanges: list[Exchange] = field(default_factory=list)
    has_connected: bool = False
    is_open: bool = False  # the last exchange is under way
    has_left: bool = False  # anything of the message
    loopback_only: bool = False
    is_fenced: bool = False

    def clear(self) -> None:
        """A new message begins."""
        self.exchanges, self.has_connected, self.is_open = [], False, False
        self.has_left = self.is_fenced = False

    def begin(self, exchange: Exchange) -> None:
        """A request begins."""
        self.exchanges.append(exchange)
        self.is_open = True

    def leaves(self) -> None:
        """Something goes out."""
        if self.is_open:
            self.exchanges[-1] = replace(self.exchanges[-1], has_left=True)
        if not self.has_left:
            self.has_left = True
            self.tell_leaving()

    def ends(self, **told: Any) -> None:
        """The request under way has its answer, or none."""
        self.exchanges[-1] = replace(self.exchanges[-1], **told)
        self.is_open = False

    def fault_of(self, error: BaseException) -> Fault:
        """Why there was no answer."""
        if self.is_fenced:
            return "fenced"
        told = _chain(error)
        if self.exchanges[-1].has_left:
            return "timeout" if any("Timeout" in name for name in told) else "lost"
        if any(name in ("gaierror", "NameResolutionError") for name in told):
            return "name"
        if any(issubclass(type(one), ssl.SSLError) for one in _errors(error)) or "SSLError" in told:
            return "tls"
        return "no_answer" if any("Timeout" in name for name in told) else "refused"

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Python's own audit events: they come right before bytes go out."""
        if event == "socket.connect":
            self.has_connected = True
            address = arguments[1]
            if self.loopback_only and not (isinstance(address, tuple) and address[0] in _LOOPBACK):
                self.is_fenced = True
                raise Fenced("another machine")
            if not self.is_open:  # a way that is not watched
                self.leaves()
        elif event == "http.client.send":
            self.leaves()


def _errors(error: BaseException) -> list[BaseException]:
    """An error, what it holds and what it came of."""
    found: list[BaseException] = []
    waiting: list[Any] = [error]
    while waiting:
        one = waiting.pop()
        if isinstance(one, BaseException) and one not in found:
            found.append(one)
            waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
    return found


def _chain(error: BaseException) -> set[str]:
    return {type(one).__name__ for one in _errors(error)}


def watch_http(wire: Wire) -> None:
    """See every request that ``requests`` makes, which nearly all of Apprise's services use."""
    from requests import adapters

    adapter_class: Any = adapters.HTTPAdapter
    real = adapter_class.send

    def send(adapter: Any, request: Any, *arguments: Any, **named: Any) -> Any:
        wire.begin(Exchange("http", reads_only=request.method in ("GET", "HEAD", "OPTIONS")))
        try:
            response = real(adapter, request, *arguments, **named)
        except Exception as error:  # whatever ended the exchange is noted, and goes on
            wire.ends(fault=wire.fault_of(error))
            raise
        wire.ends(status=response.status_code, retry_after=_seconds(response.headers.get("Retry-After")))
        return response

    adapter_class.send = send


def _seconds(told: str | None) -> float | None:
    """What ``Retry-After`` (RFC 9110 §10.2.3: seconds, or a date) asks for."""
    if not told:
        return None
    try:
        return max(0.0, float(told) if told.strip().isdigit() else parsedate_to_datetime(told).timestamp() - time())
    except ValueError:
        return None


def watch_mail(wire: Wire) -> None:
    """See every step of SMTP. Up to DATA nothing can arrive; after it, only the server's answer tells."""
    server_class: Any = smtplib.SMTP
    kept: dict[str, Callable[..., Any]] = {
        name: getattr(server_class, name) for name in ("connect", "starttls", "login", "sendmail", "data")
    }

    def seen(name: str) -> Callable[..., Any]:
        def step(server: Any, *arguments: Any, **named: Any) -> Any:
            if wire.is_open:  # a step within a step
                return kept[name](server, *arguments, **named)
            wire.begin(Exchange("smtp"))
            try:
                answer = kept[name](server, *arguments, **named)
            except Exception as error:  # whatever ended the exchange is noted, and goes on
                status = _smtp_status(error)
                wire.ends(status=status, fault=None if status else wire.fault_of(error))
                raise
            if name == "sendmail":
                wire.ends(status=250, is_partly_refused=bool(answer))
            elif name == "connect" and answer[0] != 220:  # ``SMTP`` itself raises once it is told
                wire.ends(status=answer[0])
            else:  # it went well, and posted nothing
                wire.is_open = False
                wire.exchanges.pop()
            return answer

        return step

    def data(server: Any, message: Any) -> Any:
        wire.leaves()
        return kept["data"](server, message)

    for name in ("connect", "starttls", "login", "sendmail"):
        setattr(server_class, name, seen(name))
    server_class.data = data


def _smtp_status(error: BaseException) -> int | None:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
        # one that may pass later counts: all are told again
        return min(codes, default=None)
    status = getattr(error, "smtp_code", None)
    return status if isinstance(status, int) and status > 0 else None


class Courier:
    """The addresses of one channel, ready to be sent to."""

    def __init__(self, urls: list[str], loopback_only: bool, tell_leaving: Callable[[], None]) -> None:
        import apprise
        from apprise.plugins.email import base as mail

        self._apprise = apprise
        self._mail: Any = mail
        self._text_of_html: Callable[..., Any] = self._mail.convert_between
        self.wire = Wire(tell_leaving, loopback_only=loopback_only)
        watch_http(self.wire)
        watch_mail(self.wire)
        sys.addaudithook(self.wire.audit)
        asset: Any = apprise.AppriseAsset(
            async_mode=False, service_timeout=0, storage_mode=apprise.PersistentStoreMode.MEMORY, allow_templates=False
        )
        asset.interpret_emojis = False  # ``:word:`` in a title is a title
        asset.interpret_escapes = False
        self.services: list[Any] = [
            apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=True) for url in urls
        ]
        for service in self.services:
            if service is not None:
                service.retry, service.optional = 0, False  # trying again and letting pass are the ledger's affair
                service.redirects = False  # most turn a POST into a GET that posts nothing and is answered with 200
                service.overflow_mode = apprise.OverflowMode.UPSTREAM  # never cut, never in pieces
                self._allow_time(service)

    def _allow_time(self, service: Any) -> None:
        """Give servers longer than Apprise's four seconds, unless the address itself says how long (``rto``, ``cto``)."""
        usual = self._apprise.URLBase
        if service.socket_read_timeout == usual.socket_read_timeout:
            service.socket_read_timeout = READ_SECONDS
        if service.socket_connect_timeout == usual.socket_connect_timeout:
            is_mail = isinstance(service, self._mail.NotifyEmail)  # which has one time-out for all
            service.socket_connect_timeout = READ_SECONDS if is_mail else CONNECT_SECONDS

    def _picture(self, name: str, content: str) -> Any:
        from apprise.attachment.memory import AttachMemory

        return AttachMemory(content=b64decode(content), name=name, mimetype="image/png")

    def send(self, target: int, message: dict[str, Any]) -> dict[str, Any]:
        """Send a message to one of the addresses: a ``Report`` as JSON has it."""
        service = self.services[target]
        self.wire.clear()
        pictures = [self._picture(name, content) for name, content in message["pictures"]]
        is_mail = isinstance(service, self._mail.NotifyEmail)
        as_html = is_mail and message["html"] is not None
        formats = self._apprise.NotifyFormat
        if is_mail:
            service.notify_format = formats.HTML if as_html else formats.TEXT
            if service.from_addr[0] in (False, "", service.app_id):
                service.from_addr = [message["sender"] or False, service.from_addr[1]]
            service.headers = {**service.headers, **message["headers"]}
            self._mail.convert_between = lambda *_, **__: message["body"]  # the text beside the HTML is ours
        one = self._apprise.Apprise(asset=service.asset)
        one.add(service)
        try:
            delivered = bool(
                one.notify(
                    body=str(message["html"] if as_html else message["body"]),
                    title=message["title"],
                    body_format=formats.HTML if as_html else formats.TEXT,
                    attach=self._apprise.AppriseAttachment(pictures) if pictures else None,
                )
            )
        finally:
            self._mail.convert_between = self._text_of_html
        return {
            "delivered": delivered,
            "exchanges": [asdict(exchange) for exchange in self.wire.exchanges],
            "has_connected": self.wire.has_connected,
            "target_count": len(service),
            "in_parts": bool(pictures),
        }


def main() -> int:
    """Serve standard input until it closes."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a plugin prints is no answer
    logging.disable(logging.CRITICAL)
    given = json.loads(sys.stdin.readline())
    courier = Courier(given["urls"], given["loopback_only"], lambda: _answer(answers, LEAVES))
    ready = [None if one is None else {"attaches": bool(one.attachment_support)} for one in courier.services]
    _answer(answers, {"ready": ready})
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            told = courier.send(asked["target"], asked["message"])
        except Exception:  # noqa: BLE001 a plugin may raise anything; its text may hold a credential
            told = {"delivered": False, "exchanges": [], "has_connected": True}
        _answer(answers, told)
    return 0


def _answer(answers: Any, told: dict[str, Any] | str) -> None:
    answers.write(json.dumps(told) + "\n")
    answers.flush()


if __name__ == "__main__":
    sys.exit(main())
