"""Posts as people would paste them: what they must say, their limits, hostile text, and what a model drafted."""

from dataclasses import replace
from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.publishing.channels.checks import days_in, faults
from boi_pipeline.publishing.channels.counting import weighted
from boi_pipeline.publishing.channels.post import RULES, Post, PostChannel
from boi_pipeline.publishing.channels.posts import post_of, week_post
from boi_pipeline.records import ChannelText, PublicOpportunity
from tests.publishing.channels.counted_by_x import weighted_by_x
from tests.publishing.sample_bulletin import (
    AWARD,
    COURSE,
    EVENT,
    FUND,
    HOSTILE,
    SCHOLARSHIP,
    Records,
    opportunity,
    sample_bulletin,
)
from tests.publishing.test_hostile import TEXT, filled

CHANNELS = list(RULES)
DAY = date(2026, 11, 24)


def bulletin_with(*shown: PublicOpportunity) -> Bulletin:
    return Records([(DAY, list(shown))]).bulletin()


def posted(facts: PublicOpportunity, channel: PostChannel) -> Post:
    shown = bulletin_with(facts)
    (edition,) = shown.editions
    return post_of(shown, edition.edition, edition.items[0], channel)


def drafted(facts: PublicOpportunity, channel: PostChannel, text: str) -> PublicOpportunity:
    given = {"channel_texts": [ChannelText(channel=channel, text=text)], "drafting_tool": "Gaviota 2"}
    return facts.model_copy(update=given | {"digital_source_type": "trainedAlgorithmicMedia"})


# ---------------------------------------------------------------- what every post says


def test_a_post_for_x_word_by_word() -> None:
    post = posted(SCHOLARSHIP, "x")
    link = (
        "https://boletin.puertoalba.example/oportunidades/pal-2026-00001/"
        "?utm_source=x&utm_medium=social&utm_campaign=pal-2026-48&utm_content=PAL-2026-00001"
    )
    assert post.text == (
        "Becas completas de maestría en clima — Universidad de Nordhaven, Alemania\n"
        "¿Puede aplicar desde Ecuador? Sí. Cierra: 15 ene 2027, 23:59 hora de Berlín (17:59 en Puerto Alba).\n"
        f"{link}\nRevisado por Puerto Alba. #Becas #PuertoAlba"
    )
    assert post.length == 242 and post.limit == 280
    counted, links = weighted_by_x(post.text.replace(".example/", ".gov.co/"))
    assert (counted, links) == (242, 1)


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_post_of_a_bulletin_says_what_it_must(channel: PostChannel) -> None:
    shown = sample_bulletin()
    for edition in shown.editions:
        for item in edition.items:
            post = post_of(shown, edition.edition, item, channel)
            assert faults(post) == [], post.text
            assert "desde Ecuador" in post.text.replace("Desde", "desde")
            assert post.length <= RULES[channel].practice
            assert item.code in post.text
            assert len(post.alt) <= 140 and "desde Ecuador" in post.alt.replace("Desde", "desde")
            assert ("IA" in post.label) == post.is_generative
            query = parse_qs(urlsplit(post.link).query)
            assert query["utm_source"] == [channel] and query["utm_content"] == [item.code]
            assert query["utm_campaign"] == ["pal-2026-48"] and set(query) == {
                "utm_source",
                "utm_medium",
                "utm_campaign",
                "utm_content",
            }


@pytest.mark.parametrize("channel", CHANNELS)
def test_both_clocks_are_told_where_there_is_room(channel: PostChannel) -> None:
    assert "15 ene 2027, 23:59 hora de Berlín (17:59 en Puerto Alba)" in posted(SCHOLARSHIP, channel).text


def test_the_first_lines_carry_the_message() -> None:
    linkedin = posted(SCHOLARSHIP, "linkedin").text
    assert "17:59 en Puerto Alba" in linkedin[:200] and "Sí" in linkedin[:200]
    assert linkedin.rstrip().endswith("utm_content=PAL-2026-00001"), "the link comes last"
    instagram = posted(SCHOLARSHIP, "instagram").text
    assert "Cierra: 15 ene 2027." in instagram[:125] and "Sí" in instagram[:125]
    assert "http" not in instagram and "boletin.puertoalba.example" in instagram


def test_instagram_repeats_what_the_card_says() -> None:
    text = posted(SCHOLARSHIP, "instagram").text
    shown = text[text.index("En la imagen:") :]
    for words in ("Beca\n", SCHOLARSHIP.title_es, "¿Puede aplicar desde Ecuador? Sí.", "Universidad de Nordhaven"):
        assert words in shown


def test_generative_text_is_labelled_and_text_of_templates_is_not() -> None:
    assert "IA generativa (Modelo Gaviota 2)" in posted(FUND, "whatsapp").text
    assert "Texto con apoyo de IA" in posted(FUND, "x").text
    assert "IA" not in posted(SCHOLARSHIP, "x").text.replace("PuertoAlba", "")


def test_a_call_that_closed_says_so_and_warns_who_posts() -> None:
    shown = Records([(DAY, [SCHOLARSHIP])]).bulletin(datetime(2027, 2, 1, tzinfo=UTC))
    post = post_of(shown, shown.editions[0].edition, shown.editions[0].items[0], "x")
    assert "Cerró el 15 ene 2027." in post.text and "Cierra" not in post.text
    assert any("cerró el 15 ene 2027" in one for one in post.remarks)


def test_a_date_that_moved_at_the_source_is_not_told_as_it_was() -> None:
    records = Records([(DAY, [SCHOLARSHIP])])
    records.say(SCHOLARSHIP, "shortened", old_value="2027-01-15", new_value="2027-01-05")
    shown = records.bulletin()
    post = post_of(shown, shown.editions[0].edition, shown.editions[0].items[0], "whatsapp")
    assert "Nueva fecha: 5 ene 2027" in post.text and "15 ene" not in post.text
    assert faults(post) == []


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_correction_says_so(channel: PostChannel) -> None:
    new = SCHOLARSHIP.model_copy(update={"max_award_amount": SCHOLARSHIP.max_award_amount * 2})  # type: ignore[operator]
    shown = Records([(date(2026, 11, 23), [SCHOLARSHIP]), (DAY, [new])]).bulletin()
    newest = shown.newest_first[0]
    post = post_of(shown, newest.edition, newest.items[0], channel)
    assert "Corrección: " in post.text[:20]
    assert faults(post) == []


def test_a_site_below_a_path_is_told_with_its_path_and_its_links_lead_there() -> None:
    shown = bulletin_with(SCHOLARSHIP)
    shown = replace(shown, entity=shown.entity.model_copy(update={"site_url": "https://ciudad.example/boletin/"}))
    (edition,) = shown.editions
    post = post_of(shown, edition.edition, edition.items[0], "instagram")
    assert "PAL-2026-00001 en ciudad.example/boletin. El enlace" in post.text and faults(post) == []
    assert post_of(shown, edition.edition, edition.items[0], "x").link.startswith(
        "https://ciudad.example/boletin/oportunidades/pal-2026-00001/?utm_source=x"
    )


def test_an_entity_that_names_no_hashtags_still_has_its_three_on_linkedin() -> None:
    shown = bulletin_with(SCHOLARSHIP.model_copy(update={"sdg_goals": [], "opportunity_type": "otra"}))
    channels = shown.entity.channels.model_copy(update={"hashtags": []})
    shown = replace(shown, entity=shown.entity.model_copy(update={"channels": channels}))
    (edition,) = shown.editions
    assert faults(post_of(shown, edition.edition, edition.items[0], "linkedin")) == []


# ---------------------------------------------------------------- whole facts


@pytest.mark.parametrize(
    ("title", "funder", "expected"),
    [
        ("Beca de agua — Fundación Lago, Chile", "Fundación Lago", "Beca de agua — Fundación Lago, Chile"),
        ("Beca " + "de agua " * 13 + "— Fundación Lago, Chile", "Lago", "Beca " + "de agua " * 13 + "— Fundación Lago"),
        ("Beca " + "de agua " * 13 + "— " + "Lago " * 8, "Lago", "Beca " + "de agua " * 12 + "de agua"),
        ("x" * 200, "Fundación Lago", "Beca — Fundación Lago"),
        ("x" * 10_000, "y" * 10_000, "Beca PAL-2026-00001"),
        ("Escriba a ana.perez@correo.example", "", "Beca PAL-2026-00001"),
        ("…", "", "Beca PAL-2026-00001"),
    ],
    ids=["whole", "without place", "without convener", "convener alone", "nothing fits", "personal", "no words"],
)  # fmt: skip
def test_a_long_title_becomes_a_shorter_whole_one(title: str, funder: str, expected: str) -> None:
    post = posted(SCHOLARSHIP.model_copy(update={"title_es": title, "funder_name": funder}), "x")
    assert post.text.split("\n")[0].rstrip(".") == expected
    assert "17:59 en Puerto Alba" in post.text or "Cierra: 15 ene 2027." in post.text
    assert post.length <= 260 and "…" not in post.text


def test_facts_that_do_not_fit_are_left_out_whole() -> None:
    long = SCHOLARSHIP.model_copy(update={"summary_es": "Resumen. " * 90, "eligibility_es": "Personas " * 60})
    text = posted(long, "whatsapp").text
    assert "Resumen" not in text and "Personas" not in text and "…" not in text
    assert "12.000 EUR." in text


@settings(max_examples=25, deadline=None)
@given(TEXT, st.sampled_from(CHANNELS))
@example(HOSTILE, "x")
@example("🎓" * 3000, "x")
@example("奨学金" * 100, "whatsapp")
@example("منحة دراسية " * 20, "linkedin")
@example("*negrita* _cursiva_ ~tachado~ `código` [a](http://malo.example)\n> cita\n- lista\n# t", "whatsapp")
@example("https://malo.example www.malo.co @alguien #uno #dos #tres #cuatro a@b.co", "x")
@example("Llame al +593 99 123 4567 o escriba a juan.perez@correo.example", "instagram")
@example("a" * 10_000, "linkedin")
def test_any_scraped_text_gives_a_post_without_faults(text: str, channel: PostChannel) -> None:
    post = posted(filled(text), channel)
    assert faults(post) == [], post.text
    assert post.length <= RULES[channel].practice
    if channel == "x":
        counted, links = weighted_by_x(post.text.replace(".example/oportunidades", ".gov.co/oportunidades"))
        assert counted <= weighted(post.text) and links == 1


# ---------------------------------------------------------------- what a model drafted


def test_words_that_a_model_drafted_and_a_person_approved_are_used() -> None:
    text = "Estudie una maestría en políticas climáticas con todo pagado, junto a profesionales de América Latina."
    post = posted(drafted(SCHOLARSHIP, "x", text), "x")
    assert post.made_by == "llm" and post.text.startswith(f"{text}\n¿Puede aplicar desde Ecuador? Sí.")
    assert "Con IA y revisión humana." in post.text and post.remarks == () and faults(post) == []
    assert posted(drafted(SCHOLARSHIP, "x", text), "whatsapp").made_by == "template"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Una beca con 90 cupos para estudiar clima.", "Dice el número 90"),
        ("Una beca de clima que cierra el 15 de marzo.", "Dice el día 15/3"),
        ("Una beca de clima. Vea https://malo.example", "Lleva una dirección"),
        ("Una beca de clima. Vea malo.example.com", "Lleva una dirección"),
        ("Una beca de clima para @todos", "una mención"),
        ("Una beca de clima #becas #clima #maestria", "una etiqueta"),
        ("Una beca de clima \u202eahora", "caracteres invisibles"),
        ("Una beca. Escriba a ana.perez@correo.example", "de una persona"),
        ("Una beca muy buena. " * 12, "caracteres"),
        ("Una beca muy buena. " * 100, "No se puede usar entero"),
        ("Una beca con ９０ cupos.", "Dice el número 90"),
    ],
)
def test_what_a_model_drafted_wrongly_is_replaced_by_the_template_and_told(text: str, reason: str) -> None:
    post = posted(drafted(SCHOLARSHIP, "x", text), "x")
    assert post.made_by == "template" and post.text.startswith(SCHOLARSHIP.title_es)
    assert "apoyo de IA" in post.text, "the title is the model's too"
    (remark,) = post.remarks
    assert remark.startswith("El texto que redactó la IA no se usa:") and reason in remark


@settings(max_examples=25, deadline=None)
@given(TEXT, st.sampled_from(CHANNELS))
@example("*a _b", "whatsapp")
def test_any_drafted_text_gives_a_post_without_faults(text: str, channel: PostChannel) -> None:
    assert faults(posted(drafted(SCHOLARSHIP, channel, text), channel)) == []


# ---------------------------------------------------------------- the checks themselves


@pytest.mark.parametrize(
    ("channel", "change", "told"),
    [
        ("x", lambda text: text + " a" * 12, "se leen bien hasta 260"),
        ("x", lambda text: text + " a" * 90, "el canal admite 280"),
        ("x", lambda text: text.replace("https", "ftp"), "El enlace a la nota debe estar una vez"),
        ("x", lambda text: text + " malo.co", "Lleva otra dirección"),
        ("x", lambda text: text + " #a", "Lleva 3 etiquetas"),
        ("x", lambda text: text.replace("Revisado por Puerto Alba.", ""), "Falta la advertencia"),
        ("x", lambda text: text.replace("2027, ", "2028, "), "Dice el número 2028"),
        ("linkedin", lambda text: text.replace("15 ene", "15 feb"), "Dice el día 15/2"),
        ("linkedin", lambda text: text.replace("#", ""), "Lleva 0 etiquetas"),
        ("instagram", lambda text: text.replace("PAL-2026-00001", ""), "Falta el código"),
        ("whatsapp", lambda text: text.replace("Nordhaven", "*Nordhaven"), "sin cerrar"),
        ("whatsapp", lambda text: text + "\n> cita", "Markdown"),
        ("whatsapp", lambda text: text + " 1717171717 cédula 1717171717", "documento de una persona"),
        ("linkedin", lambda text: text + "\u200e", "caracteres invisibles"),
        ("linkedin", lambda text: text + " Educacio\u0301n", "NFC"),
    ],
)
def test_a_fault_is_found_and_told(channel: PostChannel, change, told: str) -> None:  # type: ignore[no-untyped-def]
    post = posted(SCHOLARSHIP, channel)
    assert faults(post) == []
    assert told in " ".join(faults(replace(post, text=change(post.text))))


def test_days_are_known_in_any_writing() -> None:
    text = "del 15 ene al 3 de sept. y el 2027-02-28, o 4/12/2026; en 30 días, mayo"
    assert days_in(text) == {(1, 15), (9, 3), (2, 28), (12, 4)}


# ---------------------------------------------------------------- the week


def test_the_week_is_one_post_that_says_why_each_was_chosen() -> None:
    shown = bulletin_with(SCHOLARSHIP, FUND, AWARD, EVENT, COURSE)
    (edition,) = shown.editions
    week = edition.edition.model_copy(update={"edition_id": "2026-W48"})
    post = week_post(shown, week, [(item, f"Motivo {n}.") for n, item in enumerate(edition.items, 1)])
    assert faults(post) == []
    assert post.text.count("Por qué: Motivo") == 5 and "5. Curso gratuito" in post.text
    assert "utm_source=linkedin" in post.link and "/articulos/2026-W48/" in post.link
    assert post.text.endswith(post.link) and 3 <= post.text.count(" #") + 1 <= 5
    assert "IA generativa (Modelo Gaviota 2)" in post.label, "one of the five was drafted by a model"


def test_the_week_of_calls_without_end_fits() -> None:
    long = [opportunity(n, title_es=f"{n} " + "palabra " * 20, summary_es="x") for n in range(1, 6)]
    shown = bulletin_with(*long)
    (edition,) = shown.editions
    post = week_post(shown, edition.edition, [(item, "razón " * 48) for item in edition.items])
    assert faults(post) == [] and post.length <= 3000
