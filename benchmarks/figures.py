"""One printed line a figure: ``name  value  limit  against``. What is measured is the other modules'."""

import os
import statistics
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def show(name: str, value: str, limit: str = "—", against: str = "—") -> None:
    """Print one figure. ``limit`` is what it may be; ``against`` what it is compared with."""
    print(f"{name:<52} {value:>14}  {limit:<18} {against}", flush=True)


def seconds(value: float) -> str:
    """``12.34 s``, or ``5.6 ms`` below a tenth of a second."""
    return f"{value:.2f} s" if value >= 0.1 else f"{value * 1000:.1f} ms"


def at_most(limit: float, value: float) -> str:
    """A limit in seconds, and whether it was kept."""
    return f"≤ {limit:g} s {'kept' if value <= limit else 'MISSED'}"


def spread(values: list[float]) -> str:
    """The range of repeated times in seconds, for the last column of a median."""
    return f"{len(values)} times, {seconds(min(values))} to {seconds(max(values))}"


def median(values: list[float]) -> float:
    return statistics.median(values)


def heading() -> None:
    """Where and when: cores, Python, revision, and the load others put on the machine."""
    told = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    revision = told.stdout.strip() or "no git revision"
    python = ".".join(map(str, sys.version_info[:3]))
    print(
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {len(os.sched_getaffinity(0))} cores · Python {python} · {revision}"
    )
    show("figure", "value", "limit", "against")
    load()


def load() -> None:
    """The load average of the last minute: above the number of cores, times are longer than the code's own."""
    show("load of the last minute", f"{os.getloadavg()[0]:.2f}", "—", "what runs beside a benchmark slows it")
