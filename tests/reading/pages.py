"""Small notices of our own writing, for tests of the readers."""

from datetime import UTC, datetime

from boi_pipeline.entity import load_entity
from boi_pipeline.reading.offline.reader import RulesReader
from boi_pipeline.reading.reader import ReadingContext, context_of, read_proved
from boi_pipeline.records import Reading
from boi_pipeline.settings import ROOT
from scrapers.notice import Authority, DateOrder, Hint, Link, Notice, compose_text, content_hash, notice_id, text_hash

CONTEXT: ReadingContext = context_of(load_entity(ROOT / "entities" / "sample"))
POSTED = datetime(2026, 11, 20, 12, tzinfo=UTC)


def notice(
    body: str,
    title: str = "Call",
    *,
    language: str = "en",
    order: DateOrder = "dmy",
    timezone: str | None = None,
    links: tuple[tuple[str, str], ...] = (),
    hints: tuple[tuple[str, str], ...] = (),
    posted: datetime | None = POSTED,
    authority: Authority = "official",
    key: str = "k",
) -> Notice:
    told = [Hint(label=label, value=value) for label, value in hints]
    text = compose_text(title, body, told)
    targets = [Link(url=url, text=anchor) for url, anchor in links]
    digest = content_hash(text, targets)
    return Notice(
        notice_id=notice_id(f"s/{key}", digest),
        item_id=f"s/{key}",
        source_id="s",
        item_key=key,
        url="https://calls.example.org/page",
        title=title,
        text=text,
        text_sha256=text_hash(text),
        content_sha256=digest,
        language=language,
        date_order=order,
        authority=authority,
        timezone=timezone,
        published_at=posted,
        fetched_at=POSTED,
        crawl_id="c",
        parser_version="1",
        capture_id="c",
        links=targets,
        hints=told,
    )


def read(page: Notice) -> Reading:
    return read_proved(RulesReader(), page, CONTEXT)
