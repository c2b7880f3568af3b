"""Written answers in a portal's place: a downloader middleware, and the crawl of sources over it.

A source's folder ``tests/sources/<entity>/<source_id>/`` holds ``answers.yaml``, a list of

    - url: https://host/path?page=*      # ``*`` stands for anything
      method: POST                       # default GET
      body: "text the request's body has"
      file: page1.json                   # beside answers.yaml
      status: 200
      headers: {Content-Type: …}         # default: by the file's extension

A ``url`` ``inbox://<source_id>/<name>`` is a file dropped there. Without ``answers.yaml`` there is one file, which
answers the source's own ``url``. What no answer is for is a 404, robots.txt too. Everything else of the crawl is the real thing.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrapy.http import Request, Response
from scrapy.responsetypes import responsetypes

from scrapers import settings as crawl_settings
from scrapers.credentials import variables
from scrapers.loader import load_source
from scrapers.notice import Notice
from scrapers.ownweb import CONTENT_TYPES
from scrapers.runner import CrawlJob
from scrapers.source import Source
from scrapers.yamlfile import parse_yaml
from tests.scrapers.conftest import LANGUAGES, Crawled, do_crawl

AS_OF = datetime(2026, 11, 23, 11, tzinfo=UTC)
TYPES = {**CONTENT_TYPES, ".pdf": "application/pdf", ".gz": "application/gzip"}


@dataclass(frozen=True)
class Answer:
    """What one request is answered."""

    url: str
    file: str | None = None
    method: str = "GET"
    body: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def is_for(self, request: Request) -> bool:
        pattern = ".*".join(map(re.escape, self.url.split("*")))
        asked = request.body.decode("utf-8", "replace")
        return request.method == self.method and self.body in asked and bool(re.fullmatch(pattern, request.url))


class WrittenAnswers:
    """Answers every request of a spider from the setting WRITTEN_ANSWERS: source id → answers."""

    def __init__(self, answers: list[Answer]) -> None:
        self.answers = answers

    @classmethod
    def from_crawler(cls, crawler: Any) -> "WrittenAnswers":
        table = json.loads(Path(crawler.settings["WRITTEN_ANSWERS"]).read_text(encoding="utf-8"))
        return cls([Answer(**given) for given in table.get(crawler.spidercls.name, [])])

    def process_request(self, request: Request) -> Response:
        answer = next((answer for answer in self.answers if answer.is_for(request)), None)
        if answer is None:
            return Response(request.url, status=404, body=b"", request=request)
        body = Path(answer.file).read_bytes() if answer.file else b""
        kind = TYPES.get(Path(answer.file or "").suffix, "application/octet-stream")
        headers = {"Content-Type": kind, **answer.headers}
        made = responsetypes.from_args(headers=headers, url=request.url, body=body)
        return made(request.url, status=answer.status, headers=headers, body=body, request=request)


def answers_of(folder: Path, source: Source) -> list[Answer]:
    """The written answers in a source's folder."""
    described = folder / "answers.yaml"
    if described.is_file():
        given = parse_yaml(described.read_text(encoding="utf-8"), described)
        return [
            Answer(**{**one, "file": str(folder / one["file"])}) if "file" in one else Answer(**one) for one in given
        ]
    files = [path for path in folder.iterdir() if path.name != "expected.json"] if folder.is_dir() else []
    assert len(files) == 1, f"{folder}: expected answers.yaml, or one page that answers {source.url}"
    return [Answer(source.url, str(files[0]))]


class TaggedAnswers(WrittenAnswers):
    """The same from a server that gives ETags and says when nothing has changed."""

    def process_request(self, request: Request) -> Response:
        response = super().process_request(request)
        if response.status != 200 or request.method != "GET":
            return response
        tag = f'"{hashlib.sha256(response.body).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == tag.encode():
            return Response(request.url, status=304, headers={"ETag": tag}, request=request)
        response.headers["ETag"] = tag
        return response


def crawl_answered(
    home: Path,
    sources_folder: Path,
    answers: dict[str, list[Answer]],
    *,
    server: type[WrittenAnswers] = WrittenAnswers,
    **given: Any,
) -> Crawled:
    """Crawl the sources that have answers, in one child process without network."""
    home.mkdir(parents=True, exist_ok=True)
    table = home / "answers.json"
    table.write_text(json.dumps({name: [asdict(one) for one in found] for name, found in answers.items()}))
    for answer in (one for given_for in answers.values() for one in given_for if one.url.startswith("inbox://")):
        dropped = home / "inbox" / answer.url.removeprefix("inbox://")
        dropped.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(answer.file or "", dropped)
    middlewares = {**crawl_settings.DOWNLOADER_MIDDLEWARES, f"tests.sources.answers.{server.__name__}": 895}
    settings = {"WRITTEN_ANSWERS": str(table), "DOWNLOADER_MIDDLEWARES": middlewares, "RETRY_TIMES": 0}
    job = {
        "home": home,
        "sources_folder": sources_folder,
        "source_ids": list(answers),
        "as_of": AS_OF,
        "languages": [*LANGUAGES, "de"],
        "user_agent": "PruebaBot/1.0 (+https://prueba.example/)",
        "politeness": False,
        "secrets": dict.fromkeys(variables_of(sources_folder, answers), "clave-de-prueba"),
    }
    return do_crawl(CrawlJob(**{**job, "settings": settings, **given}))


def variables_of(sources_folder: Path, source_ids: Iterable[str]) -> list[str]:
    """The environment variables that these sources name."""
    return [name for one in source_ids for name in variables(load_source(sources_folder / f"{one}.yaml"))]


def told(outcome: str, notices: Iterable[Notice]) -> dict[str, Any]:
    """What a person reviews of a source: its outcome and each notice, without what differs from crawl to crawl."""
    shown = ["item_key", "parent_key", "url", "title", "language", "published_at", "modified_at"]
    return {
        "outcome": outcome,
        "notices": [
            {
                **{name: value for name, value in notice.model_dump(mode="json", include=set(shown)).items() if value},
                "hints": [f"{hint.label}: {hint.value}" for hint in notice.hints],
                "links": [link.url for link in notice.links],
                "text": notice.text.split("\n"),
            }
            for notice in sorted(notices, key=lambda notice: notice.item_key)
        ],
    }
