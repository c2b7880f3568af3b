"""The semantic model: what Microsoft's parser takes and refuses, and what it does not look at."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from boi_pipeline.entity import Entity
from boi_pipeline.warehouse.contract import Project
from boi_pipeline.warehouse.dictionary import DICTIONARY
from boi_pipeline.warehouse.measures import Measures
from boi_pipeline.warehouse.own_tables import OWN_TABLES
from boi_pipeline.warehouse.powerbi.display import ColumnDisplay, DisplayFile, load_display
from boi_pipeline.warehouse.powerbi.identity import PROJECT
from boi_pipeline.warehouse.powerbi.model import SemanticModel, semantic_model
from boi_pipeline.warehouse.star import Star
from scrapers.yamlfile import ConfigError
from tests.powerbi.conftest import Parser

pytestmark = pytest.mark.xdist_group("powerbi")
OWN = {**OWN_TABLES, "dictionary": DICTIONARY}
DEFINITION = f"{PROJECT}.SemanticModel/definition"


def test_microsofts_parser_reads_the_model(parser: Parser, written: Path, model: SemanticModel):
    read = parser.read(written / DEFINITION)
    assert {name: set(table["columns"]) for name, table in read["tables"].items()} == {
        table.name: {column.name for column in table.columns} for table in model.tables.values()
    }
    assert {(name, measure) for name, table in read["tables"].items() for measure in table["measures"]} == {
        (table.name, measure.name) for table in model.tables.values() for measure in table.measures
    }
    assert read["relationships"] == len(model.joins)
    assert read["culture"] == "es-ES" and not read["implicit_measures"]
    assert read["tables"]["Fecha"]["category"] == "Time" and read["tables"]["Fecha"]["keys"] == ["Fecha"]
    captions = read["captions"]["en-US"]
    assert len(captions) == 4 + sum(1 + len(t.columns) + len(t.measures) for t in model.tables.values()) - 1
    assert all(captions) and "Published calls" in captions


def test_what_the_parser_writes_back_it_reads_the_same(parser: Parser, written: Path, tmp_path: Path):
    once = parser.read(written / DEFINITION, write=tmp_path / "again")
    assert parser.read(tmp_path / "again")["tables"] == once["tables"]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("tables/Fecha.tmdl", "\tdataCategory: Time", "  dataCategory: Time"),
        ("tables/Fecha.tmdl", "sortByColumn: 'Número de mes'", "sortByColumn: 'No existe'"),
        ("tables/Publicación.tmdl", "dataType: int64", "dataType: entero"),
        ("tables/Publicación.tmdl", "\tcolumn 'Id del canal'", "\tcolumn Id del canal"),
        ("relationships.tmdl", "toColumn: Canal.'Id del canal'", "toColumn: Canal.Nada"),
        ("cultures/en-US.tmdl", "measure Impresiones", "measure Impressiones"),
    ],
)
def test_the_parser_refuses_what_is_broken(parser: Parser, broken: Path, file: str, old: str, new: str):
    path = broken / DEFINITION / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    told = parser.read(broken / DEFINITION)
    assert re.search(r"(?i)tmdl|merge|reference|object|property", told["refused"])
    assert "Microsoft" in told["by"] or "Tmdl" in told["by"]


def test_tables_and_cultures_named_are_there(written: Path, model: SemanticModel):
    """What the parser takes although it is wrong."""
    text = (written / DEFINITION / "model.tmdl").read_text()
    assert [
        line.removeprefix("ref table ").strip("'") for line in text.splitlines() if line.startswith("ref table")
    ] == [table.name for table in model.tables.values()]
    assert {path.stem for path in (written / DEFINITION / "tables").iterdir()} == {
        t.name for t in model.tables.values()
    }
    cultures = re.findall(r"^ref cultureInfo (\S+)$", text, re.MULTILINE)
    assert {path.stem for path in (written / DEFINITION / "cultures").iterdir()} == set(cultures) == {"es-ES", "en-US"}


def test_names_are_unique_as_power_bi_reads_them(model: SemanticModel):
    measures = [measure.name.casefold() for table in model.tables.values() for measure in table.measures]
    assert len(measures) == len(set(measures))
    for table in model.tables.values():
        names = [one.name.casefold().rstrip() for one in [*table.columns, *table.measures]]
        assert len(names) == len(set(names)), table.name


def test_columns_are_those_of_the_published_files(model: SemanticModel, parquet: Path):
    """All of them, save those that nobody would see and nothing uses."""
    left: dict[str, set[str]] = {}
    for table in model.tables.values():
        schema = pq.read_schema(parquet / f"{table.file}.parquet")
        loaded = {column.source for column in table.columns}
        assert [(c.source, c.type) for c in table.columns] == [(f.name, f.type) for f in schema if f.name in loaded]
        left[table.file] = {*schema.names} - loaded
    assert {table: columns for table, columns in left.items() if columns} == {
        **{table: {"label_en"} for table in ("dim_channel", "dim_sdg", "dim_audience", "dim_country")},
        **{table: {"position"} for table in model.tables if table.startswith("bridge_")},
        "dim_opportunity": {"source_id"},  # facts lead to the source
        "dim_funder": {"country_code"},
        "fct_publication": {"publication_id", "snapshot_sha256"},
        "fct_outcome": {"outcome_id", "reported_by"},
        "fct_review": {"decision_id"},
        "check_results": {"severity"},
    }


def test_what_stands_hidden_in_a_fact_can_be_shown(model: SemanticModel):
    assert not model.tables["fct_publication"].by_key["position"].is_hidden
    assert not model.tables["fct_outcome"].by_key["award_amount"].is_hidden
    assert not model.tables["fct_outcome"].by_key["exchange_rate"].is_hidden
    assert model.tables["fct_outcome"].by_key["home_award_amount"].is_hidden  # «Monto adjudicado» adds it up


def test_every_fact_is_joined_and_one_way(model: SemanticModel, star: Star, files: dict[str, str]):
    assert {join.table for join in model.joins} == {*star.facts, *star.bridges}
    assert "bothDirections" not in files[f"{DEFINITION}/relationships.tmdl"]
    inactive = [(join.table, join.column) for join in model.joins if not join.is_active]
    assert inactive == [("fct_publication", "close_date")]
    dax = {m.name: m.dax for table in model.tables.values() for m in table.measures}
    assert "USERELATIONSHIP ( 'Publicación'[Fecha de cierre], 'Fecha'[Fecha] )" in dax["Convocatorias por cerrar"]


def test_keys_and_helpers_are_hidden_and_the_rest_is_shown(model: SemanticModel, star: Star):
    for join in model.joins:
        assert model.tables[join.table].by_key[join.column].is_hidden
        if join.dimension != "dim_date":
            assert model.tables[join.dimension].by_key[join.key].is_hidden
    for table in model.tables.values():
        assert table.by_key["set_id"].is_hidden
        for column in table.columns:
            if column.sort_by and table.file != "dim_date":
                assert next(one for one in table.columns if one.name == column.sort_by).is_hidden
    shown = {column.name for column in model.tables["dim_opportunity"].columns if not column.is_hidden}
    assert {"Título", "Tipo", "Código", "Plazo"} <= shown
    assert all(model.tables[bridge].is_hidden for bridge in star.bridges)


def test_every_count_of_calls_reaches_through_every_bridge(model: SemanticModel, measures: Measures):
    dax = {m.name: m.dax for table in model.tables.values() for m in table.measures}

    def crosses(name: str) -> bool:
        measure = measures.by_name[name]
        if dax[name].count("CROSSFILTER") == len(measures.star.bridges):
            return True
        return any(
            crosses(one) for one in re.findall(r"(?<!['\w])\[([^\]]+)\]", measure.dax) if one in measures.by_name
        )

    for name, measure in measures.by_name.items():
        if measure.base and measures.star.has_opportunity(measure.base):
            assert crosses(name), name


def test_a_description_a_format_and_a_folder_on_every_measure(model: SemanticModel):
    for table in model.tables.values():
        assert table.description
        for column in table.columns:
            assert column.description and column.english and not re.search(r"[áéíóúñ¿]", column.english), column
        for measure in table.measures:
            assert measure.description.endswith(".") and measure.english and measure.folder in model.folders
            assert measure.format or measure.name in ("Estado de la carga", "Corte y estado")


def test_a_measure_names_nothing_that_the_model_lacks(model: SemanticModel):
    """Neither the parser nor the engine of the tests says so: a measure that names an unknown table is an error at refresh."""
    tables = {table.name: {column.name for column in table.columns} for table in model.tables.values()}
    for table in model.tables.values():
        for measure in table.measures:
            bare = re.sub(r'"(?:[^"]|"")*"', "", measure.dax)
            for named, column in re.findall(r"'([^']+)'(?:\[([^\]]+)\])?", bare):
                assert named in tables and (not column or column in tables[named]), measure.name
            rest = re.sub(r"'[^']+'(?:\[[^\]]+\])?", "", bare)
            assert set(re.findall(r"\[([^\]]+)\]", rest)) <= set(model.measure_table), measure.name
            words = re.findall(r"[A-Za-z_]\w*", re.sub(r"\[[^\]]+\]", "", rest))
            assert all(word.isupper() or word.startswith("_") for word in words), measure.name


def test_no_measure_divides_by_nothing_or_hides_an_error(model: SemanticModel):
    """Of the best-practice rules, those that a parser does not see."""
    told = [measure for table in model.tables.values() for measure in table.measures]
    assert len({re.sub(r"\s+", "", measure.dax) for measure in told}) == len(told), "two measures count the same"
    for measure in told:
        bare = re.sub(r"'[^']*'|\"[^\"]*\"|\[[^\]]*\]", "", measure.dax)
        assert not re.search(r"/|IFERROR|TODAY|NOW|EVALUATEANDLOG|USERNAME", bare), measure.name
        if measure.format and "%" in measure.format:
            assert measure.dax.startswith(("DIVIDE", "CALCULATE (\n    DIVIDE")), measure.name


def test_no_column_that_could_hold_a_person(model: SemanticModel):
    """Decisions are told by role, and without the words in which a person gave reasons."""
    names = {column.key for table in model.tables.values() for column in table.columns}
    assert not {name for name in names if re.search(r"person|mail|phone|user|author(?!ity)|reason|note|comment", name)}
    assert "role" in model.tables["fct_review"].by_key


def changed(display: DisplayFile, which: str, **values: Any) -> DisplayFile:
    tables = [one.model_copy(update=values) if one.table == which else one for one in display.tables]
    return display.model_copy(update={"tables": tables})


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda d: d.model_copy(update={"tables": d.tables[1:]}), "dim_date is published for Power BI and has no name"),
        (lambda d: changed(d, "dim_sdg", name="Canal"), "the name 'Canal' is given to dim_channel too"),
        (
            lambda d: changed(d, "dim_channel", columns={"position": ColumnDisplay(name="Etiqueta ")}),
            "the name 'Etiqueta ' is given to dim_channel.label too",
        ),
        (lambda d: changed(d, "dim_channel", columns={"colour": ColumnDisplay()}), "has no column 'colour'"),
        (lambda d: changed(d, "control", table="controls"), "no such table is published"),
        (
            lambda d: changed(d, "dim_date", columns={"month_name": ColumnDisplay(sort_by="month")}),
            "month_name is sorted by 'month'",
        ),
        (lambda d: d.model_copy(update={"folders": {}}), "the folder 'Volumen' has no English name"),
    ],
)
def test_a_wrong_display_is_told(
    project: Project, star: Star, measures: Measures, change: Callable[[DisplayFile], DisplayFile], says: str
):
    display = change(load_display(project.folder))
    with pytest.raises(ConfigError, match=re.escape(says)) as told:
        semantic_model(star, OWN, measures, display, project.folder)
    assert "powerbi.yml" in str(told.value)


def test_a_new_column_of_a_contract_is_in_the_model(project: Project, measures: Measures, star: Star, entity: Entity):
    from boi_pipeline.warehouse.contract import Column
    from boi_pipeline.warehouse.types import TYPES

    old = star.tables["dim_channel"]
    new = replace(old, columns=(*old.columns, Column("home_page", TYPES["text"], "Página", "Página del canal.")))
    grown = Star({**star.tables, "dim_channel": new})
    made = semantic_model(grown, OWN, measures, load_display(project.folder), project.folder)
    column = made.tables["dim_channel"].by_key["home_page"]
    assert (column.name, column.english, column.is_hidden) == ("Página", "Home page", False)
