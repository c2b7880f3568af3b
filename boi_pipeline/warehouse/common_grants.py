"""The approved opportunities of a set as one list of CommonGrants records, in the form of a list answer with one page.

Here: from Parquet to the file. The record itself is ``boi_pipeline.common_grants``'.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

from boi_pipeline.common_grants import NATIVE, Custom, common_grants_record
from boi_pipeline.entity import Vocabulary
from boi_pipeline.warehouse.csv_files import BATCH_ROWS
from boi_pipeline.warehouse.json_files import json_text


def write_common_grants(source: Path, target: Path, vocabularies: Mapping[str, Vocabulary]) -> None:
    """Write the Parquet file of the approved opportunities as one list of CommonGrants opportunities, a batch at a time."""
    with pq.ParquetFile(source) as file, open(target, "w", encoding="utf-8", newline="\n") as out:
        rows = file.metadata.num_rows
        customs = _customs(file.schema_arrow)
        page = {"page": 1, "pageSize": max(1, rows), "totalItems": rows, "totalPages": min(1, rows)}
        out.write(f'{{"status":200,"message":"Success","paginationInfo":{json_text(page)},"items":[')
        between = "\n"
        for batch in file.iter_batches(BATCH_ROWS):
            for row in batch.to_pylist():
                out.write(between + json_text(common_grants_record(row, customs, vocabularies)))
                between = ",\n"
        out.write("\n]}\n")


def _customs(schema: pa.Schema) -> list[Custom]:
    return [
        Custom(field.name, _kind(field.type), field.metadata[b"description"].decode())
        for field in schema
        if field.name not in NATIVE
    ]


def _kind(kind: pa.DataType) -> Literal["string", "integer", "boolean", "array"]:
    if pa.types.is_list(kind):
        return "array"
    if pa.types.is_boolean(kind):
        return "boolean"
    return "integer" if pa.types.is_integer(kind) else "string"
