"""Amounts, who may apply from the home country, and other fields as sentences print them."""

from decimal import Decimal
from typing import Any

import pytest

from tests.reading.pages import notice, read

MONEY = [
    ("en", "Grants of up to USD 300,000 per project are available.", "USD", None, "300000", None),
    ("en", "Grants range between €10,000 and €50,000 each.", "EUR", "10000", "50000", None),
    ("en", "The total budget of the call is EUR 12 million.", "EUR", None, None, "12000000"),
    ("en", "Fellows receive a stipend of CHF 1'400 per month.", "CHF", "1400", "1400", None),
    ("en", "The winner receives a prize of £30k.", "GBP", "30000", "30000", None),
    ("en", "Each award is worth $5,000 - $10,000.", "USD", "5000", "10000", None),
    ("en", "Maximum grant: 50,000 US dollars", "USD", None, "50000", None),
    ("es", "El fondo financia hasta 40.000 dólares por proyecto.", "USD", None, "40000", None),
    ("es", "Premio de 10.000 euros para la persona ganadora.", "EUR", "10000", "10000", None),
    ("es", "Cada propuesta recibirá entre 10.000 y 50.000 euros.", "EUR", "10000", "50000", None),
    ("es", "Presupuesto total: 900.000 euros.", "EUR", None, None, "900000"),
    ("es", "La beca otorga un estipendio mensual de COP 3.500.000.", "COP", "3500000", "3500000", None),
    ("es", "Subvención de hasta 1,5 millones de euros.", "EUR", None, "1500000", None),
    ("fr", "La subvention va jusqu'à 50 000 € par projet.", "EUR", None, "50000", None),
    ("fr", "Prix de 2 000 euros pour le lauréat.", "EUR", "2000", "2000", None),
    ("pt", "Bolsa mensal de R$ 2.100,50 durante um ano.", "BRL", "2100.50", "2100.50", None),
    ("pt", "Financiamento de até 20 mil euros por projeto.", "EUR", None, "20000", None),
    ("es", "Costo de inscripción: 50 dólares.", None, None, None, None),
    ("en", "Since 2010 the fund has invested over USD 2 billion.", None, None, None, None),
    ("en", "A registration fee of EUR 90 applies.", None, None, None, None),
    ("es", "El apoyo es de hasta $ 5.000.000 por proyecto.", None, None, None, None),  # whose pesos?
]


@pytest.mark.parametrize(("language", "words", "currency", "low", "high", "total"), MONEY)
def test_money(
    language: str, words: str, currency: str | None, low: str | None, high: str | None, total: str | None
) -> None:
    reading = read(notice(words, language=language))
    expected = [Decimal(value) if value else None for value in (low, high, total)]
    assert [reading.min_award_amount, reading.max_award_amount, reading.total_amount_available] == expected
    assert reading.currency == currency


# The home country of the sample entity is Ecuador.
HOME = [
    ("en", "Open to citizens of Latin America and the Caribbean.", "yes"),
    ("en", "Applicants must be nationals of Bolivia, Colombia, Ecuador or Peru.", "yes"),
    ("en", "Applicants of any nationality may apply.", "yes"),
    ("en", "Open to applicants from all countries.", "yes"),
    ("en", "Students from developing countries are eligible.", "yes"),
    ("en", "The award is open to residents of OAS member states.", "yes"),
    ("en", "Ecuadorian citizens may apply.", "yes"),
    ("en", "NGOs based in ODA-eligible countries may apply.", "yes"),
    ("en", "Eligible countries: Colombia, Ecuador, Peru", "yes"),
    ("es", "Dirigido a ciudadanos de países de Iberoamérica.", "yes"),
    ("es", "Pueden postular jóvenes de América Latina.", "yes"),
    ("es", "Abierta a personas de cualquier nacionalidad.", "yes"),
    ("es", "Becas para estudiantes ecuatorianos.", "yes"),
    ("es", "Podrán participar organizaciones con sede en el Sur Global.", "yes"),
    ("es", "Países elegibles: Argentina, Chile, Ecuador", "yes"),
    ("fr", "Peuvent candidater les ressortissants de pays en développement.", "yes"),
    ("fr", "Ouvert aux chercheurs du monde entier.", "yes"),
    ("pt", "Podem candidatar-se cidadãos de países da América Latina.", "yes"),
    ("pt", "Aberto a candidatos de qualquer nacionalidade.", "yes"),
    ("en", "Only citizens of African Union member states may apply.", "no"),
    ("en", "Applicants must be citizens or permanent residents of Canada.", "no"),
    ("en", "Open to nationals of Commonwealth countries.", "no"),
    ("en", "Open to citizens of all countries except Ecuador and Cuba.", "no"),
    (
        "en",
        "Applications from nationals of Latin American countries are accepted, with the exception of Ecuador.",
        "no",
    ),
    ("en", "Applicants must be nationals of an ASEAN country.", "no"),
    ("es", "Dirigido exclusivamente a ciudadanos colombianos.", "no"),
    ("es", "Podrán postular residentes en España o Portugal.", "no"),
    ("es", "Abierta a ciudadanos de América Latina, excepto Ecuador.", "no"),
    ("es", "Ser nacional de un país de la Unión Europea.", "no"),
    ("fr", "Réservé aux ressortissants d'un État membre de l'Union européenne.", "no"),
    ("fr", "Seules les personnes résidant en France peuvent postuler, quelle que soit leur nationalité.", "no"),
    ("pt", "Podem candidatar-se cidadãos de países da CPLP.", "no"),
    ("pt", "Exclusivo para residentes em Portugal.", "no"),
    ("en", "Study in Ecuador for one semester.", "unclear"),
    ("en", "The conference takes place in Quito, Ecuador.", "unclear"),
    ("en", "Eligible projects must be carried out in Latin America.", "unclear"),
    ("en", "Selected Latin American countries are eligible.", "unclear"),
    ("en", "Priority is given to applicants from developing countries.", "unclear"),
    ("en", "Organisations from other countries may join as associated partners without funding.", "unclear"),
    ("en", "Applicants must hold a master's degree.", "unclear"),
    ("en", "Our fellows study poverty in Latin America. Apply by 15 January 2027.", "unclear"),
    ("en", "Applicants from all countries of the European Union may apply.", "no"),
    ("es", "El curso se realizará en Ecuador y podrán postular profesionales con experiencia.", "unclear"),
    ("es", "Los proyectos elegibles se ejecutarán en América Latina.", "unclear"),
    ("es", "La beca permite viajar a Ecuador.", "unclear"),
    ("es", "La nota puede redactarse en español o inglés.", "unclear"),
    ("fr", "La note peut être rédigée en français, en espagnol ou en portugais.", "unclear"),
    ("es", "Requisitos: título universitario.", "unclear"),
]


@pytest.mark.parametrize(("language", "words", "answer"), HOME)
def test_home_eligibility(language: str, words: str, answer: str) -> None:
    reading = read(notice(words, language=language))
    assert reading.home_eligible == answer
    assert (answer == "unclear") == (not [e for e in reading.evidence if e.field == "home_eligible"])


FACTS: list[tuple[str, str, str, Any]] = [
    ("en", "You need English at level B2 and basic knowledge of French.", "required_languages", ["en:B2", "fr"]),
    ("es", "Requisito: nivel B2 de inglés.", "required_languages", ["en:B2"]),
    ("es", "Idioma: Inglés", "required_languages", ["en"]),
    ("en", "Applicants aged 18 to 35 may apply.", "typical_age_range", "18-35"),
    ("es", "Podrán participar personas mayores de 18 años de edad.", "typical_age_range", "18-"),
    ("fr", "Ouvert aux jeunes de moins de 30 ans.", "typical_age_range", "-29"),
    ("en", "At least 5 years of experience are required.", "typical_age_range", None),
    ("en", "There is no application fee.", "application_fee", False),
    ("en", "An application fee of USD 20 must be paid.", "application_fee", True),
    ("es", "No se cobra ninguna cuota de inscripción.", "application_fee", False),
    ("es", "La postulación tiene un costo de inscripción de 20 dólares.", "application_fee", True),
    ("en", "Matching funds are required.", "cost_sharing_required", True),
    ("es", "No se exige contrapartida.", "cost_sharing_required", False),
    (
        "en",
        "The scholarship covers tuition fees, flights and health insurance.",
        "coverage",
        ["tuition", "travel", "insurance"],
    ),
    ("en", "The grant does not cover travel costs.", "coverage", []),
    ("es", "La beca incluye matrícula y alojamiento; no cubre pasajes.", "coverage", ["tuition", "stipend"]),
    ("en", "Apply online through the form.", "attendance_mode", None),
    ("en", "The course is fully online.", "attendance_mode", "online"),
    ("es", "El encuentro será híbrido.", "attendance_mode", "mixed"),
    ("en", "The foundation will award 12 scholarships this year.", "estimated_award_count", 12),
    ("es", "Se otorgarán doce becas.", "estimated_award_count", 12),
    ("en", "Funder: Blue Lake Foundation", "funder_name", "Blue Lake Foundation"),
    ("es", "Curso ofrecido por la Universidad del Litoral.", "funder_name", "Universidad del Litoral"),
    ("fr", "Une bourse financée par la Fondation des Rives.", "funder_name", "Fondation des Rives"),
    ("pt", "Programa promovido pelo Instituto Mar Aberto.", "funder_name", "Instituto Mar Aberto"),
    ("en", "Ref. BLF-2027-04", "opportunity_number", "BLF-2027-04"),
    ("es", "Fully funded, beca completa para maestría.", "funding_level", "full"),
    ("en", "Grants of up to EUR 5,000. Others may join as unfunded partners.", "funding_level", None),
    ("en", "Organisations may join as unfunded partners.", "funding_level", "none"),
]


@pytest.mark.parametrize(("language", "words", "field", "value"), FACTS)
def test_facts(language: str, words: str, field: str, value: Any) -> None:
    assert getattr(read(notice(words, language=language)), field) == value


@pytest.mark.parametrize(
    ("links", "words", "expected"),
    [
        (
            (("https://a.example.org/apply", "Apply here"), ("https://facebook.com/s", "Share")),
            "Apply here. Share",
            "https://a.example.org/apply",
        ),
        ((("https://bit.ly/x", "Apply"),), "Apply", None),
        ((("https://other.example.org/x", "Apply"),), "The page has other words.", None),
        (
            (("https://calls.example.org/login", "Log in"), ("https://a.example.org/form", "Postular")),
            "Log in · Postular",
            "https://a.example.org/form",
        ),
        ((), "Apply at https://evil.example.org/apply", None),
    ],
)
def test_apply_url_is_one_of_the_notices_links_and_stands_in_its_text(
    links: Any, words: str, expected: str | None
) -> None:
    assert read(notice(words, links=links)).apply_url == expected


def test_what_is_no_opportunity() -> None:
    assert (
        read(notice("Congratulations to all.", "Winners announced: results of the 2026 prize")).is_opportunity is False
    )
    assert (
        read(notice("Bidders shall submit bid security.", "Invitation to bid: supply of laptops")).is_opportunity
        is False
    )
    assert read(notice("Scholarships, grants and more.", "17 scholarships currently open")).is_opportunity is False
    assert read(notice("Apply by 1 March 2027.", "Blue Lake Scholarship 2027")).is_opportunity is True


def test_goal_17_needs_its_own_words() -> None:
    joint = read(
        notice(
            "Public institutions cooperate in partnership with counterparts. Apply now.",
            "Call for cooperation projects",
        )
    )
    assert 17 not in joint.sdg_goals
    assert 17 in read(notice("The call serves SDG 17, partnerships for the goals.")).sdg_goals


def test_plan_objectives_are_computed_from_goals_and_name_what_led_to_them() -> None:
    reading = read(notice("Apply now.", "Scholarship on ocean and marine biodiversity"))
    assert "PCA-2025-2029:2" in reading.plan_objectives
    assert {e.kind for e in reading.evidence if e.field == "plan_objectives"} == {"computed"}
