"""Recorded calls of Bogotá's SICON, read by its source; the object around their list is as documented."""

import json

import pytest

from tests.scrapers.conftest import Crawled
from tests.sources.answers import Answer
from tests.sources.recorded.reference import REFERENCE, crawl_recorded, recorded

RECORDED = REFERENCE / "api_other/sicon_bogota_convocatorias_page1.json"
pytestmark = recorded


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    folder = tmp_path_factory.mktemp("sicon")
    calls = json.loads(RECORDED.read_text(encoding="utf-8"))
    (folder / "page.json").write_text(json.dumps({"error": 0, "total_registros": len(calls), "respuesta": calls}))
    answer = Answer(
        "*/DrupalWS/convocatorias_publicadas", str(folder / "page.json"), method="POST", body="limit=50&offset=0"
    )
    return crawl_recorded(folder / "home", {"sicon_convocatorias": [answer]})


def test_a_call_with_its_calendar_money_and_participants(crawled: Crawled):
    result = crawled.results["sicon_convocatorias"]
    assert (result.outcome, result.listed_count, result.error_count) == ("ok", 3, 0)
    notice = crawled.notices["sicon_convocatorias/3731"]
    assert notice.title.startswith("Beca LEP Producción y circulación Milla Bronx")
    assert notice.url == "https://cultured.gov.co/detalle/convocatorias/3731"
    for line in (
        "Fecha de cierre: 2026-08-27 17:00 (America/Bogota)",
        "Fecha de apertura: 2026-07-28",
        "Valor total de los estímulos: $ 350.000.000 COP",
        "Número de estímulos: 14",
        "Quiénes pueden participar: Persona Natural; Persona Jurídica; Agrupación",
    ):
        assert line in notice.text.split("\n")
    assert "En cumplimiento de la Ley 1493 de 2011, que creó" in notice.text


def test_dates_of_either_format_are_told_alike_and_zero_pesos_is_no_amount(crawled: Crawled):
    notice = crawled.notices["sicon_convocatorias/3725"]
    assert "Banco de Personas Expertas para el Sector Cultura: 2026-06-13 17:00 (America/Bogota)" in notice.text
    assert "Valor total" not in notice.text
    assert "Número de estímulos" not in notice.text
