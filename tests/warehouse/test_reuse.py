"""A build leaves as it is what nothing has changed for, and ends with the tables of a build from nothing."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from boi_pipeline.entity import Entity
from boi_pipeline.warehouse import build as building
from boi_pipeline.warehouse.build import Build, ModelResult
from boi_pipeline.warehouse.contract import Project
from boi_pipeline.warehouse.history import History
from boi_pipeline.warehouse.publication import Gate
from boi_pipeline.warehouse.raw import raw_entity
from boi_pipeline.warehouse.selection import select_models
from scrapers.yamlfile import ConfigError
from tests.warehouse.conftest import AS_OF, VOCABULARIES
from tests.warehouse.test_contract import edit

MIDDLE = """/* ---
description: Filas escogidas.
grain: [opportunity_id]
columns:
  opportunity_id:
  amount:
--- */
select opportunity_id, amount from staging.stg_rows where kind = 'a'
"""
APART = """/* ---
description: Otra tabla, que nadie lee.
grain: [opportunity_id]
columns:
  opportunity_id:
--- */
select code as opportunity_id from raw.terms where vocabulary = 'audiences'
"""
TOP = """/* ---
description: Cuánto suman.
grain: [kind]
columns:
  kind:
  amount:
--- */
select kind, sum(r.amount)::decimal(18, 2) as amount
from staging.stg_rows r join intermediate.int_some using (opportunity_id) group by kind
"""


@pytest.fixture
def larger(folder: Path) -> Path:
    """The small project with two tables more: staging.stg_rows → intermediate.int_some → marts.sums; staging.stg_apart."""
    (folder / "intermediate" / "int_some.sql").write_text(MIDDLE)
    (folder / "marts" / "sums.sql").write_text(TOP)
    (folder / "staging" / "stg_apart.sql").write_text(APART)
    return folder


class Home:
    """A warehouse that is built again and again, each time from the last good one."""

    def __init__(self, folder: Path, sql: Path, project_of: Callable[[Path], Project], entity: Entity) -> None:
        self.folder, self._sql, self._project_of, self.entity = folder, sql, project_of, entity
        self.as_of = AS_OF
        self._count = 0

    def build(self, select: set[str] | None = None, *, anew: bool = False, keep: bool = True) -> dict[str, ModelResult]:
        """Build; returns table → what came of it."""
        self._count += 1
        run = f"r{self._count}"
        with Build(self.project, self.folder, run, VOCABULARIES, from_current=not anew) as build:
            build.load(raw_entity(self.entity, self.as_of))
            found = {one.model.table: one for one in build.run({}, select)}
        if keep and not any(one.stops for one in found.values()):
            building.keep(self.folder, run)
        else:
            building.set_aside(self.folder, run)
        return found

    @property
    def project(self) -> Project:
        return self._project_of(self._sql)

    def tables(self) -> dict[str, list[tuple]]:
        """The rows of every table in the last good warehouse."""
        with duckdb.connect(str(self.folder / "boi.duckdb"), read_only=True) as connection:
            names = connection.execute(
                "select schema_name || '.' || table_name from duckdb_tables() where schema_name <> 'quality' order by all"
            ).fetchall()
            noted = {
                name: connection.execute(f"from quality.{name} order by all").fetchall()
                for name in ("results", "quarantine")
            }
            return noted | {name: connection.execute(f"from {name}").fetchall() for (name,) in names}


@pytest.fixture
def home(tmp_path: Path, larger: Path, project_of: Callable[[Path], Project], sample: Entity) -> Home:
    return Home(tmp_path / "w", larger, project_of, sample)


def made(found: dict[str, ModelResult]) -> set[str]:
    """What was built, not left as it was."""
    return {table for table, one in found.items() if not one.is_reused}


EVERY = {"staging.stg_rows", "staging.stg_apart", "intermediate.int_some", "marts.rows", "marts.sums"}


def test_nothing_is_built_twice(home: Home) -> None:
    first = home.build()
    assert made(first) == EVERY
    again = home.build()
    assert made(again) == set()
    for table, one in again.items():
        assert one.row_count == first[table].row_count
        assert one.content == first[table].content
        assert one.preview == first[table].preview
        assert [(c.check.name, c.passed) for c in one.checks] == [(c.check.name, c.passed) for c in first[table].checks]


def test_changed_rows_of_a_raw_table_build_its_readers_alone(home: Home) -> None:
    home.build()
    home.as_of += timedelta(days=1)  # raw.run, which stg_rows reads; its rows come out equal
    assert made(home.build()) == {"staging.stg_rows"}


def test_a_change_goes_on_where_rows_differ(home: Home, larger: Path) -> None:
    home.build()
    edit(larger / "staging" / "stg_rows.sql", "(i * 10)", "(i * 11)")
    assert made(home.build()) == EVERY - {"staging.stg_apart"}


def test_a_change_that_gives_equal_rows_ends_there(home: Home, larger: Path) -> None:
    home.build()
    edit(larger / "staging" / "stg_rows.sql", "(i * 10)", "(10 * i)")
    assert made(home.build()) == {"staging.stg_rows"}
    edit(larger / "intermediate" / "int_some.sql", "kind = 'a'", "kind = 'b'")
    assert made(home.build()) == {"intermediate.int_some", "marts.sums"}


def test_a_renamed_column_goes_on_though_its_values_are_equal(home: Home, larger: Path) -> None:
    home.build()
    edit(
        larger / "intermediate" / "int_some.sql",
        "  amount:\n",
        "  total: {type: 'decimal(18,2)', label: T, description: T.}\n",
    )
    edit(larger / "intermediate" / "int_some.sql", "amount from", "amount as total from")
    assert made(home.build()) == {"intermediate.int_some", "marts.sums"}


def test_a_changed_check_is_run_over_the_same_rows(home: Home, larger: Path) -> None:
    home.build()
    edit(larger / "staging" / "stg_rows.sql", "  close_time:\n---", "  close_time:\nchecks:\n  - not_null: [kind]\n---")
    found = home.build()
    assert made(found) == {"staging.stg_rows"}
    assert [check.check.name for check in found["staging.stg_rows"].checks] == ["grain_unique", "kind_not_null"]


def test_rows_set_aside_stay_aside(home: Home, larger: Path) -> None:
    text = "  close_time:\nchecks:\n  - expression: amount > 10\n    name: large\n---"
    edit(larger / "staging" / "stg_rows.sql", "  close_time:\n---", text)
    home.build()
    again = home.build()["staging.stg_rows"]
    assert (again.is_reused, again.row_count, again.quarantined_count) == (True, 9, 1)
    assert [check.failed_count for check in again.checks] == [0, 1]
    assert [row[1] for row in home.tables()["quarantine"]] == ["large"]


def test_a_part_is_built_and_the_rest_reused(home: Home, larger: Path) -> None:
    home.build()
    edit(larger / "staging" / "stg_rows.sql", "(i * 10)", "(i * 11)")
    part = home.build(select_models(home.project, ["+int_some"]))
    assert set(part) == made(part) == {"staging.stg_rows", "intermediate.int_some"}
    amounts = home.tables()["marts.rows"][0]
    assert str(amounts[2]) == "10.00"  # not chosen: as it was
    assert made(home.build()) == {"marts.rows", "marts.sums"}  # and made up for by the next whole build


def test_what_a_part_reads_is_built_where_it_is_not_there(home: Home) -> None:
    assert set(home.build({"marts.sums"})) == EVERY - {"staging.stg_apart", "marts.rows"}


def test_a_failed_build_leaves_the_last_good_state(home: Home, larger: Path) -> None:
    home.build()
    before = home.tables()
    edit(larger / "staging" / "stg_rows.sql", "(i * 10)", "(i * 11)")
    edit(larger / "intermediate" / "int_some.sql", "amount from", "error('no')::decimal(18, 2) as amount from")
    found = home.build()
    assert found["intermediate.int_some"].error and found["marts.sums"].error
    assert home.tables() == before
    edit(larger / "intermediate" / "int_some.sql", "error('no')::decimal(18, 2) as amount from", "amount from")
    assert made(home.build()) == EVERY - {"staging.stg_apart"}


def test_a_table_whose_file_is_gone_goes(home: Home, larger: Path) -> None:
    home.build()
    (larger / "marts" / "sums.sql").unlink()
    home.build()
    assert "marts.sums" not in home.tables()
    assert "marts.sums" not in {row[0] for row in home.tables()["results"]}


def test_a_warehouse_of_other_code_is_built_anew(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.build()
    monkeypatch.setattr("boi_pipeline.warehouse.reuse._format", lambda: "other")
    assert made(home.build()) == EVERY


@pytest.mark.parametrize("seed", range(3))
def test_any_chain_of_changes_ends_like_a_build_from_nothing(home: Home, larger: Path, seed: int) -> None:
    """Edits and parts in any order; in the end a whole build, which must not differ from one that reuses nothing."""
    choose = random.Random(seed)
    files = {
        "staging/stg_rows.sql": ("(i * 10)", "(i * 11)"),
        "intermediate/int_some.sql": ("kind = 'a'", "kind = 'b'"),
        "marts/sums.sql": ("sum(", "max("),
        "staging/stg_apart.sql": ("= 'audiences'", "= 'channels'"),
        "marts/rows.sql": ("name: amount_is_positive", "name: amount_is_more"),
    }
    for _ in range(5):
        name, (one, other) = choose.choice(list(files.items()))
        text = (larger / name).read_text()
        (larger / name).write_text(text.replace(one, other) if one in text else text.replace(other, one))
        home.as_of += timedelta(days=choose.randrange(2))
        home.build(
            choose.choice([None, {"marts.rows"}, {"staging.stg_rows"}, select_models(home.project, ["int_some+"])])
        )
    home.build()
    reused = home.tables()
    home.build(anew=True)
    assert home.tables() == reused


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        pytest.param("range(1, 11)", "range(1, 13)", id="more at the end"),
        pytest.param("range(1, 11)", "range(3, 9)", id="fewer at both ends"),
        pytest.param("(i * 10)", "(i * case i when 5 then 11 else 10 end)", id="other in the middle"),
        pytest.param("'o' || i", "'o' || (i + 1)", id="another key"),
        pytest.param("range(1, 11)", "range(0)", id="none"),
    ],
)
def test_a_table_that_grows_ends_like_one_made_at_once(home: Home, larger: Path, was: str, becomes: str) -> None:
    for name in ("staging/stg_rows.sql", "marts/rows.sql"):
        edit(larger / name, "grain: [opportunity_id]\n", "grain: [opportunity_id]\ngrows: true\n")
    edit(larger / "marts" / "rows.sql", "  - min_rows: 1\n", "")
    home.build()
    for one, other in ((was, becomes), (becomes, was)):
        edit(larger / "staging" / "stg_rows.sql", one, other)
        home.build()
        grown = home.tables()
        home.build(anew=True)
        assert home.tables() == grown


def test_a_table_that_grows_follows_its_contract(home: Home, larger: Path) -> None:
    edit(
        larger / "intermediate" / "int_some.sql", "grain: [opportunity_id]\n", "grain: [opportunity_id]\ngrows: true\n"
    )
    (larger / "marts" / "sums.sql").unlink()
    home.build()
    edit(larger / "intermediate" / "int_some.sql", "  amount:\n", "  amount:\n  kind:\n")
    edit(larger / "intermediate" / "int_some.sql", "amount from", "amount, kind from")
    assert home.build()["intermediate.int_some"].error is None
    assert home.tables()["intermediate.int_some"][0] == ("o10", Decimal("100.00"), "a")


def test_rows_of_a_table_that_grows_are_set_aside_and_come_back(home: Home, larger: Path) -> None:
    text = "  close_time:\nchecks:\n  - expression: amount > 10\n    name: large\n---"
    edit(larger / "staging" / "stg_rows.sql", "  close_time:\n---", text)
    edit(larger / "staging" / "stg_rows.sql", "grain: [opportunity_id]\n", "grain: [opportunity_id]\ngrows: true\n")
    home.build()
    edit(larger / "staging" / "stg_rows.sql", "(i * 10)", "(i * 11)")
    home.build()
    assert home.tables()["quarantine"] == []
    assert len(home.tables()["staging.stg_rows"]) == 10


def test_the_gate_looks_only_at_marts_that_changed(home: Home, larger: Path) -> None:
    def to_check(history: History) -> set[str]:
        with Build(home.project, home.folder, "look", VOCABULARIES, from_current=True) as build:
            found = build.builds.to_check(history)
        Gate(build.path, home.project, VOCABULARIES).run(history, found)
        with Build(home.project, home.folder, "look", VOCABULARIES, from_current=True) as build:
            build.builds.note_checked(found, history)
        building.keep(home.folder, "look")
        return found

    edit(larger / "marts" / "rows.sql", "min_rows: 1\n", "min_rows: 1\n  - max_fall: 0.5\n")
    home.build()
    assert to_check(History()) == {"marts.rows", "marts.sums"}
    home.build()
    assert to_check(History()) == set()
    assert to_check(replace(History(), rows={"marts.rows": 9, "marts.sums": 3})) == set()  # no fewer than usual
    assert to_check(replace(History(), rows={"marts.rows": 30, "marts.sums": 3})) == {"marts.rows"}  # max_fall
    edit(larger / "marts" / "sums.sql", "sum(", "max(")
    home.build()
    assert to_check(replace(History(), rows={"marts.rows": 30, "marts.sums": 3})) == {"marts.sums"}


def test_a_mart_built_again_with_equal_rows_keeps_what_the_gate_found(home: Home, larger: Path) -> None:
    def look(*, anew: bool = False) -> set[str]:
        """Build, check what is to be checked, and keep it; the marts that were looked at."""
        home.build(anew=anew)
        with Build(home.project, home.folder, "look", VOCABULARIES, from_current=True) as build:
            found, waiting = build.builds.to_check(History()), build.builds.unchecked()
        assert waiting <= found
        Gate(build.path, home.project, VOCABULARIES).run(History(), found)
        with Build(home.project, home.folder, "look", VOCABULARIES, from_current=True) as build:
            build.builds.note_checked(found, History())
        building.keep(home.folder, "look")
        return found

    sums = larger / "marts" / "sums.sql"
    edit(
        sums,
        "  amount:\n---",
        "  amount:\nchecks:\n  - expression: amount > 0\n    name: is_positive\n    advice: Mire.\n---",
    )
    look()
    stg = larger / "staging" / "stg_rows.sql"
    edit(stg, "'23:59:00'", "'22:00:00'")  # no column of sums
    assert look() == {"marts.rows"}
    after = home.tables()
    edit(sums, "amount > 0", "amount > 1")  # the same rows, another check
    assert look() == {"marts.sums"}
    edit(sums, "amount > 1", "amount > 100000")  # rows that fail stay aside
    assert look() == {"marts.sums"}
    edit(stg, "'22:00:00'", "'21:00:00'")
    assert look() == {"marts.rows"}
    kept = home.tables()
    assert len(kept["quarantine"]) == 1
    assert look(anew=True) == {"marts.rows", "marts.sums"}
    assert home.tables() == kept
    edit(sums, "amount > 100000", "amount > 0")
    edit(stg, "'21:00:00'", "'22:00:00'")
    assert look() == {"marts.rows", "marts.sums"}
    assert home.tables() == after


# ---------------------------------------------------------------- what --select means


@pytest.mark.parametrize(
    ("expressions", "found"),
    [
        (["rows"], {"marts.rows"}),
        (["marts.rows"], {"marts.rows"}),
        (["+rows"], {"marts.rows", "staging.stg_rows"}),
        (["int_some+"], {"intermediate.int_some", "marts.sums"}),
        (["+int_some+"], {"staging.stg_rows", "intermediate.int_some", "marts.sums"}),
        (["layer:marts"], {"marts.rows", "marts.sums"}),
        (["+layer:intermediate"], {"staging.stg_rows", "intermediate.int_some"}),
        (["stg_*"], {"staging.stg_rows", "staging.stg_apart"}),
        (["rows stg_apart"], {"marts.rows", "staging.stg_apart"}),
        (["rows", "stg_apart"], {"marts.rows", "staging.stg_apart"}),
        ([], set()),
    ],
)
def test_selection(
    larger: Path, project_of: Callable[[Path], Project], expressions: list[str], found: set[str]
) -> None:
    assert select_models(project_of(larger), expressions) == found


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("+row", r"\+row: no such model; did you mean rows"),
        ("layer:mart", "expected one of layer:staging, layer:intermediate, layer:marts"),
        ("nada", r"expected the name of a model, such as"),
    ],
)
def test_a_selection_of_nothing(
    larger: Path, project_of: Callable[[Path], Project], expression: str, told: str
) -> None:
    with pytest.raises(ConfigError, match=told):
        select_models(project_of(larger), [expression])
