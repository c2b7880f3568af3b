"""Tables as CSV that a spreadsheet opens without running anything in it, and that a program reads back word for word.

RFC 4180 (commas, CRLF, quotes doubled), UTF-8 with a byte order mark. The rules, in both directions, are here and in
docs/open-data.md; what is published as CSV belongs to ``open_data``.
"""

import csv
import math
import re
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from boi_pipeline.records import instant

BATCH_ROWS = 16_384
# A spreadsheet runs a cell that begins so. It may cut a line at a semicolon, a tab or a line break too, whatever the
# quotes say, where semicolons part its lists: what follows one is looked at as if it began a cell.
_STARTS = "=+\\-@\t\r\n＝＋－＠'"
_UNSAFE = re.compile(f"(^|[;\t\r\n])( *)(?=[{_STARTS}])")
_PROTECTED = re.compile("(^|[;\t\r\n])( *)'")
_MAY_BE_UNSAFE = f"(^|[;\t\r\n]) *[{_STARTS}]"
# No control character belongs in a text; what XML cannot hold at all is among them.
_CONTROLS = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n\r"} | {
    0x7F: 0x2421,
    0xFFFE: 0xFFFD,
    0xFFFF: 0xFFFD,
}
_HAS_CONTROLS = "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f\\x{fffe}\\x{ffff}]"


def visible(text: str) -> str:
    """A text with its control characters as the signs that stand for them (``␀``); tabs and line breaks stay."""
    return text.translate(_CONTROLS)


def protected(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before what could begin one. ``restored`` undoes it."""
    return _UNSAFE.sub(r"\1\2'", text)


def restored(text: str) -> str:
    """What ``protected`` was given."""
    return _PROTECTED.sub(r"\1\2", text)


def joined(values: list[Any] | None) -> str | None:
    r"""A list as one text, ``a; b``; a ``;`` or ``\`` in a value has a ``\`` before it. ``parted`` undoes it."""
    if not values:
        return None
    return "; ".join(str(value).replace("\\", "\\\\").replace(";", "\\;") for value in values if value is not None)


def parted(text: str) -> list[str]:
    """What ``joined`` was given, as texts."""
    return [
        re.sub(r"\\(.)", r"\1", part, flags=re.DOTALL)
        for part in re.findall(r"(?:; )?((?:\\.|[^\\;])+)", text, re.DOTALL)
    ]


def write_csv(source: Path, target: Path) -> None:
    """Write a Parquet file as CSV, a batch at a time. Instants are ISO 8601 with ``Z``; a missing value is an empty cell."""
    with pq.ParquetFile(source) as file, open(target, "w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(file.schema_arrow.names)
        for batch in file.iter_batches(BATCH_ROWS):
            writer.writerows(zip(*(_cells(column) for column in batch.columns), strict=True))


def read_csv(path: Path, schema: pa.Schema) -> Iterator[dict[str, Any]]:
    """Rows of such a file with the types of ``schema``; an empty cell is None, also where a text or list was empty."""
    csv.field_size_limit(10_000_000)
    with open(path, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            yield {field.name: _value(row[field.name], field.type) for field in schema}


def _cells(column: pa.Array) -> list[str | None]:
    kind = column.type
    if pa.types.is_list(kind):
        column = pa.array([joined(value) for value in column.to_pylist()], pa.string())
    elif pa.types.is_timestamp(kind):
        return [None if value is None else instant(value) for value in column.to_pylist()]
    elif pa.types.is_time(kind):
        return [None if value is None else value.isoformat() for value in column.to_pylist()]
    elif pa.types.is_floating(kind):
        return [None if value is None or not math.isfinite(value) else repr(value) for value in column.to_pylist()]
    elif not pa.types.is_string(kind):
        return column.cast(pa.string()).to_pylist()
    texts = column.to_pylist()
    if _any_match(column, _HAS_CONTROLS):
        texts = [text and visible(text) for text in texts]
    if _any_match(column, _MAY_BE_UNSAFE):
        texts = [text and protected(text) for text in texts]
    return texts


def _any_match(column: pa.Array, pattern: str) -> bool:
    """Whether any of many texts needs a look; almost never one does."""
    found = pc.call_function("match_substring_regex", [column], pc.MatchSubstringOptions(pattern))
    return bool(pc.call_function("any", [found]).as_py())


def _value(cell: str, kind: pa.DataType) -> Any:
    if cell == "":
        return None
    if pa.types.is_list(kind):
        parts = parted(restored(cell))
        return [int(part) for part in parts] if pa.types.is_integer(kind.value_type) else parts
    if pa.types.is_string(kind):
        return restored(cell)
    if pa.types.is_boolean(kind):
        return cell == "true"
    if pa.types.is_integer(kind):
        return int(cell)
    if pa.types.is_floating(kind):
        return float(cell)
    if pa.types.is_decimal(kind):
        return Decimal(cell)
    if pa.types.is_date(kind):
        return date.fromisoformat(cell)
    if pa.types.is_time(kind):
        return time.fromisoformat(cell)
    return datetime.fromisoformat(cell)
