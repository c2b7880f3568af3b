"""Every response that comes from the network is kept in WARC, before anything else looks at it.

One file a source and crawl, one gzip member a record: for each response the record of the answer (the bytes as they
came, in the content encoding they came in; the transfer's own headers taken off) and of the request. An answer that
an earlier crawl has kept already ("304 Not Modified", or the same bytes again) is a ``revisit`` record that names the
earlier one and its file. Cookies, authorisation and query keys that name secrets are blanked. The file is
``<crawl_id>.warc.gz.open`` until it is whole. Format: WARC 1.0, https://iipc.github.io/warc-specifications/ . Reading
it back belongs to ``replay``.
"""

import base64
import fcntl
import hashlib
import http
import os
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.http import Headers, Request, Response
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scrapers.archive import capture_path
from scrapers.files import fault_point, fsync_folder
from scrapers.outcome import Captured
from scrapers.urls import REDACTED, redact_url

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from scrapers.platforms.base import PlatformSpider

CAPTURED = "captured"
"""The key in ``response.meta`` of the ``Captured`` of a response."""

SERVER_NOT_MODIFIED = "http://netpreserve.org/warc/1.0/revisit/server-not-modified"

_SECRET_HEADERS = {b"cookie", b"set-cookie", b"authorization", b"proxy-authorization", b"x-api-key"}
_TRANSFER_HEADERS = {b"transfer-encoding", b"content-length", b"connection"}


class CaptureFile:
    """A WARC file being written, under an exclusive lock so that no other crawl takes it for an abandoned one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._open_path = path.with_name(path.name + ".open")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: BinaryIO = open(self._open_path, "wb")  # noqa: SIM115 - closed by finish()
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._writer = WARCWriter(self._file, gzip=True)
        info = {"software": "boi scrapers", "format": "WARC File Format 1.0"}
        self._writer.write_record(self._writer.create_warcinfo_record(path.name, info))

    def write(self, request: Request, response: Response, earlier: Captured | None = None) -> Captured:
        """Add an answer and its request; ``earlier`` is where an earlier crawl kept the answer of the same URL.

        Returns where the answer's content is kept: here, or where it was before.
        """
        url = redact_url(request.url)
        status = f"{response.status} {_phrase(response.status)}"
        headers = StatusAndHeaders(status, _answer_headers(response), protocol="HTTP/1.1")
        digest = _digest(response.body)
        is_same = response.status == 200 and earlier is not None and earlier.payload_digest == digest
        if earlier is not None and (is_same or response.status == 304):
            answer = self._revisit(url, headers, earlier, is_same=is_same)
        else:
            answer = self._writer.create_warc_record(
                url,
                "response",
                payload=BytesIO(response.body),
                http_headers=headers,
                warc_headers_dict={"WARC-Payload-Digest": digest},
            )
            earlier = None
        self._writer.write_request_response_pair(self._asked(url, request), answer)
        told = answer.rec_headers.get_header
        capture_id = told("WARC-Record-ID")
        if earlier is not None:
            return earlier.model_copy(update={"record_id": capture_id})
        name = self.path.name
        return Captured(
            record_id=capture_id,
            content_id=capture_id,
            file=name,
            url=url,
            date=told("WARC-Date"),
            payload_digest=digest,
        )

    def _revisit(self, url: str, headers: StatusAndHeaders, earlier: Captured, *, is_same: bool) -> ArcWarcRecord:
        """WARC 1.0 §6.7: a record without content that leads to the one which has it.

        The file's name is in the header that Heritrix gives it; the standard has none.
        """
        record = self._writer.create_revisit_record(
            url, earlier.payload_digest, earlier.url, earlier.date, http_headers=headers
        )
        if not is_same:
            record.rec_headers.replace_header("WARC-Profile", SERVER_NOT_MODIFIED)
        record.rec_headers.add_header("WARC-Refers-To", earlier.content_id)
        record.rec_headers.add_header("WARC-Refers-To-Filename", earlier.file)
        return record

    def _asked(self, url: str, request: Request) -> ArcWarcRecord:
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "") or "/"
        headers = [("Host", parts.netloc), *_headers(request.headers)]
        line = StatusAndHeaders(f"{request.method} {target} HTTP/1.1", headers, is_http_request=True)
        return self._writer.create_warc_record(url, "request", payload=BytesIO(request.body), http_headers=line)

    def finish(self) -> None:
        """Flush the file and give it its name."""
        self._file.flush()
        os.fsync(self._file.fileno())
        fault_point("capture:written")
        os.replace(self._open_path, self.path)
        fsync_folder(self.path.parent)
        self._file.close()
        fault_point("capture:renamed")


class Capture:
    """The downloader middleware nearest to the network."""

    def __init__(self, crawler: "Crawler", home: Path, crawl_id: str) -> None:
        self.crawler, self.home, self.crawl_id = crawler, home, crawl_id
        self._file: CaptureFile | None = None

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Off where there is no home to keep captures in, behind a login, and while captures are replayed."""
        home = crawler.settings.get("HOME_FOLDER")
        if not home or crawler.settings.get("REPLAY") or not crawler.settings.getbool("CAPTURE_ENABLED"):
            raise NotConfigured
        capture = cls(crawler, Path(home), crawler.settings["CRAWL_ID"])
        crawler.signals.connect(capture.spider_closed, signals.spider_closed)
        return capture

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep the response; its id goes with it."""
        if self._file is None:
            self._file = CaptureFile(capture_path(self.home, self._spider.name, self.crawl_id))
        asked = request.meta.get("redirect_urls", [request.url])[0]
        validator = self._spider.run.validator(asked)
        request.meta[CAPTURED] = self._file.write(request, response, validator.captured if validator else None)
        return response

    def spider_closed(self) -> None:
        """The crawl of this source is over: its captures are whole."""
        if self._file is not None:
            self._file.finish()
            self._spider.run.capture = str(self._file.path.relative_to(self.home))

    @property
    def _spider(self) -> "PlatformSpider":
        from scrapers.platforms.base import PlatformSpider

        spider = self.crawler.spider
        if not isinstance(spider, PlatformSpider):
            raise TypeError("captures are kept for the spiders of source files only")
        return spider


def remove_abandoned(home: Path) -> list[Path]:
    """Delete the captures that killed crawls left half written; those another process is writing stay."""
    removed = []
    for path in sorted((home / "captures").glob("*/*.warc.gz.open")):
        with open(path, "rb+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            path.unlink()
            removed.append(path)
    return removed


def _digest(body: bytes) -> str:
    """A payload digest as WARC writes it: SHA-1, base 32."""
    return "sha1:" + base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()


def _headers(headers: Headers) -> list[tuple[str, str]]:
    told = []
    for name, values in headers.items():
        for value in values:
            text = REDACTED if name.lower() in _SECRET_HEADERS else value.decode("latin-1")
            told.append((name.decode("latin-1"), text))
    return told


def _answer_headers(response: Response) -> list[tuple[str, str]]:
    """The answer's headers with the length its body has here: the transfer's framing is already undone."""
    kept = Headers({name: values for name, values in response.headers.items() if name.lower() not in _TRANSFER_HEADERS})
    return [*_headers(kept), ("Content-Length", str(len(response.body)))]


def _phrase(status: int) -> str:
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
