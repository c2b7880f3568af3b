"""What a week's report says: the measures' own numbers of that week, nobody named who should not be."""

import shutil
from dataclasses import asdict, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from boi_pipeline.report.figures import SOURCE_WEEKS, Section, Table, WeekReport, compared
from boi_pipeline.warehouse.measures import Filter
from boi_pipeline.weeks import week_days, week_label
from tests.powerbi.star import TODAY, star_rows
from tests.report.conftest import EMPTY_WEEK, WEEK, report_of
from tests.warehouse.dashboard_set import APPROVED, DashboardSet

pytestmark = pytest.mark.xdist_group("report")
IN_WEEK = Filter("dim_date", "week_label", (WEEK,))
BEFORE = "2026-W43"


def section(report: WeekReport, key: str) -> Section:
    return next(one for one in report.sections if one.key == key)


def table(report: WeekReport, key: str) -> Table:
    return next(one for part in report.sections for one in part.tables if one.key == key)


def asked(shown: DashboardSet, name: str, *filters: Filter) -> Any:
    ((value,),) = shown.values([name], where=list(filters))
    return value


def same(found: Any, expected: Any) -> bool:
    return found is None if expected is None else found == pytest.approx(float(expected))


def test_each_figure_is_the_measure_of_that_week(shown: DashboardSet, report: WeekReport):
    figures = [one for part in report.sections for one in part.figures] + report.headline
    assert len({one.name for one in figures}) > 20
    for one in figures:
        if one.name != "Convocatorias por cerrar":
            assert same(one.cell.value, asked(shown, one.name, IN_WEEK)), one.name
    assert [one.cell.value for one in report.headline if one.name == "Convocatorias publicadas"] != [0]


def test_each_figure_tells_that_of_the_week_before(shown: DashboardSet, report: WeekReport):
    before = asked(shown, "Impresiones", Filter("dim_date", "week_label", (BEFORE,)))
    now = asked(shown, "Impresiones", IN_WEEK)
    told = next(one for one in report.headline if one.name == "Impresiones").compared
    word = "más" if now > before else "menos"
    assert told == f"{abs(now - before):,} {word} que la semana anterior ({before:,}).".replace(",", ".")


@pytest.mark.parametrize(
    ("pattern", "now", "before", "words"),
    [
        ("#,0", 7, 4, "3 más que la semana anterior (4)."),
        ("#,0", 0, 1200, "1.200 menos que la semana anterior (1.200)."),
        ("#,0", 4, 4, "Igual que la semana anterior (4)."),
        ("#,0.0", 2.04, 2.0, "Igual que la semana anterior (2,0)."),
        ("0.0%", 0.125, 0.1, "2,5 puntos más que la semana anterior (10,0\u00a0%)."),
        ("#,0", None, 4, "La semana anterior: 4."),
        ("#,0", 4, None, "La semana anterior: sin datos."),
    ],
)
def test_a_comparison_reads_as_a_person_would_say_it(pattern: str, now: Any, before: Any, words: str):
    assert compared(pattern, now, before) == words


@pytest.mark.parametrize(
    ("key", "dimension", "label"),
    [("canales", "dim_channel", "label"), ("ods", "dim_sdg", "label"), ("plan", "dim_plan_objective", "label")],
)
def test_each_row_is_the_measure_under_its_filter(
    shown: DashboardSet, report: WeekReport, key: str, dimension: str, label: str
):
    grid = table(report, key).grid
    assert grid.rows
    for row in grid.rows:
        for head, cell in zip(grid.heads[1:], row[1:], strict=True):
            expected = asked(shown, head.name, IN_WEEK, Filter(dimension, label, (row[0].value,)))
            assert same(cell.value or None, expected or None), (row[0].text, head.name)


def test_sources_are_weighed_over_twelve_weeks_and_what_is_not_known_comes_last(
    shown: DashboardSet, report: WeekReport
):
    monday, _ = week_days(WEEK)
    labels = tuple(week_label(monday - timedelta(days=7 * back)) for back in range(SOURCE_WEEKS))
    grid = table(report, "fuentes").grid
    names = {
        row["source_id"]: row["name"] for row in pq.read_table(shown.folder / "powerbi/dim_source.parquet").to_pylist()
    }
    assert {row[0].value for row in grid.rows} <= set(names.values())
    assert grid.rows[-1][0].text == "Sin dato"
    for row in grid.rows:
        for head, cell in zip(grid.heads[1:], row[1:], strict=True):
            filters = Filter("dim_date", "week_label", labels), Filter("dim_source", "name", (row[0].value,))
            assert same(cell.value or None, asked(shown, head.name, *filters) or None), (row[0].text, head.name)
    published = [row[3].value for row in grid.rows[:-1]]
    assert published == sorted(published, reverse=True) and published[0]


def test_what_closes_soon_is_the_rest_of_the_week_and_the_next(shown: DashboardSet):
    report = report_of(shown, week_label(TODAY))
    last = date(2026, 12, 6)
    expected = {
        (row["close_date"].isoformat(), row["code"])
        for row in star_rows()["fct_publication"]
        if row["close_date"] and TODAY < row["close_date"] <= last
    }
    grid = table(report, "cierres").grid
    assert [tuple(cell.value for cell in row[:2]) for row in grid.rows] == sorted(expected) != []
    card = next(one for one in report.headline if one.name == "Convocatorias por cerrar")
    assert (card.cell.value, card.about) == (len(expected), "Publicadas que cierran del 26 nov 2026 al 6 dic 2026.")


def test_a_week_that_is_over_looks_at_the_week_after(shown: DashboardSet, report: WeekReport):
    assert report.is_over and "del 2 nov 2026 al 8 nov 2026" in section(report, "por-cerrar").lead
    assert not report_of(shown, week_label(TODAY)).is_over


def test_only_what_was_approved_is_named(shown: DashboardSet):
    unapproved = {row["code"] for row in star_rows()["dim_opportunity"][APPROVED:]}
    gone = next(row for row in star_rows()["fct_publication"] if row["code"] in unapproved)
    report = report_of(shown, week_label(gone["edition_date"]))
    assert not unapproved & {cell.value for row in table(report, "publicadas").grid.rows for cell in row}
    assert "no se nombra" in section(report, "publicado").notes[0]
    assert gone["opportunity_id"] not in str(asdict(report)) and f"Convocatoria número {gone['code'][-2:]}" not in str(
        report
    )


def test_what_needs_attention_is_counted(shown: DashboardSet, report: WeekReport):
    failing = table(report, "fuentes-fallidas").grid
    assert failing.rows and all(row[2].value for row in failing.rows)
    assert [row[2].value for row in table(report, "comprobaciones").grid.rows] == ["amount_needs_an_award"]
    rows = sum(len(one.grid.rows) for one in section(report, "atencion").tables)
    assert report.concern_count == rows
    refused = report_of(shown, WEEK, refused_count=2)
    assert refused.concern_count == rows + 1
    assert "Hay 2\u00a0archivos rechazados en inbox/refused/" in section(refused, "atencion").notes[0]


def test_a_channel_that_published_and_told_nothing_is_named(shown: DashboardSet, report: WeekReport, tmp_path: Path):
    assert table(report, "sin-medidas").grid.rows == []
    silent = replace(shown, folder=tmp_path / "set")
    shutil.copytree(shown.folder, silent.folder)
    told = star_rows()
    channel = next(row["channel"] for row in told["fct_publication"] if week_label(row["edition_date"]) == WEEK)
    silent.rewrite("fct_metric_daily", [row for row in told["fct_metric_daily"] if row["channel"] != channel])
    (row,) = table(report_of(silent, WEEK), "sin-medidas").grid.rows
    assert row[0].text == f"Nombre de {channel}" and "inbox/" in row[2].text


def test_nothing_is_said_of_what_people_obtained(shown: DashboardSet, report: WeekReport):
    told = {one.name for part in report.sections for one in part.figures} | {
        head.name for part in report.sections for one in part.tables for head in one.grid.heads
    }
    people = {name for name, one in shown.measures.by_name.items() if one.table == "fct_outcome"}
    assert people and not told & people


def test_an_empty_week_says_so(shown: DashboardSet):
    report = report_of(shown, EMPTY_WEEK)
    told = {one.key: one.grid.empty for part in report.sections for one in part.tables if not one.grid.rows}
    assert told["publicadas"] == "Esta semana no se publicó ninguna convocatoria."
    assert told["canales"] == "Esta semana ningún canal publicó ni informó nada."
    assert told["fuentes-fallidas"] == "Ninguna fuente falló esta semana."
    assert set(told) == {
        "publicadas",
        "cierres",
        "canales",
        "ods",
        "plan",
        "fuentes",
        "fuentes-fallidas",
        "sin-medidas",
    }
    cards = {one.name: one.cell.text for one in report.headline}
    assert (cards["Convocatorias publicadas"], cards["Impresiones"]) == ("0", "Sin dato")


@pytest.mark.parametrize("week", ["2026-W54", "2026-48", "ayer", "2026-W48\n", "２０２６-W48"])
def test_what_is_no_week_is_refused(shown: DashboardSet, week: str):
    with pytest.raises(ValueError):
        report_of(shown, week)


def test_the_same_set_gives_the_same_report(shown: DashboardSet, report: WeekReport):
    assert report_of(shown, WEEK) == report
