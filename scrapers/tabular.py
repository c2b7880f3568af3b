"""Typed records to Arrow and Parquet and back, so that a record's fields are written once, in its model.

The Parquet files written here are the ones kept in the home (notices, readings); what is published has its own
profiles in ``boi_pipeline.warehouse``.
"""

import types
import typing
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar, Union

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from scrapers.files import atomic_path

Record = TypeVar("Record", bound=BaseModel)

_SCALARS: dict[Any, pa.DataType] = {
    str: pa.string(),
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    date: pa.date32(),
    datetime: pa.timestamp("us", tz="UTC"),
    time: pa.time64("us"),
    Decimal: pa.decimal128(18, 2),
}


def arrow_type(annotation: Any) -> pa.DataType:
    """The Arrow type of a field annotation: scalars, lists, nested records, ``X | None``, ``Literal`` of one type."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        return arrow_type(arguments[0])
    if origin in (Union, types.UnionType):
        (inner,) = (part for part in arguments if part is not type(None))
        return arrow_type(inner)
    if origin is Literal:
        return arrow_type(type(arguments[0]))
    if origin in (list, tuple):
        return pa.list_(arrow_type(arguments[0]))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return pa.struct(list(arrow_schema(annotation)))
    return _SCALARS[annotation]


def arrow_schema(model: type[BaseModel]) -> pa.Schema:
    """The Arrow schema of a record: one column a field, in the order of the model."""
    return pa.schema(
        [(name, _exact(field) or arrow_type(field.annotation)) for name, field in model.model_fields.items()]
    )


def _exact(field: FieldInfo) -> pa.DataType | None:
    """The type of a decimal that says how many places it has."""
    places = (getattr(rule, "decimal_places", None) for rule in field.metadata)
    return next((pa.decimal128(18, told) for told in places if told is not None), None)


def to_arrow(records: Iterable[BaseModel], model: type[BaseModel]) -> pa.Table:
    """Records as a table of ``arrow_schema(model)``; an empty input keeps the schema."""
    rows = [record.model_dump() for record in records]
    return pa.Table.from_pylist(rows, schema=arrow_schema(model))


def write_records(path: Path, records: Iterable[BaseModel], model: type[BaseModel], label: str) -> None:
    """Write records to a Parquet file, whole or not at all."""
    with atomic_path(path, label) as temporary:
        pq.write_table(to_arrow(records, model), temporary, compression="zstd")


class RecordWriter(Generic[Record]):
    """A Parquet file written as its records come, whole or not at all; nothing is written where none come.

    At most ``BATCH`` records wait in memory; each batch is a row group, sorted by ``key``.
    """

    BATCH = 200

    def __init__(self, path: Path, model: type[Record], label: str, key: Callable[[Record], Any]) -> None:
        self._path, self._model, self._label, self._key = path, model, label, key
        self._open = ExitStack()
        self._file: pq.ParquetWriter | None = None
        self._waiting: list[Record] = []
        self._error: Exception | None = None

    def write(self, record: Record) -> None:
        """Take one record."""
        self._waiting.append(record)
        if len(self._waiting) >= self.BATCH:
            self._flush()

    def close(self) -> None:
        """Write what waits and give the file its name."""
        self._flush()
        self._open.close()

    def _flush(self) -> None:
        if self._error is not None:
            raise self._error
        try:
            self._write_group()
        except Exception as error:  # what a disk refuses once is not to be named as whole by close()
            self._error = error
            self._open.__exit__(type(error), error, error.__traceback__)
            raise

    def _write_group(self) -> None:
        if not self._waiting:
            return
        if self._file is None:
            temporary = self._open.enter_context(atomic_path(self._path, self._label))
            writer = pq.ParquetWriter(temporary, arrow_schema(self._model), compression="zstd")
            self._file = self._open.enter_context(writer)
        self._file.write_table(to_arrow(sorted(self._waiting, key=self._key), self._model))
        self._waiting.clear()


def read_table(paths: Sequence[Path], model: type[BaseModel], without: Sequence[str] = ()) -> pa.Table:
    """The rows of Parquet files as one table of the model's present schema; columns an older file lacks are null.

    Columns named in ``without`` are left on disk.
    """
    schema = pa.schema([field for field in arrow_schema(model) if field.name not in without])
    tables = []
    for path in paths:
        stored = pq.read_schema(path).names
        table = pq.read_table(path, columns=[name for name in schema.names if name in stored])
        columns = [
            table[field.name].cast(field.type) if field.name in table.column_names else pa.nulls(len(table), field.type)
            for field in schema
        ]
        tables.append(pa.table(columns, schema=schema))
    return pa.concat_tables(tables) if tables else schema.empty_table()


def read_records(paths: Sequence[Path], model: type[Record], without: Sequence[str] = ()) -> list[Record]:
    """The rows of Parquet files as records; fields named in ``without`` keep their defaults."""
    return [model.model_validate(row) for row in read_table(paths, model, without).to_pylist()]
