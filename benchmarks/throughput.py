"""Notices a second: the crawl of the sample's web, and the offline reader once it is warm."""

import time
from datetime import date
from pathlib import Path

from benchmarks.figures import ROOT, median, seconds, show, spread
from boi_pipeline.reading.context import context_of
from boi_pipeline.stages import crawling
from boi_pipeline.stages.readings import offline_of
from boi_pipeline.stages.run import Run
from boi_pipeline.stages.run import notices as all_notices
from scrapers.notice import Notice
from tests.stages.drive import Place

REPEATED = 10  # times the sample's notices are read, so that the clock has something to measure
TIMES = 3


def measure_throughput(home: Path) -> None:
    """Crawl the sample into a home, then read its notices on one core."""
    run = Place(home, ROOT / "entities", "sample").new_run(date(2026, 11, 23))
    run.hold("benchmark")
    started = time.perf_counter()
    results = list(crawling.crawl(run, None))
    took = time.perf_counter() - started
    notices = all_notices(run)
    requests = sum(result.request_count for result in results)
    told = f"{len(notices)} notices, {requests} requests, {seconds(took)} with its process's start"
    show("crawl", f"{len(notices) / took:.1f} /s", "—", told)
    _measure_reading(run, notices)


def _measure_reading(run: Run, notices: list[Notice]) -> None:
    reader, context = offline_of(run.entity), context_of(run.entity)
    list(reader.read_all(notices, context, None))  # lexicons compiled
    times = []
    for _ in range(TIMES):
        started = time.perf_counter()
        read = sum(1 for _ in reader.read_all(notices * REPEATED, context, None))
        times.append(time.perf_counter() - started)
    characters = sum(len(notice.text) for notice in notices) // len(notices)
    show("reading, offline, one core", f"{read / median(times):.0f} /s", "—", f"{characters} characters a notice")
    show(f"  {read:,} notices", seconds(median(times)), "—", spread(times))
