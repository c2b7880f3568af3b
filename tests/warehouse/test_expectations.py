"""Great Expectations finds in a mart exactly the rows that the same checks find as SQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from boi_pipeline.warehouse.checks import create_tables, run_check
from boi_pipeline.warehouse.contract import Model
from boi_pipeline.warehouse.expectations import Expectations
from boi_pipeline.warehouse.loading import load_project

VOCABULARIES = {"kinds": frozenset({"a", "b"}), "numbers": frozenset({"1", "2"})}
COLUMNS = """
columns:
  id: {type: text, label: Id, description: Clave.}
  part: {type: bigint, label: Parte, description: Parte.}
  kind: {type: text, label: Clase, description: Clase.}
  number: {type: bigint, label: Número, description: Número.}
  tags: {type: "text[]", label: Marcas, description: Marcas.}
  day: {type: date, label: Día, description: Día.}
  note: {type: text, label: Nota, description: Nota.}
"""
MART = """/* ---
description: Todas las clases de comprobación.
grain: [id, part]
columns:
  id:
  part:
  kind:
  number:
  tags:
  day:
  note:
checks:
  - not_null: [kind, day]
  - unique: [number]
  - in_vocabulary: {kind: kinds, number: numbers, tags: kinds}
  - references: {kind: marts.other.kind}
  - expression: day > date '2026-01-01'
  - expression: part < 2
    severity: warning
  - not_null: [note]
    where: part = 1
    name: note_where_part_is_one
  - no_personal_data: [note]
  - language: {note: es}
    apart_from: [kind]
  - plain_language: [note]
    severity: warning
  - max_rise: {part_2: 0.1}
    severity: warning
  - min_rows: 9
  - max_fall: 0.5
--- */
select * from (values
    ('r1', 1, 'a', 1, ['a'], date '2026-11-23', 'Las becas se entregan hasta el lunes.'),
    ('r2', 1, null, 1, ['a', 'z'], date '2025-11-23', 'Escriba a ana.gil@correo.example para más detalles.'),
    ('r3', 2, 'z', 3, []::varchar[], null, null),
    ('r3', 2, 'b', null, null, date '2026-11-23', 'The scholarship is for students of the town.'),
    ('r''4"', 1, 'a', 2, ['b'], date '2026-11-24', null)
) t(id, part, kind, number, tags, day, note)
"""
OTHER = """/* ---
description: Otra tabla.
grain: [kind]
columns:
  kind:
--- */
select 'a' as kind
"""


@contextmanager
def built(folder: Path, mart: str = MART) -> Iterator[tuple[duckdb.DuckDBPyConnection, Model]]:
    (folder / "marts").mkdir()
    (folder / "columns.yml").write_text(COLUMNS)
    (folder / "marts" / "checked.sql").write_text(mart.replace("1, 'a', 1", "1::bigint, 'a', 1::bigint"))
    (folder / "marts" / "other.sql").write_text(OTHER)
    project = load_project(folder, set(), set(VOCABULARIES))
    with duckdb.connect() as connection:
        create_tables(connection)
        connection.execute("create schema marts")
        for one in project.models:
            connection.execute(f"create table {one.table} as {one.sql}")
        yield connection, project.by_table["marts.checked"]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[object, object]]:
    with built(tmp_path_factory.mktemp("sql")) as (connection, model):
        by_gx = {
            one.check.name: one for one in Expectations().run(connection, model, VOCABULARIES, 12, {"part_2": 0.2})
        }
        by_sql = {
            check.name: run_check(connection, check, model, VOCABULARIES, 12)
            for check in model.checks
            if check.kind != "max_rise"
        }
    return {name: (one, by_sql.get(name, one)) for name, one in by_gx.items()}


EXPECTED = {
    "grain_unique": [("r3", 2), ("r3", 2)],
    "kind_not_null": [("r2", 1)],
    "day_not_null": [("r3", 2)],
    "number_unique": [("r1", 1), ("r2", 1)],
    "kind_in_vocabulary": [("r3", 2)],
    "number_in_vocabulary": [("r3", 2)],
    "tags_in_vocabulary": [("r2", 1)],
    "kind_references": [("r3", 2), ("r3", 2)],
    "day_date_2026_01_01": [("r2", 1)],
    "part_2": [("r3", 2), ("r3", 2)],
    "note_where_part_is_one": [("r'4\"", 1)],
    "note_no_personal_data": [("r2", 1)],
    "note_is_es": [("r3", 2)],
    "note_plain_language": [],
}


@pytest.mark.parametrize("name", EXPECTED)
def test_both_engines_name_the_same_rows(name: str, found: dict[str, tuple]) -> None:
    by_gx, by_sql = found[name]
    keys = [sorted((row["id"], row["part"]) for row in one.failed_keys) for one in (by_gx, by_sql)]
    assert keys == [EXPECTED[name], EXPECTED[name]]
    assert by_gx.failed_count == by_sql.failed_count == len(EXPECTED[name])
    assert by_gx.error is by_sql.error is None


def test_a_share_that_rose_is_told_with_the_rows_that_fail(found: dict[str, tuple]) -> None:
    """Two of five rows fail ``part_2``; a fifth usually does, and a tenth more may."""
    by_gx, _ = found["part_2_rise"]
    assert (by_gx.passed, by_gx.stops, by_gx.failed_count, by_gx.error) == (False, False, 1, None)
    assert by_gx.sample == [{"id": "r3", "part": 2}, {"id": "r3", "part": 2}]


def test_counts_are_checked_against_bounds_and_the_last_set(found: dict[str, tuple]) -> None:
    assert [one.failed_count for one in found["min_rows"]] == [4, 4]
    assert [one.failed_count for one in found["max_fall"]] == [1, 1]


def test_a_row_error_sets_rows_aside_and_a_set_error_stops(found: dict[str, tuple]) -> None:
    for by_gx, by_sql in found.values():
        assert (by_gx.stops, by_gx.quarantines) == (by_sql.stops, by_sql.quarantines)
    assert found["grain_unique"][0].stops
    assert found["kind_not_null"][0].quarantines
    assert not found["part_2"][0].quarantines


@pytest.mark.parametrize("nonsense", ["len(day) > 1", "cast('on ' || day as integer) > 1"], ids=["type", "value"])
def test_a_check_that_cannot_be_computed_is_named_and_the_others_keep_their_outcome(
    tmp_path: Path, nonsense: str
) -> None:
    mart = MART.replace(
        "  - expression: day >", f"  - expression: {nonsense}\n    name: nonsense\n  - expression: day >"
    )
    mart = mart.replace("  - min_rows", "  - max_rise: {nonsense: 0.1}\n    severity: warning\n  - min_rows")
    with built(tmp_path, mart) as (connection, model):
        told = {one.check.name: one for one in Expectations().run(connection, model, VOCABULARIES, 12, {"part_2": 0.2})}
    for name in ("nonsense", "nonsense_rise"):
        assert told[name].stops and "check nonsense:" in (told[name].error or "")
    assert {name: told[name].failed_count for name in EXPECTED} == {name: len(rows) for name, rows in EXPECTED.items()}


def test_a_key_has_all_its_parts_in_every_row(tmp_path: Path) -> None:
    with built(tmp_path) as (connection, model):
        connection.execute("update marts.checked set part = null where id = 'r1'")
        by_gx = next(iter(Expectations().run(connection, model, VOCABULARIES, 12)))
        by_sql = run_check(connection, model.checks[0], model, VOCABULARIES, 12)
    for found in (by_gx, by_sql):
        assert found.check.name == "grain_unique" and found.stops
        assert sorted((row["id"], row["part"] or 0) for row in found.failed_keys) == [("r1", 0), ("r3", 2), ("r3", 2)]


def test_of_a_mart_without_rows_only_their_number_fails(tmp_path: Path) -> None:
    with built(tmp_path) as (connection, model):
        connection.execute("delete from marts.checked")
        told = {one.check.name: one for one in Expectations().run(connection, model, VOCABULARIES, 12, {"part_2": 0.2})}
    assert {name: one.failed_count for name, one in told.items() if not one.passed} == {"min_rows": 9, "max_fall": 6}
