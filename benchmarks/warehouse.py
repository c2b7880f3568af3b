"""The warehouse as it grows: models, checks and publication over made raw tables, against DuckDB alone and dbt-duckdb.

Each step is a process of its own, so that its memory is its own. All three build from a copy of one file that holds the
raw tables, with the same threads and the same limit of memory; what is timed against dbt is the whole process.
"""

import json
import math
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.figures import ROOT, seconds, show
from benchmarks.processes import Ran, python
from benchmarks.synthetic_warehouse import DAY, read_raw, write_raw
from boi_pipeline.settings import settings
from boi_pipeline.stages.run import Run

SIZES = (1_000, 10_000, 100_000)  # a thousand: the first months of a city
RUN_ID = "bench"
_NOTED = 0.01  # of the models' time: what takes less is not listed


@dataclass
class Figures:
    """What one size cost: step → the process, and for the steps over models, table → CPU seconds."""

    size: int
    ran: dict[str, Ran] = field(default_factory=dict)
    told: dict[str, dict[str, Any]] = field(default_factory=dict)


def measure_warehouse(folder: Path, most: int) -> None:
    """Show the figures up to ``most`` opportunities, and how each cost grows."""
    from benchmarks.dbt_peer import make_environment, run_dbt, write_dbt_project

    folder.mkdir(parents=True, exist_ok=True)
    dbt = make_environment(folder / "dbt")
    found: list[Figures] = []
    for size in (*(one for one in SIZES if one < most), most):
        place = folder / str(size)
        run = run_in(place)
        figures = Figures(size)
        print(f"{size:,} opportunities", flush=True)
        _step(figures, "make", place)
        _step(figures, "load", place)
        built = run.home.warehouse / f"boi.{RUN_ID}.duckdb"
        for peer in ("plain", "dbt"):
            shutil.copyfile(built, place / f"{peer}.duckdb")
        _step(figures, "plain", place)
        (place / "plain.duckdb").unlink()
        _step(figures, "models", place)
        _show_against_plain(figures)
        if isinstance(dbt, str):
            show("  against dbt-duckdb", "—", "—", dbt)
        else:
            write_dbt_project(run.project, run.vocabularies, place / "dbt", place / "dbt.duckdb")
            shutil.copyfile(place / "dbt.duckdb", place / "raw.duckdb")
            figures.ran["dbt"] = run_dbt(dbt, place / "dbt")
            _show_against_dbt(figures, "dbt", dbt.versions)
            shutil.move(place / "raw.duckdb", place / "dbt.duckdb")
            figures.ran["dbt build"] = run_dbt(dbt, place / "dbt", "build")
            _show_against_dbt(figures, "dbt build", "with our checks of the inner layers as its tests")
        (place / "dbt.duckdb").unlink()
        for step in ("gate", "publish"):
            _step(figures, step, place)
        found.append(figures)
        shutil.rmtree(place)
    _show_growth(found)


def run_in(place: Path) -> Run:
    """A run of the sample's entity with its home below ``place``, on the day the made tables are of."""
    given = {"BOI_HOME": str(place / "home"), "BOI_ENTITIES": str(ROOT / "entities"), "BOI_ENTITY": "sample"}
    told = settings(given)
    entity = told.entity()
    return Run(entity, told.home(), entity.at(DAY), RUN_ID, told.llm)


def _step(figures: Figures, step: str, place: Path) -> None:
    ran = python(place / "home", "-m", "benchmarks.warehouse", step, str(figures.size), str(place))
    figures.ran[step] = ran
    figures.told[step] = json.loads(ran.stdout.strip().splitlines()[-1])
    limit = "≤ 4 GiB" if step in ("gate", "publish") else "—"
    if step in ("gate", "publish"):
        limit += " kept" if ran.peak <= 4 << 30 else " MISSED"
    told = " ".join(f"{name} {value}" for name, value in figures.told[step].items() if isinstance(value, int | str))
    show(f"  {step}", seconds(ran.wall), limit, f"{ran.cpu:.1f} CPU s, {ran.peak >> 20} MiB {told}")


def _show_against_plain(figures: Figures) -> None:
    ours, plain = figures.told["models"], figures.told["plain"]
    for unit in ("wall", "cpu"):
        ratio = plain[unit] / ours[unit]
        kept = "kept" if ratio >= 0.8 else "MISSED"
        show(
            f"  speed of the same SQL in DuckDB alone, {unit}",
            f"{ratio:.2f} x",
            f"≥ 0.8 x {kept}",
            f"{plain[unit]:.1f} s",
        )


def _show_against_dbt(figures: Figures, step: str, what: str) -> None:
    ours, dbt = figures.ran["models"], figures.ran[step]
    least = 3 if figures.size <= 10_000 else 1
    for unit in ("wall", "cpu"):
        ratio = getattr(dbt, unit) / getattr(ours, unit)
        kept = "kept" if ratio >= least else "MISSED"
        told = f"{getattr(dbt, unit):.1f} s, {dbt.peak >> 20} MiB; {what}"
        show(f"  against dbt-duckdb, {step}, whole process, {unit}", f"{ratio:.2f} x", f"≥ {least} x {kept}", told)


def _show_growth(found: list[Figures]) -> None:
    """Each stage's and each dear model's CPU seconds at every size, and the exponent between the last two."""
    if len(found) < 2:
        return
    print("CPU seconds as the number of opportunities grows; exponent 1 is in proportion")
    stages = {
        step: [one.ran[step].cpu for one in found] for step in found[-1].ran if all(step in one.ran for one in found)
    }
    sizes = [one.size for one in found]
    for name, values in stages.items():
        _show_row(f"  {name}", sizes, values)
    models = [one.told["models"]["of_model"] for one in found]
    whole = sum(models[-1].values())
    for table, last in sorted(models[-1].items(), key=lambda item: -item[1]):
        if last >= _NOTED * whole:
            _show_row(f"    {table}", sizes, [of[table] for of in models])


def _show_row(name: str, sizes: list[int], values: list[float]) -> None:
    growth = math.log(max(values[-1], 1e-3) / max(values[-2], 1e-3)) / math.log(sizes[-1] / sizes[-2])
    show(name, f"exponent {growth:.2f}", "—", " · ".join(f"{value:.2f}" for value in values))


# ---------------------------------------------------------------- the steps, each in a process of its own


def make(run: Run, size: int, place: Path) -> dict[str, Any]:
    """Write the raw tables as Parquet."""
    write_raw(run.entity, size, place / "raw")
    return {"MiB": sum(path.stat().st_size for path in (place / "raw").iterdir() if path.is_file()) >> 20}


def load(run: Run, size: int, place: Path) -> dict[str, Any]:
    """Take the raw tables into the warehouse, as they come."""
    from boi_pipeline.warehouse.build import Build

    with Build(run.project, run.home.warehouse, run.run_id, run.vocabularies) as warehouse:
        warehouse.load(read_raw(place / "raw"))
    return {}


def models(run: Run, size: int, place: Path) -> dict[str, Any]:
    """Build all models, with the checks of the inner layers."""
    from boi_pipeline.warehouse.build import Build

    with Build(run.project, run.home.warehouse, run.run_id, run.vocabularies) as warehouse:
        built, of_model = _timed(warehouse.run({}), lambda result: result.model.table)
    if stopped := [result.stops for result in built if result.stops]:
        raise RuntimeError(f"not built: {stopped}")
    return {**_sums(of_model), "rows": sum(result.row_count for result in built)}


def plain(run: Run, size: int, place: Path) -> dict[str, Any]:
    """The same SELECTs in the same order, with nothing around them."""
    from boi_pipeline.warehouse.engine import connect

    def create() -> Iterator[str]:
        for model in run.project.models:
            connection.execute(f"create table {model.table} as {model.sql}")
            yield model.table

    with connect(place / "plain.duckdb") as connection:
        for layer in ("staging", "intermediate", "marts"):
            connection.execute(f"create schema {layer}")
        _, of_model = _timed(create(), str)
    return _sums(of_model)


def gate(run: Run, size: int, place: Path) -> dict[str, Any]:
    """Check the marts."""
    from boi_pipeline.stages.tables import check

    result = check(run)
    if not result.passed:
        raise RuntimeError(f"stopped at the gate: {result.reasons}")
    failed = sum(found.failed_count for found in result.results)
    return {"checks": len(result.results), "failing": failed, "quarantined": result.quarantined_count}


def publish(run: Run, size: int, place: Path) -> dict[str, Any]:
    """Write the published set, in every format."""
    from boi_pipeline.stages.tables import publish_set

    done = publish_set(run)
    files = [path for path in done.folder.rglob("*") if path.is_file()]
    return {"files": len(files), "MiB": sum(path.stat().st_size for path in files) >> 20}


def _timed(work: Iterator[Any], named: Callable[[Any], str]) -> tuple[list[Any], dict[str, tuple[float, float]]]:
    """What an iterator gives, and by its name the wall and CPU seconds until it came."""
    results, of = [], {}
    wall, cpu = time.perf_counter(), time.process_time()
    for result in work:
        now, spent = time.perf_counter(), time.process_time()
        of[named(result)] = (now - wall, spent - cpu)
        results.append(result)
        wall, cpu = time.perf_counter(), time.process_time()
    return results, of


def _sums(of_model: Mapping[str, tuple[float, float]]) -> dict[str, Any]:
    return {
        "wall": sum(wall for wall, _ in of_model.values()),
        "cpu": sum(cpu for _, cpu in of_model.values()),
        "of_model": {table: cpu for table, (_, cpu) in of_model.items()},
    }


STEPS: Mapping[str, Callable[[Run, int, Path], dict[str, Any]]] = {
    step.__name__: step for step in (make, load, models, plain, gate, publish)
}


if __name__ == "__main__":
    print(json.dumps(STEPS[sys.argv[1]](run_in(Path(sys.argv[3])), int(sys.argv[2]), Path(sys.argv[3]))))
