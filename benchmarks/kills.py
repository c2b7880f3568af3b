"""Killed at a random instant, the next run ends as one that nobody disturbed: tried N times.

The mini entity's line as functions in a forked child, killed from outside with its whole process group (the crawl
too). Kills at each write boundary, one by one, are tests/stages/test_faults.py.
"""

import os
import random
import signal
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.figures import seconds, show
from boi_pipeline.warehouse.expectations import Expectations
from tests.stages.drive import Place, in_child, outputs, run_stages, tree_hash
from tests.stages.mini import write_entity

OF_THE_CRAWL = ("crawl_id", "capture_id", "set_id")  # say which crawl it was, not what it found


def tables_of(home: Path) -> dict[str, list[dict[str, object]]]:
    """The rows of every published table, without the columns that say which crawl it was."""
    current = home / "published" / "current"
    return {
        str(path.relative_to(current)): [
            {name: value for name, value in row.items() if name not in OF_THE_CRAWL}
            for row in pq.read_table(path).to_pylist()
        ]
        for path in sorted(current.rglob("*.parquet"))
    }


def measure_kills(folder: Path, count: int, seed: int) -> None:
    """Print how many of ``count`` runs were killed before their end, and how many ended equal when run again.

    Equal is: the site byte for byte, the published tables row for row without the columns that name the crawl
    (``OF_THE_CRAWL``): a crawl that was made again has another id. Whole bytes are counted beside it.
    """
    entities = folder / "entities"
    write_entity(entities)
    Expectations()  # imported here once; the forked children have it
    calm = Place(folder / "calm", entities)
    started = time.perf_counter()
    if in_child(lambda: run_stages(calm.new_run())):
        raise RuntimeError("the undisturbed run of the mini entity failed; its trace is above")
    length = time.perf_counter() - started
    chance = random.Random(seed)
    killed = same_bytes = 0
    unequal = []
    for number in range(count):
        place = Place(folder / f"home-{number}", entities)
        instant = chance.uniform(0, length)
        killed += _killed(lambda place=place: run_stages(place.new_run()), instant)
        failed = in_child(lambda place=place: run_stages(place.new_run()))
        different = ["the next run failed"] if failed else _different(calm.home / "mini", place.home / "mini")
        same_bytes += not failed and outputs(calm.home / "mini") == outputs(place.home / "mini")
        if different:
            unequal.append(f"{seconds(instant)}: {', '.join(different)}")
    show("random kills", str(count), "—", f"seed {seed}, over the {seconds(length)} of an undisturbed run")
    show("  killed before their end", str(killed), "—", f"{count - killed} had ended already")
    verdict = f"{count} {'MISSED' if unequal else 'kept'}"
    show("  run again, equal to an undisturbed run", str(count - len(unequal)), verdict, "all but the crawl's own ids")
    show("    of them in every byte", str(same_bytes), "—", "ids of a crawl in another home are others")
    for told in unequal:
        show("    not equal, killed after", told)


def _different(calm: Path, other: Path) -> list[str]:
    """What of the public outputs of two homes is not the same."""
    ours, theirs = tables_of(calm), tables_of(other)
    found = [name for name in sorted(ours.keys() | theirs.keys()) if ours.get(name) != theirs.get(name)]
    return found + ([] if tree_hash(calm / "site") == tree_hash(other / "site") else ["site"])


def _killed(work: Callable[[], None], instant: float) -> bool:
    """Run ``work`` in a forked process group and kill the group after ``instant`` seconds; whether that ended it."""
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        status = 1
        try:
            work()
            status = 0
        finally:
            if status:
                traceback.print_exc()
            os._exit(status)
    time.sleep(instant)
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        pass  # so early that the child has no group of its own yet
    finally:
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
