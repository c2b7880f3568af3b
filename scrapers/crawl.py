"""The child process of a crawl: ``python -m scrapers.crawl``, with its job as the first line of standard input.

All sources together, those of one host one after another. One JSON line (SourceResult) a source on standard output;
at the end the crawl's record, which makes it count. The process ends at once when standard input closes, so that no
crawl outlives whoever started it. How to start it from another program is ``scrapers.runner``.
"""

import asyncio
import logging
import os
import resource
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.abc import MetaPathFinder
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from scrapers.archive import crawl_path
from scrapers.credentials import MaskedStream, Secrets
from scrapers.files import write_text
from scrapers.middlewares.capture import remove_abandoned
from scrapers.outcome import CrawlRecord, SourceResult
from scrapers.platforms.base import PlatformSpider
from scrapers.runner import CrawlJob, job_from_json
from scrapers.source import Source

AT_ONCE = 512  # sources crawled at the same time

logger = logging.getLogger(__name__)

Emit = Callable[[SourceResult], None]


class _WithoutPandas(MetaPathFinder):
    """pyarrow imports pandas where there is one: a second of every crawl, for nothing it needs."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError("the crawl runs without pandas", name=fullname)


def main() -> int:
    """Read the job, crawl, answer; the exit code is 0 when the record is written."""
    sys.meta_path.insert(0, _WithoutPandas())
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever else is printed goes to the log
    line = sys.stdin.buffer.readline()
    if not line:
        return 2
    job = job_from_json(line)
    secrets = Secrets(job.secrets)
    sys.stderr = MaskedStream(sys.stderr, secrets)  # before anything logs to it
    threading.Thread(target=_end_with_input, daemon=True).start()

    def emit(result: SourceResult) -> None:
        answers.write(secrets.mask(result.model_dump_json()) + "\n")
        answers.flush()

    _allow_open_files()
    crawl(job, emit)
    return 0


def crawl(job: CrawlJob, emit: Emit) -> None:
    """Crawl a job's sources in this process, once: Scrapy's reactor runs here."""
    if job.crawl_id is None:
        raise ValueError("the job has no crawl_id; scrapers.runner gives it one")
    if not job.replay:
        remove_abandoned(job.home)
    process = AsyncCrawlerProcess(_settings(job))
    from twisted.internet import reactor

    task = asyncio.get_event_loop().create_task(_crawl_all(process, job, emit))
    task.add_done_callback(lambda _: _stop(reactor))
    process.start(stop_after_crawl=False, install_signal_handlers=False)
    results = task.result()
    if job.notices_file is not None:
        return
    results.sort(key=lambda result: result.source_id)
    record = CrawlRecord(
        crawl_id=job.crawl_id,
        as_of=job.as_of,
        finished_at=datetime.now(UTC),
        results=results if job.rechecks is None else [],
        rechecks=[visit for result in results for visit in result.rechecks],
    )
    text = Secrets(job.secrets).mask(record.model_dump_json(indent=1))
    write_text(crawl_path(job.home, job.crawl_id), text + "\n", "crawl")


def _allow_open_files() -> None:
    """Every source has a socket and a capture open at once: take as many files as the system lets us."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _settings(job: CrawlJob) -> Settings:
    settings = Settings()
    settings.setmodule("scrapers.settings", priority="project")
    given: dict[str, Any] = {
        "SOURCES_FOLDER": str(job.sources_folder),
        "HOME_FOLDER": str(job.home),
        "CRAWL_ID": job.crawl_id,
        "AS_OF": job.as_of.isoformat(),
        "LANGUAGES": job.languages,
        "USER_AGENT": job.user_agent,
        "OWN_WEB_FOLDER": str(job.web_folder) if job.web_folder else None,
        "OWN_WEB_SUFFIX": job.web_suffix,
        "OWN_WEB_DAYS": job.web_days,
        "RECHECKS": job.rechecks,
        "REPLAY": job.replay,
        "NOTICES_FILE": str(job.notices_file) if job.notices_file else None,
        "SECRETS": Secrets(job.secrets),
    }
    if not job.politeness:
        given |= {"AUTOTHROTTLE_ENABLED": False, "DOWNLOAD_DELAY": 0}
    settings.setdict({**given, **job.settings}, priority="cmdline")
    return settings


async def _crawl_all(process: AsyncCrawlerProcess, job: CrawlJob, emit: Emit) -> list[SourceResult]:
    loader: Any = process.spider_loader
    chosen = job.source_ids if job.source_ids is not None else loader.list()
    hosts: dict[str, list[Source]] = {}
    for source_id in chosen:
        source = loader.sources[source_id]
        hosts.setdefault(urlsplit(source.url).hostname or "", []).append(source)
    gate = asyncio.Semaphore(AT_ONCE)

    async def one_host(sources: list[Source]) -> list[SourceResult]:
        results = []
        async with gate:
            for source in sources:
                result = await _crawl_one(process, source)
                emit(result)
                results.append(result)
        return results

    return [result for results in await asyncio.gather(*map(one_host, hosts.values())) for result in results]


async def _crawl_one(process: AsyncCrawlerProcess, source: Source) -> SourceResult:
    """One source to its end; a spider that cannot even start is a result too."""
    started = monotonic()
    try:
        crawler = process.create_crawler(source.id)
        await process.crawl(crawler)
    except Exception as error:  # one broken source never stops the others
        logger.exception("%s could not be crawled", source.id)
        return SourceResult(source_id=source.id, outcome="failed", detail=repr(error)[:500], error_count=1)
    return _result(crawler, source, monotonic() - started)


def _result(crawler: Crawler, source: Source, seconds: float) -> SourceResult:
    spider = crawler.spider
    if not isinstance(spider, PlatformSpider):
        return SourceResult(source_id=source.id, outcome="failed", detail="no hay araña", error_count=1)
    run, stats = spider.run, crawler.stats
    reason = stats.get_value("finish_reason")
    if reason == "closespider_timeout":
        run.fail("timeout", f"La visita duró más de {crawler.settings['CLOSESPIDER_TIMEOUT']} segundos y se detuvo.")
    elif reason == "closespider_pagecount":
        limit = crawler.settings["CLOSESPIDER_PAGECOUNT"]
        run.fail("failed", f"La visita pasó de {limit} respuestas y se detuvo: baje los límites de sus options.")
    elif reason != "finished":
        run.fail("failed", f"La visita se detuvo antes de terminar: {reason}.")
    elif not run.is_written:
        run.fail("failed", "Los avisos no pudieron guardarse; lea el registro del rastreo.")
    tell = run.result if spider.rechecks is None else run.recheck_result
    return tell(
        request_count=stats.get_value("downloader/request_count", 0),
        byte_count=stats.get_value("downloader/response_bytes", 0),
        seconds=seconds,
    )


def _stop(reactor: Any) -> None:
    if reactor.running:
        reactor.stop()


def _end_with_input() -> None:
    """End this process when whoever started it is gone, or wants it to be."""
    while os.read(0, 4096):  # unbuffered: a reader's lock would be in the way of an ordinary exit
        continue
    os._exit(3)


if __name__ == "__main__":
    sys.exit(main())
