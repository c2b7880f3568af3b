"""Rows in the order of their key, each after the one before it, repeat no key."""

from itertools import pairwise

import duckdb
import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from boi_pipeline.warehouse.checks import is_ascending

KEYS = st.lists(st.tuples(st.sampled_from(["a", "b", "ñ", None]), st.integers(0, 3) | st.none()), max_size=6)


@settings(deadline=None)  # the first one opens DuckDB
@given(KEYS, st.booleans())
@example([("a", None), ("b", 0)], True)  # the null is not in the part that differs
def test_rows_ascend_where_each_key_is_greater_than_the_one_before(
    keys: list[tuple[str | None, int | None]], by_both: bool
) -> None:
    columns = ["text", "number"][: 1 + by_both]
    rows = pa.table(
        {"text": [text for text, _ in keys], "number": [number for _, number in keys]},
        pa.schema({"text": pa.string(), "number": pa.int64()}),
    )
    told = [key[: len(columns)] for key in keys]
    with duckdb.connect() as connection:
        connection.register("given", rows)
        connection.execute("create table made as from given")
        found = is_ascending(connection, "made", columns)
    if any(None in key for key in told):
        assert not found
    else:
        assert found == all(after > before for before, after in pairwise(told))
    assert not found or len(set(told)) == len(told)
