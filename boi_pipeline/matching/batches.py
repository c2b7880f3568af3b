"""Facts of many announcements, batch by batch: by this process, and by others beside it where there are many.

What a fact is belongs to ``facts``; keeping them, to ``workbench``.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import AbstractContextManager
from itertools import chain, islice
from typing import Any

import pyarrow as pa

from boi_pipeline.matching.facts import columns_of, facts_of
from boi_pipeline.matching.items import MatchItem

MANY = 20_000
"""New announcements from which on other processes are worth starting."""
BATCH = 4_000
WAITING = 16  # batches handed out or made before the first is awaited: memory stays flat

Batch = tuple[Sequence[str], dict[str, Any]]
"""The input ids of some announcements and their columns, which cost a fraction of the items to hand over."""


def tables(
    items: Iterator[tuple[str, MatchItem]], workers: Callable[[], AbstractContextManager[Executor]] | None
) -> Iterator[pa.Table]:
    """The facts of announcements, each beside its input id, in their order.

    ``workers`` opens an executor of other processes, which is asked for only where there are ``MANY``: they take seconds to start.
    """
    first = list(islice(items, MANY))
    batches = _batches(chain(first, items))
    if workers is None or len(first) < MANY:
        yield from map(_table, batches)
        return
    handed_out = len(os.sched_getaffinity(0))  # enough that none of the others waits
    made: deque[Future[pa.Table]] = deque()
    with workers() as executor:
        for batch in batches:
            if sum(not one.done() for one in made) < handed_out:
                made.append(executor.submit(_table, batch))
            else:  # they have enough to do: this process works too
                made.append(Future())
                made[-1].set_result(_table(batch))
            while made and (made[0].done() or len(made) == WAITING):
                yield made.popleft().result()
        while made:
            yield made.popleft().result()


def _batches(items: Iterator[tuple[str, MatchItem]]) -> Iterator[Batch]:
    while batch := list(islice(items, BATCH)):
        ids, rows = zip(*batch, strict=True)
        yield ids, columns_of(rows)


def _table(batch: Batch) -> pa.Table:
    ids, columns = batch
    return facts_of(columns).add_column(0, "input_id", pa.array(ids))
