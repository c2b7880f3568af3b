"""Spanish titles and summaries from proved facts: their limits, and hostile titles."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boi_pipeline.reading.drafting import draft
from boi_pipeline.records import Draft
from tests.reading.pages import CONTEXT, notice, read

RICH = notice(
    "The Blue Lake Foundation invites applications for 12 fully funded master's scholarships. Open to citizens of Latin America. "
    "The scholarship covers tuition fees, flights and a monthly stipend of EUR 1,400. Applications close on 15 January 2027.",
    "Water Scholarship in Germany (deadline: 15 January 2027)",
)


def drafted(page=RICH) -> Draft:  # type: ignore[no-untyped-def]
    return draft(read(page), page, CONTEXT)


def test_a_title_says_type_cover_whom_topic_convener_and_place() -> None:
    assert drafted().title_es == "Beca completa para maestría en agua — Blue Lake Foundation, Alemania"


def test_no_deadline_in_title_or_summary() -> None:
    text = drafted().title_es + drafted().summary_es
    assert "2027" not in text and "enero" not in text and "January" not in text


@pytest.mark.parametrize(
    ("title", "quoted"),
    [
        ("Climate Data Doctoral Fellowships 2027", "Climate Data Doctoral Fellowships 2027"),
        ("A Fund that Closes the Gap", "A Fund that Closes the Gap"),
        ("Graduate Scholarship, apply by 1 March 2027", "Graduate Scholarship"),
        ("Edital Maré até 30/06", "Edital Maré"),
        ("Beca Faro | Cierre: 3 de marzo", "Beca Faro"),
        ("Premio Faro: última semana", "Premio Faro"),
        ("¡Últimos días! Becas del Faro (plazo ampliado)", "Becas del Faro"),
        ("Deadline extended: harbour grants", "Harbour grants"),
        ("Bourse du port — délai prolongé", "Bourse du port"),
        ("Inscrições abertas | Bolsa Porto", "Bolsa Porto"),
        ("La última semana del mar", "La última semana del mar"),
        ("Festival Last Chance", "Festival Last Chance"),
        ("Última oportunidad", "Última oportunidad"),
    ],
)
def test_a_title_loses_its_deadline_and_what_urges_and_no_other_word(title: str, quoted: str) -> None:
    assert f"«{quoted}»" in drafted(notice(RICH.text, title)).summary_es


def test_a_summary_does_not_deny_the_money_it_names() -> None:
    page = notice("The World Fund gives grants from USD 25,000 to USD 75,000. Travel: no funding is provided for it.")
    reading = read(page).model_copy(update={"funding_level": "none"})
    summary = draft(reading, page, CONTEXT).summary_es
    assert "25.000 y 75.000 USD" in summary
    assert "No ofrece financiación" not in summary


def test_a_call_of_cooperation_is_opened_and_not_called_twice() -> None:
    reading = read(RICH).model_copy(update={"opportunity_type": "cooperation"})
    summary = draft(reading, RICH, CONTEXT).summary_es
    assert summary.startswith("Blue Lake Foundation abre una convocatoria de cooperación en agua: ")


def test_a_summary_has_40_to_60_words_of_facts() -> None:
    summary = drafted().summary_es
    assert 40 <= len(summary.split()) <= 60
    assert "Cubre matrícula, manutención y viaje" in summary and "1.400 EUR" in summary


def test_who_can_apply_is_one_sentence() -> None:
    assert drafted().eligibility_es == "Se dirige a personas de América Latina; sí se puede postular desde Ecuador."


def test_places_read_naturally_and_unfunded_partners_are_not_among_them() -> None:
    everywhere = drafted(notice("Applicants of any nationality may apply."))
    assert everywhere.eligibility_es == "Admite postulaciones de cualquier país; sí se puede postular desde Ecuador."
    partners = "Open to residents of the European Union. Organisations elsewhere may join as associated partners without funding."
    assert drafted(notice(partners)).eligibility_es == (
        "Se dirige a personas de la Unión Europea; la fuente no aclara si se puede postular desde Ecuador."
    )


def test_thin_facts_leave_the_original_title() -> None:
    page = notice("Nothing to read.", "Algo muy corto", language="es")
    assert drafted(page).title_es == "Algo muy corto"
    assert drafted(page).digital_source_type == "algorithmicMedia"


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_any_page_drafts_within_its_limits_and_without_hidden_characters(title: str, body: str) -> None:
    page = notice(f"The \u202eBlue\u200b Lake Foundation invites you. {body}", f"{title}\u202e\u200b\x07")
    made = drafted(page)
    assert len(made.title_es) <= 90
    assert len(made.summary_es.split()) <= 60
    for text in (made.title_es, made.summary_es, made.eligibility_es):
        assert not set(text) & set("\u202e\u200b\x07\n")
