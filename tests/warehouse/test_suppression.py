"""Nobody learns of fewer than five people, whatever is put together of what is published (docs/decisions/0015)."""

from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from boi_pipeline.entity import load_entity
from boi_pipeline.settings import ROOT
from boi_pipeline.stages.run import load_models
from boi_pipeline.warehouse.contract import Project
from tests.warehouse.disclosure import Counts, World, leaks, look

few = st.one_of(st.none(), st.integers(0, 6), st.integers(0, 40))


@st.composite
def counts(draw: st.DrawFn) -> Counts:
    """Counts of one call: most are parts of one another, as they should be; some are what people write."""
    told = draw(st.tuples(few, few, few, few, few))
    if draw(st.booleans()):
        known = iter(sorted((one for one in told if one is not None), reverse=True))
        told = tuple(None if one is None else next(known) for one in told)
    return told


@cache
def project() -> Project:
    return load_models(load_entity(ROOT / "entities" / "sample"))


def of_awards(*awarded: int) -> World:
    """Calls of which only the applications and who obtained it are known."""
    return tuple((None, None, 30, count, None) for count in awarded)


@settings(max_examples=30, deadline=None)
@given(world=st.lists(counts(), min_size=1, max_size=4).map(tuple))
@example(world=of_awards(4, 4))  # eight among two can only be four and four
@example(world=of_awards(1, 1, 1, 1, 1))
@example(world=of_awards(2, 3))
@example(world=((None, None, 10, 9, None), (None, None, 20, 18, None)))  # three did not obtain it, in all
@example(world=((20, None, 16, 15, None), (20, None, 17, 15, None)))  # three applied and did not, of those withheld
@example(world=((None, None, 2, 6, None), (None, None, 3, 0, None)))
@example(world=((10, 7, 7, 7, 7), (12, 12, 12, 3, 3), (4, 4, 0, 0, None)))
def test_no_small_count_can_be_worked_out(world: World) -> None:
    assert leaks(project(), world) == []


@pytest.mark.parametrize(
    ("table", "old", "new", "world"),
    [
        (
            "intermediate.int_outcome_cells",
            "awarded_count between 1 and 4",
            "awarded_count between 1 and 1",
            of_awards(3),
        ),
        ("intermediate.int_outcome_cells", "or abs(awarded_count - applied_told) between 1 and 4", "", of_awards(27)),
        ("intermediate.int_outcome_folds", "and sum(counted - least) < 3 * count(*)", "", of_awards(4, 4)),
        ("intermediate.int_outcome_folds", "and sum(counted - least) > 0", "", of_awards(1, 1, 1, 1, 1)),
        (
            "intermediate.int_outcome_folds",
            "between 1 and 4",
            "between 1 and 0",
            ((None, None, 10, 9, None), (None, None, 20, 18, None)),
        ),
        (
            "intermediate.int_outcome_folds",
            "sum(counted) >= 5 and",
            "",
            tuple((count, *[None] * 4) for count in (1, 2)),
        ),
    ],
)
def test_a_leak_is_found(table: str, old: str, new: str, world: World) -> None:
    assert leaks(project(), world) == []
    assert leaks(project(), world, {table: (old, new)}) != []


def test_what_is_withheld_counts_with_the_others_where_that_is_safe() -> None:
    """Awards are mostly few for each call: together they are told."""
    (seen,) = look(project(), [of_awards(2, 3, 1, 12)])
    awarded = {row[0]: row[4] for row in seen.rows}
    assert awarded == {"call-0": None, "call-1": None, "call-2": None, "call-3": 12, "unknown": 6}
    assert sum(row[3] or 0 for row in seen.rows) == 120, "nothing else is lost for it"
    money = {row[0]: row[8] for row in seen.rows}
    assert (money["call-0"], money["call-3"], money["unknown"]) == (None, 100, 300)


def test_it_is_told_that_something_is_withheld() -> None:
    (seen,) = look(project(), [((40, 38, 20, 3, 0),)])
    ((call, *counts, withheld, fields, amount, _),) = seen.rows
    assert (call, counts) == ("call-0", [40, None, 20, None, 0])
    assert (withheld, fields, amount) == (2, "Respondieron, Obtuvieron", None)
