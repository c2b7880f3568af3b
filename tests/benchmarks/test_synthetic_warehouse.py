"""The made raw tables pass through the whole warehouse, so that what measures it cannot rot."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from benchmarks import warehouse as steps
from benchmarks.dbt_peer import write_dbt_project
from benchmarks.synthetic_warehouse import read_raw, write_raw
from boi_pipeline.warehouse.build import CURRENT
from boi_pipeline.warehouse.writing import write

SIZE = 300


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a warehouse built over made tables, before its gate."""
    place = tmp_path_factory.mktemp("made")
    run = steps.run_in(place)
    for step in (steps.make, steps.load, steps.models):
        step(run, SIZE, place)
    return place


@pytest.fixture
def built(place: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The built warehouse; what a test changes in it is undone."""
    with duckdb.connect(str(place / "home" / "sample" / "warehouse" / f"boi.{steps.RUN_ID}.duckdb")) as connection:
        connection.execute("set TimeZone = 'UTC'; begin")
        yield connection
        connection.execute("rollback")


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return connection.execute(f"select count(*) from {query}").fetchall()[0][0]


def test_same_seed_same_rows(place: Path, tmp_path: Path):
    entity = steps.run_in(place).entity
    write_raw(entity, SIZE, tmp_path / "again")
    write_raw(entity, SIZE, tmp_path / "other", seed=2)
    for name in read_raw(place / "raw"):
        assert pq.read_table(tmp_path / "again" / f"{name}.parquet").equals(
            pq.read_table(place / "raw" / f"{name}.parquet")
        )
    one, other = (pq.read_table(folder / "notices.parquet") for folder in (place / "raw", tmp_path / "other"))
    assert not one.equals(other)


def test_the_tables_have_the_shape_of_a_bulletin(built: duckdb.DuckDBPyConnection):
    assert rows(built, "marts.opportunities") == pytest.approx(SIZE, rel=0.02)
    items, notices = rows(built, "raw.matches"), rows(built, "raw.notices")
    assert items / SIZE == pytest.approx(1.07, abs=0.05)
    assert notices / items == pytest.approx(1.13, abs=0.05)
    assert rows(built, "marts.approved_opportunities") / SIZE == pytest.approx(0.09, abs=0.04)
    for table in (
        "marts.opportunity_versions", "marts.field_conflicts", "marts.fct_publication", "marts.fct_metric_daily", "marts.fct_outcome",
        "marts.fct_review", "marts.opportunity_states", "marts.code_redirects", "marts.opportunity_relations", "marts.fct_reader_usage",
        "marts.match_questions",
    ):  # fmt: skip
        assert rows(built, table) > 0, table


def test_partitioned_tables_made_in_ranges_are_the_same(place: Path, built: duckdb.DuckDBPyConnection):
    partitioned = [model for model in steps.run_in(place).project.models if model.partitioned]
    assert partitioned
    for model in partitioned:
        whole = built.sql(f"from {model.table}").to_arrow_table()
        write(built, model, 5)
        assert built.sql(f"from {model.table}").to_arrow_table().equals(whole), model.table


def test_the_set_passes_its_gate_and_is_published(place: Path):
    run = steps.run_in(place)
    path = run.home.warehouse / f"boi.{steps.RUN_ID}.duckdb"
    kept = path.read_bytes()
    told = steps.gate(run, SIZE, place)
    assert told["checks"] > 100 and told["failing"] > 0
    assert (run.home.warehouse / CURRENT).is_file()
    assert steps.publish(run, SIZE, place)["files"] > 20
    path.write_bytes(kept)  # as the other tests found it


def test_the_same_selects_run_with_nothing_around_them(place: Path, built: duckdb.DuckDBPyConnection):
    run = steps.run_in(place)
    with duckdb.connect(str(place / "plain.duckdb")) as target:
        target.execute("create schema raw")
        for name, reader in read_raw(place / "raw").items():
            target.register("incoming", reader)
            target.execute(f"create table raw.{name} as select * from incoming")
            target.unregister("incoming")
    told = steps.plain(run, SIZE, place)
    assert set(told["of_model"]) == set(run.project.by_table)


def test_dbt_gets_the_same_selects_and_what_they_read(place: Path, tmp_path: Path):
    run = steps.run_in(place)
    project = run.project
    write_dbt_project(project, run.vocabularies, tmp_path / "dbt", tmp_path / "dbt.duckdb")
    for model in project.models:
        text = (tmp_path / "dbt" / "models" / model.layer / f"{model.name}.sql").read_text(encoding="utf-8")
        assert f"{{% raw %}}{model.sql}{{% endraw %}}" in text
        assert all(
            f"ref('{table.split('.')[1]}')" in text for table in model.dependencies if not table.startswith("raw.")
        )


def test_dbt_gets_our_checks_as_tests_that_find_the_same_rows(
    place: Path, built: duckdb.DuckDBPyConnection, tmp_path: Path
):
    run = steps.run_in(place)
    write_dbt_project(run.project, run.vocabularies, tmp_path / "dbt", tmp_path / "dbt.duckdb")
    found = {(table, name): count for table, name, count in built.sql(
        "select table_name, check_name, failed_count from quality.results").fetchall()}  # fmt: skip
    for model in run.project.models:
        for number, check in enumerate(model.checks if model.layer != "marts" else ()):
            path = tmp_path / "dbt" / "tests" / f"{model.name}_{number}.sql"
            if check.kind == "min_rows":
                assert not path.exists()
                continue
            asked = path.read_text(encoding="utf-8").partition("{% raw %}")[2].removesuffix("{% endraw %}\n")
            is_aside = check.severity == "error" and check.scope == "row"
            assert len(built.sql(asked).fetchall()) == (0 if is_aside else found[model.table, check.name]), path.name
