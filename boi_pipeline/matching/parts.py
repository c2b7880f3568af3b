"""Working on all cores of this process at once: numpy lets go of the interpreter while it counts.

What is worked out belongs to who asks; other processes, to who starts them.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

PART = 25_000
"""Rows worked on together: bounds the memory of each thread."""


def in_parts(count: int, work: Callable[[slice], T], size: int = PART) -> list[T]:
    """What ``work`` makes of each part of ``count`` rows, in their order; of no rows, what it makes of none."""
    parts = [slice(start, min(start + size, count)) for start in range(0, max(count, 1), size)]
    if len(parts) == 1:
        return [work(parts[0])]
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as threads:
        return list(threads.map(work, parts))
