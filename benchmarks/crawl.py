"""The crawl against what it is made of: a plain Scrapy spider, trafilatura, and its own limits."""

import json
import os
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import site_server
from benchmarks.figures import ROOT, seconds, show
from benchmarks.processes import serving
from benchmarks.unchanged import measure_unchanged
from scrapers.outcome import CrawlRecord
from scrapers.runner import CrawlJob

PAGES, FEW, MANY, HOSTS = 5_000, 1_000, 10_000, 500
RATIO, GROWTH, FIRST_ANSWER = 0.8, 1.3, 10.0  # at least, at most, seconds at most
SUFFIX = "bench.test"
LISTING = """\
id: {id}
name: {id}
platform: listing
url: http://{host}/list
language: en
authority: official
options:
  {{item: article, link: h3 a, next: "a[rel=next]", pages: 1000, max_details: 100000,
   detail: {{title: h1, content: main, facts: {{item: .facts tr, label: th, value: td}}}}}}
"""
FEED = "id: {id}\nname: {id}\nplatform: feed\nurl: http://{host}/feed.xml\nlanguage: en\nauthority: official\n"


@dataclass(frozen=True)
class Child:
    """A finished process: when it began, how long it took, its own peak memory."""

    started_at: float  # seconds since the epoch
    wall: float  # seconds
    cpu: float  # seconds
    peak: int  # bytes
    stdout: str


@contextmanager
def site(total: int) -> Iterator[str]:
    """A site of ``total`` pages in a process of its own; its address."""
    with serving("benchmarks.site_server", str(total)) as url:
        yield url


def child(arguments: list[str], stdin: str = "") -> Child:
    """Run ``python …`` to its end. Raises RuntimeError when it fails."""
    started_at, started = time.time(), time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(stdin)
    process.stdin.flush()  # and left open: the crawl ends when it closes
    stdout = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"python {' '.join(arguments)} ended with {process.returncode}")
    return Child(started_at, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, stdout)


def crawl(home: Path, address: str, sources: dict[str, str], **settings: Any) -> tuple[Child, CrawlRecord]:
    """Crawl source files (id → text) over a local site, as a run would, without politeness."""
    folder = home / "sources"
    folder.mkdir(parents=True)
    for source_id, text in sources.items():
        (folder / f"{source_id}.yaml").write_text(text, encoding="utf-8")
    job = CrawlJob(
        home=home,
        sources_folder=folder,
        source_ids=None,
        as_of=datetime(2026, 11, 23, 11, tzinfo=UTC),
        languages=["en"],
        user_agent="BenchBot/1.0 (+https://bench.example/)",
        web_suffix=SUFFIX,
        politeness=False,
        settings={"OWN_WEB_ADDRESS": address, "CLOSESPIDER_PAGECOUNT": 0, **settings},
        crawl_id="01BENCH",
    )
    done = child(["-m", "scrapers.crawl"], job.to_json() + "\n")
    return done, CrawlRecord.model_validate_json((home / "crawls" / "01BENCH.json").read_bytes())


def measure_crawl(folder: Path) -> None:
    """Print throughput, memory, extraction and the start of many sources."""
    measure_throughput_of_pages(folder)
    measure_memory(folder)
    measure_extraction()
    measure_many_sources(folder)
    measure_unchanged(folder / "unchanged")


def measure_throughput_of_pages(folder: Path) -> None:
    """Pages a second against a plain spider, start of the process included in both."""
    with site(PAGES) as address:
        plain = {
            text: child(["-m", "benchmarks.plain_spider", address, f"plain.{SUFFIX}", text])
            for text in ("lines", "joined")
        }
        source = LISTING.format(id="bench", host=f"one.{SUFFIX}")
        ours, record = crawl(folder / "pages", address, {"bench": source}, CONCURRENT_REQUESTS_PER_DOMAIN=8)
    assert all(int(one.stdout) == PAGES for one in plain.values())
    assert record.results[0].new_count == PAGES, record.results[0]
    show(f"crawl of {PAGES:,} pages", f"{PAGES / ours.wall:.0f} /s", "—", f"{seconds(ours.cpu)} CPU; WARC, Parquet")
    for text, one in plain.items():
        ratio = one.wall / ours.wall
        limit = f"≥ {RATIO} {'kept' if ratio >= RATIO else 'MISSED'}" if text == "lines" else "—"
        show(
            f"  against a plain spider, text {text}",
            f"{ratio:.2f} x",
            limit,
            f"{PAGES / one.wall:.0f} /s; stores nothing",
        )


def measure_memory(folder: Path) -> None:
    """Peak memory of the crawling process for few and for many pages."""
    peaks = []
    for total in (FEW, MANY):
        with site(total) as address:
            source = LISTING.format(id="bench", host=f"one.{SUFFIX}")
            done, _ = crawl(folder / f"memory-{total}", address, {"bench": source}, CONCURRENT_REQUESTS_PER_DOMAIN=8)
            peaks.append(done.peak)
    growth = peaks[1] / peaks[0]
    limit = f"≤ {GROWTH} {'kept' if growth <= GROWTH else 'MISSED'}"
    told = f"{peaks[0] / 2**20:.0f} MiB for {FEW:,} pages, {peaks[1] / 2**20:.0f} MiB for {MANY:,}"
    show("peak memory, ten times the pages", f"{growth:.2f} x", limit, told)


def measure_extraction() -> None:
    """Notice text and links of a page against trafilatura alone on the same pages, one core."""
    import trafilatura

    from scrapers.article import main_content
    from scrapers.text import block_text, clean, links, parse_page, select

    pages = [site_server.page(number).encode() for number in range(100)]
    reference = os.environ.get("BOI_REFERENCE_DIR")
    recorded = sorted((Path(reference) / "data" / "html").glob("*.html")) if reference else []
    pages += [path.read_bytes() for path in recorded] * 10

    def selected(body: bytes) -> None:
        root = parse_page(body, "text/html; charset=utf-8")
        node = clean(select(root, "main")[:1])
        block_text(node)
        links(node, "https://bench.example/")

    def unknown(body: bytes) -> None:
        node = clean([main_content(parse_page(body, "text/html; charset=utf-8"))])
        block_text(node)
        links(node, "https://bench.example/")

    def alone(body: bytes) -> None:
        trafilatura.extract(body.decode("utf-8"), include_links=True)

    times = {work.__name__: _timed(work, pages) for work in (alone, selected, unknown)}
    show(
        "trafilatura alone",
        f"{len(pages) / times['alone']:.0f} /s",
        "—",
        f"{len(pages)} pages, {len(recorded)} recorded",
    )
    for name, told in {"selected": "of a known place", "unknown": "of a page of unknown shape"}.items():
        ratio = times["alone"] / times[name]
        limit = f"≥ {RATIO} {'kept' if ratio >= RATIO else 'MISSED'}"
        show(f"  notice text {told}", f"{ratio:.2f} x", limit, f"{len(pages) / times[name]:.0f} /s")


def _timed(work: Callable[[bytes], None], pages: list[bytes]) -> float:
    """The median of three passes, in CPU seconds."""
    times = []
    for _ in range(3):
        started = time.process_time()
        for body in pages:
            work(body)
        times.append(time.process_time() - started)
    return statistics.median(times)


def measure_many_sources(folder: Path) -> None:
    """When each of many sources had its first answer, seconds after the process was started."""
    sources = {f"s{n:03}": FEED.format(id=f"s{n:03}", host=f"s{n:03}.{SUFFIX}") for n in range(HOSTS)}
    with site(20) as address:
        done, record = crawl(folder / "many", address, sources)
        with urllib.request.urlopen(f"{address}/_times") as answer:
            times = json.load(answer)
    good = sum(result.outcome == "ok" for result in record.results)
    firsts = [times[f"{source_id}.{SUFFIX}"] - done.started_at for source_id in sources]
    limit = f"≤ {FIRST_ANSWER:g} s {'kept' if max(firsts) <= FIRST_ANSWER else 'MISSED'}"
    told = f"median {seconds(statistics.median(firsts))}; all done in {seconds(done.wall)}, {good} ok"
    show(f"{HOSTS} sources: the last one's first answer", seconds(max(firsts)), limit, told)
