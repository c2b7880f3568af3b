"""The dashboard page: the measures' own numbers, nothing that acts or calls out, nobody named who should not be."""

import base64
import filecmp
import json
import logging
import re
import shutil
import subprocess
import sys
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import lxml.html
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boi_pipeline.colour import GRAPHIC, contrast
from boi_pipeline.entity import Brand
from boi_pipeline.warehouse.dashboard import drawing
from boi_pipeline.warehouse.dashboard.drawing import inert
from boi_pipeline.warehouse.dashboard.look import tokens
from boi_pipeline.warehouse.dashboard.page import write_dashboard
from boi_pipeline.warehouse.dashboard.sections import Chart, Listing, Matrix, sections
from boi_pipeline.warehouse.dashboard.wording import UNTOLD, axis_format, month, number
from boi_pipeline.warehouse.measures import Filter
from boi_pipeline.warehouse.powerbi.pages import pages
from boi_pipeline.warehouse.powerbi.visuals import Field
from tests.powerbi.star import AS_OF, star_rows
from tests.warehouse.dashboard_set import APPROVED, HOSTILE, WAITING, DashboardSet

REAL_PICTURES = True
pytestmark = pytest.mark.xdist_group("dashboard")  # one worker: the set is made once
BLOCKS = [(section, block) for section in sections() for block in section.blocks]
CHARTS = [block for _, block in BLOCKS if isinstance(block, Chart)]
CALLS = [block for _, block in BLOCKS if isinstance(block, Listing) and any(f.key == "code" for f in block.fields)]
A_FACT_S_OWN = {"reported_by_label", "action_label"}


def figure(shown: DashboardSet, title: str) -> lxml.html.HtmlElement:
    return next(one for one in shown.page.iter("figure") if one.findtext(".//h3") == title)


def rows_of(shown: DashboardSet, title: str) -> list[list[str]]:
    """The words of the table under a title, as a person reads them."""
    body = figure(shown, title).find(".//tbody")
    return [[cell.text_content() for cell in row] for row in body]


def data_of(shown: DashboardSet, title: str) -> dict[str, Any]:
    link = next(a for a in figure(shown, title).iter("a") if a.text == "Datos (JSON)")
    return json.loads((shown.dashboard / link.get("href")).read_text(encoding="utf-8"))


def asked(shown: DashboardSet, name: str, *fields: tuple[Field, Any]) -> Any:
    """A measure under filters; a fact's own column cannot be filtered by, so there it is its group."""
    own = [(field, value) for field, value in fields if field.key in A_FACT_S_OWN]
    where = [Filter(field.table or "", field.key, (value,)) for field, value in fields if field.key not in A_FACT_S_OWN]
    found = shown.values([name], by=[(field.table or "", field.key) for field, _ in own], where=where)
    return next(row[-1] for row in found if list(row[:-1]) == [value for _, value in own])


def same(found: Any, expected: Any) -> bool:
    return found is None if expected is None else float(found) == pytest.approx(float(expected))


def written(shown: DashboardSet, name: str, value: Any) -> str:
    measure = shown.measures.by_name[name]
    if value is None and measure.base == "fct_outcome":
        return UNTOLD
    text = number(value, measure.format or "")
    return f"{shown.entity.currency}\u00a0{text}" if name == "Monto adjudicado" and value is not None else text


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.title)
def test_each_mark_is_the_measure_under_its_filter(shown: DashboardSet, chart: Chart):
    groups = [chart.category, *([chart.series] if chart.series else [])]
    told, table = data_of(shown, chart.title)["filas"], rows_of(shown, chart.title)
    assert told
    for row, words in zip(told, table, strict=True):
        values = list(row.values())
        filters = list(zip(groups, values, strict=False))
        for name, value, text in zip(chart.measures, values[len(groups) :], words[len(groups) :], strict=True):
            expected = asked(shown, name, *filters)
            assert same(value, expected), (row, name, expected)
            assert text == written(shown, name, expected)


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.title)
def test_each_picture_shows_what_its_table_says(shown: DashboardSet, chart: Chart):
    holder = figure(shown, chart.title)
    picture = holder.find(".//svg")
    assert picture.get("aria-label").startswith(f"{chart.title}. ")
    link = next(a for a in holder.iter("a") if a.text.startswith("Gráfico"))
    specification = json.loads((shown.dashboard / link.get("href")).read_text(encoding="utf-8"))
    drawn = {row["cifra"] for row in specification["data"]["values"] if row.get("cifra")}
    told = {cell for row in rows_of(shown, chart.title) for cell in row[-len(chart.measures) :]}
    assert drawn == told
    names = " ".join(picture.itertext())
    if chart.kind == "bars":
        assert all(text in names for text in drawn)
    else:
        assert all(part in names for row in rows_of(shown, chart.title)[:1] for part in row[0].split())


def test_no_category_is_lost(shown: DashboardSet):
    """Every type, and the months from the first to the last, whose sum is the whole: one call, one type, one month."""
    ((total,),) = shown.values(["Convocatorias publicadas"])
    for title in ("Convocatorias publicadas por tipo", "Convocatorias publicadas por mes"):
        assert sum(row["Convocatorias publicadas"] for row in data_of(shown, title)["filas"]) == total


def test_bars_run_from_the_greatest_to_the_least_and_the_unknown_comes_last(shown: DashboardSet):
    rows = data_of(shown, "Impresiones por canal")["filas"]
    values = [row["Impresiones"] for row in rows]
    assert values == sorted(values, reverse=True)
    goals = [row[0] for row in rows_of(shown, "Convocatorias por ODS")]
    assert goals[-1] == "Sin dato"
    places = [int(goal.removeprefix("Nombre de ")) for goal in goals[:-1]]
    assert places == sorted(places), "goals stand in their own order"
    bands = [row[0] for row in rows_of(shown, "Vigentes por plazo")]
    assert bands == ["0 a 7 días", "16 a 30 días", "Más de 30 días", "Sin fecha"], "from the nearest to none"


def test_each_card_is_its_measure(shown: DashboardSet):
    cards = {
        card.findtext("dt"): card.findtext("dd").replace("\u00a0", " ") for card in shown.page.iterfind(".//dl/div")
    }
    names = [name for name in cards if name in shown.measures.by_name]
    assert len(names) > 20
    (row,) = shown.values(names)
    assert [cards[name] for name in names] == [
        written(shown, name, value).replace("\u00a0", " ") for name, value in zip(names, row, strict=True)
    ]
    rows = sum(map(len, star_rows().values()))
    assert cards["Filas esperadas"] == cards["Filas cargadas"] == number(rows, "#,0")
    assert (cards["Tablas con diferencias"], cards["Comprobaciones falladas"]) == ("0", "1")
    assert cards["Fecha de corte"] == "25 nov 2026, 16:00"


def test_every_measure_of_the_report_s_pages_is_here(shown: DashboardSet):
    told = shown.page.text_content()
    wanted = {
        field.key
        for page in pages()
        if page.drill is None
        for visual in page.visuals
        for fields in visual.roles.values()
        for field in fields
        if field.table is None and field.key in shown.measures.by_name
    }
    assert [name for name in wanted if name not in told] == []
    assert [heading.text for heading in shown.page.iter("h2")] == [page.title for page in pages() if page.drill is None]


@pytest.mark.parametrize("listing", CALLS, ids=lambda listing: listing.title)
def test_a_call_s_figures_are_the_measures_of_that_call(shown: DashboardSet, listing: Listing):
    told, words = data_of(shown, listing.title)["filas"], rows_of(shown, listing.title)
    assert 0 < len(told) <= 25
    pairs = list(zip(told, words, strict=True))
    for row, text in [*pairs[:4], pairs[-1]]:
        for name in listing.measures:
            expected = asked(shown, name, (Field("code", "dim_opportunity"), row["Código"]))
            assert same(row[name], expected), (row, name, expected)
            assert text[list(row).index(name)] == written(shown, name, expected)
    if listing.has_total:
        total = data_of(shown, listing.title)["total"]
        assert all(same(total[name], asked(shown, name)) for name in listing.measures)


def test_a_total_that_is_more_than_its_rows_says_so(shown: DashboardSet):
    """What a channel tells of the whole bulletin belongs to no call."""
    rows, total = (
        data_of(shown, "Convocatorias más vistas")["filas"],
        data_of(shown, "Convocatorias más vistas")["total"],
    )
    assert total["Impresiones"] > sum(row["Impresiones"] for row in rows)
    said = "El total cuenta también lo que la lista no nombra"
    assert said in figure(shown, "Convocatorias más vistas").text_content()
    assert said not in figure(shown, "Qué decide el equipo, y en cuánto tiempo").text_content()


def test_the_agenda_begins_with_what_closes_first_and_leads_to_the_note(shown: DashboardSet):
    days = [row["Días restantes"] for row in data_of(shown, "Próximos cierres")["filas"]]
    dated = [day for day in days if day is not None]
    assert dated == sorted(dated) and dated[0] >= 0
    assert days[: len(dated)] == dated, "what has no date comes last"
    link = figure(shown, "Próximos cierres").find(".//tbody//a")
    code = rows_of(shown, "Próximos cierres")[0][2]
    assert link.get("href") == f"{shown.entity.file.site_url}/oportunidades/{code.lower()}/"


def test_the_matrix_adds_up(shown: DashboardSet):
    block = next(block for _, block in BLOCKS if isinstance(block, Matrix))
    content = data_of(shown, block.title)
    for row in content["filas"]:
        goal, *cells, total = row.values()
        assert sum(cell or 0 for cell in cells) == pytest.approx(total)
        assert same(total, asked(shown, block.measure, (block.rows, goal)))
        one = next(name for name in list(row)[1:] if row[name])
        if one != "Total":
            assert same(row[one], asked(shown, block.measure, (block.rows, goal), (block.columns, one)))
    assert content["total"]["Total"] == pytest.approx(float(asked(shown, "Convocatorias publicadas")))


def test_only_what_was_approved_and_published_is_named(shown: DashboardSet):
    everything = "\n".join(path.read_text(encoding="utf-8") for path in shown.dashboard.rglob("*") if path.is_file())
    calls = star_rows()["dim_opportunity"]
    assert any(row["code"] in everything for row in calls[:APPROVED])
    hidden = [row for row in calls[APPROVED:] if row["opportunity_id"] != "unknown"]
    assert WAITING in {row["opportunity_id"] for row in hidden}
    assert [row["code"] for row in hidden if row["code"] in everything] == []
    assert [row["title_es"] for row in calls if re.search(rf"\b{row['title_es']}\b", everything)] == ["Sin dato"], (
        "titles come from what was approved"
    )


def test_what_only_the_team_acts_on_is_not_on_a_page_that_may_be_public(shown: DashboardSet):
    checks = shown.folder / "powerbi" / "check_results.parquet"
    (failed,) = [row for row in pq.read_table(checks).to_pylist() if not row["is_passed"]]
    everything = "\n".join(path.read_text(encoding="utf-8") for path in shown.dashboard.rglob("*") if path.is_file())
    assert failed["advice"] not in everything and failed["check_name"] not in everything
    assert "Comprobaciones falladas" in everything, "how many there are, and what that means, is for everybody"
    assert "lo que tiene un aviso se publica y se cuenta" in everything


def test_hostile_names_stay_names(shown: DashboardSet):
    assert [
        element.tag for element in shown.page.iter("script", "img", "iframe", "object", "embed", "form", "use")
    ] == []
    assert [
        (element.tag, name) for element in shown.page.iter() for name in element.attrib if name.startswith("on")
    ] == []
    assert [element.tag for element in shown.page.iter() if element.get("style")] == []
    names = [row[3] for row in rows_of(shown, "Próximos cierres")]
    assert all(name.endswith(f"{HOSTILE}al revés") for name in names), "as it was, without what nobody sees"
    drawn = " ".join(figure(shown, "Mediana de horas por fuente").find(".//svg").itertext())
    assert drawn.startswith(HOSTILE[:40]), "as much as there is room for"


def test_the_process_that_draws_says_nothing_when_who_asked_is_gone():
    process = subprocess.Popen(
        [sys.executable, "-m", "boi_pipeline.warehouse.dashboard.vega"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin and process.stdout and process.stderr
    process.stdout.close()
    process.stdin.write('{"mark": "bar", "data": {"values": []}}\n')
    process.stdin.close()
    assert (process.wait(60), process.stderr.read()) == (0, "")
    process.stderr.close()


def test_a_picture_keeps_only_what_draws():
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink" width="10" height="5.25">'
        '<script>alert(1)</script><style>*{color:red}</style><g transform="translate(1.23456,2)" onclick="alert(2)">'
        '<a x:href="javascript:alert(3)"><text fill="var(--ink)">vínculo</text></a>'
        '<rect fill="url(#x)" width="3" style="x:y"/><rect fill="red;}" stroke="red"/>'
        '<text fill="var(--ink)">a &lt;b&gt; &amp; c</text></g></svg>'
    )
    assert inert(svg, 'Un "título"') == (
        '<svg class="plot" fill="none" role="img" aria-label="Un &#34;título&#34;" viewBox="0 0 10 5.25">'
        '<g transform="translate(1.23,2)"><rect width="3" fill="url(#x)"/><rect stroke="red"/>'
        '<text fill="var(--ink)">a &lt;b&gt; &amp; c</text></g></svg>'
    )


def test_the_page_asks_for_nothing(shown: DashboardSet):
    site = shown.entity.file.site_url
    text = shown.html.replace(shown.page.xpath("//link[@rel='icon']/@href")[0].replace("'", "&#39;"), "")
    assert {url for url in re.findall(r"""https?://[^\s"'<>)]+""", text) if not url.startswith(site)} == set()
    for path in shown.dashboard.rglob("*.vl.json"):
        found = set(re.findall(r"https?://[^\s\"]+", path.read_text(encoding="utf-8")))
        assert found == {"https://vega.github.io/schema/vega-lite/v6.json"}
    for element in shown.page.iter("a", "link"):
        target = element.get("href")
        if target.startswith("#"):
            assert shown.page.get_element_by_id(target[1:]) is not None
        elif not target.startswith((site, "data:image/svg+xml,")):
            assert (shown.dashboard / target).is_file(), target


def test_its_policy_allows_its_own_style_and_no_script(shown: DashboardSet):
    policy = shown.page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    style = re.search(r"<style>(.*?)</style>", shown.html, re.DOTALL)
    assert style
    digest = base64.b64encode(sha256(style[1].encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def test_it_is_the_same_every_time(shown: DashboardSet, tmp_path: Path):
    again = DashboardSet(tmp_path / "set", shown.project, shown.entity)
    shutil.copytree(shown.folder, again.folder, ignore=shutil.ignore_patterns("dashboard"))
    again.write()
    names = sorted(str(path.relative_to(again.dashboard)) for path in again.dashboard.rglob("*") if path.is_file())
    assert names == sorted(
        str(path.relative_to(shown.dashboard)) for path in shown.dashboard.rglob("*") if path.is_file()
    )
    assert filecmp.cmpfiles(shown.dashboard, again.dashboard, names, shallow=False) == (names, [], [])
    assert str(shown.folder) not in shown.html


def test_a_picture_that_was_drawn_is_not_drawn_again(
    shown: DashboardSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "pictures.json"
    kept.write_text("{", encoding="utf-8")  # cut off: all is drawn
    for name in ("today", "tomorrow"):
        again = DashboardSet(tmp_path / name, shown.project, shown.entity)
        shutil.copytree(shown.folder, again.folder, ignore=shutil.ignore_patterns("dashboard"))
        write_dashboard(again.folder, again.project, again.entity, AS_OF, kept)
        assert again.html == shown.html
        monkeypatch.setattr(drawing.subprocess, "Popen", None)  # whoever would start Vega now fails


def test_an_empty_star_says_that_there_is_nothing_yet_and_why(shown: DashboardSet, tmp_path: Path):
    empty = DashboardSet(tmp_path / "set", shown.project, shown.entity)
    shutil.copytree(shown.folder, empty.folder, ignore=shutil.ignore_patterns("dashboard"))
    for table in empty.measures.star.facts:
        empty.rewrite(table, [])
    empty.write()
    why = {one.findtext(".//h3"): one.findtext("p") for one in empty.page.iter("figure") if one.find("p") is not None}
    assert why["Convocatorias publicadas por mes"] == "Aún no hay datos: todavía no se ha publicado ninguna edición."
    assert why["Impresiones por canal"] == "Aún no hay datos: ningún canal ha informado cuánto se vio lo publicado."
    assert why["Resultados por convocatoria"] == "Aún no hay datos: nadie ha informado qué se obtuvo con lo publicado."
    assert why["Próximos cierres"] == why["Convocatorias publicadas por mes"]
    assert empty.page.findall(".//svg") == []
    cards = {card.findtext("dt"): card.findtext("dd") for card in empty.page.iterfind(".//dl/div")}
    assert (cards["Convocatorias publicadas"], cards["Impresiones"], cards["Tasa de clics"]) == (
        "0",
        "Sin dato",
        "Sin dato",
    )
    assert cards["Tablas con diferencias"] == "6", "control still promises the rows that are gone"


def test_without_what_draws_there_are_tables(
    shown: DashboardSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    plain = DashboardSet(tmp_path / "set", shown.project, shown.entity)
    shutil.copytree(shown.folder, plain.folder, ignore=shutil.ignore_patterns("dashboard"))
    with caplog.at_level(logging.WARNING):
        plain.write()
    assert "uv sync --extra dashboard" in caplog.text
    assert plain.page.findall(".//svg") == plain.page.findall(".//details") == []
    assert rows_of(plain, "Impresiones por canal") == rows_of(shown, "Impresiones por canal")
    assert "Esta copia no tiene gráficos" in plain.page.text_content()


def test_what_is_not_told_of_people_is_no_zero(shown: DashboardSet):
    title = "Resultados por convocatoria"
    told, words = data_of(shown, title)["filas"], rows_of(shown, title)
    untold = [text for row, text in zip(told, words, strict=True) if row["Adjudicadas"] is None]
    assert untold, "the star has calls of which it is withheld how many obtained it"
    for text in untold:
        assert text[3:5] == [UNTOLD, UNTOLD], "an amount goes with the count of those who got it"
    assert f"«{UNTOLD}»" in figure(shown, title).text_content()


@pytest.mark.parametrize(
    ("value", "pattern", "text"),
    [
        (1234567, "#,0", "1.234.567"),
        (Decimal("1234.5600"), "#,0.0", "1.234,6"),
        (0.125, "0.0%", "12,5\u00a0%"),
        (0.03, "+0.0%;-0.0%;0.0%", "+3,0\u00a0%"),
        (-0.03, "+0.0%;-0.0%;0.0%", "-3,0\u00a0%"),
        (0, "+0.0%;-0.0%;0.0%", "0,0\u00a0%"),
        (Decimal("12.3456"), "#,0.00", "12,35"),
        (None, "#,0", "Sin dato"),
    ],
)
def test_numbers_are_written_in_spanish(value: Any, pattern: str, text: str):
    assert number(value, pattern) == text


def test_the_marks_of_an_axis_tell_halves_where_the_measure_does():
    assert axis_format("#,0.0") == ",.1~f"
    assert axis_format("#,0") == ",.0f"


def test_every_format_of_a_measure_can_be_written(shown: DashboardSet):
    for measure in shown.measures.by_name.values():
        assert number(1, measure.format or "")
    assert month("2026-09") == "sep 2026"


COLOURS = st.integers(min_value=0, max_value=0xFFFFFF).map("#{:06x}".format)


@settings(max_examples=40, deadline=None)
@given(COLOURS, COLOURS, st.booleans())
def test_every_series_of_any_brand_stands_out(primary: str, accent: str, dark: bool):
    found = tokens(Brand(primary=primary, accent=accent), dark=dark)
    series = [colour for name, colour in found.items() if name.startswith("series-")]
    assert len(series) == 8
    assert all(contrast(colour, found["surface"]) >= GRAPHIC for colour in series)
