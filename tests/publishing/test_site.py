import hashlib
import json
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import lxml.etree
import pytest

from boi_pipeline.publishing.archive import archive_pages
from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.publishing.disk import Disk
from boi_pipeline.publishing.feeds import render_feeds
from boi_pipeline.publishing.site import render_site
from boi_pipeline.publishing.writer import CONTENT_SECURITY_POLICY, SCRIPT_POLICY, Writer, form_policy
from boi_pipeline.records import Identity, PublicDeadline, Redirect, Relation
from tests.publishing.pages import note_page, parsed, render_pages, words
from tests.publishing.sample_bulletin import (
    AS_OF,
    AWARD,
    COURSE,
    COURSE_BEFORE,
    FUND,
    NETWORK,
    PLACEMENT,
    RESIDENCY,
    SCHOLARSHIP,
    Records,
    opportunity,
    sample_bulletin,
    sample_entity,
    sample_records,
)

FORMS = "https://formularios.puertoalba.example"  # who receives the sample's form


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_same_bulletin_gives_the_same_bytes(site: Path, tmp_path: Path):
    listed = render_pages(sample_bulletin(), tmp_path)
    assert digests(tmp_path) == digests(site)
    assert {path.relative_to(tmp_path).as_posix() for path in listed} == set(digests(site))
    assert not any(str(tmp_path).encode() in path.read_bytes() for path in listed)


def test_the_note_answers_in_the_order_people_ask(site: Path):
    page = parsed(note_page(site, 1))
    assert [" ".join(heading.text_content().split()) for heading in page.findall(".//article//section/h2")] == [
        "Qué es y para quién",
        "¿Puedo aplicar desde Ecuador?",
        "Qué cubre",
        "Requisitos",
        "Cierre",
        "Cómo aplicar",
        "Costo de postularse",
        "Objetivos de Desarrollo Sostenible (ODS) y plan",
        "Lo que dice la fuente",
        "¿Se postuló? Cuéntenos",
        "Compartir",
    ]
    text = words(note_page(site, 1))
    for expected in (
        "Sí La fuente admite postulaciones desde Ecuador. «Open to citizens of Latin American countries, including Ecuador»",
        "Monto: 12.000 EUR.",
        "Idiomas: inglés (B2).",
        "Edad: hasta los 35 años.",
        "15 ene 2027, 23:59 hora de Berlín (17:59 en Puerto Alba)",
        "Lea las bases completas en nordhaven.example.",
        "Ir a la página oficial nordhaven.example",
        "Postularse es gratis, según la fuente.",
        "13 Acción por el clima",
        "Objetivo del plan: Una ciudad que aprende.",
        "Texto elaborado con plantillas y reglas automáticas, y revisado y aprobado por el equipo de Puerto Alba el "
        "24 de noviembre de 2026.",
        "Fuente verificada el 24 de noviembre de 2026",
    ):
        assert expected in text


def test_foreign_words_say_their_language(site: Path):
    quotes = parsed(note_page(site, 5)).findall(".//blockquote")
    assert [quote.get("lang") for quote in quotes] == ["fr"]
    assert all(quote.get("lang") is None for quote in parsed(note_page(site, 8)).findall(".//blockquote"))


def test_the_official_link_shows_its_domain_and_gives_nothing_away(site: Path):
    button = parsed(note_page(site, 1)).find_class("button")[0]
    assert button.get("href") == SCHOLARSHIP.apply_url
    assert button.get("rel") == "noopener nofollow noreferrer"


def test_several_cut_offs_are_listed_with_the_next_one_marked(site: Path):
    rows = parsed(note_page(site, 2)).find_class("deadline")
    assert [re.sub(r"\s+", " ", row.find_class("deadline-stage")[0].text_content()).strip() for row in rows] == [
        "Corte Ya pasó",
        "Corte Siguiente",
        "Corte",
    ]
    assert "2.000.000 USD" in words(note_page(site, 2))
    assert "La fuente no dice de qué lugar es la hora" in words(note_page(site, 2))


def test_generative_text_is_labelled_for_people_and_machines(site: Path):
    page = parsed(note_page(site, 2))
    assert "apoyo de IA generativa (Modelo Gaviota 2)" in words(note_page(site, 2))
    assert page.find_class("trace")[0].get("data-digital-source-type", "").endswith("/trainedAlgorithmicMedia")
    assert "IA generativa" not in words(note_page(site, 1))


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (3, "30 nov 2026, 23:59 en cualquier lugar de la Tierra (AoE) (1 dic 2026, 06:59 en Puerto Alba)"),
        (3, "es la última hora del planeta"),
        (3, "Edición anterior: Pasantía en archivos abiertos"),
        (4, "La fuente no indica la hora."),
        (4, "La fuente no da un enlace oficial que podamos publicar."),
        (5, "Recibe postulaciones de forma permanente."),
        (5, "Corrige la nota publicada el 23 de noviembre de 2026."),
        (
            5,
            "Título. Antes: Curso de movilidad sostenible (texto anterior). Ahora: Curso gratuito de movilidad sostenible",
        ),
        (6, "Esta convocatoria ya cerró."),
        (6, "Hay una edición más nueva: Premio mundial de gobierno abierto"),
        (6, "Edición siguiente: Premio mundial de gobierno abierto"),
        (7, "No La fuente no admite postulaciones desde Ecuador."),
        (7, "La fuente indica ahora… un nuevo cierre, más tarde: 20 feb 2027. Antes decía: 1 feb 2027."),
        (7, "Deadline extended to 20 February 2027"),
        (7, "postularse tiene un costo"),
        (8, "La fuente indica ahora… que la convocatoria ya no está publicada."),
        (8, "Abierta por última vez en octubre de 2026."),
        (8, "Confirme con el convocante que la convocatoria sigue abierta."),
        (9, "El equipo del boletín retiró esta nota el 24 de noviembre de 2026."),
    ],
)
def test_what_a_reader_is_told(site: Path, number: int, expected: str):
    assert expected in words(note_page(site, number))


def test_a_correction_tells_dates_and_money_from_what_to_what(tmp_path: Path):
    after = FUND.model_copy(
        update={"max_award_amount": Decimal(45000), "total_amount_available": None, "deadlines": FUND.deadlines[:2]}
    )
    render_site(Records([(date(2026, 11, 23), [FUND]), (date(2026, 11, 24), [after])]).bulletin(), Disk(tmp_path))
    told = words(note_page(tmp_path, 2))
    assert "Monto. Antes: hasta 50.000 USD. Ahora: hasta 45.000 USD." in told
    assert "Bolsa total. Antes: 2.000.000 USD. Ahora: no se indica." in told
    assert "Cierre. Antes: 1 oct 2026, 17:00 hora de Bruselas" in told
    assert "Se puede aplicar. Antes" not in told


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ("2027-01-15 12:00 Europe/Berlin", "otra hora u otro plazo: 15 ene 2027, 12:00 hora de Berlín."),
        ("2026-12-04; 2027-01-15 12:00", "otra hora u otro plazo: 4 dic 2026; 15 ene 2027, 12:00."),
        (None, "menos plazos."),
    ],
)
def test_another_hour_or_stage_is_told_and_the_approved_day_stays(tmp_path: Path, new: str | None, expected: str):
    records = sample_records()
    records.say(SCHOLARSHIP, "deadline_changed", old_value="2027-01-15 23:59 Europe/Berlin", new_value=new)
    render_site(records.bulletin(), Disk(tmp_path))
    told = words(note_page(tmp_path, 1))
    assert f"La fuente indica ahora… {expected} Antes decía: 15 ene 2027, 23:59 hora de Berlín." in told
    assert "Nueva fecha" not in told
    assert "Cierra el 15 ene 2027" in told


@pytest.mark.parametrize(
    ("kind", "new", "expected"),
    [
        ("extended", "2027-06-20", "Cierra el 1 feb 2027"),
        ("shortened", "2027-03-01", "Cierra el 1 feb 2027"),
        ("shortened", "2027-01-20", "Nueva fecha: 20 ene 2027"),
    ],
)
def test_a_stage_before_a_last_day_that_moved_is_still_the_next(tmp_path: Path, kind: str, new: str, expected: str):
    stages = [
        PublicDeadline(seq=seq, stage="cut_off", close_date=day, basis="stated")
        for seq, day in enumerate((date(2027, 2, 1), date(2027, 5, 1)), 1)
    ]
    facts = RESIDENCY.model_copy(update={"deadlines": stages})
    records = Records([(date(2026, 11, 23), [facts])])
    records.say(facts, kind, old_value="2027-05-01", new_value=new)
    records.say(facts, "deadline_changed", new_value="2027-02-01 12:00")
    render_site(records.bulletin(), Disk(tmp_path))
    told = words(note_page(tmp_path, 7))
    assert expected in told
    assert ("Nueva fecha" in told) == ("Nueva fecha" in expected)
    assert "otra hora u otro plazo: 1 feb 2027, 12:00." in told


def test_a_merged_code_s_page_leads_to_the_survivor_and_feeds_hold_the_survivor_alone(site: Path):
    page = note_page(site, 10).read_text()
    assert 'http-equiv="refresh" content="0; url=../../oportunidades/pal-2026-00001/index.html"' in page
    feed = json.loads((site / "feed.json").read_text())
    urls = [item["url"] for item in feed["items"]]
    assert any("pal-2026-00001" in url for url in urls)
    assert not any("pal-2026-00010" in url for url in urls)
    assert "pal-2026-00010" not in (site / "feed.xml").read_text()


def test_what_lives_on_under_an_unpublished_code_keeps_its_page_and_its_neighbours(tmp_path: Path):
    """Published, then merged into an older code that nobody approved: the page stays, and its editions are found."""
    records = Records([(date(2026, 11, 23), [PLACEMENT, NETWORK]), (date(2026, 11, 24), [AWARD])])
    older = "00000000-0000-5000-8000-000000000077"
    records.identities.append(
        Identity(seq=0, opportunity_id=older, code="PAL-2026-00077", anchor_item_id="s/0", minted_at=AS_OF)
    )
    records.redirects = [
        Redirect(seq=1, from_opportunity_id=PLACEMENT.opportunity_id, to_opportunity_id=older, kind="merged", at=AS_OF),
        Redirect(seq=2, from_opportunity_id=NETWORK.opportunity_id, to_opportunity_id=older, kind="split", at=AS_OF),
    ]
    records.relations = [
        Relation(
            opportunity_id=older,
            related_opportunity_id=AWARD.opportunity_id,
            relation="previous_edition_of",
            reason="title_funder",
        )
    ]
    render_site(records.bulletin(), Disk(tmp_path))
    assert "Edición siguiente: Premio mundial" in words(note_page(tmp_path, 6))
    assert "Edición anterior: Pasantía en archivos abiertos" in words(note_page(tmp_path, 3))
    assert "Vea también: Pasantía en archivos abiertos" in words(note_page(tmp_path, 8))
    assert not note_page(tmp_path, 77).exists()


def test_a_published_code_that_merged_and_was_cut_off_again_keeps_its_page_and_says_see_also(tmp_path: Path):
    records = Records([(date(2026, 11, 23), [PLACEMENT, NETWORK])])
    part = "00000000-0000-5000-8000-000000000077"
    records.identities.append(
        Identity(seq=0, opportunity_id=part, code="PAL-2026-00077", anchor_item_id="s/0", minted_at=AS_OF)
    )
    placement, network = PLACEMENT.opportunity_id, NETWORK.opportunity_id
    records.redirects = [
        Redirect(seq=1, from_opportunity_id=network, to_opportunity_id=placement, kind="merged", at=AS_OF),
        Redirect(seq=2, from_opportunity_id=part, to_opportunity_id=placement, kind="split", at=AS_OF),
        Redirect(seq=3, from_opportunity_id=network, to_opportunity_id=part, kind="merged", at=AS_OF),
    ]
    render_site(records.bulletin(), Disk(tmp_path))
    assert 'http-equiv="refresh"' not in note_page(tmp_path, 8).read_text()
    assert "Vea también: Pasantía en archivos abiertos" in words(note_page(tmp_path, 8))
    assert "Vea también: " in words(note_page(tmp_path, 6))


def test_a_closed_call_does_not_invite(site: Path):
    page = parsed(note_page(site, 6))
    assert not page.find_class("pill")
    assert "Cerró el 20 nov 2026" in words(note_page(site, 6))


def test_a_withdrawn_note_leaves_no_word_behind(site: Path):
    for path in site.rglob("*"):
        if path.is_file():
            assert b"SECRETO-RETIRADO" not in path.read_bytes(), path
    assert "Retirada por el equipo del boletín." in words(site / "ediciones/2026-11-23/index.html")


def test_a_merged_code_leads_to_the_surviving_note(site: Path):
    page = parsed(note_page(site, 10))
    refresh = page.find(".//meta[@http-equiv='refresh']")
    assert refresh is not None
    target = refresh.get("content", "").removeprefix("0; url=")
    assert (note_page(site, 10).parent / target).resolve() == note_page(site, 1).resolve()
    canonical = page.find(".//link[@rel='canonical']")
    assert canonical is not None
    assert canonical.get("href") == "https://boletin.puertoalba.example/oportunidades/pal-2026-00001/"


def test_a_card_without_room_hides_a_figure_whole(tmp_path: Path):
    summary = "Otorga hasta 5.000.000 de pesos & 12 cupos <b>en 2027</b>, según «Becas 2026»."
    render_pages(Records([(date(2026, 11, 24), [opportunity(1, summary_es=summary)])]).bulletin(), tmp_path)
    (card,) = parsed(tmp_path / "index.html").find_class("card-summary")
    assert card.text_content() == summary
    assert [one.text_content() for one in card.find_class("figure")] == ["5.000.000", "12", "2027</", "2026»."]


def test_an_edition_stays_as_it_was_published(site: Path):
    text = words(site / "ediciones/2026-11-23/index.html")
    assert COURSE_BEFORE.title_es in text
    assert "Corregida el 24 de noviembre de 2026" in text
    assert COURSE.title_es in words(site / "ediciones/2026-11-24/index.html")


def test_the_archive_has_a_page_a_year(tmp_path: Path):
    records = Records(
        [(date(2025, 12, 30), [COURSE_BEFORE]), (date(2026, 1, 5), [AWARD]), (date(2026, 2, 2), [PLACEMENT])]
    )
    render_site(records.bulletin(), Disk(tmp_path))
    newest, before = tmp_path / "ediciones/index.html", tmp_path / "ediciones/2025/index.html"
    assert "Ediciones de 2026" in words(newest)
    assert "Febrero de 2026" in words(newest)
    assert "Martes 30 de diciembre de 2025" in words(before)
    assert "Martes 30 de diciembre de 2025" not in words(newest)
    assert [link.get("href") for link in parsed(newest).findall(".//nav[@class='years']//a")] == [
        "../ediciones/index.html",
        "../ediciones/2025/index.html",
    ]


def test_a_year_of_editions_with_a_correction_a_week_is_a_light_page(tmp_path: Path):
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(310)]
    archive_pages(Writer(Records([(day, [AWARD]) for day in days]).bulletin(), Disk(tmp_path)))
    assert (tmp_path / "ediciones/index.html").stat().st_size < 100_000
    assert len(parsed(tmp_path / "ediciones/index.html").find_class("archive-day")) == 310


def test_home_shows_today_what_closes_soon_and_what_came_before(site: Path):
    page = parsed(site / "index.html")
    sections = {section.get("aria-labelledby"): section for section in page.findall(".//main/section")}
    assert len(sections["hoy"].find_class("card")) == 6
    assert SCHOLARSHIP.title_es in sections["hoy"].find_class("card")[0].text_content()
    closing = [row.text_content() for row in sections["cierran"].find_class("date-row")]
    assert AWARD.title_es in closing[0]
    assert len(closing) == 3
    assert PLACEMENT.title_es in sections["recientes"].text_content()


def test_a_bulletin_without_editions_still_has_a_home(tmp_path: Path):
    entity = sample_entity()
    render_site(Bulletin(entity.file, entity.vocabularies, AS_OF), Disk(tmp_path))
    render_feeds(Bulletin(entity.file, entity.vocabularies, AS_OF), Disk(tmp_path))
    assert "Todavía no hay oportunidades publicadas." in words(tmp_path / "index.html")


def test_a_page_edited_at_the_source_changes_nothing_public(site: Path, tmp_path: Path):
    """The source now carries a phishing link: without a new approval the site has the same bytes."""
    records = sample_records()
    edited = AWARD.model_copy(update={"apply_url": "https://malo.example/"})
    records.publish(date(2026, 11, 25), datetime(2026, 11, 25, 21, tzinfo=UTC), 1, edited)
    records.publications.pop()
    render_pages(records.bulletin(), tmp_path)
    assert digests(tmp_path) == digests(site)


def test_every_link_inside_the_site_leads_to_a_file(site: Path):
    checked = 0
    for path in site.rglob("*.html"):
        if path.name == "404.html":
            continue
        for element in parsed(path).iter("a", "link"):
            href = element.get("href", "")
            if href.startswith("webcal://"):
                assert (site / href.removeprefix("webcal://boletin.puertoalba.example/")).is_file(), f"{path}: {href}"
            elif not re.match(r"https?://", href) and not href.startswith("#"):
                assert (path.parent / href.partition("?")[0]).resolve().is_file(), f"{path}: {href}"
                checked += 1
    assert checked > 100


def test_the_404_page_works_at_any_address(site: Path):
    hrefs = [element.get("href", "") for element in parsed(site / "404.html").iter("a", "link")]
    assert all(re.match(r"/|https?://|#", href) for href in hrefs)


def test_pages_carry_a_strict_policy_and_no_script(site: Path):
    for path in site.rglob("*.html"):
        page = parsed(path)
        policy = page.find(".//meta[@http-equiv='Content-Security-Policy']")
        assert policy is not None
        searches = path == site / "buscar/index.html"  # the one page that needs scripts; its form is sent nowhere
        asks = bool(page.find_class("ask"))
        expected = SCRIPT_POLICY if searches else CONTENT_SECURITY_POLICY
        assert policy.get("content") == (form_policy(expected, FORMS) if asks else expected)
        scripts = [script for script in page.iter("script") if script.get("type") != "application/ld+json"]
        assert len(scripts) == (3 if searches else 0)
        assert all(re.match(r"\.\./assets/", script.get("src", "")) and not script.text for script in scripts)
        assert not list(
            page.iter("style", "iframe", "object", "embed", "base", *([] if searches or asks else ["form"]))
        )
        assert not page.xpath("//@style")
        assert page.get("lang") == "es"
    assert "unsafe" not in CONTENT_SECURITY_POLICY + SCRIPT_POLICY


@pytest.mark.parametrize(
    ("number", "kind", "expected"),
    [
        (1, ["MonetaryGrant", "EducationalOccupationalProgram"], {"applicationDeadline": "2027-01-15"}),
        (2, "MonetaryGrant", {"amount": {"@type": "MonetaryAmount", "currency": "USD", "maxValue": "50000"}}),
        (4, "Event", {"eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode"}),
        (5, "Course", {"inLanguage": ["fr", "en"]}),
        (6, "JobPosting", {"datePosted": "2026-11-23"}),
        (7, "EducationalOccupationalProgram", {}),
    ],
)
def test_structured_data_names_the_kind_of_call(site: Path, number: int, kind: str | list[str], expected: dict):
    script = parsed(note_page(site, number)).find(".//script")
    assert script is not None
    data = json.loads(script.text or "")
    assert data["mainEntity"]["@type"] == kind
    assert data["inLanguage"] == "es"
    assert data["digitalSourceType"].startswith("https://schema.org/")
    for name, value in expected.items():
        assert data["mainEntity"][name] == value


def test_the_sitemap_lists_pages_with_content_and_no_others(site: Path):
    tree = lxml.etree.fromstring((site / "sitemap.xml").read_bytes())
    listed = {element.text for element in tree.iter("{*}loc")}
    root = "https://boletin.puertoalba.example/"
    indexed = {
        root + path.parent.relative_to(site).as_posix().removeprefix(".") + ("/" if path.parent != site else "")
        for path in site.rglob("index.html")
        if parsed(path).find(".//meta[@name='robots']") is None
    }
    assert listed == indexed
    assert f"Sitemap: {root}sitemap.xml" in (site / "robots.txt").read_text()


def test_a_site_under_a_path_names_itself_by_that_path(tmp_path: Path):
    bulletin = Records([(date(2026, 11, 24), [AWARD])]).bulletin()
    entity = bulletin.entity.model_copy(update={"site_url": "https://ciudad.example/boletin"})
    render_site(Bulletin(entity, bulletin.vocabularies, AS_OF, bulletin.editions), Disk(tmp_path))
    assert "https://ciudad.example/boletin/oportunidades/" in (tmp_path / "sitemap.xml").read_text()
    assert all(
        link.get("href", "").startswith("/boletin/") for link in parsed(tmp_path / "404.html").findall(".//nav//a")
    )


def test_pages_stay_light_whatever_a_source_writes(tmp_path: Path):
    flood = opportunity(1, title="x" * 10_000, title_es="🎓" * 10_000, summary_es="palabra " * 5_000)
    render_site(Records([(date(2026, 11, 24), [flood])]).bulletin(), Disk(tmp_path))
    assert max(path.stat().st_size for path in tmp_path.rglob("*.html")) < 100_000


def test_sentences_of_our_own_are_short(site: Path):
    """Plain language: at most 20 words a sentence in the pages that are all ours."""
    for name in ("index.html", "como-funciona/index.html", "404.html", "ediciones/index.html"):
        page = parsed(site / name)
        for paragraph in page.xpath("//footer//p | //main//p | //dd"):
            if "card" in " ".join(one.get("class") or "" for one in paragraph.iterancestors()):
                continue
            for sentence in re.split(r"(?<=[.?!…»])\s", paragraph.text_content()):
                assert len(sentence.split()) <= 20, sentence
