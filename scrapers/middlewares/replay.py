"""A crawl again from its captures: every request is answered from a WARC file and the network is never asked.

A URL asked several times gets its answers in the order they were kept, then the last of them again. A URL that was
not captured is an error that says so. Writing captures belongs to ``capture``.
"""

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from scrapy.exceptions import NotConfigured
from scrapy.http import Headers, Request, Response
from scrapy.responsetypes import responsetypes
from warcio.archiveiterator import ArchiveIterator

from scrapers.archive import capture_path
from scrapers.middlewares.capture import CAPTURE_ID
from scrapers.run import SourceError
from scrapers.urls import redact_url

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class NotCaptured(SourceError):
    """The captures have no answer to a request."""


class Kept(NamedTuple):
    """One captured answer."""

    capture_id: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes


def read_capture(path: Path) -> dict[str, list[Kept]]:
    """The answers of a WARC file by URL (as kept: redacted), in their order."""
    answers: dict[str, list[Kept]] = defaultdict(list)
    with open(path, "rb") as file:
        for record in ArchiveIterator(file):
            if record.rec_type != "response" or record.http_headers is None:
                continue
            kept = Kept(
                capture_id=record.rec_headers.get_header("WARC-Record-ID"),
                status=int(record.http_headers.get_statuscode()),
                headers=record.http_headers.headers,
                body=record.raw_stream.read(),
            )
            answers[record.rec_headers.get_header("WARC-Target-URI")].append(kept)
    return answers


class Replay:
    """The downloader middleware that stands where the network would."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._answers = read_capture(path) if path.is_file() else {}

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """On only where the setting REPLAY names a crawl of the home."""
        crawl_id = crawler.settings.get("REPLAY")
        if not crawl_id:
            raise NotConfigured
        return cls(capture_path(Path(crawler.settings["HOME_FOLDER"]), crawler.spidercls.name, crawl_id))

    def process_request(self, request: Request) -> Response:
        """The kept answer. Raises NotCaptured."""
        answers = self._answers.get(redact_url(request.url))
        if not answers:
            raise NotCaptured(f"{request.url} is not in the captures {self.path}; a replay never asks the network")
        kept = answers.pop(0) if len(answers) > 1 else answers[0]
        headers = Headers()
        for name, value in kept.headers:
            headers.appendlist(name, value)
        kind = responsetypes.from_args(headers=headers, url=request.url, body=kept.body)
        request.meta[CAPTURE_ID] = kept.capture_id
        return kind(url=request.url, status=kept.status, headers=headers, body=kept.body)
