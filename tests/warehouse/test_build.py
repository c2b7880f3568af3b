"""Building: the header binds the SQL, a failure stops only what reads from it, bad rows are set aside."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from boi_pipeline.entity import Entity
from boi_pipeline.warehouse import build as building
from boi_pipeline.warehouse.contract import Model, Project
from boi_pipeline.warehouse.raw import RAW_TABLES, raw_entity
from boi_pipeline.warehouse.writing import write
from tests.warehouse.conftest import AS_OF, VOCABULARIES, built
from tests.warehouse.test_contract import edit


def test_columns_must_be_those_of_the_header(
    folder: Path, tmp_path: Path, project_of: Callable[[Path], Project], sample: Entity
) -> None:
    edit(folder / "marts" / "rows.sql", "select opportunity_id, kind", "select opportunity_id, 1 as kind")
    good, bad = built(project_of(folder), tmp_path / "w", sample)
    assert good.error is None
    assert good.row_count == 10
    assert "rows.sql:6: columns: column 2 is kind INTEGER, the header says kind VARCHAR" in (bad.error or "")


def test_a_column_too_few(folder: Path, tmp_path: Path, project_of: Callable[[Path], Project], sample: Entity) -> None:
    edit(
        folder / "marts" / "rows.sql",
        "select opportunity_id, kind, amount, tags, seen_at, close_time",
        "select opportunity_id, kind",
    )
    _, bad = built(project_of(folder), tmp_path / "w", sample)
    assert "rows.sql:7: columns: the SQL does not give ['amount', 'tags', 'seen_at', 'close_time']" in (bad.error or "")


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("close_time from", "close_time, kind from", 4, "the SQL gives ['kind_1'] more than the header"),
        ("opportunity_id, kind", "kind, opportunity_id", 5, "column 1 is kind VARCHAR, the header says opportunity_id"),
        ("amount, tags", "\n amoun, tags", 21, 'column "amoun" not found'),
        ("kind, amount", "\n kindly(kind), amount", 21, "kindly does not exist"),
    ],
)
def test_sql_that_duckdb_refuses_says_the_line(
    folder: Path,
    tmp_path: Path,
    project_of: Callable[[Path], Project],
    sample: Entity,
    old: str,
    new: str,
    line: int,
    told: str,
) -> None:
    edit(folder / "marts" / "rows.sql", old, new)
    _, bad = built(project_of(folder), tmp_path / "w", sample)
    assert (bad.error or "").startswith(f"{folder / 'marts' / 'rows.sql'}:{line}: "), bad.error
    assert told in (bad.error or "")


def test_a_failed_model_stops_only_its_readers(
    folder: Path, tmp_path: Path, project_of: Callable[[Path], Project], sample: Entity
) -> None:
    edit(folder / "staging" / "stg_rows.sql", "(i * 10)", "(i * 10 / nothing)")
    apart = (folder / "staging" / "stg_rows.sql").read_text().replace("/ nothing", "")
    (folder / "staging" / "stg_apart.sql").write_text(apart)
    results = {one.model.table: one for one in built(project_of(folder), tmp_path / "w", sample)}
    assert "stg_rows.sql:14" in (results["staging.stg_rows"].error or "")
    assert results["marts.rows"].error == "marts.rows was not built: staging.stg_rows failed before it"
    assert results["staging.stg_apart"].error is None


def test_rows_that_fail_a_row_error_are_set_aside(
    folder: Path, tmp_path: Path, project_of: Callable[[Path], Project], sample: Entity
) -> None:
    edit(
        folder / "staging" / "stg_rows.sql",
        "  close_time:\n---",
        "  close_time:\nchecks:\n  - expression: amount > 10\n    name: large\n---",
    )
    staging, mart = built(project_of(folder), tmp_path / "w", sample)
    assert (staging.row_count, staging.quarantined_count, mart.row_count) == (9, 1, 9)
    assert staging.stops is None
    with duckdb.connect(str(tmp_path / "w" / "boi.run.duckdb")) as connection:
        rows = connection.execute("select table_name, check_name, row_key, opportunity_id from quality.quarantine")
        assert rows.fetchall() == [("staging.stg_rows", "large", '{"opportunity_id":"o1"}', "o1")]


def test_a_table_whose_rows_could_not_be_set_aside_is_built_again(
    folder: Path, tmp_path: Path, project_of: Callable[[Path], Project], sample: Entity, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = "  close_time:\nchecks:\n  - expression: amount > 10\n---"
    edit(folder / "staging" / "stg_rows.sql", "  close_time:\n---", check)
    project = project_of(folder)

    def refuse(*_: object, **__: object) -> int:
        raise duckdb.IOException("no")

    with building.Build(project, tmp_path / "w", "run", VOCABULARIES) as build:
        build.load(raw_entity(sample, AS_OF))
        with monkeypatch.context() as patched:
            patched.setattr(building.checks, "quarantine", refuse)
            staging, mart = build.run({})
        assert "no" in (staging.error or "")
        assert "failed before it" in (mart.error or "")
        staging, mart = build.run({})
    assert (staging.row_count, staging.quarantined_count, mart.row_count) == (9, 1, 9)
    assert (staging.is_reused, staging.stops) == (False, None)


def test_a_check_that_cannot_run_says_its_line(
    folder: Path, tmp_path: Path, project_of: Callable[[Path], Project], sample: Entity
) -> None:
    path = folder / "staging" / "stg_rows.sql"
    edit(path, "--- */", "checks:\n  - not_null: [kind]\n  - expression: nada > 0\n--- */")
    staged, _ = built(project_of(folder), tmp_path / "w", sample)
    (told,) = [check.error for check in staged.checks if check.error]
    assert told.startswith(f"{path}:13: check nada_0: "), told
    assert "nada" in told.partition("check nada_0")[2]
    assert told in (staged.stops or "")


def test_warnings_leave_the_rows(
    folder: Path, tmp_path: Path, project_of: Callable[[Path], Project], sample: Entity
) -> None:
    edit(
        folder / "staging" / "stg_rows.sql",
        "  close_time:\n---",
        "  close_time:\nchecks:\n  - expression: amount > 10\n    severity: warning\n---",
    )
    staging, _ = built(project_of(folder), tmp_path / "w", sample)
    assert (staging.row_count, staging.quarantined_count) == (10, 0)
    assert [check.failed_count for check in staging.checks] == [0, 1]


def test_too_much_quarantine_stops_the_set(
    folder: Path, tmp_path: Path, project_of: Callable[[Path], Project], sample: Entity
) -> None:
    edit(
        folder / "staging" / "stg_rows.sql",
        "  close_time:\n---",
        "  close_time:\nchecks:\n  - expression: amount > 30\n---",
    )
    staging, _ = built(project_of(folder), tmp_path / "w", sample)
    assert "3 de 10 filas en cuarentena" in (staging.stops or "")


def test_doubled_keys_stop_the_set(
    folder: Path, tmp_path: Path, project_of: Callable[[Path], Project], sample: Entity
) -> None:
    edit(folder / "staging" / "stg_rows.sql", "'o' || i as", "'o' || least(i, 9) as")
    staging, _ = built(project_of(folder), tmp_path / "w", sample)
    assert "grain_unique (2 filas)" in (staging.stops or "")


@pytest.mark.parametrize(
    ("key", "failed"), [("nullif('o' || i, 'o3')", 1), ("nullif('o' || i, 'o1')", 1), ("null", 10)]
)
def test_rows_without_a_key_stop_the_set(
    key: str, failed: int, folder: Path, tmp_path: Path, project_of: Callable[[Path], Project], sample: Entity
) -> None:
    edit(folder / "staging" / "stg_rows.sql", "'o' || i as opportunity_id", f"{key}::varchar as opportunity_id")
    staging, _ = built(project_of(folder), tmp_path / "w", sample)
    assert f"grain_unique ({failed} filas)" in (staging.stops or "")


def test_a_part_is_rebuilt_from_a_copy_and_the_rest_is_reused(
    folder: Path, tmp_path: Path, project_of: Callable[[Path], Project], sample: Entity
) -> None:
    project = project_of(folder)
    built(project, tmp_path / "w", sample)
    building.keep(tmp_path / "w", "run")
    with building.Build(project, tmp_path / "w", "second", VOCABULARIES, from_current=True) as build:
        assert build.has_raw
        (result,) = list(build.run({}, {"marts.rows"}))
    assert (result.model.table, result.row_count) == ("marts.rows", 10)


def test_where_much_is_read_partitioned_tables_are_made_in_ranges(
    folder: Path, tmp_path: Path, project_of: Callable[[Path], Project], sample: Entity, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def noting(connection: duckdb.DuckDBPyConnection, model: Model, ranges: int) -> None:
        asked.append(ranges)
        write(connection, model, ranges)

    monkeypatch.setattr(building, "write", noting)
    edit(folder / "marts" / "rows.sql", "grain: [opportunity_id]\n", "grain: [opportunity_id]\npartitioned: true\n")
    project = project_of(folder)
    few = built(project, tmp_path / "few", sample)
    monkeypatch.setattr(building, "ROOM", building.memory_limit() // 50)
    many = built(project, tmp_path / "many", sample)
    assert asked[:2] == [1, 1]
    assert asked[2] == asked[3] > 1
    assert [(one.row_count, one.preview, one.content) for one in many] == [
        (one.row_count, one.preview, one.content) for one in few
    ]


def test_an_unfinished_build_leaves_the_last_good_warehouse(
    folder: Path, tmp_path: Path, project_of: Callable[[Path], Project], sample: Entity
) -> None:
    project = project_of(folder)
    built(project, tmp_path / "w", sample)
    building.keep(tmp_path / "w", "run")
    before = (tmp_path / "w" / "boi.duckdb").read_bytes()
    built(project, tmp_path / "w", sample)
    building.set_aside(tmp_path / "w", "run")
    (tmp_path / "w" / "boi.killed.duckdb").write_bytes(b"half")
    building.discard_leftovers(tmp_path / "w")
    assert (tmp_path / "w" / "boi.duckdb").read_bytes() == before
    assert sorted(path.name for path in (tmp_path / "w").iterdir()) == ["boi.duckdb", "boi.failed.duckdb"]


def test_raw_tables_have_their_schema_even_when_empty(
    folder: Path, tmp_path: Path, project_of: Callable[[Path], Project], sample: Entity
) -> None:
    with building.Build(project_of(folder), tmp_path / "w", "run", VOCABULARIES) as build:
        build.load(raw_entity(sample, AS_OF))
        names = {row[0] for row in build.connection.execute("select table_name from duckdb_tables()").fetchall()}
        assert set(RAW_TABLES) <= names
        assert build.connection.execute("select count(*) from raw.notices where text is null").fetchall() == [(0,)]
