"""What every published Parquet file must be, by its profile; asked of a small project's files and of the sample's."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from boi_pipeline.warehouse import profiles
from boi_pipeline.warehouse.contract import Column, Model, Profile, Project
from boi_pipeline.warehouse.dictionary import published_files
from boi_pipeline.warehouse.publication import FOLDERS

# contract type → (physical, logical) type in a file for Power BI; a double is none of them
POWERBI = {
    "text": ("BYTE_ARRAY", "String"),
    "text[]": ("BYTE_ARRAY", "String"),
    "bigint[]": ("BYTE_ARRAY", "String"),
    "time": ("BYTE_ARRAY", "String"),
    "bigint": ("INT64", "None"),
    "boolean": ("BOOLEAN", "None"),
    "date": ("INT32", "Date"),
    "timestamp": ("INT64", "Timestamp(isAdjustedToUTC=false, timeUnit=microseconds"),
    "timestamptz": ("INT64", "Timestamp(isAdjustedToUTC=false, timeUnit=microseconds"),
    "decimal(18,2)": ("INT64", "Decimal(precision=18, scale=4)"),
    "decimal(18,4)": ("INT64", "Decimal(precision=18, scale=4)"),
    "decimal(18,6)": ("INT64", "Decimal(precision=18, scale=4)"),
}
CURATED = {
    "text": pa.string(),
    "text[]": pa.list_(pa.string()),
    "bigint[]": pa.list_(pa.int64()),
    "time": pa.time64("us"),
    "bigint": pa.int64(),
    "boolean": pa.bool_(),
    "double": pa.float64(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "timestamptz": pa.timestamp("us", tz="UTC"),
    "decimal(18,2)": pa.decimal128(18, 2),
    "decimal(18,4)": pa.decimal128(18, 4),
    "decimal(18,6)": pa.decimal128(18, 6),
}
INTERNAL = {"reviewed_by_role", "has_unapproved_changes"}


def assert_profiles(folder: Path, project: Project) -> int:
    """Every Parquet file of a set is in its profile and every one that should be there is; returns how many there are."""
    expected = {
        f"{FOLDERS[profile]}/{file}.parquet": (profile, model) for profile, file, model in published_files(project)
    }
    assert {str(path.relative_to(folder)) for path in folder.rglob("*.parquet")} == set(expected)
    for name, (profile, model) in expected.items():
        _assert_encoding(folder / name)
        if profile == "powerbi":
            _assert_powerbi(folder / name, model, folder.resolve().name)
        else:
            _assert_curated(folder / name, model, profile)
    return len(expected)


def _assert_encoding(path: Path) -> None:
    """Snappy, plain or dictionary, pages of the first version, as few row groups as there may be."""
    metadata = pq.read_metadata(path)
    assert metadata.num_row_groups == max(1, -(-metadata.num_rows // profiles.ROW_GROUP_ROWS)), path
    data = path.read_bytes()
    for group in range(metadata.num_row_groups):
        for index in range(metadata.num_columns):
            chunk = metadata.row_group(group).column(index)
            assert chunk.compression == "SNAPPY", path
            assert set(chunk.encodings) <= {"PLAIN", "RLE", "RLE_DICTIONARY", "PLAIN_DICTIONARY"}, path
            if chunk.num_values:  # a page's header begins with its type: 0 is a data page of the first version
                assert data[chunk.data_page_offset : chunk.data_page_offset + 2] == b"\x15\x00", path
                assert chunk.data_page_offset > (chunk.dictionary_page_offset or 0)


def _assert_powerbi(path: Path, model: Model, set_id: str) -> None:
    parquet = pq.ParquetFile(path)
    names = [_local(column) for column in model.columns] + ["set_id"]
    assert parquet.schema_arrow.names == names, path
    for index, column in enumerate(model.columns):
        found = parquet.schema.column(index)
        assert found.max_repetition_level == 0, (path, found.name)
        physical, logical = POWERBI[column.type.name]
        assert found.physical_type == physical, (path, found.name)
        assert str(found.logical_type).startswith(logical), (path, found.name)
    told = json.loads((parquet.schema_arrow.metadata or {})[b"columns"])
    assert list(told) == names
    for column in model.columns:
        assert told[_local(column)] == {"description": column.description, "label": column.label}
    rows = parquet.read().to_pylist()
    assert {row["set_id"] for row in rows} <= {set_id}, path
    key = [_local(column) for column in model.columns if column.name in model.grain]
    keys = [tuple(_as_powerbi_compares(row[name]) for name in key) for row in rows]
    assert len(set(keys)) == len(keys), f"{path}: two keys are one to Power BI"
    longest = max(
        (len(value.encode("utf-16-le")) // 2 for row in rows for value in row.values() if isinstance(value, str)),
        default=0,
    )
    assert longest <= 32_000, path


def _assert_curated(path: Path, model: Model, profile: Profile) -> None:
    schema = pq.read_schema(path)
    columns = [column for column in model.columns if not (profile == "open_data" and column.is_internal)]
    assert schema.names == [column.name for column in columns], path
    for column in columns:
        field = schema.field(column.name)
        assert field.type.equals(CURATED[column.type.name]), (path, column.name)
        told = {key.decode(): value.decode() for key, value in (field.metadata or {}).items()}
        assert told == {"description": column.description, "label": column.label}, (path, column.name)
    assert (schema.metadata or {})[b"description"].decode() == model.description
    if profile == "open_data":
        assert not INTERNAL & set(schema.names), path
    keys = pq.read_table(path, columns=list(model.grain)).to_pylist()
    assert len({str(key) for key in keys}) == len(keys), path


def _local(column: Column) -> str:
    return column.name.removesuffix("_at") + "_local_at" if column.type.name == "timestamptz" else column.name


def _as_powerbi_compares(value: Any) -> Any:
    return value.lower().rstrip() if isinstance(value, str) else value
