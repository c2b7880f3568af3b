"""What lists share is counted as sets would count it, many pairs at once and in parts of any size."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boi_pipeline.matching import overlaps
from boi_pipeline.matching.overlaps import contrasts, in_common, lists_of

VALUES = st.sampled_from([0, 1, 2, 3, 7, 2**31, 2**32 - 1])
WIDE = VALUES | st.sampled_from([-5, 2**40, 2**53])  # more than 32 bits: numbered first
LISTS = st.lists(st.tuples(*[st.lists(WIDE | VALUES, max_size=8)] * 2), min_size=1, max_size=6)


@pytest.mark.parametrize("together", [1, 100_000])
@settings(deadline=None)
@given(lists=LISTS)
def test_counts_are_those_of_sets(together: int, lists: list[tuple[list[int], list[int]]]) -> None:
    rows = range(len(lists))
    numbers = pa.chunked_array([pa.array([10 * row for row in rows], pa.int32())])
    columns = [pa.chunked_array([pa.array(each, pa.list_(pa.int64()))]) for each in zip(*lists, strict=True)]
    x, y = lists_of(numbers, *columns)
    a, b, c = (one.ravel() for one in np.meshgrid(rows, rows, rows))
    sets = [(set(one), set(other)) for one, other in lists]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(overlaps, "TOGETHER", together)
        shared = in_common(x, a, y, b).tolist()
        found = contrasts(x, 10 * a, 10 * b, 10 * c).tolist()
    assert shared == [len(sets[i][0] & sets[j][1]) for i, j in zip(a, b, strict=True)]

    def contrast(told: set[int], own: set[int], rival: set[int]) -> float:
        mine, theirs = len(told & own - rival), len(told & rival - own)
        return (mine - theirs) / (mine + theirs + 1)

    assert found == [contrast(*(sets[one][0] for one in three)) for three in zip(a, b, c, strict=True)]


def test_words_of_two_columns_compare() -> None:
    numbers = pa.chunked_array([pa.array([4, 9], pa.int32())])
    texts = [
        pa.chunked_array([pa.array(one, pa.list_(pa.string()))]) for one in ([["a", "b"], []], [["b"], ["a", "b"]])
    ]
    x, y = lists_of(numbers, *texts)
    assert in_common(x, np.array([0, 0, 1]), y, np.array([0, 1, 1])).tolist() == [1, 2, 0]
