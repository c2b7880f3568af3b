"""What is worked out in parts, on several cores, is what one part would give."""

import numpy as np
import pytest

from boi_pipeline.matching.parts import in_parts
from boi_pipeline.matching.score import model


@pytest.mark.parametrize("count", [0, 1, 3, 4, 1_000])
def test_parts_cover_every_row_once_and_come_in_order(count: int) -> None:
    assert [row for rows in in_parts(count, lambda part: range(count)[part], 3) for row in rows] == list(range(count))


def test_what_fails_in_a_part_is_raised() -> None:
    def work(part: slice) -> int:
        return 1 // part.start

    with pytest.raises(ZeroDivisionError):
        in_parts(10, work, 3)


@pytest.mark.parametrize("rows", [1, 2, 7, 511, 513])
def test_a_chance_does_not_depend_on_what_is_asked_together(rows: int) -> None:
    trees = model().pairs
    asked = np.random.default_rng(rows).random((3 * rows, len(trees.names)))
    apart = [trees.chance(asked[start : start + rows]) for start in range(0, len(asked), rows)]
    assert np.array_equal(np.concatenate(apart), trees.chance(asked)), "to the last bit: kept chances are compared"
