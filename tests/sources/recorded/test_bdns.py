"""The recorded answer of one call of Spain's grants database, read by Bogotá's source; its list was not recorded."""

import json
from pathlib import Path

from tests.sources.answers import Answer
from tests.sources.recorded.reference import REFERENCE, crawl_recorded, recorded

RECORDED = REFERENCE / "api_other/bdns_convocatoria_detail_923546.json"
pytestmark = recorded


def test_a_call_with_its_term_in_dates_and_in_words(tmp_path: Path):
    listed = {"numeroConvocatoria": "923546", "descripcion": "Formación internacional", "fechaRecepcion": "2026-08-05"}
    page = tmp_path / "list.json"
    page.write_text(json.dumps({"content": [listed], "totalElements": 1}), encoding="utf-8")
    answers = [
        Answer("*/convocatorias/busqueda?*", str(page)),
        Answer("*/convocatorias?*&numConv=923546", str(RECORDED)),
    ]
    crawled = crawl_recorded(tmp_path / "home", {"bdns_convocatorias": answers})
    assert crawled.results["bdns_convocatorias"].outcome == "ok"
    notice = crawled.notices["bdns_convocatorias/923546"]
    for line in (
        "Código BDNS: 923546",
        "Presupuesto total: EUR 240",
        "Inicio del plazo de solicitud: 2026-02-20",
        "Fin del plazo de solicitud: 2026-05-20",
        "Beneficiarios: PYME Y PERSONAS FÍSICAS QUE DESARROLLAN ACTIVIDAD ECONÓMICA",
        "Región: ES53 - ILLES BALEARS",
    ):
        assert line in notice.text.split("\n")
    assert "Fin del plazo, según el texto: Tres meses desde" in notice.text
    assert [link.text for link in notice.links] == ["Sede electrónica", "Bases reguladoras"]
