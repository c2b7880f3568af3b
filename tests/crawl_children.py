"""Crawls' child processes, forked from one that has Scrapy imported: that import is a CPU second, and hundreds of tests crawl.

The child runs the same ``main`` over the same pipes. A test module that is about the process itself says
``REAL_CHILDREN = True`` and gets ``python -m scrapers.crawl``, as everybody but the tests does.
"""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Sequence
from multiprocessing.context import ForkServerProcess
from multiprocessing.reduction import DupFd
from typing import IO, Any

from boi_pipeline.entity import ROOT
from scrapers import runner

_REAL = runner.start_child
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.crawl_preload"])
_OWNER = os.getpid()


class ForkedChild:
    """As much of ``subprocess.Popen`` as the runner uses."""

    def __init__(self, process: ForkServerProcess, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        self.stdin, self.stdout = stdin, stdout
        self._process = process

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if (code := self._process.exitcode) is None:
            raise subprocess.TimeoutExpired("crawl", timeout or 0)
        return code

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()


def start_forked(log: IO[bytes], environment: dict[str, str], inherit_fds: Sequence[int]) -> Any:
    """What stands for ``scrapers.runner.start_child``; a fork of the test process itself takes the real one."""
    if os.getpid() != _OWNER:
        return _REAL(log, environment, inherit_fds)
    given, asked = os.pipe()
    answers, told = os.pipe()
    process = _FORKS.Process(
        target=_child,
        args=(DupFd(given), DupFd(told), DupFd(log.fileno()), [DupFd(fd) for fd in inherit_fds], environment),
    )
    process.start()
    os.close(given)
    os.close(told)
    return ForkedChild(process, os.fdopen(asked, "wb"), os.fdopen(answers, "rb"))


def _child(given: Any, told: Any, log: Any, inherited: list[Any], environment: dict[str, str]) -> None:
    for number, one in ((0, given), (1, told), (2, log)):
        descriptor = one.detach()
        os.dup2(descriptor, number)
        os.close(descriptor)
    for one in inherited:
        one.detach()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    sys.stdin = os.fdopen(0, closefd=False)
    from scrapers.crawl import main

    os._exit(main())
