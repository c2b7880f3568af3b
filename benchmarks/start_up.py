"""How long a person waits before anything happens: ``boi --help``, and the code location that Dagster's UI loads."""

from pathlib import Path

from benchmarks.figures import at_most, median, seconds, show, spread
from benchmarks.processes import Ran, boi, python

HELP_LIMIT, LOCATION_LIMIT = 0.4, 6.0  # seconds
LOAD = "from boi_pipeline.definitions import defs; defs().get_repository_def()"


def measure_start(home: Path) -> None:
    """Print the medians of fresh processes; each is started once before, so that files are in the page cache."""
    boi(home, "--help")
    _show("boi --help", HELP_LIMIT, [boi(home, "--help") for _ in range(5)])
    bare = median([python(home, "-c", "import dagster").cpu for _ in range(3)])
    loads = [python(home, "-c", LOAD) for _ in range(3)]
    _show("loading the code location", LOCATION_LIMIT, loads)
    ratio = median([load.cpu for load in loads]) / bare
    show("  CPU against importing Dagster alone", f"{ratio:.1f} x", "—", f"import dagster: {seconds(bare)}")


def _show(name: str, limit: float, runs: list[Ran]) -> None:
    wall = median([one.wall for one in runs])
    show(f"{name}: wall", seconds(wall), at_most(limit, wall), spread([one.wall for one in runs]))
    show(f"{name}: CPU", seconds(median([one.cpu for one in runs])))
