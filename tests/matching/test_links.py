"""What links connect."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from boi_pipeline.matching.links import parts_of


@given(st.lists(st.tuples(*[st.integers(0, 30) | st.integers(1 << 32, (1 << 32) + 3)] * 2)))
def test_names_are_of_one_part_where_a_way_leads_from_one_to_the_other(links: list[tuple[int, int]]) -> None:
    parts = {name: {name} for link in links for name in link}
    for a, b in links:
        together = parts[a] | parts[b]
        parts |= dict.fromkeys(together, together)
    a, b = np.array(links, np.int64).reshape(-1, 2).T
    names, part = parts_of(a, b)
    assert dict(zip(names.tolist(), part.tolist(), strict=True)) == {name: min(one) for name, one in parts.items()}
    assert len(names) == len(parts) and part.tolist() == sorted(part)
