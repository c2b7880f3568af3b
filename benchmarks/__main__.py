"""``python -m benchmarks [PART …] [--kills N] [--seed S]``: measure in temporary homes, print, exit 0."""

import argparse
import random
import tempfile
from importlib.util import find_spec
from pathlib import Path

from benchmarks.achieved import DAYS, measure_achieved
from benchmarks.crawl import measure_crawl
from benchmarks.dagster_cost import measure_event_log, measure_overhead
from benchmarks.expectations_cost import measure_expectations
from benchmarks.figures import heading, load, show
from benchmarks.kills import measure_kills
from benchmarks.matching import measure_matching
from benchmarks.reading import measure_reading
from benchmarks.sample_run import measure_runs
from benchmarks.site import measure_site
from benchmarks.start_up import measure_start
from benchmarks.throughput import measure_throughput
from benchmarks.warehouse import measure_warehouse

PARTS = (
    "start",
    "run",
    "events",
    "throughput",
    "reading",
    "matching",
    "public_sets",
    "warehouse",
    "achieved",
    "site",
    "crawl",
    "kills",
)


def main() -> None:
    """Run the parts asked for, all by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"some of: {', '.join(PARTS)}; default all")
    parser.add_argument("--kills", type=int, default=10, metavar="N", help="random kills; default 10")
    parser.add_argument("--seed", type=int, default=None, help="of the kills' instants; default a new one, printed")
    parser.add_argument(
        "--notices", type=int, default=10_000, metavar="N", help="of the LLM reader's memory; default 10,000"
    )
    parser.add_argument(
        "--abt-buy", type=Path, metavar="FOLDER", help="with Abt.csv, Buy.csv and abt_buy_perfectMapping.csv"
    )
    parser.add_argument(
        "--announcements", type=int, default=100_000, metavar="N", help="of matching, at most; default 100,000"
    )
    parser.add_argument(
        "--opportunities", type=int, default=100_000, metavar="N", help="of the warehouse, at most; default 100,000"
    )
    parser.add_argument(
        "--days",
        type=int,
        default=DAYS,
        metavar="N",
        help=f"of impressions of 1,300 calls on six channels; default {DAYS}",
    )
    asked = parser.parse_args()
    if unknown := sorted(set(asked.parts) - set(PARTS)):
        parser.error(f"{unknown[0]}: expected some of {', '.join(PARTS)}")
    parts = asked.parts or PARTS
    heading()
    with tempfile.TemporaryDirectory(prefix="boi-bench-") as name:
        folder = Path(name)
        if "start" in parts:
            measure_start(folder / "start")
        if "run" in parts:
            runs = measure_runs(folder / "run")
            measure_overhead(folder / "functions", runs)
            measure_expectations(runs.home)
        if "events" in parts:
            measure_event_log()
        if "throughput" in parts:
            measure_throughput(folder / "throughput")
        if "reading" in parts:
            measure_reading(folder / "reading", asked.notices)
        if "public_sets" in parts:
            _measure_public_sets(asked.abt_buy)
        if "matching" in parts:
            measure_matching(folder / "matching", asked.announcements)
        if "warehouse" in parts:
            measure_warehouse(folder / "warehouse", asked.opportunities)
        if "achieved" in parts:
            measure_achieved(folder / "achieved", asked.days)
        if "site" in parts:
            measure_site(folder / "site")
        if "crawl" in parts:
            measure_crawl(folder / "crawl")
        if "kills" in parts:
            measure_kills(folder / "kills", asked.kills, random.randrange(10**6) if asked.seed is None else asked.seed)
    load()


def _measure_public_sets(leipzig: Path | None) -> None:
    if any(find_spec(name) is None for name in ("lightgbm", "rapidfuzz", "splink")):
        show("pairs of public sets", "—", "—", "not measured: the group `models` is not installed")
        return
    from benchmarks.public_scorers import measure_public_sets

    measure_public_sets(leipzig)


if __name__ == "__main__":
    main()
