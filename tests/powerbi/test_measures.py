"""Every measure, in DAX and in SQL, over the same published files: the same value under any filter."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from boi_pipeline.warehouse.measures import Filter, Measures, load_measures
from boi_pipeline.warehouse.powerbi.load_measures import load_measures_of
from boi_pipeline.warehouse.powerbi.model import SemanticModel
from boi_pipeline.warehouse.star import Star
from scrapers.yamlfile import ConfigError
from tests.powerbi.conftest import without
from tests.powerbi.dax_engine import DaxEngine, both, number, relation_in, that_differ

pytestmark = pytest.mark.xdist_group("powerbi")

CONTEXTS: dict[str, tuple[Filter, ...]] = {
    "nothing": (),
    "one type": (Filter("dim_opportunity", "type_label", ("Beca",)),),
    "one channel": (Filter("dim_channel", "label", ("Nombre de linkedin",)),),
    "one goal, through the bridge": (Filter("dim_sdg", "label", ("Nombre de 4",)),),
    "one objective, through the bridge": (Filter("dim_plan_objective", "label", ("Nombre de obj_2",)),),
    "one month": (Filter("dim_date", "month_label", ("2026-09",)),),
    "a country and two sources": (
        Filter("dim_country", "label", ("País DE",)),
        Filter("dim_source", "name", ("Fuente 1", "Fuente 2")),
    ),
    "year, types, goals and audience": (
        Filter("dim_date", "calendar_year", (2026,)),
        Filter("dim_opportunity", "type_label", ("Beca", "Fondo")),
        Filter("dim_sdg", "label", tuple(f"Nombre de {goal}" for goal in range(3, 12))),
        Filter("dim_audience", "label", ("Nombre de jovenes",)),
    ),
    "what has no goal": (Filter("dim_sdg", "label", ("Sin dato",)),),
}
EMPTY_WITHOUT_A_MONTH = {"Publicadas el mes anterior", "Variación frente al mes anterior"}


@pytest.fixture(scope="session")
def dax(model: SemanticModel, parquet: Path) -> DaxEngine:
    try:
        return DaxEngine(model, parquet)
    except ImportError as error:
        without("the engine of DAX", error)


@pytest.fixture
def sql(measures: Measures, parquet: Path) -> Iterator[Callable[..., list[tuple[Any, ...]]]]:
    """Measures' rows over the published files."""
    with duckdb.connect() as connection:

        def values(names: list[str], **asked: Any) -> list[tuple[Any, ...]]:
            return measures.values(
                connection, names, lambda table: f"read_parquet('{parquet}/{table}.parquet')", **asked
            )

        yield values


@pytest.mark.parametrize("context", CONTEXTS, ids=str)
def test_dax_gives_what_sql_gives(dax: DaxEngine, measures: Measures, parquet: Path, context: str):
    told = both(dax, measures, parquet, CONTEXTS[context])
    assert that_differ(told) == {}
    if context == "nothing":
        assert {name for name, (_, value) in told.items() if not value} == EMPTY_WITHOUT_A_MONTH
    if context == "one month":
        assert all(told[name][1] for name in EMPTY_WITHOUT_A_MONTH)


def test_a_filter_narrows(dax: DaxEngine, measures: Measures):
    """So that a bridge that leads nowhere cannot pass for one that leads to everything."""
    every = dax.values(["Convocatorias publicadas", "Impresiones", "Remitidas"])
    for context in ("one goal, through the bridge", "one objective, through the bridge", "a country and two sources"):
        some = dax.values(list(every), CONTEXTS[context])
        assert all(0 < some[name] < every[name] for name in every), context


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("dim_sdg", "label"),
        ("dim_channel", "label"),
        ("dim_date", "month_label"),
        ("dim_opportunity", "days_left_band"),
    ],
)
def test_a_group_is_the_same_as_its_filter(
    dax: DaxEngine, sql: Callable[..., list[tuple[Any, ...]]], table: str, column: str
):
    names = ["Convocatorias publicadas", "Tasa de clics", "Impresiones ponderadas por ODS", "Convocatorias por cerrar"]
    rows = sql(names, by=[(table, column)])
    assert len(rows) > 2
    for group, *expected in rows:
        found = dax.values(names, (Filter(table, column, (group,)),))
        assert [number(found[name]) for name in names] == pytest.approx([number(one) for one in expected]), group


def test_weighted_counts_add_up_and_plain_ones_do_not(sql: Callable[..., list[tuple[Any, ...]]]):
    plain, weighted = "Convocatorias publicadas", "Convocatorias ponderadas por ODS"
    ((total, all_weights),) = sql([plain, weighted])
    by_goal = sql([plain, weighted], by=[("dim_sdg", "label"), ("dim_sdg", "position")])
    assert float(all_weights) == pytest.approx(total)
    assert sum(float(row[3]) for row in by_goal) == pytest.approx(total)
    assert sum(row[2] for row in by_goal) > total
    assert [row[0] for row in by_goal] == sorted(row[0] for row in by_goal)


def test_what_cannot_be_grouped_is_told(sql: Callable[..., list[tuple[Any, ...]]]):
    with pytest.raises(ValueError, match="Remitidas cannot be grouped by dim_channel"):
        sql(["Remitidas"], by=[("dim_channel", "label")])


def own_values(model: SemanticModel, star: Star, parquet: Path, dax: DaxEngine) -> dict[str, tuple[Any, Any]]:
    """Measures of the load → (DAX, SQL)."""
    own = load_measures_of([table for table in model.tables if table in star.tables], list(model.tables))
    relations = {table: relation_in(parquet)(table) for table in model.tables}
    found = dax.values([one.name for one in own])
    with duckdb.connect() as connection:
        return {
            one.name: (found[one.name], connection.execute(one.sql.format(**relations)).fetchall()[0][0]) for one in own
        }


def test_a_whole_load_is_told(model: SemanticModel, star: Star, parquet: Path, dax: DaxEngine):
    told = own_values(model, star, parquet, dax)
    assert {name: pair for name, pair in told.items() if pair[0] != pair[1]} == {}
    assert told["Estado de la carga"][0] == "Íntegra"
    assert told["Filas esperadas"] == told["Filas cargadas"] and told["Filas cargadas"][0] > 1000
    assert (told["Conjuntos cargados"][0], told["Tablas con diferencias"][0]) == (1, 0)
    assert told["Fecha de corte"][0].isoformat() == "2026-11-25T16:00:00"


def test_no_slicer_changes_what_is_told_of_the_load(dax: DaxEngine):
    names = ["Estado de la carga", "Filas cargadas", "Conjuntos cargados", "Fecha de corte"]
    whole = dax.values(names)
    assert dax.values(names, CONTEXTS["year, types, goals and audience"]) == whole


def rewritten(parquet: Path, folder: Path, table: str, query: str) -> None:
    """Copy the published files, one of them changed."""
    for path in parquet.glob("*.parquet"):
        (folder / path.name).write_bytes(path.read_bytes())
    with duckdb.connect() as connection:
        source = f"read_parquet('{parquet}/{table}.parquet')"
        connection.execute(f"copy ({query.format(table=source)}) to '{folder}/{table}.parquet'")


@pytest.mark.parametrize(
    ("table", "query", "sets", "different"),
    [
        ("fct_metric_daily", "select * from {table} limit 100", 1, 1),
        ("dim_channel", "select * replace ('ffffffffffffffff' as set_id) from {table}", 2, 0),
        ("control", "select * from {table} where table_name <> 'dim_sdg'", 1, 0),
    ],
)
def test_a_load_that_is_not_whole_is_told(
    model: SemanticModel,
    star: Star,
    parquet: Path,
    dax: DaxEngine,
    tmp_path: Path,
    table: str,
    query: str,
    sets: int,
    different: int,
):
    rewritten(parquet, tmp_path, table, query)
    told = own_values(model, star, tmp_path, DaxEngine(model, tmp_path))
    assert {name: pair for name, pair in told.items() if pair[0] != pair[1]} == {}
    assert told["Estado de la carga"][0].startswith("Incompleta")
    assert (told["Conjuntos cargados"][0], told["Tablas con diferencias"][0]) == (sets, different)


def test_nothing_loaded_is_told(model: SemanticModel, star: Star, parquet: Path, dax: DaxEngine, tmp_path: Path):
    rewritten(parquet, tmp_path, "control", "select * from {table} limit 0")
    told = own_values(model, star, tmp_path, DaxEngine(model, tmp_path))
    assert told["Estado de la carga"] == ("Sin datos: indique la carpeta y actualice",) * 2


GOOD = "{name: A, english: A, description: A., folder: Volumen, base: fct_outcome, dax: 'COUNTROWS ( fct_outcome )', sql: count(*)}"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (GOOD.replace("base: fct_outcome", "base: fct_nothing"), "there is no table 'fct_nothing'"),
        (GOOD.replace("base: fct_outcome, ", ""), "expected a base, or sql over other measures"),
        (GOOD.replace("base: fct_outcome, ", "home: fct_outcome, ").replace("count(*)", '"[B] + 1"'), "no measure [B]"),
        (GOOD.replace("COUNTROWS ( fct_outcome )", "SUM ( fct_outcome[euros] )"), "fct_outcome has no column 'euros'"),
        (GOOD.replace("sql:", "day: close_date, sql:"), "fct_outcome has no column 'close_date'"),
        (f"{GOOD}\n  - {GOOD.replace('name: A', 'name: a')}", "two measures have this name"),
        (GOOD.replace("folder: Volumen, ", ""), "folder"),
    ],
)
def test_a_wrong_measure_is_told(star: Star, tmp_path: Path, line: str, says: str):
    (tmp_path / "measures.yml").write_text(f"measures:\n  - {line}\n")
    with pytest.raises(ConfigError) as told:
        load_measures(tmp_path, star)
    assert says in str(told.value) and "measures.yml" in str(told.value)
