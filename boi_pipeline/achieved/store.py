"""The files that were taken in, kept in the home: ``imports/<import_id>.json`` and its rows beside it, as Parquet.

An import counts when its JSON exists, so that a file is taken in whole or not at all. What a layout is belongs to who
imports; what rows add up to, to SQL.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel
from ulid import ULID

from boi_pipeline.records import Import, Metric, Outcome
from boi_pipeline.settings import Home
from scrapers.files import atomic_path
from scrapers.tabular import arrow_schema, to_arrow

T = TypeVar("T")
BATCH = 20_000  # rows that wait in memory
KIND_OF: dict[type[BaseModel], str] = {Metric: "metrics", Outcome: "outcomes"}


def new_import_id() -> str:
    """An id that sorts after all before it."""
    return str(ULID())


def rows_path(home: Home, import_id: str) -> Path:
    """Where the rows of an import stand."""
    return home.imports / f"{import_id}.parquet"


def write_rows(home: Home, import_id: str, rows: Iterable[BaseModel], model: type[BaseModel]) -> int:
    """Write the rows of an import, a batch in memory at a time; give how many. They count when ``keep`` is called."""
    return _write(home, import_id, rows, arrow_schema(model), lambda batch: to_arrow(batch, model))


def write_tuples(home: Home, import_id: str, rows: Iterable[tuple[Any, ...]], model: type[BaseModel]) -> int:
    """``write_rows`` of millions: each row the values of the model's fields, in their order, checked by whoever read them."""
    schema = arrow_schema(model)

    def table(batch: list[tuple[Any, ...]]) -> pa.Table:
        columns = zip(*batch, strict=True)
        return pa.Table.from_arrays(
            [pa.array(each, one.type) for each, one in zip(columns, schema, strict=True)], schema=schema
        )

    return _write(home, import_id, rows, schema, table)


def _write(
    home: Home, import_id: str, rows: Iterable[T], schema: pa.Schema, table: Callable[[list[T]], pa.Table]
) -> int:
    left, count = iter(rows), 0
    with (
        atomic_path(rows_path(home, import_id), "import") as temporary,
        pq.ParquetWriter(temporary, schema, compression="zstd") as writer,
    ):
        while batch := list(islice(left, BATCH)):
            writer.write_table(table(batch))
            count += len(batch)
    return count


def keep(home: Home, record: Import) -> None:
    """Make an import count, now that its rows are there."""
    with atomic_path(home.imports / f"{record.import_id}.json", "import") as temporary:
        temporary.write_text(record.model_dump_json(indent=1) + "\n", encoding="utf-8")


def imports(home: Home, as_of: datetime | None = None) -> list[Import]:
    """What was taken in by ``as_of``, oldest first."""
    found: Iterator[Import] = (
        Import.model_validate_json(path.read_bytes()) for path in sorted(home.imports.glob("*.json"))
    )
    return [one for one in found if as_of is None or one.imported_at <= as_of]


def files_of(home: Home, records: Iterable[Import], model: type[BaseModel]) -> dict[str, Path]:
    """import_id → the file of its rows, for the imports that hold records of a model. No such file ever changes."""
    return {one.import_id: rows_path(home, one.import_id) for one in records if one.kind == KIND_OF[model]}


def rows_of(home: Home, records: Iterable[Import], model: type[BaseModel]) -> pa.Table:
    """All rows of the imports that hold records of a model."""
    schema = arrow_schema(model)
    kept = [pq.read_table(path) for path in files_of(home, records, model).values()]
    return pa.concat_tables([schema.empty_table(), *kept])
