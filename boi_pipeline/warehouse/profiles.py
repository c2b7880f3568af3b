"""Parquet as its readers need it: the curated profile (lists, instants in UTC) and the Power BI profile (flat, local time).

Why each rule: measured facts about Power BI's reader (snappy, data page V1, no nested columns, no zones, INT64,
decimals of four places, texts under 32,000 characters). What goes into a set belongs to ``publication``.
"""

from pathlib import Path
from typing import IO

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from boi_pipeline.warehouse.checks import quoted
from boi_pipeline.warehouse.contract import Column, Model

MAX_TEXT = 32_000


def curated_table(connection: duckdb.DuckDBPyConnection, model: Model, where: str) -> pa.Table:
    """The rows of a mart for publishing jobs: its own types, instants in UTC, sorted by key."""
    columns = ", ".join(quoted(column.name) for column in model.columns)
    return _table(
        connection,
        f"select {columns} from {model.table} where {where} order by {_order(model)}",
        pa.schema([_field(column, column.name, column.type.arrow) for column in model.columns]),
        model,
    )


def powerbi_name(column: Column) -> str:
    """The column's name in the Power BI profile: local time is named ``_local_at``."""
    return column.name.removesuffix("_at") + "_local_at" if column.type.name == "timestamptz" else column.name


def powerbi_table(connection: duckdb.DuckDBPyConnection, model: Model, where: str, timezone: str) -> pa.Table:
    """The rows of a mart for Power BI: flat, instants as the entity's local time, lists as ``a; b``, sorted by key."""
    columns = ", ".join(
        f"{_powerbi_expression(column, timezone)} as {quoted(powerbi_name(column))}" for column in model.columns
    )
    order = ", ".join(f"{model.table}.{quoted(column)}" for column in model.grain)
    return _table(
        connection,
        f"select {columns} from {model.table} where {where} order by {order}",
        pa.schema([_field(column, powerbi_name(column), column.type.powerbi) for column in model.columns]),
        model,
    )


def stamped(table: pa.Table, set_id: str) -> pa.Table:
    """A Power BI table with the set it belongs to, so that a refresh that mixes two sets shows."""
    field = pa.field("set_id", pa.string(), metadata={"description": "Conjunto publicado al que pertenece la fila."})
    return table.append_column(field, pa.array([set_id] * len(table), pa.string()))


def write_parquet(table: pa.Table, path: Path | IO[bytes], *, described: bool = False) -> None:
    """Write one file that Power BI, DuckDB and pandas all read; an empty table keeps its schema and one row group.

    ``described`` keeps the columns' labels and descriptions in the file, in Arrow's own form.
    """
    pq.write_table(
        table,
        path,
        version="2.6",
        data_page_version="1.0",
        compression="snappy",
        use_dictionary=True,
        write_statistics=True,
        row_group_size=max(1, len(table)),
        store_schema=described,
        store_decimal_as_integer=True,
        use_deprecated_int96_timestamps=False,
    )


def _powerbi_expression(column: Column, timezone: str) -> str:
    name = quoted(column.name)
    kind = column.type.name
    if kind == "timestamptz":
        zone = timezone.replace("'", "''")
        return f"({name} at time zone '{zone}')"
    if kind.endswith("[]"):
        return f"left(array_to_string({name}, '; '), {MAX_TEXT})"
    if kind == "time":
        return f"strftime(date '2000-01-01' + {name}, '%H:%M')"
    if kind == "text":
        return f"left({name}, {MAX_TEXT})"
    if kind.startswith("decimal"):
        return f"{name}::decimal(18, 4)"
    return name


def _order(model: Model) -> str:
    return ", ".join(quoted(column) for column in model.grain)


def _field(column: Column, name: str, kind: pa.DataType) -> pa.Field:
    return pa.field(name, kind, metadata={"description": column.description, "label": column.label})


def _table(connection: duckdb.DuckDBPyConnection, query: str, schema: pa.Schema, model: Model) -> pa.Table:
    table = connection.sql(query).to_arrow_table().cast(pa.schema([field.remove_metadata() for field in schema]))
    described = {"table": model.name, "description": model.description, "contract_version": str(model.version)}
    return pa.Table.from_batches(table.to_batches(), schema.remove_metadata()).cast(schema.with_metadata(described))
