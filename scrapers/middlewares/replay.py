"""A crawl again from its captures: every request is answered from WARC files and the network is never asked.

A request asked several times gets its answers in the order they were kept, then the last of them again. A revisit
record is answered with the content of the record it names, from the file it names. A request that was not captured
is an error that says so. Writing captures belongs to ``capture``.
"""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from scrapy.exceptions import NotConfigured
from scrapy.http import Headers, Request, Response
from scrapy.responsetypes import responsetypes
from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeadersParser

from scrapers.archive import capture_path
from scrapers.middlewares.capture import CAPTURED
from scrapers.outcome import Captured
from scrapers.run import SourceError
from scrapers.urls import redact_url

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class NotCaptured(SourceError):
    """The captures have no answer to a request."""


class Asked(NamedTuple):
    """What tells one request from another."""

    method: str
    url: str  # redacted, as it is kept
    body_sha256: str


@dataclass(frozen=True)
class Kept:
    """One captured answer: where it stands, and where its content does."""

    captured: Captured
    offset: int  # of this answer's own record

    @property
    def is_revisit(self) -> bool:
        return self.captured.content_id != self.captured.record_id


def asked(request: Request) -> Asked:
    """The key under which a request's answers are found."""
    return Asked(request.method, redact_url(request.url), hashlib.sha256(request.body).hexdigest())


def read_index(path: Path) -> dict[Asked, list[Kept]]:
    """The answers of a WARC file by request, in their order; their contents stay in the file."""
    answers: dict[str, Kept] = {}
    requests: dict[str, Asked] = {}
    with open(path, "rb") as file:
        records = ArchiveIterator(file)
        for record in records:
            told = record.rec_headers.get_header
            if record.rec_type == "request" and record.http_headers is not None:
                body = hashlib.sha256(record.raw_stream.read()).hexdigest()
                method = record.http_headers.protocol
                requests[told("WARC-Concurrent-To") or ""] = Asked(method, told("WARC-Target-URI") or "", body)
            elif record.rec_type in ("response", "revisit"):
                kept = Kept(_captured(record, path), records.get_record_offset())
                answers[kept.captured.record_id] = kept
    found: dict[Asked, list[Kept]] = defaultdict(list)
    for record_id, kept in answers.items():
        found[requests.get(record_id) or Asked("GET", kept.captured.url, hashlib.sha256().hexdigest())].append(kept)
    return found


def _captured(record: ArcWarcRecord, path: Path) -> Captured:
    told = record.rec_headers.get_header
    record_id = told("WARC-Record-ID") or ""
    return Captured(
        record_id=record_id,
        content_id=told("WARC-Refers-To") or record_id,
        file=told("WARC-Refers-To-Filename") or path.name,
        url=told("WARC-Refers-To-Target-URI") or told("WARC-Target-URI") or "",
        date=told("WARC-Refers-To-Date") or told("WARC-Date") or "",
        payload_digest=told("WARC-Payload-Digest") or "",
    )


class Archive:
    """The captures of one source: the file of one crawl, and beside it those that its revisits lead to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.index = read_index(path) if path.is_file() else {}
        self._offsets: dict[str, dict[str, int]] = {}  # file name → record id → offset

    def answer(self, kept: Kept) -> tuple[int, list[tuple[str, str]], bytes]:
        """Status, headers and body of an answer; of a revisit, those of the record it leads to where that is there."""
        path, offset = self.path, kept.offset
        if kept.is_revisit and (found := self._offset(kept.captured.file, kept.captured.content_id)) is not None:
            path, offset = self.path.with_name(kept.captured.file), found
        with open(path, "rb") as file:
            file.seek(offset)
            record = next(iter(ArchiveIterator(file)))
            # warcio leaves the headers of an address that is not http (an inbox's) in the record
            headers = record.http_headers or StatusAndHeadersParser(["HTTP/1.1"]).parse(record.raw_stream)
            return int(headers.get_statuscode()), headers.headers, record.raw_stream.read()

    def _offset(self, name: str, record_id: str) -> int | None:
        if name not in self._offsets:
            path = self.path.with_name(Path(name).name)
            index = read_index(path) if path.is_file() else {}
            self._offsets[name] = {
                kept.captured.record_id: kept.offset for answers in index.values() for kept in answers
            }
        return self._offsets[name].get(record_id)


class Replay:
    """The downloader middleware that stands where the network would."""

    def __init__(self, path: Path) -> None:
        self.archive = Archive(path)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """On only where the setting REPLAY names a crawl of the home."""
        crawl_id = crawler.settings.get("REPLAY")
        if not crawl_id:
            raise NotConfigured
        return cls(capture_path(Path(crawler.settings["HOME_FOLDER"]), crawler.spidercls.name, crawl_id))

    def process_request(self, request: Request) -> Response:
        """The kept answer. Raises NotCaptured."""
        answers = self.archive.index.get(asked(request))
        if not answers:
            told = f"{request.method} {redact_url(request.url)} is not in the captures {self.archive.path}"
            raise NotCaptured(f"{told}; a replay never asks the network")
        kept = answers.pop(0) if len(answers) > 1 else answers[0]
        status, given, body = self.archive.answer(kept)
        headers = Headers()
        for name, value in given:
            headers.appendlist(name, value)
        request.meta[CAPTURED] = kept.captured
        kind = responsetypes.from_args(headers=headers, url=request.url, body=body)
        return kind(url=request.url, status=status, headers=headers, body=body)
