"""What checking the marts with Great Expectations costs, against the same checks as SQL in DuckDB."""

import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.figures import ROOT, median, seconds, show
from benchmarks.processes import python
from boi_pipeline.settings import settings
from boi_pipeline.stages.run import load_models
from boi_pipeline.warehouse.build import CURRENT
from boi_pipeline.warehouse.checks import CheckResult, run_check
from boi_pipeline.warehouse.engine import connect
from boi_pipeline.warehouse.expectations import Expectations

TIMES = 3


def measure_expectations(home: Path) -> None:
    """Print each mart both ways on the warehouse in a home, and the import that only one of them needs."""
    entity = settings({"BOI_HOME": str(home), "BOI_ENTITIES": str(ROOT / "entities"), "BOI_ENTITY": "sample"}).entity()
    vocabularies = {name: frozenset(vocabulary.terms) for name, vocabulary in entity.vocabularies.items()}
    marts = [model for model in load_models(entity).models if model.layer == "marts" and model.checks]
    both = [0.0, 0.0]
    same = checked = 0
    expectations = Expectations()
    with connect(home / "sample" / "warehouse" / CURRENT) as connection:
        for model in marts:
            own = [check for check in model.checks if check.kind != "max_rise"]  # that one looks at published sets
            ge, ge_found = _timed(lambda m=model: list(expectations.run(connection, m, vocabularies, None)))
            sql, sql_found = _timed(
                lambda m=model, of=own: [run_check(connection, check, m, vocabularies, None) for check in of]
            )
            show(f"  {model.name}", seconds(ge), "—", f"{ge / sql:.1f} x the SQL; {len(model.checks)} checks")
            both = [both[0] + ge, both[1] + sql]
            counted = {result.check.name: result.failed_count for result in ge_found}
            same += sum(counted[result.check.name] == result.failed_count for result in sql_found)
            checked += len(own)
    show("checks of all marts: Great Expectations", seconds(both[0]), "—", f"as SQL: {seconds(both[1])}")
    show("  against SQL", f"{both[0] / both[1]:.1f} x", "—", f"{same} of {checked} checks count the same failed rows")
    bare = python(home, "-c", "pass").wall
    imported = python(home, "-c", "import os, great_expectations; os._exit(0)").wall - bare
    show("  importing Great Expectations", seconds(imported), "—", "once a run, while the crawl waits for the web")


def _timed(work: Callable[[], list[CheckResult]]) -> tuple[float, list[CheckResult]]:
    times = []
    found: list[CheckResult] = []
    for _ in range(TIMES):
        started = time.perf_counter()
        found = work()
        times.append(time.perf_counter() - started)
    return median(times), found
