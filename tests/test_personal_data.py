"""Personal data are found in what is published, and nothing else is taken for them."""

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boi_pipeline.personal_data import MAY_HOLD, holds_personal_data

PERSONAL = [
    "Escriba a juan.perez@uni.edu.co para dudas",
    "Contacto: ana [at] uni [dot] edu",
    "maría.lópez＠ejemplo.org",
    "Llame al 300 123 4567",
    "Tel.: 601 234 5678, extensión 12",
    "WhatsApp +57 310 555 0101",
    "Identificada con cédula de ciudadanía No. 1.020.304.050",
    "DNI 12345678Z",
    "Pasaporte núm. AB123456",
    "CPF 123.456.789-09",
    "Consigne a la cuenta de ahorros 123-456789-01",
    "IBAN DE89 3704 0044 0532 0130 00",
    "https://wa.me/573001234567",
    "https://api.whatsapp.com/send?phone=573001234567",
    "https://boletin.example/postular?correo=ana.gil%40correo.example",
    '{"title_es": "Beca de ana.gil@correo.example"}',
]
PUBLIC = [
    "becas@icetex.gov.co",
    "Escriba a convocatorias@idartes.gov.co",
    "USD 3.001.234.567 para proyectos",
    "350.000.000 COP por organización",
    "Otorga entre 1.000 y 5.000 USD, con 300 cupos",
    "HORIZON-CL5-2027-D3-01-12",
    "Convocatoria RGA-AA0-2020-00",  # begins like an identity card of Brazil
    "Convocatoria AAA-RG0-2020-00",
    "Convocatoria 2027-0112 (EACEA/12/2026)",
    "ISBN 978-3-16-148410-0",
    "2026-11-23 23:59:00+00:00",
    "15 ene 2027, 23:59 (17:59 en Bogotá)",
    "Del 01/02/2027 al 30/06/2027",
    "https://www.icetex.gov.co/becas/3001234567",
    "https://www.google.com/maps/@4.6097,-74.0817,15z",
    "https://medium.com/@ciudad/becas-2027",
    "https://grants.example/view?oppId=358302&code=3105550101",
    "Acuerdo 927 de 2024, artículo 15",
    "Del 1 al 30 de junio de 2027, grupos de 10 a 15 personas",
    "Becas para 18-35 años; nivel B2 de inglés",
    "BOI-2026-00412",
]


@pytest.mark.parametrize("text", PERSONAL)
def test_personal_data_are_found(text: str) -> None:
    assert holds_personal_data(text)
    assert _looked_at([text]) == {text}


@pytest.mark.parametrize("text", PUBLIC)
def test_amounts_dates_numbers_pages_and_offices_are_none(text: str) -> None:
    assert not holds_personal_data(text)


dates = st.dates().flatmap(
    lambda day: st.sampled_from(
        [
            f"{day:%d/%m/%Y}",
            f"{day:%Y-%m-%d}",
            f"{day.day} de enero de {day.year}",
            f"{day:%d.%m.%Y} a las 17:00 (UTC-5)",
        ]
    )
)
amounts = st.tuples(
    st.integers(0, 10**12), st.sampled_from(["USD {}", "{} EUR", "$ {}", "hasta {} COP", "€{}", "entre {0} y {0} GBP"])
).map(lambda pair: pair[1].format(f"{pair[0]:,}".replace(",", ".")))
calls = st.from_regex(r"[A-Z]{3,8}-[A-Z]{2}[0-9]-20[23][0-9]-[0-9]{2}(-[0-9]{2}){0,2}", fullmatch=True)
pages = st.from_regex(
    r"https://[a-z]{3,10}\.(org|edu|gob\.ec)/[a-z0-9/-]{0,20}(\?(id|p|oppId)=[0-9]{1,12})?", fullmatch=True
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(dates, amounts, calls, pages), min_size=1, max_size=4))
def test_no_sentence_of_dates_amounts_call_numbers_and_pages_alarms(parts: list[str]) -> None:
    text = "Convoca la Fundación Faro: " + "; ".join(parts) + "."
    assert not holds_personal_data(text)


mails = st.from_regex(r"[a-z]{4,9}\.[a-z]{4,9}(@|%40| \[at\] )[a-z]{3,9}\.(org|edu\.co|com)", fullmatch=True)
phones = st.from_regex(r"(Tel\. |Celular: |WhatsApp )(\+57 )?3[0-5][0-9] [0-9]{3} [0-9]{4}", fullmatch=True)
papers = st.from_regex(r"(cédula No\. |DNI |pasaporte |CPF )[1-9][0-9]{7,9}", fullmatch=True)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(mails, phones, papers), min_size=1, max_size=30), st.text(max_size=20))
def test_what_alarms_passes_the_quick_look_of_the_database(found: list[str], more: str) -> None:
    texts = {re.sub(r"[\ud800-\udfff\0]", "", f"{more} Datos: {one}.") for one in found}
    assert {text for text in texts if holds_personal_data(text)} <= _looked_at(sorted(texts))


@cache
def _database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


def _looked_at(texts: list[str]) -> set[str]:
    _database().register("texts", pa.table({"text": pa.array(texts, pa.string())}))
    rows = _database().execute("select text from texts where regexp_matches(text, ?)", [MAY_HOLD]).fetchall()
    return {row[0] for row in rows}


REFERENCE = os.environ.get("BOI_REFERENCE_DIR")


@pytest.mark.skipif(not REFERENCE, reason="recorded data are not here: set BOI_REFERENCE_DIR")
def test_recorded_calls_alarm_where_they_name_a_person_or_number_and_nowhere_else() -> None:
    texts = set(_strings(Path(str(REFERENCE)) / "data"))
    assert len(texts) > 5_000
    alarming = [text for text in texts if holds_personal_data(text)]
    # each of these does hold a mail address of no office, or a telephone number
    assert all(re.search(r"@|phone|tel|\+[0-9]{2}", text, re.IGNORECASE) for text in alarming)
    assert len(alarming) < 15
    assert set(alarming) <= _looked_at(sorted(texts))


def _strings(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.json")):
        waiting = [json.loads(path.read_text(encoding="utf-8"))]
        while waiting:
            value = waiting.pop()
            if isinstance(value, str):
                yield value
            elif isinstance(value, (list, dict)):
                waiting += value if isinstance(value, list) else value.values()
    for path in sorted(folder.rglob("*.xml")):
        yield from re.findall(r">([^<>]+)<", path.read_text(encoding="utf-8", errors="replace"))
