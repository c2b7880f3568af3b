"""Who convenes, of what kind and country; where one applies, on what terms, and what a person must clear first."""

import pytest

from tests.reading.pages import notice, read

CONVENERS = [
    ("en", "The Harbour Foundation invites two artists. Citizens of any country may apply.", "Harbour Foundation", 60, None),
    ("en", "Offered by: Inter-American School of Local Finance", "Inter-American School of Local Finance", None, None),
    ("en", "The award is given by the Institute of Small Bridges, Norway.", "Institute of Small Bridges", None, "NO"),
    ("es", "Convoca la Fundación Brasa, con el patrocinio de Banco Sur.", "Fundación Brasa", 60, None),
    ("es", "La Universidad Frontera Sur, de Ecuador, abre la convocatoria.", "Universidad Frontera Sur", 80, "EC"),
    ("es", "El Ayuntamiento de Sierraclara y el Instituto Delta invitan a ciudades.", "Ayuntamiento de Sierraclara", 11, None),
    ("fr", "L'Agence d'appui aux finances publiques organise des missions.", "Agence d'appui aux finances publiques", None, None),
    ("fr", "La Fondation Gutknecht pour le monde du travail lance un concours.",
     "Fondation Gutknecht pour le monde du travail", 60, None),
    ("pt", "O Prêmio Gotas é concedido pela Organização de Saneamento Escolar.", "Organização de Saneamento Escolar", None, None),
    ("de", "Der Verein Wortbrücke vergibt drei Preise.", "Verein Wortbrücke", 22, None),
]  # fmt: skip


@pytest.mark.parametrize(("language", "words", "name", "kind", "country"), CONVENERS)
def test_the_convener_is_named_as_printed(
    language: str, words: str, name: str, kind: int | None, country: str | None
) -> None:
    reading = read(notice(words, "…", language=language))
    assert (reading.funder_name, reading.funder_type, reading.funder_country) == (name, kind, country)


@pytest.mark.parametrize(
    "words",
    [
        "Applicants must be citizens of a Member State. Apply by 1 March.",
        "The Green Roofs Prize rewards planted roofs.",
        "Contact: Dr Marta Lindgren",
    ],
)
def test_a_prize_a_place_or_a_person_is_no_convener(words: str) -> None:
    assert read(notice(words, "Call")).funder_name is None


TERMS = [
    ("en", "Applications are free of charge.", False, []),
    ("en", "An application fee of USD 30 is payable.", True, ["application_fee"]),
    ("en", "There is no fee to apply.", False, []),
    ("es", "La inscripción es gratuita.", False, []),
    ("es", "Inscripción, 8 euros por cuento.", True, ["application_fee"]),
    ("fr", "Frais de dossier : 150 euros, non remboursables.", True, ["application_fee"]),
    ("pt", "Não há cobrança de taxa de inscrição.", False, []),
]


@pytest.mark.parametrize(("language", "words", "fee", "flags"), TERMS)
def test_a_fee_to_apply_is_read_and_flagged(language: str, words: str, fee: bool, flags: list[str]) -> None:
    reading = read(
        notice(f"Harbour Foundation prize. {words}", "Writing contest: the short story prize", language=language)
    )
    assert (reading.application_fee, [f for f in reading.red_flags if f != "no_convener"]) == (fee, flags)


GIVEN = [
    ("en", "Scholarship in hydrology", "The scholarship covers tuition fees, travel costs and health insurance.",
     {"tuition", "travel", "insurance"}, "scholarship"),
    ("en", "Artist residency", "We offer accommodation and meals. We do not reimburse flights.", {"stipend"}, "in_kind"),
    ("es", "Beca de maestría", "Se cubre la matrícula. El pasaje aéreo corre por cuenta del estudiante.", {"tuition"},
     "scholarship"),
    ("fr", "Bourse de master", "La bourse couvre les frais de scolarité et l'hébergement.", {"tuition", "stipend"},
     "scholarship"),
    ("en", "Design award and prize", "The winner receives a prize of EUR 5,000.", {"prize"}, "prize"),
    ("en", "Young Writers Award 2027", "The award goes to a writer under 30. It is unpaid: the winner is published in our magazine.",
     {"prize"}, "in_kind"),
    ("en", "Call for partner cities", "The city of Porto looks for partner cities for a technical cooperation on urban water. "
     "No money is paid.", set(), "none"),
    ("en", "International conference on water", "The conference takes place on 3 May 2027. Participants come at their own expense.",
     set(), "none"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "title", "words", "coverage", "instrument"), GIVEN)
def test_what_is_given_counts_and_what_is_denied_does_not(
    language: str, title: str, words: str, coverage: set[str], instrument: str
) -> None:
    reading = read(notice(f"{words} Apply by 1 March 2027.", title, language=language))
    assert (set(reading.coverage), reading.funding_instrument) == (coverage, instrument)


def test_own_money_is_asked_for_or_not() -> None:
    assert read(notice("Matching funds of 20% are required.", "Grants")).cost_sharing_required is True
    assert read(notice("No co-financing is required.", "Grants")).cost_sharing_required is False
