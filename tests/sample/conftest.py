"""The sample's web crawled for real, both days, once for all tests of this folder."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from scrapers.archive import latest_notices
from scrapers.notice import Notice
from scrapers.outcome import SourceResult
from scrapers.runner import Crawl, CrawlJob
from tests.sample.truth import DAYS, ENTITY


@dataclass(frozen=True)
class Visit:
    """What is known after one day's crawl."""

    notices: dict[str, Notice]
    results: dict[str, SourceResult]


@pytest.fixture(scope="session")
def visits(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Visit]:
    home: Path = tmp_path_factory.mktemp("home")
    assert ENTITY.file.web is not None
    seen = {}
    for day, layers in DAYS.items():
        job = CrawlJob(
            home=home,
            sources_folder=ENTITY.sources_folder,
            source_ids=None,
            as_of=ENTITY.at(date.fromisoformat(day)),
            languages=ENTITY.file.languages,
            user_agent=ENTITY.file.user_agent,
            web_folder=ENTITY.web_folder,
            web_suffix=ENTITY.file.web.suffix,
            web_days=list(layers),
            politeness=False,
        )
        results = list(Crawl(job))
        notices = {notice.item_id: notice for notice in latest_notices(home)}
        seen[day] = Visit(notices, {result.source_id: result for result in results})
    return seen
