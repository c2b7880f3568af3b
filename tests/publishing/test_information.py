"""The pages about the bulletin itself say what is known, say what is not, and carry what they were handed."""

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from boi_pipeline.entity import load_entity
from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.publishing.disk import Disk
from boi_pipeline.publishing.information import PAGES
from boi_pipeline.publishing.transparency import record_of
from boi_pipeline.publishing.writer import Writer
from boi_pipeline.settings import ROOT
from tests.publishing.informed import DASHBOARD, DATA, informed
from tests.publishing.pages import parsed, words
from tests.publishing.sample_bulletin import AS_OF, HOSTILE, sample_bulletin, sample_entity, sample_records

NINE = [
    "nombre_y_version",
    "proposito",
    "funcion_institucional",
    "estado",
    "usa_datos_personales",
    "tipos_de_datos",
    "responsable",
    "contacto",
    "ultima_actualizacion",
]


def written(bulletin: Bulletin, folder: Path) -> Path:
    """The pages about the bulletin, alone."""
    writer = Writer(bulletin, Disk(folder))
    for write in PAGES:
        write(writer)
    return folder


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(informed(sample_bulletin(), tmp_path_factory.mktemp("set")), tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What there is to say of an entity that has published nothing and was handed nothing."""
    entity = sample_entity()
    return written(Bulletin(entity.file, entity.vocabularies, AS_OF), tmp_path_factory.mktemp("bare"))


def test_the_record_has_its_nine_fields_for_people_and_for_machines(pages: Path):
    record = json.loads((pages / "transparencia/registro.json").read_bytes())
    assert sorted(record["campos"]) == sorted(NINE)
    shown = words(pages / "transparencia/index.html")
    for field in record["campos"].values():
        assert field["nombre"] in shown
        for told in field["valor"]:
            assert " ".join(told.split()) in shown
    assert record["lectores"] == [
        {"lector": "offline", "version": "rules-3", "anuncios": 85},
        {"lector": "llm", "version": "read-1-ab/modelo-gaviota-2", "anuncios": 12},
    ]
    assert record["opiniones"] == [{"version": "match-1-cd/modelo-gaviota-2", "parejas": 8}]
    assert record["exactitud"][0]["medidas"] == [{"que": "Tipo de oportunidad", "aciertos": 200, "de": 224}]
    assert parsed(pages / "transparencia/index.html").xpath("//a[@download]/@href") == [
        "../transparencia/registro.json"
    ]


def test_who_joins_announcements_is_told_as_who_reads_them(pages: Path, bare: Path):
    opines = "De las parejas dudosas opina la IA generativa. La respuesta de una persona vale más."
    for folder, has_judge in ((pages, True), (bare, False)):
        shown = words(folder / "transparencia/index.html")
        assert "Reglas automáticas unen los anuncios de una misma convocatoria." in shown
        assert (opines in shown) is has_judge


def test_the_record_counts_how_texts_were_made_from_the_bulletin_itself(pages: Path):
    record = json.loads((pages / "transparencia/registro.json").read_bytes())
    assert record["textos"] == {
        "con_plantillas": 7,
        "con_ia_generativa": 1,
        "herramientas": ["Modelo Gaviota 2"],
        "aprobados_por_una_persona": 8,
    }
    shown = words(pages / "transparencia/index.html")
    assert "Herramientas generativas: Modelo Gaviota 2." in shown
    assert "En uso desde el 23 de noviembre de 2026." in shown


def test_the_order_and_the_accuracy_are_those_handed_in(pages: Path):
    shown = words(pages / "transparencia/index.html")
    assert "Financiación: completa, 20; ninguna, 0." in shown
    assert "Tipo de oportunidad 200 224 89,3 %" in shown
    assert "320 anuncios de prueba, 25 de noviembre de 2026" in shown


def test_what_nobody_knows_is_said_to_be_unknown(bare: Path):
    shown = words(bare / "transparencia/index.html")
    for expected in (
        "La versión no está registrada. Por confirmar",
        "En preparación. Todavía no ha publicado ninguna edición.",
        "Las reglas de orden no están disponibles en este momento.",
        "La versión en uso no tiene una medición publicada.",
    ):
        assert expected in shown
    record = json.loads((bare / "transparencia/registro.json").read_bytes())
    assert record["campos"]["nombre_y_version"]["confirmado"] is False
    assert record["orden"] == record["opiniones"] == record["exactitud"] == record["lectores"] == []


def test_what_a_person_must_still_confirm_is_marked(tmp_path: Path):
    bogota = load_entity(ROOT / "entities" / "bogota")
    bulletin = Bulletin(bogota.file, bogota.vocabularies, AS_OF)
    unsure = {one.key for one in record_of(bulletin) if not one.is_confirmed}
    assert {"responsable", "contacto"} <= unsure
    folder = written(bulletin, tmp_path)
    record = json.loads((folder / "transparencia/registro.json").read_bytes())
    assert record["campos"]["responsable"]["confirmado"] is False
    shown = words(folder / "seguridad/index.html")
    assert f"Responde: {bogota.file.name}. por confirmar" in shown
    assert "Nuestro sitio es boletin.example. Compare letra por letra. por confirmar" in shown


def test_a_setting_that_is_confirmed_carries_no_mark(pages: Path):
    for path in pages.rglob("*.html"):
        assert (
            "por confirmar"
            not in " ".join(element.text_content() for element in parsed(path).find_class("unsure")).lower()
        )


def test_the_open_data_page_offers_every_file_with_its_size(pages: Path):
    page = parsed(pages / "datos-abiertos/index.html")
    offered = {element.get("href") for element in page.xpath("//main//a[@download]")}
    assert len(offered) == len(DATA)
    for name, content in DATA.items():
        assert (pages / "datos" / name).read_bytes() == content
    for href in offered:
        target = (
            pages
            / "datos-abiertos"
            / href.replace("%20", " ").replace("%26", "&").replace("%3C", "<").replace("%3E", ">")
        )
        assert target.resolve().is_file(), href
    shown = words(pages / "datos-abiertos/index.html")
    assert "Las oportunidades aprobadas en español. 1 fila CSV 36 bytes JSON Lines 29 bytes Parquet 4 bytes" in shown
    assert "Datos al 24 de noviembre de 2026, 16:00, hora de Puerto Alba." in shown
    assert "CC BY 4.0" in shown


def test_the_open_data_page_describes_its_files_to_machines(pages: Path):
    data = json.loads(parsed(pages / "datos-abiertos/index.html").find(".//script").text)["mainEntity"]
    assert data["license"] == "https://creativecommons.org/licenses/by/4.0/"
    told = {one["name"]: one for one in data["distribution"]}
    assert told["oportunidades.csv"]["contentUrl"] == "https://boletin.puertoalba.example/datos/oportunidades.csv"
    for name, one in told.items():
        assert one["sha256"] == hashlib.sha256(DATA[name]).hexdigest()
        assert one["contentSize"] == f"{len(DATA[name])} B"
    assert "LEAME.txt" not in told


def test_the_address_that_catalogues_know_leads_to_the_page(pages: Path):
    refresh = parsed(pages / "datos/index.html").find(".//meta[@http-equiv='refresh']")
    assert refresh is not None
    target = refresh.get("content", "").removeprefix("0; url=")
    assert (pages / "datos" / target).resolve() == (pages / "datos-abiertos/index.html").resolve()


def test_the_dashboard_stands_as_it_was_handed_over(pages: Path):
    for name, content in DASHBOARD.items():
        assert (pages / "tableros/tablero" / name).read_bytes() == content
    page = parsed(pages / "tableros/index.html")
    (button,) = page.find_class("button")
    assert (pages / "tableros" / button.get("href", "")).resolve().is_file()
    assert "Datos al 24 de noviembre de 2026, 16:00" in words(pages / "tableros/index.html")


def test_without_files_the_pages_say_so_and_offer_none(bare: Path):
    assert "Los archivos no están disponibles en este momento." in words(bare / "datos-abiertos/index.html")
    assert "El tablero no está disponible en este momento." in words(bare / "tableros/index.html")
    assert not [path for path in (bare / "datos").iterdir() if path.name != "index.html"]
    assert not (bare / "tableros/tablero").exists()


def test_the_safety_page_tells_how_to_know_our_posts(pages: Path):
    shown = words(pages / "seguridad/index.html")
    for expected in (
        "Nuestro sitio es boletin.puertoalba.example.",
        "Cada publicación lleva un código, como PAL-2026-00042.",
        "WhatsApp",
        "Pide datos bancarios o de identidad por chat",
        "Escríbanos a internacional@puertoalba.example.",
    ):
        assert expected in shown
    assert "dar órdenes a un sistema" not in shown  # a sign for editors, not for citizens


def test_hostile_words_of_files_and_tools_stay_text(tmp_path: Path):
    records = sample_records()
    bulletin = informed(records.bulletin(), tmp_path / "set")
    assert bulletin.open_data is not None
    assert bulletin.system is not None
    files = [replace(one, title=HOSTILE) for one in bulletin.open_data.files]
    readers = [replace(one, version=HOSTILE) for one in bulletin.system.readers]
    accuracy = [replace(one, version=HOSTILE) for one in bulletin.system.accuracy]
    hostile = replace(
        bulletin,
        open_data=replace(bulletin.open_data, files=files),
        system=replace(bulletin.system, readers=readers, ordering=[HOSTILE] * 2, accuracy=accuracy),
    )
    folder, benign = written(hostile, tmp_path / "hostile"), written(bulletin, tmp_path / "benign")
    for path in benign.rglob("*.html"):
        if "tablero" in path.parts:
            continue
        tags = [element.tag for element in parsed(path).iter()]
        assert [element.tag for element in parsed(folder / path.relative_to(benign)).iter()] == tags
    assert "<script>alert" not in (folder / "transparencia/index.html").read_text()
    assert "<script>alert('boi')</script>" in words(folder / "transparencia/index.html")


@pytest.mark.parametrize("name", ["transparencia", "datos-abiertos", "tableros", "seguridad"])
def test_sentences_are_short(pages: Path, bare: Path, name: str):
    """Plain language: at most 20 words a sentence."""
    for folder in (pages, bare):
        for paragraph in parsed(folder / name / "index.html").xpath(
            "//main//p | //main//dd[not(p)] | //main//li[not(.//p)]"
        ):
            for sentence in re.split(r"(?<=[.?!…»:;])\s", paragraph.text_content()):
                assert len(sentence.split()) <= 20, sentence


def test_the_same_files_elsewhere_give_the_same_bytes(tmp_path: Path):
    first = written(informed(sample_bulletin(), tmp_path / "a"), tmp_path / "one")
    second = written(informed(sample_bulletin(), tmp_path / "b"), tmp_path / "two")
    for path in first.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (second / path.relative_to(first)).read_bytes()
            assert str(tmp_path).encode() not in path.read_bytes()
    assert (
        informed(sample_bulletin(), tmp_path / "a").open_data == informed(sample_bulletin(), tmp_path / "b").open_data
    )
