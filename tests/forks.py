"""Processes forked from one that has the slow imports, and has done nothing else: no threads, no open files, no state.

Scrapy is a CPU second, Dagster, pandas and Great Expectations are ten; hundreds of tests start a crawl or ``boi``.
What runs in them is what runs as ``python -m …``; only the start is quicker. In a fork of the test process, which has
these imports too, they are forks of that fork.
"""

import multiprocessing
import os
import sys
from collections.abc import Callable
from multiprocessing.context import ForkProcess, ForkServerProcess
from multiprocessing.reduction import DupFd
from typing import Any

from boi_pipeline.settings import ROOT

Forked = ForkServerProcess | ForkProcess
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.preload"])
_OWNER = os.getpid()  # the test process: only it can ask its server for forks


def forked(
    work: Callable[[], object],
    descriptors: dict[int, int],
    environment: dict[str, str],
    inherited: tuple[int, ...] = (),
    mine: tuple[int, ...] = (),
) -> Forked:
    """Start ``work`` (a function of a module) with these descriptors under these numbers and that environment alone.

    ``inherited`` stay open in it under any number; ``mine`` are the caller's own ends of pipes, which it must not hold.
    """
    process: Forked
    if os.getpid() == _OWNER:
        sent = {number: DupFd(descriptor) for number, descriptor in descriptors.items()}
        process = _FORKS.Process(target=_sent, args=(work, sent, [DupFd(fd) for fd in inherited], environment))
    else:
        process = multiprocessing.get_context("fork").Process(
            target=_forked, args=(work, descriptors, mine, environment)
        )
    process.start()
    return process


def _sent(work: Callable[[], object], given: dict[int, Any], inherited: list[Any], environment: dict[str, str]) -> None:
    for one in inherited:
        one.detach()
    _child(work, {number: one.detach() for number, one in given.items()}, environment)


def _forked(
    work: Callable[[], object], given: dict[int, int], others: tuple[int, ...], environment: dict[str, str]
) -> None:
    for one in others:
        os.close(one)
    _child(work, given, environment)


def _child(work: Callable[[], object], given: dict[int, int], environment: dict[str, str]) -> None:
    for number, descriptor in given.items():
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    sys.stdin = os.fdopen(0, closefd=False)
    sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", closefd=False)
    code: object = 0
    try:
        code = work()
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001 as the interpreter would
        import traceback

        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))
