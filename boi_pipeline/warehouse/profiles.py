"""Parquet as its readers need it: the curated profile (lists, instants in UTC) and the Power BI profile (flat, local time).

Why each rule: measured facts about Power BI's reader (snappy, data page V1, no nested columns, no zones, INT64,
decimals of four places, texts of at most 32,000 characters). Rows are streamed from DuckDB into the file, a row group
at a time. What goes into a set belongs to ``publication``.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from boi_pipeline.warehouse.checks import quoted
from boi_pipeline.warehouse.contract import Column, Model, Profile

MAX_TEXT = 32_000  # as Power BI counts: in UTF-16
# One row group up to here, so what a small body publishes has one a file; more keep the memory of a large one bounded.
# Readers built on Apache's library, Power BI's among them, take any number; DuckDB reads several at once.
ROW_GROUP_ROWS = 122_880
SET_ID = "set_id"
_UNSTAMPED = b"0123456789abcdef"  # as long as a set_id, and nothing in it repeats: Snappy stores it as it is


def open_columns(model: Model, profile: Profile) -> list[Column]:
    """The columns of a table in a profile: what is internal stays out of the open data."""
    return [column for column in model.columns if not (profile == "open_data" and column.is_internal)]


def column_name(column: Column, profile: Profile) -> str:
    """The column's name in a profile: Power BI gets local time, named ``_local_at``."""
    is_local = profile == "powerbi" and column.type.name == "timestamptz"
    return column.name.removesuffix("_at") + "_local_at" if is_local else column.name


def schema_of(model: Model, profile: Profile) -> pa.Schema:
    """The Arrow schema of a table in a profile, each field with its label and description; ``set_id`` not included."""
    return pa.schema(
        [
            pa.field(
                column_name(column, profile),
                column.type.powerbi if profile == "powerbi" else column.type.arrow,
                metadata={"description": column.description, "label": column.label},
            )
            for column in open_columns(model, profile)
        ],
        metadata={"table": model.name, "description": model.description, "contract_version": str(model.version)},
    )


def write_table(
    connection: duckdb.DuckDBPyConnection, model: Model, profile: Profile, where: str, timezone: str, path: Path
) -> int:
    """Write the rows of a table that ``where`` leaves in, sorted by key; returns how many.

    An empty table keeps its schema and one row group. A Power BI table is still to be stamped with its set
    (``stamp``). The connection gives nothing else while this runs.
    """
    flat = profile == "powerbi"
    columns = open_columns(model, profile)
    chosen = ", ".join(
        f"{_expression(column, timezone) if flat else quoted(column.name)} as {quoted(column_name(column, profile))}"
        for column in columns
    )
    order = ", ".join(f"{model.table}.{quoted(column)}" for column in model.grain)
    reader = connection.sql(f"select {chosen} from {model.table} where {where} order by {order}").to_arrow_reader(
        ROW_GROUP_ROWS
    )
    schema = schema_of(model, profile)
    return _write(reader, _marked(schema) if flat else schema, path, flat=flat)


def stamp(path: Path, set_id: str) -> None:
    """Put the set it belongs to into a Power BI file, in place, so that a refresh that mixes two sets shows.

    The mark stands once a row group, in the dictionary of the last column, and is as long as what replaces it: nothing
    else in the file moves. Raises ValueError where it does not stand there.
    """
    metadata = pq.read_metadata(path)
    if len(set_id) != len(_UNSTAMPED):
        raise ValueError(f"{set_id!r}: expected {len(_UNSTAMPED)} characters")
    with open(path, "r+b") as file:
        for group in range(metadata.num_row_groups):
            chunk = metadata.row_group(group).column(metadata.num_columns - 1)
            if chunk.num_values == 0:
                continue
            file.seek(chunk.dictionary_page_offset)
            page = file.read(chunk.data_page_offset - chunk.dictionary_page_offset)
            if chunk.path_in_schema != SET_ID or page.count(_UNSTAMPED) != 1:
                raise ValueError(f"{path}: row group {group} has no place for the set")
            file.seek(chunk.dictionary_page_offset + page.index(_UNSTAMPED))
            file.write(set_id.encode("ascii"))


def _marked(schema: pa.Schema) -> pa.Schema:
    """With the column of the set; Power BI's files hold labels and descriptions in one entry of the footer."""
    field = pa.field(
        SET_ID,
        pa.string(),
        metadata={"description": "Conjunto publicado al que pertenece la fila.", "label": "Conjunto"},
    )
    told = {
        one.name: {key.decode(): value.decode() for key, value in (one.metadata or {}).items()}
        for one in [*schema, field]
    }
    metadata = {**(schema.metadata or {}), b"columns": json.dumps(told, ensure_ascii=False).encode()}
    return schema.append(field).with_metadata(metadata)


def _write(reader: pa.RecordBatchReader, schema: pa.Schema, path: Path, *, flat: bool) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = 0
    counted: Any = (
        [name for name in schema.names if name != SET_ID] if flat else True
    )  # a mark in statistics is no mark
    with pq.ParquetWriter(
        path,
        schema,
        version="2.6",
        data_page_version="1.0",
        compression="snappy",
        use_dictionary=True,
        write_statistics=counted,
        store_schema=not flat,
        store_decimal_as_integer=True,
        use_deprecated_int96_timestamps=False,
    ) as writer:
        if flat:  # without Arrow's schema in the file, its metadata has to be handed over
            writer.add_key_value_metadata({key.decode(): text.decode() for key, text in schema.metadata.items()})
        for group in _row_groups(reader):
            columns = group.columns
            if flat:
                columns.append(pa.array([_UNSTAMPED.decode()] * len(group), pa.string()))
            arrays = [column.cast(field.type) for column, field in zip(columns, schema, strict=True)]
            if flat:
                arrays = [_cut(column) if pa.types.is_string(column.type) else column for column in arrays]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema), row_group_size=ROW_GROUP_ROWS)
            rows += len(group)
        if not rows:
            writer.write_table(schema.empty_table())
    return rows


def _row_groups(reader: pa.RecordBatchReader) -> Iterator[pa.Table]:
    """The rows in tables of ``ROW_GROUP_ROWS``, whatever the size of the batches: the same rows give the same file."""
    waiting: list[pa.RecordBatch] = []
    for batch in reader:
        waiting.append(batch)
        while sum(map(len, waiting)) >= ROW_GROUP_ROWS:
            table = pa.Table.from_batches(waiting)
            yield table.slice(0, ROW_GROUP_ROWS)
            waiting = table.slice(ROW_GROUP_ROWS).to_batches()
    if any(map(len, waiting)):
        yield pa.Table.from_batches(waiting)


def _expression(column: Column, timezone: str) -> str:
    """A column as Power BI takes it."""
    name = quoted(column.name)
    kind = column.type.name
    if kind == "timestamptz":
        zone = timezone.replace("'", "''")
        return f"({name} at time zone '{zone}')"
    if kind.endswith("[]"):
        return f"array_to_string({name}, '; ')"
    if kind == "time":
        return f"strftime(date '2000-01-01' + {name}, '%H:%M')"
    if kind.startswith("decimal"):
        return f"{name}::decimal(18, 4)"
    return name


def _cut(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Texts, each at most ``MAX_TEXT`` long in UTF-16, where an emoji counts as two; almost none is long enough to be counted."""
    if (
        pc.call_function("max", [pc.call_function("binary_length", [texts])]).as_py() or 0
    ) <= MAX_TEXT:  # in UTF-8 a text has as many bytes or more
        return texts
    return pa.chunked_array([pa.array([text and _shortened(text) for text in texts.to_pylist()], texts.type)])


def _shortened(text: str) -> str:
    units = len(text.encode("utf-16-le")) // 2
    if units <= MAX_TEXT:
        return text
    return text[:MAX_TEXT] if units == len(text) else text[: MAX_TEXT // 2]
