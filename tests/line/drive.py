"""Runs the whole line as functions, in a forked child, so that it can be killed anywhere without paying for imports."""

import hashlib
import os
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ulid import ULID

from boi_pipeline import line as stages
from boi_pipeline.entity import settings
from boi_pipeline.line import Line


@dataclass(frozen=True)
class Place:
    """Where a test's line runs."""

    home: Path
    entities: Path
    entity: str = "mini"

    def line(self, day: date = date(2026, 11, 23)) -> Line:
        found = settings({"BOI_HOME": str(self.home), "BOI_ENTITIES": str(self.entities), "BOI_ENTITY": self.entity})
        loaded = found.entity()
        return Line(loaded, found.home(), loaded.at(day), str(ULID()))


def run_all(line: Line) -> None:
    """What the jobs ``collect`` and ``publish`` do, stage by stage. Raises RuntimeError where a stage says stop."""
    line.hold("test")
    list(stages.crawl(line, None))
    stages.read(line)
    stages.match(line)
    everything = {model.table for model in line.project.models}
    _build_and_publish(line, everything, fresh=True)
    stages.take_decisions(line)
    stages.close_edition(line)
    _build_and_publish(line, stages.decision_models(line.project), fresh=False)
    stages.render_bulletin(line)


def _build_and_publish(line: Line, select: set[str], *, fresh: bool) -> None:
    stopped = [result.stops for result in stages.build(line, select, fresh=fresh) if result.stops]
    if stopped:
        raise RuntimeError(f"not built: {stopped}")
    gate = stages.check(line)
    if not gate.passed:
        raise RuntimeError(f"stopped at the gate: {gate.reasons}")
    stages.publish_set(line)


def in_child(work: Callable[[], None], environment: dict[str, str] | None = None) -> int:
    """Run ``work`` in a forked child with variables added to its environment; its exit status, negative for a signal."""
    child = os.fork()
    if child == 0:
        os.environ.update(environment or {})
        status = 1
        try:
            work()
            status = 0
        finally:
            if status:
                traceback.print_exc()
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def tree_hash(folder: Path) -> dict[str, str]:
    """Path → sha256 of every file below a folder, symlinks followed."""
    found = {}
    for path in sorted(Path(root) / name for root, _, names in os.walk(folder, followlinks=True) for name in names):
        found[str(path.relative_to(folder))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def outputs(place: Place) -> dict[str, str]:
    """The hashes of all that is public: the current set, the stable Power BI folder, the site."""
    home = place.line().home
    return {
        **{f"current/{name}": value for name, value in tree_hash(home.published / "current").items()},
        **{f"powerbi/{name}": value for name, value in tree_hash(home.published / "powerbi").items()},
        **{f"site/{name}": value for name, value in tree_hash(home.site).items()},
    }
