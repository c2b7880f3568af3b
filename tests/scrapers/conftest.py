from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scrapers.archive import notice_files
from scrapers.notice import Notice
from scrapers.outcome import SourceResult
from scrapers.runner import CrawlJob, run_crawl
from scrapers.tabular import read_records

HERE = Path(__file__).parent
LANGUAGES = ["es", "en", "fr", "pt"]


def make_job(home: Path, *, day: int = 23, **given: Any) -> CrawlJob:
    """A crawl of the small web beside this file as it is on a day of November 2026."""
    settings = {
        "home": home,
        "sources_folder": HERE / "sources",
        "source_ids": None,
        "as_of": datetime(2026, 11, day, 21, tzinfo=UTC),
        "languages": LANGUAGES,
        "user_agent": "PruebaBot/1.0 (+https://prueba.example/)",
        "web_folder": HERE / "web",
        "web_suffix": "prueba.test",
        "web_days": ["day1"] if day <= 23 else ["day1", "day2"],
    }
    return CrawlJob(**{**settings, **given})


@dataclass
class Crawled:
    """What a finished crawl gave."""

    crawl_id: str
    results: dict[str, SourceResult]
    notices: dict[str, Notice]  # written by this crawl, by item_id


def do_crawl(job: CrawlJob) -> Crawled:
    crawl = run_crawl(job)
    results = {result.source_id: result for result in crawl}
    written = [path for path in notice_files(job.home) if path.name.startswith(crawl.crawl_id)]
    own = {notice.item_id: notice for notice in read_records(written, Notice)}
    return Crawled(crawl.crawl_id, results, own)


@dataclass
class Days:
    """A home after three crawls of the small web: day 1, again, day 2."""

    home: Path
    first: Crawled
    again: Crawled
    second: Crawled


@pytest.fixture(scope="session")
def days(tmp_path_factory: pytest.TempPathFactory) -> Days:
    home = tmp_path_factory.mktemp("home")
    return Days(home, *(do_crawl(make_job(home, day=day)) for day in (23, 23, 24)))


@pytest.fixture
def write_files(tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    def write(files: dict[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return write
