"""Matching as it grows: wall, memory and pair recall over made announcements, against Splink; and what a day adds.

Each run is a process of its own, so that its memory is its own. Splink goes by the steps of its own tutorial
(``splink_peer``), over the columns that say the same.
"""

import json
import pickle
import resource
import shutil
import subprocess
import sys
import time
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.figures import ROOT, seconds, show
from benchmarks.splink_peer import MERGE
from benchmarks.synthetic_calls import announcements
from boi_pipeline.matching.groups import MatchRules
from boi_pipeline.matching.items import MatchItem
from boi_pipeline.matching.match import MatchResult, match_on
from boi_pipeline.matching.neighbours import TABLES, Embedding, Vectors, renew
from boi_pipeline.matching.workbench import Workbench
from boi_pipeline.reading.offline.embedding import DIMENSIONS
from boi_pipeline.stages.readings import processes

SIZES = (10_000, 100_000)
DAY = 200
_COLUMNS = {
    "item_id": pa.string(),
    "title": pa.string(),
    "funder_name": pa.string(),
    "close_date": pa.date32(),
    "amount": pa.float64(),
    "apply_url": pa.string(),
    "opportunity_number": pa.string(),
}


def measure_matching(folder: Path, most: int) -> None:
    """Show the figures up to ``most`` announcements (at least 10,000)."""
    folder.mkdir(parents=True, exist_ok=True)
    before: dict[str, Any] | None = None
    for size in (*(one for one in SIZES if one < most), most):
        call = _write(size, folder / f"{size}.items")
        ours = _run("-m", "benchmarks.matching", str(size), str(folder))
        ours |= _quality(json.loads((folder / f"{size}.joined.json").read_text()), call)
        level = _quality(json.loads((folder / f"{size}.level.json").read_text()), call)
        theirs = _splink(size, folder, call)
        told = f"{ours['pairs']:,} pairs compared, {_cost(ours)}"
        show(f"matching {size:,} announcements", seconds(ours["seconds"]), "—", told)
        if before:
            times = ours["seconds"] / before["seconds"] / (size / before["size"])
            show("  growth, against linear", f"{times:.2f} ×", "near 1 ×", f"from {before['size']:,}")
        show(
            "  precision and recall of pairs",
            f"{ours['precision']:.3f} {ours['recall']:.3f}",
            "not worse",
            _told(theirs),
        )
        show(
            f"  the same, joined from {MERGE} as Splink",
            f"{level['precision']:.3f} {level['recall']:.3f}",
            "not worse",
            _told(theirs),
        )
        if theirs:
            show(
                "  against Splink",
                f"{ours['seconds'] / theirs['seconds']:.2f} ×",
                "≤ 1 ×",
                f"{seconds(theirs['seconds'])}, {_cost(theirs)}; CPU {ours['cpu'] / theirs['cpu']:.2f} ×",
            )
        day = ours["day"]
        show(
            f"  a day of {DAY} more",
            seconds(day["seconds"]),
            "a small part",
            f"{100 * day['seconds'] / ours['seconds']:.0f} % of the whole, {day['pairs']:,} pairs compared, "
            f"CPU {seconds(day['cpu'])}; of it {seconds(day['handing_in'])} to read the announcements handed in",
        )
        before = {**ours, "size": size}
        if size == SIZES[0]:
            _show_neighbours(size)  # in proportion to the square: seven minutes at 100,000


def _show_neighbours(size: int) -> None:
    """What the search among made openings costs; making their vectors, a model's work, is not in it."""
    found = _run("-m", "benchmarks.matching", "neighbours", str(size))
    for name, told in found.items():
        show(f"  nearest in another language: {name}", seconds(told["seconds"]), "—", _cost(told))


def _cost(run: dict[str, Any]) -> str:
    return f"CPU {seconds(run['cpu'])}, {run['peak_mib']} MiB"


def _told(theirs: dict[str, Any] | None) -> str:
    return f"Splink {theirs['precision']:.3f} {theirs['recall']:.3f}" if theirs else "Splink is not installed"


def _splink(size: int, folder: Path, call: dict[str, int]) -> dict[str, Any] | None:
    if find_spec("splink") is None:
        return None
    source, target = folder / f"{size}.parquet", folder / f"{size}.clusters.parquet"
    rows = _read(folder / f"{size}.items", size)
    with pq.ParquetWriter(source, pa.schema(list(_COLUMNS.items()))) as writer:
        while batch := list(islice(rows, 50_000)):
            made = [
                {name: getattr(item, name, None) for name in _COLUMNS} | {"amount": next(iter(item.amounts), None)}
                for item in batch
            ]
            writer.write_table(pa.Table.from_pylist(made, writer.schema))
    told = _run(str(Path(__file__).parent / "splink_peer.py"), str(source), str(target))
    groups: dict[str, list[str]] = defaultdict(list)
    for row in pq.read_table(target).to_pylist():
        groups[row["cluster_id"]].append(row["item_id"])
    return {**told, **_quality(groups.values(), call)}


def _run(*arguments: str) -> dict[str, Any]:
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def _quality(clusters: Iterable[Sequence[str]], call: dict[str, int]) -> dict[str, float]:
    """Precision and recall of pairs, counted group by group."""
    truth: dict[int, int] = defaultdict(int)
    joined = right = 0
    for items in clusters:
        for item in items:
            truth[call[item]] += 1
        inside: dict[int, int] = defaultdict(int)
        for item in items:
            inside[call[item]] += 1
        joined += len(items) * (len(items) - 1) // 2
        right += sum(many * (many - 1) // 2 for many in inside.values())
    same = sum(many * (many - 1) // 2 for many in truth.values())
    return {"precision": right / max(1, joined), "recall": right / max(1, same)}


def _write(size: int, path: Path) -> dict[str, int]:
    """Keep the announcements of a size and a day's more, in batches; each one's call."""
    call: dict[str, int] = {}
    rows = announcements(size + DAY, field=size)
    with path.open("wb") as file:
        while batch := list(islice(rows, 5_000)):
            call.update({item.item_id: number for item, number in batch})
            pickle.dump([item for item, _ in batch], file)
    return call


def _read(path: Path, count: int) -> Iterator[MatchItem]:
    with path.open("rb") as file:
        while count > 0:
            batch = pickle.load(file)[:count]
            count -= len(batch)
            yield from batch


def _child(size: int, folder: Path) -> None:
    """Match ``size`` announcements over an empty workbench, then a day with more; print the figures as JSON."""
    import pandas  # noqa: F401  # pyarrow takes it along; Splink's clock, too, starts once it is there

    kept, path = folder / f"{size}.items", folder / f"{size}.duckdb"
    path.unlink(missing_ok=True)
    whole, result = _match(path, _read(kept, size))
    with (folder / f"{size}.joined.json").open("w") as file:
        json.dump([cluster.item_ids for cluster in result.clusters], file)
    del result
    kept_bench = shutil.copy(path, folder / f"{size}.level.duckdb")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    day, _ = _match(path, _read(kept, size + DAY))
    started = _cpu()
    deque(_read(kept, size + DAY), maxlen=0)
    day["handing_in"] = _cpu() - started
    with Workbench(kept_bench) as bench, (folder / f"{size}.level.json").open("w") as file:
        json.dump([cluster.item_ids for cluster in match_on(bench, rules=MatchRules(join_from=MERGE)).clusters], file)
    print(json.dumps({**whole, "day": day, "peak_mib": peak}))


def _neighbours(size: int) -> None:
    """Find the nearest openings of ``size`` and then of a day's more, with drawn vectors; print the figures as JSON."""
    drawn, alike = np.random.default_rng(7), 0.76  # the cosine e5 gives to two texts of calls

    def unit() -> npt.NDArray[np.float64]:
        vector = drawn.standard_normal(DIMENSIONS)
        return vector / np.linalg.norm(vector)

    common = unit()

    def embed(_: str) -> npt.NDArray[np.float64]:
        vector = np.sqrt(alike) * common + np.sqrt(1 - alike) * unit()
        return vector / np.linalg.norm(vector)

    told = {}
    with duckdb.connect() as connection, Vectors(Embedding("drawn", embed)) as vectors:
        connection.execute(f"{TABLES}; create table facts (n integer)")
        for name, first, last in ((f"{size:,}", 0, size), (f"{DAY} more", size, size + DAY)):
            vectors.know(dict.fromkeys(range(first, last), ""))
            numbers = f"from range({first}, {last}) t(i)"
            connection.execute(f"insert into facts select i {numbers}")
            connection.execute(f"insert into openings select i, i, ['de', 'en', 'es', 'fr'][i % 4 + 1] {numbers}")
            started, worked = time.perf_counter(), _cpu()
            renew(connection, vectors, first)
            told[name] = {
                "seconds": time.perf_counter() - started,
                "cpu": _cpu() - worked,
                "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
    print(json.dumps(told))


def _match(path: Path, items: Iterator[MatchItem]) -> tuple[dict[str, float], MatchResult]:
    started, worked = time.perf_counter(), _cpu()
    with Workbench(path) as bench:
        bench.load(items, partial(processes, spared=1))  # this one works too
        result = match_on(bench)
    took = {"seconds": time.perf_counter() - started, "cpu": _cpu() - worked}
    return {**took, "pairs": result.compared_count}, result


def _cpu() -> float:
    """CPU seconds of this process and of those it has waited for."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


if __name__ == "__main__":
    if sys.argv[1] == "neighbours":
        _neighbours(int(sys.argv[2]))
    else:
        _child(int(sys.argv[1]), Path(sys.argv[2]))
