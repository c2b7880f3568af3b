"""The types a contract may name, and what each is in DuckDB, in Arrow and in the Power BI profile.

Belongs here: one table of types. Writing files belongs to ``profiles``.
"""

import re
from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True)
class ColumnType:
    """One contract type: its name in a header, in DuckDB, in Arrow (curated), and in Arrow (Power BI)."""

    name: str
    duckdb: str
    arrow: pa.DataType
    powerbi: pa.DataType


_INSTANT = pa.timestamp("us", tz="UTC")
_SIMPLE = [
    ColumnType("text", "VARCHAR", pa.string(), pa.string()),
    ColumnType("bigint", "BIGINT", pa.int64(), pa.int64()),
    ColumnType("boolean", "BOOLEAN", pa.bool_(), pa.bool_()),
    ColumnType("double", "DOUBLE", pa.float64(), pa.float64()),
    ColumnType("date", "DATE", pa.date32(), pa.date32()),
    ColumnType("time", "TIME", pa.time64("us"), pa.string()),
    ColumnType("timestamp", "TIMESTAMP", pa.timestamp("us"), pa.timestamp("us")),
    ColumnType("timestamptz", "TIMESTAMP WITH TIME ZONE", _INSTANT, pa.timestamp("us")),
    ColumnType("decimal(18,2)", "DECIMAL(18,2)", pa.decimal128(18, 2), pa.decimal128(18, 4)),
    ColumnType("decimal(18,4)", "DECIMAL(18,4)", pa.decimal128(18, 4), pa.decimal128(18, 4)),
    ColumnType("decimal(18,6)", "DECIMAL(18,6)", pa.decimal128(18, 6), pa.decimal128(18, 4)),
]
_LISTS = [
    ColumnType(f"{kind.name}[]", f"{kind.duckdb}[]", pa.list_(pa.field("element", kind.arrow)), pa.string())
    for kind in _SIMPLE
    if kind.name in ("text", "bigint")
]
TYPES: dict[str, ColumnType] = {kind.name: kind for kind in _SIMPLE + _LISTS}


def column_type(name: str) -> ColumnType:
    """The type a header names. Raises KeyError with the names there are."""
    found = TYPES.get(re.sub(r"\s+", "", name.lower()))
    if found is None:
        raise KeyError(f"unknown type {name!r}; expected one of {', '.join(TYPES)}")
    return found
