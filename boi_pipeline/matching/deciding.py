"""Parts decided together: from the tables of a workbench to the rows that are kept.

A batch holds all it takes, so that another process may decide it. What becomes of announcements belongs to ``joining``;
which are decided together, to ``match``.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from boi_pipeline.collector import uncollected
from boi_pipeline.matching import outcomes, score
from boi_pipeline.matching.groups import MatchRules, Scored, Side
from boi_pipeline.matching.joining import decide
from boi_pipeline.matching.tokens import Numbers
from boi_pipeline.records import Decision, MatchOpinion


class Batch(NamedTuple):
    """Whole parts, and all that is asked about them."""

    rows: Numbers  # of the facts
    part: Numbers  # of each row
    sides: pa.Table  # as ``Workbench.sides``
    scored: pa.Table  # as ``Workbench.scored``
    unlike: pa.Table  # as ``Workbench.unlike``
    titles: pa.Table  # (series, members): the rows that bear one title and convener
    answers: Sequence[Decision]
    opinions: Sequence[MatchOpinion]
    rules: MatchRules


def decided(batch: Batch) -> outcomes.Rows:
    """What is kept of a batch."""
    with uncollected():
        sides = sides_of(batch.sides)
        found = decide(
            sides,
            [Scored(*row) for row in _rows(batch.scored)],
            [(series, members) for series, members in _rows(batch.titles)],
            frozenset((one, other) for one, other in _rows(batch.unlike)),
            batch.answers,
            batch.opinions,
            score.model(),
            batch.rules,
        )
        part_of = dict(zip(batch.rows.tolist(), batch.part.tolist(), strict=True))
        return outcomes.rows_of(found, {one.item_id: n for n, one in sides.items()}, part_of)


def sides_of(table: pa.Table) -> dict[int, Side]:
    """Row of the facts → the announcement, in their order."""
    return {n: Side(*fields) for n, *fields in _rows(table)}


def _rows(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    return zip(*(column.to_pylist() for column in table.columns), strict=True)
