"""The last step before the network and the first after it: Scrapy's HTTP handler, with two things of ours.

* Headers of an answer are bounded; Scrapy bounds bodies only.
* A source's credentials (``scrapers.credentials``) exist on the wire alone. They are put into the request here, when
  everything else has seen it without them, and taken out of the answer before anything else sees it: captures,
  notices, retries, redirects and logs never hold one. They go to the source's own host, encrypted (or to the
  entity's own web), and nowhere else; a redirect elsewhere goes without, even where its address repeats a value.
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Headers, Request, Response
from twisted.internet.interfaces import IAddress
from twisted.python.failure import Failure

from scrapers.credentials import Secrets, variables
from scrapers.middlewares.guard import is_own
from scrapers.run import Malformed
from scrapers.source import Source

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

MAX_HEADERS = 256 * 1024  # bytes of an answer before its body begins

LOGIN = "login"
"""The key in ``request.meta`` of the request that sends a membership portal's form."""

_FORM = b"application/x-www-form-urlencoded"


class HeadersTooLarge(Exception):
    """An answer whose headers do not end."""


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    """Gives up on an answer whose headers pass the bound, in lines of any length."""

    def request(self, request: Any) -> Any:
        self._head = 0
        asked = super().request(request)
        cast("Any", self._parser).MAX_LENGTH = 2 * MAX_HEADERS  # ours is the bound
        return asked

    def dataReceived(self, bytes: bytes) -> None:
        parser = cast("Any", self._parser)
        if parser is not None and parser.state in ("STATUS", "HEADER"):
            self._head += len(bytes)
            if self._head > MAX_HEADERS:
                self._giveUp(Failure(HeadersTooLarge(f"more than {MAX_HEADERS} bytes")))
                return
        super().dataReceived(bytes)


class _BoundedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: IAddress | None) -> _BoundedProtocol:
        return _BoundedProtocol(self._quiescentCallback)


class Handler(HTTP11DownloadHandler):
    """Downloads a request, with the credentials of the spider's source where it has any."""

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        self._pool._factory = _BoundedFactory
        source: Source | None = getattr(crawler.spidercls, "source", None)
        self._access = Credentials.from_crawler(crawler, source) if source and variables(source) else None

    async def download_request(self, request: Request) -> Response:
        """Ask, and answer with what came. Raises Malformed for an answer that cannot be cleared of secrets."""
        if self._access is None:
            return await super().download_request(request)
        asked = self._access.put_into(request)
        try:
            response = await super().download_request(asked)
            request.meta["download_latency"] = asked.meta.get("download_latency", 0.0)
            return self._access.taken_out(response, request)
        except Exception as error:  # none may carry a key into the log
            error.args = tuple(self._access.secrets.mask(str(part)) for part in error.args)
            raise


class Credentials:
    """What one source's requests are given, and its answers relieved of."""

    def __init__(
        self, source: Source, secrets: Secrets, own_suffix: str | None, decoder: HttpCompressionMiddleware
    ) -> None:
        self.source, self.secrets, self.own_suffix, self.decoder = source, secrets, own_suffix, decoder

    @classmethod
    def from_crawler(cls, crawler: "Crawler", source: Source) -> "Credentials":
        """From the settings SECRETS and OWN_WEB_SUFFIX."""
        secrets = crawler.settings.get("SECRETS") or Secrets()
        return cls(
            source, secrets, crawler.settings.get("OWN_WEB_SUFFIX"), HttpCompressionMiddleware.from_crawler(crawler)
        )

    def put_into(self, request: Request) -> Request:
        """The request as it goes out."""
        headers = Headers(request.headers)
        headers["Accept-Encoding"] = "identity"  # so that what is echoed can be found
        access = self.source.access
        if access is None or not is_safe(request.url, self.own_suffix):
            headers.pop("Cookie", None)
            return request.replace(headers=headers)
        parts = urlsplit(request.url)
        if request.meta.get(LOGIN) and access.login and parts.netloc == urlsplit(access.login.url).netloc:
            return request.replace(headers=headers, body=_filled(request, self._values(access.login.form)))
        if parts.netloc != urlsplit(self.source.url).netloc or parts.path == "/robots.txt":
            return request.replace(headers=headers)
        for name, value in self._values(access.headers).items():
            headers[name] = value
        body = _filled(request, self._values(access.form))
        return request.replace(url=_with_query(request.url, self._values(access.query)), headers=headers, body=body)

    def taken_out(self, response: Response, request: Request) -> Response:
        """The answer as the crawl sees it. Raises Malformed where it came in an encoding that was not asked for."""
        if "Content-Encoding" in response.headers:
            response = cast("Response", self.decoder.process_response(request, response))
            if "Content-Encoding" in response.headers:
                raise Malformed(f"{request.url} respondió comprimida de un modo que no se pidió; no se guarda")
        clear = self.secrets.mask_bytes
        headers = Headers()
        for name, values in response.headers.items():
            for value in values:
                headers.appendlist(name, clear(value))
        return response.replace(url=request.url, headers=headers, body=clear(response.body))

    def _values(self, named: Mapping[str, str]) -> dict[str, str]:
        return {name: self.secrets[variable] for name, variable in named.items()}


def is_safe(url: str, own_suffix: str | None) -> bool:
    """Whether credentials may travel there at all: encrypted, or inside this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or is_own(parts.hostname or "", own_suffix)


def _with_query(url: str, values: Mapping[str, str]) -> str:
    """``url`` with query keys of these values, instead of any of the same name."""
    if not values:
        return url
    parts = urlsplit(url)
    kept = [piece for piece in parts.query.split("&") if piece and piece.partition("=")[0] not in values]
    given = [f"{quote(name)}={quote(value, safe='')}" for name, value in values.items()]
    return urlunsplit(parts._replace(query="&".join([*kept, *given])))


def _filled(request: Request, values: Mapping[str, str]) -> bytes:
    """A request's body with these form fields, or keys of a JSON object; any other body as it is."""
    kind = request.headers.get("Content-Type") or b""
    if not values:
        return request.body
    if kind.startswith(_FORM):
        fields = [pair for pair in parse_qsl(request.body.decode(), keep_blank_values=True) if pair[0] not in values]
        return urlencode([*fields, *values.items()]).encode()
    if kind.startswith(b"application/json") and isinstance(given := json.loads(request.body or b"null"), dict):
        return json.dumps({**given, **values}, ensure_ascii=False).encode()
    return request.body
