"""The pipeline as a user runs it: ``boi run`` of the sample entity, first in an empty home, then with nothing new."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from benchmarks.figures import at_most, seconds, show
from benchmarks.processes import Ran, boi

FIRST_LIMIT, SECOND_LIMIT = 25.0, 12.0  # seconds


@dataclass(frozen=True)
class Runs:
    """The two runs and the home they left."""

    home: Path
    first: Ran
    second: Ran


def measure_runs(home: Path) -> Runs:
    """Run the sample twice, print wall, memory, stages, and what the second run did again."""
    first = boi(home, "run", "--json")
    read_first, told_first = _readings(home), json.loads(first.stdout)
    _show("first run of the sample", first, FIRST_LIMIT)
    _show_stages(home, told_first, first)
    second = boi(home, "run", "--json")
    read_again, told_second = _readings(home) - read_first, json.loads(second.stdout)
    _show("second run, nothing new", second, SECOND_LIMIT)
    _show_stages(home, told_second, second)
    show("  notices read in the first run", str(read_first), "—", f"{told_first['notices']} notices")
    show("  notices read again in the second", str(read_again), f"0 {'kept' if read_again == 0 else 'MISSED'}")
    same = told_first["set_id"] == told_second["set_id"]
    show("  set_id of the second", "same" if same else "another", f"same {'kept' if same else 'MISSED'}")
    return Runs(home, first, second)


def _show(name: str, ran: Ran, limit: float) -> None:
    show(f"{name}: wall", seconds(ran.wall), at_most(limit, ran.wall), f"{ran.wall / limit:.0%} of the limit")
    show(f"{name}: CPU", seconds(ran.cpu), "—", "on all cores; changes less than wall with what else runs")
    show(f"{name}: peak memory", f"{ran.peak / 2**20:.0f} MiB", "—", "all processes, shared libraries counted in each")


def _show_stages(home: Path, told: dict[str, Any], ran: Ran) -> None:
    """Each stage's share, from the run history in the home; what is before and after them is Python's and Dagster's."""
    import dagster as dg

    with dg.DagsterInstance.from_config(str(home / "dagster")) as instance:
        steps = [
            (step.step_key, step.start_time, step.end_time)
            for one in told["runs"]
            for step in instance.get_run_step_stats(one["run_id"])
            if step.start_time is not None and step.end_time is not None
        ]
    steps.sort(key=lambda step: step[1])
    inside = sum(end - start for _, start, end in steps)
    before = steps[0][1] - ran.started_at
    after = ran.ended_at - steps[-1][2]
    show("  before the first stage", seconds(before), "—", "start, imports, code location")
    for key, start, end in steps:
        show(f"  {key}", seconds(end - start), "—", f"{(end - start) / ran.wall:.0%} of the wall")
    show("  between stages", seconds(ran.wall - before - after - inside), "—", "Dagster starting jobs and steps")
    show("  after the last stage", seconds(after), "—", "summary, leaving")


def _readings(home: Path) -> int:
    return sum(pq.read_metadata(path).num_rows for path in (home / "sample" / "readings").glob("*/*.parquet"))
