"""The profiles of published files: types, encodings, names and descriptions, with any number of rows."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from boi_pipeline.entity import Entity
from boi_pipeline.warehouse import profiles
from boi_pipeline.warehouse.contract import Column, Model, Project
from boi_pipeline.warehouse.profiles import schema_of, stamp, write_table
from boi_pipeline.warehouse.publication import PublishedSet
from boi_pipeline.warehouse.types import TYPES
from tests.warehouse.profile_rules import assert_profiles
from tests.warehouse.test_contract import edit
from tests.warehouse.test_publication import publish_of

KINDS = [name for name in TYPES if name != "double"]
MODEL = Model(
    "main", "every_type", Path(__file__), "", 0, "Todos los tipos.", ("text",),
    tuple(Column(_name, TYPES[_kind], f"El {_kind}", f"Descripción de {_kind}.", _kind == "boolean")
          for _kind in KINDS if (_name := _kind.replace("[]", "_list").replace("timestamptz", "seen_at"))),
    (), {"powerbi": "every_type"}, 3, (),
)  # fmt: skip
ROW = {
    "text": "a", "bigint": 2**53 - 1, "boolean": True, "date": date(2027, 1, 15), "time": time(23, 59),
    "timestamp": datetime(2027, 1, 15), "seen_at": datetime(2027, 1, 15, 3, 30, tzinfo=UTC),
    "decimal(18,2)": Decimal("12345678901234.56"), "decimal(18,4)": Decimal("0.3333"),
    "decimal(18,6)": Decimal("0.123456"), "text_list": ["x", "y"], "bigint_list": [4, 17],
}  # fmt: skip
EMPTY = dict.fromkeys(ROW, None)


def written(rows: list[dict[str, Any]], profile: Any, path: Path, set_id: str = "feedbeef00c0ffee") -> Path:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        table = pa.Table.from_pylist(rows, schema=pa.schema([(c.name, c.type.arrow) for c in MODEL.columns]))
        connection.register("given", table)
        connection.execute("create table every_type as from given")
        assert write_table(connection, MODEL, profile, "true", "America/Bogota", path) == len(rows)
    if profile == "powerbi":
        stamp(path, set_id)
    return path


@pytest.mark.parametrize("rows", [0, 1, 4, 5, 12])
def test_every_file_of_a_set_is_in_its_profile(
    folder: Path, tmp_path: Path, project_of: Callable[[Path], Project], sample: Entity, rows: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(profiles, "ROW_GROUP_ROWS", 4)
    edit(folder / "marts" / "rows.sql", "  - min_rows: 1\n", "")
    edit(folder / "marts" / "rows.sql", "publish: [curated, powerbi]", "publish: [curated, open_data, powerbi]")
    edit(folder / "staging" / "stg_rows.sql", "range(1, 11)", f"range(1, {rows + 1})")
    project = project_of(folder)
    found = publish_of(project, tmp_path, sample)
    assert isinstance(found, PublishedSet)
    assert assert_profiles(found.folder, project) == 8
    assert found.rows["powerbi/rows"] == rows
    keys = pq.read_table(found.folder / "powerbi" / "rows.parquet")["opportunity_id"].to_pylist()
    assert keys == sorted(keys)


def test_every_type_as_power_bi_takes_it(tmp_path: Path) -> None:
    """Local time, five hours behind; lists as text; hours as text; four places of whatever is exact."""
    path = written([EMPTY | {"text": "b"}, ROW], "powerbi", tmp_path / "t.parquet")
    first, second = pq.read_table(path).to_pylist()
    assert first == {
        "text": "a", "bigint": 2**53 - 1, "boolean": True, "date": date(2027, 1, 15), "time": "23:59",
        "timestamp": datetime(2027, 1, 15), "seen_local_at": datetime(2027, 1, 14, 22, 30),
        "decimal(18,2)": Decimal("12345678901234.5600"), "decimal(18,4)": Decimal("0.3333"),
        "decimal(18,6)": Decimal("0.1235"), "text_list": "x; y", "bigint_list": "4; 17", "set_id": "feedbeef00c0ffee",
    }  # fmt: skip
    assert set(second.values()) == {None, "b", "feedbeef00c0ffee"}
    metadata = pq.read_schema(path).metadata or {}
    assert json.loads(metadata[b"columns"])["seen_local_at"]["label"] == "El timestamptz"
    assert metadata[b"contract_version"] == b"3"


def test_every_type_in_the_curated_profile(tmp_path: Path) -> None:
    path = written([ROW], "curated", tmp_path / "t.parquet")
    assert pq.read_table(path).to_pylist() == [ROW]
    assert pq.read_schema(path).equals(schema_of(MODEL, "curated"), check_metadata=True)


def test_what_is_internal_is_not_in_the_open_data(tmp_path: Path) -> None:
    path = written([ROW], "open_data", tmp_path / "t.parquet")
    assert pq.read_table(path).to_pylist() == [{name: value for name, value in ROW.items() if name != "boolean"}]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("á" * 32_000, "á" * 32_000),
        ("á" * 40_000, "á" * 32_000),
        ("🎓" * 16_000, "🎓" * 16_000),
        ("🎓" * 20_000, "🎓" * 16_000),
        ("a" * 30_000 + "🎓" * 1_000, "a" * 30_000 + "🎓" * 1_000),
        ("\x00=cmd\u202e\u200b<script>", "\x00=cmd\u202e\u200b<script>"),
    ],
)
def test_a_text_is_no_longer_than_power_bi_takes(tmp_path: Path, text: str, kept: str) -> None:
    path = written([ROW | {"text": "a", "text_list": [text]}], "powerbi", tmp_path / "t.parquet")
    assert pq.read_table(path)["text_list"].to_pylist() == [kept]
    curated = written([ROW | {"text_list": [text]}], "curated", tmp_path / "c.parquet")
    assert pq.read_table(curated)["text_list"].to_pylist() == [[text]]


def test_the_same_rows_are_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiles, "ROW_GROUP_ROWS", 3)
    rows = [ROW | {"text": f"{number:04}"} for number in range(10)]
    for profile in ("powerbi", "curated"):
        one = written(rows, profile, tmp_path / "1.parquet").read_bytes()
        other = written(rows[::-1], profile, tmp_path / "2.parquet").read_bytes()
        assert one == other


def test_stamping_changes_the_set_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In every row group, also where a text of the table is the mark itself."""
    monkeypatch.setattr(profiles, "ROW_GROUP_ROWS", 2)
    rows = [ROW | {"text": f"{number}", "text_list": ["0123456789abcdef"]} for number in range(5)]
    one = pq.read_table(written(rows, "powerbi", tmp_path / "1.parquet", "aaaaaaaaaaaaaaaa"))
    other = pq.read_table(written(rows, "powerbi", tmp_path / "2.parquet", "ffffffffffffffff"))
    assert one["set_id"].to_pylist() == ["aaaaaaaaaaaaaaaa"] * 5
    assert other["set_id"].to_pylist() == ["ffffffffffffffff"] * 5
    assert one.drop(["set_id"]).equals(other.drop(["set_id"]))
    with pytest.raises(ValueError, match="no place for the set"):
        stamp(tmp_path / "1.parquet", "0" * 16)
    with pytest.raises(ValueError, match="expected 16"):
        stamp(tmp_path / "2.parquet", "short")
