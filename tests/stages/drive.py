"""Runs the whole pipeline as functions, in a forked child, so that it can be killed anywhere without paying for imports."""

import gc
import hashlib
import os
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from ulid import ULID

from boi_pipeline.settings import settings
from boi_pipeline.stages import crawling, editing, matches, tables
from boi_pipeline.stages.run import Run, read

REVISION = tables.code_revision()


@dataclass(frozen=True)
class Place:
    """Where a test's pipeline runs."""

    home: Path
    entities: Path
    entity: str = "mini"

    def new_run(self, day: date = date(2026, 11, 23), run_id: str | None = None) -> Run:
        found = settings({"BOI_HOME": str(self.home), "BOI_ENTITIES": str(self.entities), "BOI_ENTITY": self.entity})
        loaded = found.entity()
        return Run(loaded, found.home(), loaded.at(day), run_id or str(ULID()), found.llm)


def _crawl(run: Run) -> None:
    list(crawling.crawl(run, None))


def _build(run: Run) -> None:
    _stop_if_broken(run, {model.table for model in run.project.models})


def _rebuild(run: Run) -> None:
    _stop_if_broken(run, tables.decision_models(run.project))


def _stop_if_broken(run: Run, select: set[str]) -> None:
    if stopped := [result.stops for result in tables.build(run, select) if result.stops]:
        raise RuntimeError(f"not built: {stopped}")


def _check(run: Run) -> None:
    if not (gate := tables.check(run)).passed:
        raise RuntimeError(f"stopped at the gate: {gate.reasons}")


STAGES: list[tuple[str, Callable[[Run], object]]] = [
    ("crawl", _crawl),
    ("read", read),
    ("match", matches.match),
    ("build", _build),
    ("check", _check),
    ("publish", tables.publish_set),
    ("decide", editing.take_decisions),
    ("close", editing.close_edition),
    ("rebuild", _rebuild),
    ("recheck", _check),
    ("republish", tables.publish_set),
    ("render", editing.render_bulletin),
    ("post", editing.render_outbox),
]
"""What the jobs ``collect`` and ``publish`` do, in their order."""


def run_stages(run: Run, first: str = "crawl", last: str = "post", before: Callable[[str], None] | None = None):
    """Run the stages from ``first`` to ``last``; ``before`` is told each. Raises RuntimeError where one says stop."""
    run.hold("test")
    names = [name for name, _ in STAGES]
    for name, stage in STAGES[names.index(first) : names.index(last) + 1]:
        if before:
            before(name)
        stage(run)


def run_to_the_end(run: Run) -> None:
    """The whole pipeline without the gate and the set between its two jobs, for what is asked of the end alone."""
    run_stages(run, last="build")
    tables.keep_build(run)
    run_stages(run, first="decide")


@cache
def warm() -> None:
    """Import and load once what every run needs, so that forks of this process have it."""
    import tests.preload  # noqa: F401


def in_child(work: Callable[[], object], environment: dict[str, str] | None = None) -> int:
    """Run ``work`` in a forked child with variables added to its environment; its exit status, negative for a signal."""
    warm()
    gc.disable()
    child = os.fork()
    if not child:
        gc.freeze()  # what this process holds is not taken apart in the fork, which lacks the threads it was made with
    gc.enable()
    if not child:
        os.environ.update(environment or {})
        tables.code_revision = lambda: REVISION  # what is published tells it; a commit while tests run changes nothing
        status = 1
        try:
            work()
            status = 0
        except BaseException:  # noqa: BLE001 whatever it was, pytest must not go on in the child
            traceback.print_exc()
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def tree_hash(folder: Path) -> dict[str, str]:
    """Path → sha256 of every file below a folder, symlinks followed."""
    found = {}
    for path in sorted(Path(root) / name for root, _, names in os.walk(folder, followlinks=True) for name in names):
        found[str(path.relative_to(folder))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def outputs(home: Path) -> dict[str, str]:
    """The hashes of all that people see of an entity's home: the current set, the stable Power BI folder, site, outbox."""
    folders = {"current": home / "published/current", "powerbi": home / "published/powerbi"}
    folders |= {name: home / name for name in ("site", "outbox")}
    return {f"{name}/{path}": hash_ for name, folder in folders.items() for path, hash_ in tree_hash(folder).items()}
