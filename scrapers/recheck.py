"""What a re-check is to visit: the pages and links of published calls, as its caller gives them.

Which calls these are belongs to the pipeline; the visits, to ``scrapers.platforms.recheck``; what was found there is
``scrapers.outcome.Recheck``. Importing this costs no Scrapy.
"""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

from scrapers.archive import newest_notice
from scrapers.notice import Notice, item_id
from scrapers.outcome import CrawlRecord


class Target(BaseModel):
    """An item's page, or a link that citizens are given."""

    model_config = ConfigDict(frozen=True)
    source_id: str  # whose spider goes there
    url: str
    notice: Notice | None = None  # the newest of the item; None: a link, of which only the answer counts
    was_closed: bool = False  # a person approved it although its page has words that close it


def is_front_page(url: str) -> bool:
    """Whether a URL is a site's first page, of any language."""
    parts = urlsplit(url)
    path = parts.path.strip("/").lower()
    is_language = len(path) == 2 and path.isalpha()
    return not parts.query and (not path or is_language or path.partition(".")[0] in ("index", "home", "inicio"))


def targets_of(home: Path, record: CrawlRecord, source_id: str) -> list[Target]:
    """What a kept re-check visited at a source, with what was known of it then: for its replay."""
    return list(_targets(home, record, source_id))


def _targets(home: Path, record: CrawlRecord, source_id: str) -> Iterator[Target]:
    for visit in record.rechecks:
        if visit.source_id != source_id:
            continue
        if visit.item_id is None:
            yield Target(source_id=source_id, url=visit.url)
            continue
        key = visit.item_id.removeprefix(item_id(source_id, ""))
        if notice := newest_notice(home, source_id, key, record.as_of, record.crawl_id):
            yield Target(source_id=source_id, url=notice.url, notice=notice)
