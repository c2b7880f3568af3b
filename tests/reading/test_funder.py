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
