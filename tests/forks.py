"""Processes forked from one that has the slow imports, and has done nothing else: no threads, no open files, no state.

Scrapy is a CPU second, Dagster, pandas and Great Expectations are ten; hundreds of tests start a crawl or ``boi``.
What runs in them is what runs as ``python -m …``; only the start is quicker.
"""

import multiprocessing
import os
import sys
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from multiprocessing.reduction import DupFd
from typing import Any

from boi_pipeline.entity import ROOT

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.preload"])


def forked(
    work: Callable[[], object],
    descriptors: dict[int, int],
    environment: dict[str, str],
    inherited: tuple[int, ...] = (),
) -> ForkServerProcess:
    """Start ``work`` (a function of a module) with these descriptors under these numbers and that environment alone."""
    given = {number: DupFd(descriptor) for number, descriptor in descriptors.items()}
    process = _FORKS.Process(target=_child, args=(work, given, [DupFd(fd) for fd in inherited], environment))
    process.start()
    return process


def _child(
    work: Callable[[], object], given: dict[int, Any], inherited: list[Any], environment: dict[str, str]
) -> None:
    for number, one in given.items():
        descriptor = one.detach()
        os.dup2(descriptor, number)
        os.close(descriptor)
    for one in inherited:
        one.detach()
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
