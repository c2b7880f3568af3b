"""The child processes of crawls and couriers, forked from one that has their imports (``forks``), over the same pipes.

A test module that is about the process itself says ``REAL_CHILDREN = True`` and gets what everybody but the tests gets:
``python -m scrapers.crawl_child``, ``python -m boi_pipeline.delivery.courier``.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import IO, Any

import pytest

from boi_pipeline.delivery import post
from scrapers import runner
from tests.forks import Forked, forked

_REAL_CRAWL, _REAL_COURIER = runner.start_child, post.start_courier
_OWNER = os.getpid()


class ForkedChild:
    """As much of ``subprocess.Popen`` as is used of them."""

    def __init__(self, process: Forked, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        self.stdin, self.stdout = stdin, stdout
        self._process = process

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if (code := self._process.exitcode) is None:
            raise subprocess.TimeoutExpired("child", timeout or 0)
        return code

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()


def fork_children(patch: pytest.MonkeyPatch) -> None:
    """From now on, until ``patch`` is undone, crawls and couriers are forks."""
    patch.setattr(runner, "start_child", _start_crawl)
    patch.setattr(post, "start_courier", _start_courier)


def _start_crawl(log: IO[bytes], environment: dict[str, str], inherit_fds: Sequence[int]) -> Any:
    """A fork of a process that has a reactor takes the real one."""
    if os.getpid() != _OWNER and "twisted.internet.reactor" in sys.modules:
        return _REAL_CRAWL(log, environment, inherit_fds)
    return _started(_crawl, log, environment, tuple(inherit_fds))


def _start_courier(environment: dict[str, str]) -> Any:
    """A fork has threads when it sends, and takes the real one."""
    if os.getpid() != _OWNER:
        return _REAL_COURIER(environment)
    with open(os.devnull, "wb") as nothing:
        return _started(_courier, nothing, environment)


def _started(
    work: Callable[[], int], complaints: IO[bytes], environment: dict[str, str], inherited: tuple[int, ...] = ()
) -> ForkedChild:
    given, asked = os.pipe()
    answers, told = os.pipe()
    process = forked(work, {0: given, 1: told, 2: complaints.fileno()}, environment, inherited, (asked, answers))
    os.close(given)
    os.close(told)
    return ForkedChild(process, os.fdopen(asked, "wb"), os.fdopen(answers, "rb"))


def _crawl() -> int:
    from scrapers.crawl import main

    return main()


def _courier() -> int:
    from boi_pipeline.delivery.courier import main

    return main()
