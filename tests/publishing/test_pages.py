"""The note's page beyond its facts, and what home says is new: order, calendar, words to share, corrections."""

from datetime import UTC, date, datetime
from pathlib import Path

from PIL import Image

from boi_pipeline.publishing.disk import Disk
from boi_pipeline.publishing.site import render_site
from tests.publishing.pages import note_page, parsed, words
from tests.publishing.sample_bulletin import AWARD, COURSE, FUND, NETWORK, PLACEMENT, Records


def test_the_label_and_its_dates_come_before_the_proof(site: Path):
    shown = words(note_page(site, 1))
    order = [
        "Qué es y para quién",
        "¿Puedo aplicar desde Ecuador? Sí",
        "Qué cubre",
        "Requisitos",
        "15 ene 2027, 23:59 hora de Berlín (17:59 en Puerto Alba)",
        "Cómo aplicar",
        "Ir a la página oficial nordhaven.example",
        "Costo de postularse",
        "Objetivos de Desarrollo Sostenible (ODS) y plan",
        "Texto elaborado con plantillas",
        "Revisada el 24 de noviembre de 2026",
        "Fuente verificada el 24 de noviembre de 2026",
        "Lo que dice la fuente",
        "Compartir",
    ]
    places = [shown.index(one) for one in order]
    assert places == sorted(places)


def test_a_note_has_at_most_six_requirements_and_four_steps(site: Path):
    for path in (site / "oportunidades").glob("*/index.html"):
        page = parsed(path)
        assert len(page.xpath("//section[@aria-labelledby='requisitos']//li")) <= 6
        assert len(page.xpath("//section[@aria-labelledby='pasos']//li")) <= 4


def test_who_can_still_apply_is_offered_the_deadlines_for_a_calendar(site: Path):
    offered = {}
    for number in (1, 2, 5, 6, 8):
        links = parsed(note_page(site, number)).find_class("calendar-link")
        offered[number] = [" ".join(link.text_content().split()) for link in links]
    assert offered == {
        1: ["Agregar el cierre a mi calendario"],
        2: ["Agregar los cierres a mi calendario"],
        5: [],  # no date
        6: [],  # closed
        8: [],  # no longer published
    }


def test_the_words_to_share_say_the_message_and_end_in_the_note_s_address(site: Path):
    (share,) = parsed(note_page(site, 1)).find_class("share")
    assert " ".join(share.text_content().split()) == (
        "Becas completas de maestría en clima — Universidad de Nordhaven, Alemania. Cierra el 15 ene 2027. "
        "¿Puedo aplicar desde Ecuador? Sí. https://boletin.puertoalba.example/oportunidades/pal-2026-00001/"
    )


def test_every_note_leads_to_how_to_know_a_cheat(site: Path):
    for number in range(1, 9):
        cost = parsed(note_page(site, number)).xpath("//section[@aria-labelledby='costo']//a/@href")
        assert cost == ["../../seguridad/index.html"]


def test_a_call_that_always_takes_applications_names_no_deadline(site: Path):
    steps = words(note_page(site, 5)).partition("Cómo aplicar")[2].partition("Ir a la página")[0]
    assert "Envíe su postulación en la página oficial." in steps
    assert "antes del cierre" not in steps


def test_home_tells_what_is_new_this_week_from_what_is_older(tmp_path: Path):
    records = Records(
        [(date(2026, 11, 17), [PLACEMENT, NETWORK]), (date(2026, 11, 18), [AWARD]), (date(2026, 11, 24), [FUND])]
    )
    render_site(records.bulletin(), Disk(tmp_path / "week"))
    (week,) = parsed(tmp_path / "week/index.html").xpath("//section[@aria-labelledby='recientes']")
    assert "Nuevas esta semana" in week.text_content()
    assert AWARD.title_es in week.text_content()  # six days before
    assert PLACEMENT.title_es not in week.text_content()  # seven

    render_site(records.bulletin(datetime(2026, 12, 20, tzinfo=UTC)), Disk(tmp_path / "later"))
    (before,) = parsed(tmp_path / "later/index.html").xpath("//section[@aria-labelledby='recientes']")
    assert "Publicadas antes" in before.text_content()
    assert PLACEMENT.title_es in before.text_content()
    assert COURSE.title_es not in before.text_content()


def test_every_listed_page_tells_how_it_looks_where_it_is_shared(site: Path):
    root = "https://boletin.puertoalba.example/"
    cards = set()
    for path in site.rglob("index.html"):
        page = parsed(path)
        if page.find(".//meta[@name='robots']") is not None:
            continue
        told = {one.get("property") or one.get("name"): one.get("content", "") for one in page.iter("meta")}
        assert told["og:title"] == page.findtext(".//title")
        assert told["og:url"] == page.xpath("string(//link[@rel='canonical']/@href)")
        assert told["og:description"] == told["description"]
        assert told["twitter:card"] == "summary_large_image"
        assert 0 < len(told["og:image:alt"]) <= 140
        card = site / told["og:image"].removeprefix(root)
        with Image.open(card) as picture:
            size = (int(told["og:image:width"]), int(told["og:image:height"]))
            assert picture.size == size
            assert f"image/{str(picture.format).lower()}" == told["og:image:type"]
        is_note = path.relative_to(site).parts[0] == "oportunidades"
        assert told["og:type"] == ("article" if is_note or path.parent.name == "2026-W48" else "website")
        assert card.stem == (path.parent.name if is_note else "boletin")
        cards.add(card.name)
    assert len(cards) == 9  # eight notes that stand, and the bulletin's own


def test_a_further_edition_of_the_day_joins_the_day_and_says_what_it_is(tmp_path: Path):
    corrected = FUND.model_copy(update={"title_es": "Fondo semilla para ciudades costeras, corregido"})
    records = Records([(date(2026, 11, 24), [AWARD, FUND]), (date(2026, 11, 24), [corrected])])
    records.editions[1] = records.editions[1].model_copy(update={"edition_id": "2026-11-24-2"})
    last = records.publications[-1]
    records.publications[-1] = last.model_copy(
        update={"edition_id": "2026-11-24-2", "publication_id": f"2026-11-24-2/site/{last.code}"}
    )
    render_site(records.bulletin(), Disk(tmp_path))
    today = parsed(tmp_path / "index.html").xpath("//section[@aria-labelledby='hoy']//h3")
    assert [" ".join(one.text_content().split()) for one in today] == [AWARD.title_es, corrected.title_es]
    listed = [link.text_content() for link in parsed(tmp_path / "ediciones/index.html").find_class("archive-day")]
    assert listed == ["Martes 24 de noviembre de 2026, correcciones", "Martes 24 de noviembre de 2026"]
    head = parsed(tmp_path / "ediciones/2026-11-24-2/index.html").findtext(".//h1")
    assert head == "Edición del martes 24 de noviembre de 2026, correcciones"
    assert "Corrige la nota publicada el 24 de noviembre de 2026." in words(note_page(tmp_path, 2))
