"""Running a command as a user would and measuring it from outside: wall time and memory of its process tree.

Linux only (/proc). What is run belongs to the callers.
"""

import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import ROOT

EVERY = 0.1  # seconds between two looks at the process tree
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Ran:
    """A finished command."""

    started_at: float  # seconds since the epoch
    wall: float  # seconds
    cpu: float  # seconds on all cores, its child processes included
    peak: int  # bytes: the tree's greatest sum of resident memory seen
    stdout: str

    @property
    def ended_at(self) -> float:
        return self.started_at + self.wall


def boi(home: Path, *arguments: str, entities: Path = ROOT / "entities", entity: str = "sample") -> Ran:
    """``boi …`` in a home of its own. Raises RuntimeError when it fails."""
    return run([str(Path(sys.executable).with_name("boi")), *arguments], home, entities, entity)


def python(home: Path, *arguments: str) -> Ran:
    """``python …`` in a home of its own. Raises RuntimeError when it fails."""
    return run([sys.executable, *arguments], home)


def environment(home: Path, entities: Path = ROOT / "entities", entity: str = "sample") -> dict[str, str]:
    """The variables of a command: this checkout's code, the home, and nothing of the caller's own settings."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("BOI_", "DAGSTER_"))}
    own = {"BOI_HOME": str(home), "BOI_ENTITIES": str(entities), "BOI_ENTITY": entity, "PYTHONPATH": str(ROOT)}
    return mine | own


def run(command: list[str], home: Path, entities: Path = ROOT / "entities", entity: str = "sample") -> Ran:
    """Run a command to its end and watch its memory. Raises RuntimeError with its last words when it fails."""
    started_at = time.time()
    started, spent = time.perf_counter(), _spent()
    child = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(home, entities, entity),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    peak = _Peak(child.pid)
    stdout, stderr = child.communicate()
    wall = time.perf_counter() - started
    peak.stop()
    if child.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {child.returncode}: {(stdout + stderr)[-1500:]}")
    return Ran(started_at, wall, _spent() - spent, peak.bytes, stdout)


def _spent() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


class _Peak:
    """Looks at a process tree from a thread until it is stopped."""

    def __init__(self, pid: int) -> None:
        self.bytes = 0
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(EVERY):
            self.bytes = max(self.bytes, sum(_memory(pid) for pid in _tree(self._pid)))


def _tree(root: int) -> list[int]:
    found = [root]
    for pid in found:  # grows while it is walked
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                found += [int(child) for child in children.read_text().split()]
            except OSError:
                continue  # ended meanwhile
    return found


def _memory(pid: int) -> int:
    try:
        resident = Path(f"/proc/{pid}/statm").read_text().split()[1]
    except (OSError, IndexError):
        return 0  # ended meanwhile
    return int(resident) * PAGE


@contextmanager
def serving(module: str, *arguments: str) -> Iterator[str]:
    """A server module of ours in a process of its own, which prints its port first: its address."""
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
        finally:
            server.terminate()
