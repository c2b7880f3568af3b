"""A table is the same, row by row and in order, however its rows are put in."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from boi_pipeline.warehouse.build import Build
from boi_pipeline.warehouse.contract import Model, Project
from boi_pipeline.warehouse.engine import connect
from boi_pipeline.warehouse.raw import RawFiles, raw_schema
from boi_pipeline.warehouse.writing import write, write_sparingly
from tests.warehouse.conftest import VOCABULARIES
from tests.warehouse.test_contract import edit

SAID = ("partitioned: true\n", "partitioned: true\nordered: true\n")  # of the made rows only some come in order
WAYS: dict[str, Callable[[duckdb.DuckDBPyConnection, Model], None]] = {
    "in two ranges": lambda connection, model: write(connection, model, 2),
    "in seven ranges": lambda connection, model: write(connection, model, 7),
    "sparingly": write_sparingly,
}
KEYS = {
    "apart": "hash(i)::varchar",
    "some without": "case when i % 3 <> 2 then hash(i)::varchar end",
    "none": "null::varchar",
    "nearly one": "(i // 4000)::varchar",
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("keys", KEYS)
@pytest.mark.parametrize("rows", [0, 1, 3, 5_000])
@pytest.mark.parametrize("said", SAID)
def test_a_table_is_the_same_however_it_is_written(
    folder: Path, project_of: Callable[[Path], Project], said: str, rows: int, keys: str, way: str
) -> None:
    grain = "grain: [opportunity_id, amount]\n"
    edit(folder / "marts" / "rows.sql", "grain: [opportunity_id]\n", f"{grain}{said}")
    edit(folder / "staging" / "stg_rows.sql", "grain: [opportunity_id]\n", grain)
    edit(folder / "staging" / "stg_rows.sql", "'o' || i as", f"{KEYS[keys]} as")
    edit(folder / "staging" / "stg_rows.sql", "range(1, 11)", f"range({rows})")
    project = project_of(folder)
    model = project.by_table["marts.rows"]
    with duckdb.connect() as connection:
        for schema in ("raw", "staging", "marts", "quality"):
            connection.execute(f"create schema {schema}")
        connection.execute("create table raw.run as select 1 as one")
        write(connection, project.by_table["staging.stg_rows"])
        write(connection, model)
        expected = connection.sql("from marts.rows").fetchall()
        WAYS[way](connection, model)
        assert connection.sql("from marts.rows").fetchall() == expected
        assert connection.sql("select table_name from duckdb_tables() order by 1").fetchall() == [
            ("rows",),
            ("run",),
            ("stg_rows",),
        ]
    assert len(expected) == rows


MUCH = 130_000  # more than a row group of DuckDB's: 122,880


def test_what_is_written_in_ranges_is_found_before_the_file_is_opened_again(
    folder: Path, tmp_path: Path, project_of: Callable[[Path], Project]
) -> None:
    grain = "grain: [opportunity_id, amount]\n"
    edit(folder / "marts" / "rows.sql", "grain: [opportunity_id]\n", f"{grain}partitioned: true\n")
    edit(folder / "marts" / "rows.sql", "from staging.stg_rows", f"from staging.stg_rows where amount >= {2 * MUCH}0")
    edit(folder / "staging" / "stg_rows.sql", "'o' || i as", "'o' || lpad(i::varchar, 9, '0') as")
    edit(folder / "staging" / "stg_rows.sql", "range(1, 11)", f"range({4 * MUCH})")
    project = project_of(folder)
    with connect(tmp_path / "f.duckdb") as connection:
        connection.execute("create schema raw; create schema staging; create schema marts")
        connection.execute("create table raw.run as select 1 as one")
        write(connection, project.by_table["staging.stg_rows"])
        connection.execute("begin")
        write(connection, project.by_table["marts.rows"], 2)  # nothing in the first
        connection.execute("commit")
        found = connection.sql("select count(*) from marts.rows join (select 'a' as kind) using (kind)").fetchall()
        assert found == [(MUCH,)]


def test_rows_of_files_are_found_before_the_warehouse_is_opened_again(
    folder: Path, tmp_path: Path, project_of: Callable[[Path], Project]
) -> None:
    none = raw_schema("metrics").empty_table()
    rows = duckdb.sql(
        f"from none union all by name (select 'told' as import_id, i as row_number from range({MUCH}) t(i))"
    )
    pq.write_table(rows.to_arrow_table().cast(raw_schema("metrics")), tmp_path / "told.parquet")
    with Build(project_of(folder), tmp_path / "w", "run", VOCABULARIES) as build:
        build.load({"metrics": RawFiles({"told": tmp_path / "told.parquet"}, none)})
        told = "select count(*) from raw.metrics where row_number > 5"
        assert build.connection.sql(told).fetchall() == [(MUCH - 6,)]
