"""The page «Resultados» says what was achieved, what nobody knows and what is not told, in words."""

from dataclasses import replace
from pathlib import Path

import pytest

from boi_pipeline.publishing.disk import Disk
from boi_pipeline.publishing.results import MAX_ROWS
from boi_pipeline.publishing.site import render_site
from tests.publishing.informed import RESULTS, informed
from tests.publishing.pages import parsed, words
from tests.publishing.sample_bulletin import sample_bulletin


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    render_site(informed(sample_bulletin(), tmp_path_factory.mktemp("set")), Disk(folder))
    return folder / "resultados" / "index.html"


def table(page: Path) -> list[list[str]]:
    return [[" ".join(cell.text_content().split()) for cell in row] for row in parsed(page).iterfind(".//tbody/tr")]


def test_the_funnel_goes_from_published_to_obtained(page: Path):
    steps = parsed(page).find_class("funnel-step")
    told = [(step.findtext("h3"), " ".join(step.find("p").text_content().split())) for step in steps]
    assert told[:3] == [
        ("Se publicaron", "18 convocatorias"),
        ("Se vieron", "12.345 veces"),
        ("Se abrieron", "678 veces"),
    ]
    assert told[-3:] == [
        ("La obtuvieron", "No se sabe"),
        ("Se benefician", "127 personas"),
        ("Monto obtenido", "3.550,50 USD"),
    ]


def test_a_share_that_nobody_knows_is_not_shown(page: Path):
    told = words(page)
    assert "Tasa de respuesta 74,0 %" in told
    assert "Tasa de clics" not in told


def test_what_is_withheld_is_no_zero_and_what_nobody_knows_is_neither(page: Path):
    assert table(page)[0][1:] == ["Entidad pública", "12", "12", "8", "Reservado", "No se sabe"]
    told = words(page)
    assert "«No se sabe» quiere decir que nadie lo contó. No quiere decir cero." in told
    assert "menos de cinco personas" in told


def test_a_call_that_no_longer_stands_is_not_named(page: Path):
    titles = [row[0] for row in table(page)]
    assert titles[1:] == ["Otra convocatoria", "Sin dato: varias, con pocas personas cada una"]
    assert "PAL-2026-00009" not in page.read_text(encoding="utf-8")


def test_amounts_tell_the_source_of_their_rates(page: Path):
    assert "con la tasa del día. Fuente: Banco <Alba>." in words(page)


def test_without_figures_the_page_says_so(tmp_path: Path):
    render_site(replace(informed(sample_bulletin(), tmp_path / "set"), results=None), Disk(tmp_path / "site"))
    told = words(tmp_path / "site" / "resultados" / "index.html")
    assert "Los resultados no están disponibles en este momento." in told
    assert "Se vieron" not in told


def test_a_long_list_is_cut_and_says_by_how_much(tmp_path: Path):
    many = replace(RESULTS, rows=RESULTS.rows * MAX_ROWS)
    render_site(replace(sample_bulletin(), results=many), Disk(tmp_path))
    page = tmp_path / "resultados" / "index.html"
    assert len(table(page)) == MAX_ROWS
    assert f"Y {2 * MAX_ROWS} filas más" in words(page)
    assert page.stat().st_size < 100_000


def test_every_page_leads_to_it(page: Path):
    for path in page.parent.parent.rglob("*.html"):
        if "Tableros" in path.read_text(encoding="utf-8") and path.parent.name not in ("tablero",):
            assert (
                any("resultados/" in href or href == "./index.html" for href in parsed(path).xpath("//footer//a/@href"))
                or path == page
            )
