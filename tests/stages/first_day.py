"""The mini entity's first day, run once for the whole suite: its home before each stage, at each boundary and at its end.

The tests that look at it, or go on from it, take copies. What a kill leaves on the disk is what is there at that instant,
so a copy at a boundary stands for a kill there.
"""

import fcntl
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scrapers import files
from tests.stages.drive import Place, in_child, run_stages
from tests.stages.mini import write_entity

RUN = "01M83PE302PBWZM6JM29P5WKM8"


@dataclass(frozen=True)
class FirstDay:
    """Folders nobody writes into; each ``mini`` below them is a home."""

    folder: Path

    @property
    def entities(self) -> Path:
        return self.folder / "entities"

    def before(self, stage: str) -> Path:
        """The home as it was before a stage."""
        return self.folder / "before" / stage

    @property
    def end(self) -> Path:
        return self.folder / "before" / "end"

    def at(self, stage: str, boundary: str) -> Path:
        """The home as a kill at that boundary leaves it; of one that repeats, as it is half way or later."""
        return self.folder / "at" / stage / boundary

    def copy(self, home: Path, folder: Path) -> Place:
        """One of these homes, to go on from; ``folder`` is what ``BOI_HOME`` is."""
        shutil.copytree(home, folder / "mini", symlinks=True)
        return Place(folder, self.entities)

    @property
    def passages(self) -> dict[str, list[str]]:
        """Stage → the boundaries it passed, each with its number, in their order."""
        found: dict[str, list[str]] = {}
        stage = ""
        for told in (self.folder / "trace").read_text().splitlines():
            if told.startswith("stage "):
                stage = told.removeprefix("stage ")
                found[stage] = []
            else:
                found[stage].append(told)
        return found


def first_day(folder: Path) -> FirstDay:
    """That day below ``folder``: made by the first of the suite's processes that asks, while the others wait."""
    day = FirstDay(folder)
    with _alone(folder):
        if not (folder / "made").exists():
            write_entity(day.entities)
            assert in_child(lambda: _run(day), {"BOI_FAULT_TRACE": str(folder / "trace")}) == 0
            (folder / "made").touch()
    return day


def _run(day: FirstDay) -> None:
    place = Place(day.folder / "home", day.entities)
    home = place.home / "mini"
    home.mkdir(parents=True)
    passed: Counter[str] = Counter()
    stage = ""

    def keep(name: str) -> None:
        nonlocal stage
        stage = name
        passed.clear()
        shutil.copytree(home, day.before(stage), symlinks=True)
        with open(day.folder / "trace", "a", encoding="utf-8") as log:
            log.write(f"stage {stage}\n")

    def at_boundary(boundary: str) -> None:
        passed[boundary] += 1
        if stage == "crawl" or passed[boundary].bit_count() > 1:  # of what repeats: the 1st, 2nd, 4th, 8th …
            return
        shutil.rmtree(day.at(stage, boundary), ignore_errors=True)
        shutil.copytree(home, day.at(stage, boundary), symlinks=True)

    _tell_boundaries(at_boundary)
    run_stages(place.new_run(run_id=RUN), before=keep)
    keep("end")


def _tell_boundaries(told: Callable[[str], None]) -> None:
    """Have ``told`` called at each fault point that this process passes from now on."""
    real = files.fault_point

    def fault_point(name: str) -> None:
        real(name)
        told(name)

    for module in list(sys.modules.values()):
        if vars(module).get("fault_point") is real:
            vars(module)["fault_point"] = fault_point


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
