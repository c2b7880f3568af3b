"""What Dagster costs: the same stages called as functions against ``boi run``, and our event log against Dagster's own."""

import tempfile
import time
from pathlib import Path

from benchmarks.figures import ROOT, seconds, show
from benchmarks.processes import python
from benchmarks.sample_run import Runs

EVENTS = 1_000


def run_functions(home: Path) -> None:
    """The sample's pipeline as plain function calls: what the measured child process does."""
    from boi_pipeline.running import import_ahead
    from tests.stages.drive import Place, run_stages

    import_ahead()  # as boi run does while it waits for the crawl
    run_stages(Place(home, ROOT / "entities", "sample").new_run())


def measure_overhead(home: Path, runs: Runs) -> None:
    """Print both runs as functions, and how many times as long ``boi run`` took."""
    # leaves as boi does: taking Great Expectations' modules apart takes two seconds
    work = "import os, sys, pathlib; from benchmarks.dagster_cost import run_functions as r; r(pathlib.Path(sys.argv[1])); os._exit(0)"
    for name, ran in (("first run", runs.first), ("second run", runs.second)):
        plain = python(home, "-c", work, str(home))
        show(f"the stages as functions, {name}: wall", seconds(plain.wall), "—", f"CPU {seconds(plain.cpu)}")
        show("  boi run against it: wall", f"{ran.wall / plain.wall:.2f} x", "—", f"boi run: {seconds(ran.wall)}")
        show("  boi run against it: CPU", f"{ran.cpu / plain.cpu:.2f} x", "—", f"boi run: {seconds(ran.cpu)}")


def measure_event_log() -> None:
    """Print the time to store asset check events one by one, in our storage and in Dagster's default."""
    from dagster._core.storage.event_log import SqliteEventLogStorage

    from boi_pipeline.event_log import KeptSqliteEventLogStorage

    ours, default = _store(KeptSqliteEventLogStorage), _store(SqliteEventLogStorage)
    show(f"event log: {EVENTS:,} check events", seconds(ours), "—", f"Dagster's default: {seconds(default)}")
    show("  against Dagster's default", f"{ours / default:.2f} x", "< 1 x", f"{default / ours:.1f} times as fast")


def _store(storage_class: type) -> float:
    import dagster as dg
    from dagster import AssetCheckEvaluation, DagsterEvent, DagsterEventType, EventLogEntry

    def entry(number: int) -> EventLogEntry:
        found = AssetCheckEvaluation(dg.AssetKey(["marts", "opportunities"]), f"check_{number % 50}", True, {})
        event = DagsterEvent(
            DagsterEventType.ASSET_CHECK_EVALUATION.value, "collect", event_specific_data=found, message="passed"
        )
        return EventLogEntry(None, 10, "passed", "run-1", time.time(), job_name="collect", dagster_event=event)

    with tempfile.TemporaryDirectory() as folder:
        storage = storage_class(folder)
        storage.store_event(entry(0))  # makes the files and tables
        started = time.perf_counter()
        for number in range(EVENTS):
            storage.store_event(entry(number))
        took = time.perf_counter() - started
        stored = len(storage.get_records_for_run("run-1", limit=EVENTS + 2).records)
        if stored != EVENTS + 1:
            raise RuntimeError(f"{storage_class.__name__} kept {stored} of {EVENTS + 1} events")
        storage.dispose()
    return took
