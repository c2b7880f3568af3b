"""Tables as JSON Lines: one object a row, lists as lists, instants as ISO 8601 with ``Z``, decimals as exact numbers.

Texts are as they were read, control characters included: JSON escapes them. What is published so belongs to ``open_data``.
"""

import json
import math
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from boi_pipeline.records import instant
from boi_pipeline.warehouse.csv_files import BATCH_ROWS

# `</script>` in a text must not end the element of a page that embeds the line; nor may two signs end a line in JavaScript.
_ESCAPES = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\x7f": "\\u007f", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def json_text(value: Any) -> str:
    """One value as compact JSON that is also safe inside a page. Dates and decimals are not for it."""
    return _encode(value).translate(_ESCAPES)


def write_json_lines(source: Path, target: Path) -> None:
    """Write a Parquet file as JSON Lines, a batch at a time; a missing value is ``null``."""
    with pq.ParquetFile(source) as file, open(target, "w", encoding="utf-8", newline="\n") as out:
        keys = [f"{json_text(name)}:" for name in file.schema_arrow.names]
        for batch in file.iter_batches(BATCH_ROWS):
            columns = [_cells(column) for column in batch.columns]
            for row in zip(*columns, strict=True):
                out.write("{" + ",".join(map(str.__add__, keys, row)) + "}\n")


def read_json_lines(path: Path, schema: pa.Schema) -> Iterator[dict[str, Any]]:
    """Rows of such a file with the types of ``schema``."""
    read = {field.name: _reader(field.type) for field in schema}
    with open(path, encoding="utf-8", newline="\n") as file:
        for line in file:
            row = json.loads(line, parse_float=Decimal)
            yield {name: None if row[name] is None else make(row[name]) for name, make in read.items()}


def _cells(column: pa.Array) -> list[str]:
    write = _writer(column.type)
    return ["null" if value is None else write(value) for value in column.to_pylist()]


def _writer(kind: pa.DataType) -> Callable[[Any], str]:
    if pa.types.is_timestamp(kind):
        return lambda value: f'"{instant(value)}"'
    if pa.types.is_date(kind) or pa.types.is_time(kind):
        return lambda value: f'"{value.isoformat()}"'
    if pa.types.is_floating(kind):
        return lambda value: json_text(value) if math.isfinite(value) else "null"  # JSON has no other number
    return "{:f}".format if pa.types.is_decimal(kind) else json_text


def _reader(kind: pa.DataType) -> Callable[[Any], Any]:
    if pa.types.is_timestamp(kind):
        return datetime.fromisoformat
    if pa.types.is_date(kind):
        return date.fromisoformat
    if pa.types.is_time(kind):
        return time.fromisoformat
    if pa.types.is_floating(kind):
        return float
    return Decimal if pa.types.is_decimal(kind) else lambda value: value
