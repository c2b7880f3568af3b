"""What is told of impressions as years of it come in: three million rows taken in, the fact built, and one day more.

A row is a call on a channel on a day, as GA4 or a table typed by hand tells it. Each step is a process of its own, so that
its memory is its own; the calls and all else are made as for the warehouse.
"""

import json
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.figures import at_most, seconds, show
from benchmarks.processes import Ran, python
from benchmarks.synthetic_warehouse import DAY, read_raw, write_raw
from benchmarks.warehouse import run_in
from boi_pipeline.achieved.store import files_of, imports
from boi_pipeline.records import Metric
from boi_pipeline.stages.run import Run

CALLS, DAYS = 1_300, 385
CHANNELS = ("site", "whatsapp", "linkedin", "x", "instagram", "email")
FACT = "marts.fct_metric_daily"
MEMORY = 2 << 30  # bytes a step may take
INCREMENT = 5.0  # seconds a day more may take
_NOTED = 0.3  # seconds: what takes less is not listed


def measure_achieved(place: Path, days: int = DAYS) -> None:
    """Show the figures of ``days`` days of every call on every channel, and of the day after them; ``place`` is removed."""
    python(place / "home", "-m", "benchmarks.achieved", "make", str(days), str(place))
    print(
        f"{CALLS:,} calls × {len(CHANNELS)} channels × {days} days: {CALLS * len(CHANNELS) * days:,} rows", flush=True
    )
    for step in ("take", "fact"):
        ran, told = _step(step, days, place)
        limit = f"≤ 2 GiB {'kept' if ran.peak <= MEMORY else 'MISSED'}"
        show(f"  {step}", seconds(ran.wall), limit, f"{ran.cpu:.1f} CPU s, {ran.peak >> 20} MiB, {told}")
    for name in ("a day more", "nothing new"):
        ran, told = _step("day", days, place)
        show(
            f"  {name}",
            seconds(ran.wall),
            at_most(INCREMENT, ran.wall),
            f"{ran.cpu:.1f} CPU s, {ran.peak >> 20} MiB, {told}",
        )
    shutil.rmtree(place)


def _step(step: str, days: int, place: Path) -> tuple[Ran, str]:
    ran = python(place / "home", "-m", "benchmarks.achieved", step, str(days), str(place))
    figures = json.loads(ran.stdout.strip().splitlines()[-1])
    return ran, ", ".join(f"{name} {value}" for name, value in figures.items())


# ---------------------------------------------------------------- the steps, each in a process of its own


def make(run: Run, days: int, place: Path) -> dict[str, Any]:
    """Write the raw tables of the calls, and two files as a person would hand them in: all the days, and the day after."""
    write_raw(run.entity, CALLS, place / "raw")
    _write_table(place / "years.csv", DAY - timedelta(days + 1), days)
    _write_table(place / "day.csv", DAY - timedelta(1), 1)
    return {}


def _write_table(path: Path, first: date, days: int) -> None:
    listed = ", ".join(f"'{channel}'" for channel in CHANNELS)
    with duckdb.connect() as connection:
        connection.execute(
            f"""copy (
                select (date '{first}' + d::integer)::date as date, channel, 'PAL-2026-' || lpad((o + 1)::varchar, 7, '0') as code,
                    20 + hash(o, d, channel) % 900 as impressions, hash(o, channel, d) % 20 as clicks, hash(d, o) % 9 as interactions
                from range({days}) t(d), unnest([{listed}]) c(channel), range({CALLS}) t(o)
            ) to '{path}' (header)"""
        )


def take(run: Run, days: int, place: Path) -> dict[str, Any]:
    """Take in the file of all the days."""
    return _take(run, place / "years.csv")


def fact(run: Run, days: int, place: Path) -> dict[str, Any]:
    """Build the fact and all it is made from, in a new warehouse, and keep it."""
    return _fact(run, place)


def day(run: Run, days: int, place: Path) -> dict[str, Any]:
    """Take in the file of one day more, where it was not yet, and bring the fact up to date."""
    return _take(run, place / "day.csv") | _fact(run, place)


def _take(run: Run, path: Path) -> dict[str, Any]:
    from boi_pipeline.achieved.inbox import take_in
    from boi_pipeline.achieved.taking import Context

    if not path.is_file():
        return {}  # taken in, and moved to what is done
    started = time.perf_counter()
    run.home.inbox.mkdir(parents=True, exist_ok=True)
    path.rename(run.home.inbox / path.name)
    (result,) = take_in(Context(run.entity, run.home, run.as_of), datetime.now(UTC), [path.name])
    if result.record is None:
        raise RuntimeError(f"not taken in: {result.detail}")
    return {"rows": result.record.row_count, "taken in": seconds(time.perf_counter() - started)}


def _fact(run: Run, place: Path) -> dict[str, Any]:
    from boi_pipeline.warehouse.build import CURRENT, Build, keep
    from boi_pipeline.warehouse.raw import RawFiles, raw_schema, raw_table

    kept = imports(run.home)
    others = raw_schema("metrics").empty_table()
    raw = read_raw(place / "raw") | {
        "imports": raw_table("imports", kept),
        "metrics": RawFiles(files_of(run.home, kept, Metric), others),
    }
    is_new = not (run.home.warehouse / CURRENT).is_file()
    wanted = run.project.upstream({FACT, "intermediate.int_metric_joins"})
    started = time.perf_counter()
    with Build(run.project, run.home.warehouse, run.run_id, run.vocabularies, from_current=True) as warehouse:
        # of all else nothing has changed since
        warehouse.load(raw if is_new else {name: raw[name] for name in ("imports", "metrics")})
        loaded = time.perf_counter()
        results = list(warehouse.run({}, wanted))
    keep(run.home.warehouse, run.run_id)
    done = time.perf_counter()
    if stopped := [result.stops for result in results if result.stops]:
        raise RuntimeError(f"not built: {stopped}")
    rows = {result.model.table: result.row_count for result in results}
    dear = {result.model.name: seconds(result.seconds) for result in results if result.seconds >= _NOTED}
    return {"fact rows": rows[FACT], "loaded": seconds(loaded - started), "built": seconds(done - loaded), **dear}


STEPS: Mapping[str, Callable[[Run, int, Path], dict[str, Any]]] = {
    step.__name__: step for step in (make, take, fact, day)
}


if __name__ == "__main__":
    place_ = Path(sys.argv[3])
    print(json.dumps(STEPS[sys.argv[1]](run_in(place_), int(sys.argv[2]), place_)))
