"""Crawls' child processes, forked from one that has Scrapy imported (``forks``), over the same pipes.

A test module that is about the process itself says ``REAL_CHILDREN = True`` and gets ``python -m scrapers.crawl``, as
everybody but the tests does.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from typing import IO, Any

from scrapers import runner
from tests.forks import Forked, forked

_REAL = runner.start_child
_OWNER = os.getpid()


class ForkedChild:
    """As much of ``subprocess.Popen`` as the runner uses."""

    def __init__(self, process: Forked, stdin: IO[bytes], stdout: IO[bytes]) -> None:
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
    """What stands for ``scrapers.runner.start_child``; a fork of a process that has a reactor takes the real one."""
    if os.getpid() != _OWNER and "twisted.internet.reactor" in sys.modules:
        return _REAL(log, environment, inherit_fds)
    given, asked = os.pipe()
    answers, told = os.pipe()
    process = forked(_crawl, {0: given, 1: told, 2: log.fileno()}, environment, tuple(inherit_fds), (asked, answers))
    os.close(given)
    os.close(told)
    return ForkedChild(process, os.fdopen(asked, "wb"), os.fdopen(answers, "rb"))


def _crawl() -> int:
    from scrapers.crawl import main

    return main()
