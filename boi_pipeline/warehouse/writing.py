"""Making tables and putting the rows of a model in: all at once, in ranges of its key, or from where they differ.

Every way gives the same rows in the same order, that of their key. Transactions, checks and what is noted of a table
belong to ``build``.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import duckdb
import pyarrow as pa

from boi_pipeline.warehouse.checks import is_ascending, quoted
from boi_pipeline.warehouse.contract import Model

SAMPLE = 1_000
"""Values looked at for each range, to make ranges nearly equal."""
SPARING = 16
"""Ranges of a table whose rows found no memory."""


def write(connection: duckdb.DuckDBPyConnection, model: Model, ranges: int = 1) -> int | None:
    """Make the table of a model. Returns how many rows it has, where making it told.

    One that is ``partitioned`` is made in as many ``ranges`` of its key's first column as asked, one after the other.
    One that ``grows`` and stands is left as it is up to the first value of that column whose rows differ. One that is
    ``ordered`` is sorted only if its rows did not come in the order of its key. Raises duckdb.Error.
    """
    count: int | None = None
    rows = f"(\n{model.sql}\n)"
    order = "" if model.ordered else _order(model)
    if model.grows and _stands(connection, model):
        _write_from_where_it_differs(connection, model, rows)
    elif ranges > 1 and model.partitioned and (source := _source(connection, model)):
        _write_in_ranges(connection, model, rows, _bounds(connection, source, model.grain[0], ranges), order)
    else:
        ((count,),) = connection.execute(
            f"create or replace table {model.table} as select * from {rows} {order}"
        ).fetchall()
    if model.ordered and count != 0 and not is_ascending(connection, model.table, model.grain):
        connection.execute(f"create or replace table {model.table} as from {model.table} {_order(model)}")
    return count


def write_sparingly(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make the same table where its rows are too many to be sorted at once: they are kept as they come, then taken in ranges."""
    heap = f"quality.{quoted(f'{model.name} as it comes')}"
    connection.execute(f"create or replace table {heap} as {model.sql}")
    _write_in_ranges(connection, model, heap, _bounds(connection, heap, model.grain[0], SPARING), _order(model))
    connection.execute(f"drop table {heap}")


def create_empty(connection: duckdb.DuckDBPyConnection, table: str, schema: pa.Schema) -> None:
    """Make a table of these columns without rows, in place of what stands, that may be filled in the same transaction."""
    connection.register("like_this", schema.empty_table())
    columns = connection.execute("describe like_this").fetchall()
    connection.unregister("like_this")
    # not `create table … as`: docs/decisions/0020
    connection.execute(
        f"create or replace table {table} ({', '.join(f'{quoted(name)} {type_}' for name, type_, *_ in columns)})"
    )


def _order(model: Model) -> str:
    return f"order by {', '.join(quoted(column) for column in model.grain)}"


def _write_in_ranges(
    connection: duckdb.DuckDBPyConnection, model: Model, rows: str, bounds: list[Any], order: str
) -> None:
    has_rows = False
    for condition, values in _conditions(quoted(model.grain[0]), bounds):
        # nothing is put into a table that is empty in this transaction: docs/decisions/0020
        into = f"insert into {model.table}" if has_rows else f"create or replace table {model.table} as"
        ((count,),) = connection.execute(f"{into} select * from {rows} where {condition} {order}", values).fetchall()
        has_rows = has_rows or count > 0


def _conditions(first: str, bounds: list[Any]) -> Iterator[tuple[str, list[Any]]]:
    """Conditions, with their values, of which every row fulfils one; in ascending order, nulls last."""
    for after, upto in pairwise((None, *bounds, None)):
        sides = [(f"{first} > ?", after), (f"{first} <= ?", upto)]
        told = [(condition, value) for condition, value in sides if value is not None]
        # DuckDB hands a plain comparison down to the tables that are read, and no `or`: so nulls are asked for apart
        yield (
            " and ".join(condition for condition, _ in told) or f"{first} is not null",
            [value for _, value in told],
        )
    yield f"{first} is null", []


def _source(connection: duckdb.DuckDBPyConnection, model: Model) -> str | None:
    """Of the tables that a model reads, the one with most rows that has its key's first column."""
    found = connection.execute(
        "select t.schema_name || '.' || t.table_name from duckdb_tables() t "
        "join duckdb_columns() c using (table_oid) where c.column_name = ? "
        "and list_contains(?, t.schema_name || '.' || t.table_name) order by t.estimated_size desc, 1 limit 1",
        [model.grain[0], list(model.dependencies)],
    ).fetchall()
    return found[0][0] if found else None


def _bounds(connection: duckdb.DuckDBPyConnection, source: str, column: str, ranges: int) -> list[Any]:
    """Values of a column, ascending, that divide the rows of a table into so many nearly equal parts, or fewer."""
    ((rows,),) = connection.execute(f"select count(*) from {source}").fetchall()
    every = max(1, rows // (SAMPLE * ranges))
    found = connection.execute(
        f"select distinct max(value) as bound from ("
        f"select {quoted(column)} as value, ntile({ranges}) over (order by {quoted(column)}) as part from {source} "
        f"where rowid % {every} = 0 and {quoted(column)} is not null) group by part order by bound"
    ).fetchall()
    return [bound for (bound,) in found[:-1]]


def _write_from_where_it_differs(connection: duckdb.DuckDBPyConnection, model: Model, rows: str) -> None:
    first = quoted(model.grain[0])

    def parts(of: str) -> str:
        return (
            f"select part, count(*) as n, bit_xor(h) as mixed, sum(h) as summed "
            f'from (select {first} as part, hash("#row") as h from {of} as "#row") group by part'
        )

    ((since, differs),) = connection.execute(
        f"with now as ({parts(rows)}), before as ({parts(model.table)}) select min(part), count(*) > 0 "
        "from ((from now except from before) union all (from before except from now))"
    ).fetchall()
    if differs:
        connection.execute(f"delete from {model.table} where {first} >= ?", [since])
        connection.execute(
            f"insert into {model.table} select * from {rows} where {first} >= ? {_order(model)}", [since]
        )


def _stands(connection: duckdb.DuckDBPyConnection, model: Model) -> bool:
    """Whether the table is there with the columns of its contract."""
    found = connection.execute(
        "select column_name, data_type from duckdb_columns() where schema_name = ? and table_name = ? "
        "order by column_index",
        [model.layer, model.name],
    ).fetchall()
    return found == [(column.name, column.type.duckdb) for column in model.columns]
