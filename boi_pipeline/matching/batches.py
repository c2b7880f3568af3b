"""Facts of many announcements, batch by batch: by this process, and by others beside it where there are many.

What a fact is belongs to ``facts``; keeping them, to ``workbench``.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from itertools import chain, islice
from typing import Any

import pyarrow as pa

from boi_pipeline.matching.facts import columns_of, facts_of
from boi_pipeline.matching.items import MatchItem
from boi_pipeline.matching.spread import spread

MANY = 20_000
"""New announcements from which on other processes are worth starting."""
BATCH = 4_000

Batch = tuple[Sequence[str], dict[str, Any]]
"""The input ids of some announcements and their columns, which cost a fraction of the items to hand over."""


def tables(items: Iterator[tuple[str, MatchItem]], helpers: Callable[[], Executor] | None) -> Iterator[pa.Table]:
    """The facts of announcements, each beside its input id, in their order.

    ``helpers`` opens an executor of other processes; it is asked only where there are ``MANY``: they take seconds to start.
    """
    first = list(islice(items, MANY))
    yield from spread(_table, _batches(chain(first, items)), helpers() if helpers and len(first) == MANY else None)


def _batches(items: Iterator[tuple[str, MatchItem]]) -> Iterator[Batch]:
    while batch := list(islice(items, BATCH)):
        ids, rows = zip(*batch, strict=True)
        yield ids, columns_of(rows)


def _table(batch: Batch) -> pa.Table:
    ids, columns = batch
    return facts_of(columns).add_column(0, "input_id", pa.array(ids))
