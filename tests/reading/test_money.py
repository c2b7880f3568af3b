"""Amounts of money and numbers of awards as announcements print them."""

from decimal import Decimal

import pytest

from boi_pipeline.reading.quotes import collapse, fold
from boi_pipeline.reading.values.money import find_money
from tests.reading.pages import notice, read

FORMATS = [
    ("en", "€1.2M", [("EUR", "1200000", "1200000")]),
    ("en", "EUR 12 000", [("EUR", "12000", "12000")]),
    ("en", "USD 5,000.00", [("USD", "5000", "5000")]),
    ("en", "25k EUR", [("EUR", "25000", "25000")]),
    ("en", "£9,250 a year", [("GBP", "9250", "9250")]),
    ("en", "$12,000 (USD)", [("USD", "12000", "12000")]),
    ("en", "US$ 5,000 and 3 nights", [("USD", "5000", "5000")]),
    ("en", "ten thousand dollars", [("USD", "10000", "10000")]),
    ("en", "first €5,000, second €3,000", [("EUR", "5000", "5000"), ("EUR", "3000", "3000")]),
    ("de", "CHF 2'000", [("CHF", "2000", "2000")]),
    ("de", "zwischen 500 und 1.000 Euro", [("EUR", "500", "1000")]),
    ("es", "12 mil euros", [("EUR", "12000", "12000")]),
    ("es", "entre 3 y 4,5 millones de euros", [("EUR", "3000000", "4500000")]),
    ("es", "$ 350.000.000", [(None, "350000000", "350000000")]),
    ("es", "$ 350.000.000 M/CTE", [("COP", "350000000", "350000000")]),
    ("es", "20 SMMLV", []),
    ("es", "2.000 € y 500 €", [("EUR", "2000", "2000"), ("EUR", "500", "500")]),
    ("es", "3.000 y 1.000 euros", [("EUR", "3000", "3000"), ("EUR", "1000", "1000")]),
    ("es", "Primero: 100.000 dólares\nSegundo: 60.000", [("USD", "100000", "100000"), ("USD", "60000", "60000")]),
    ("fr", "150 000 FCFA", [("XOF", "150000", "150000")]),
    ("fr", "80 000 € à 250 000 €", [("EUR", "80000", "250000")]),
    ("fr", "7 500 $ CA", [("CAD", "7500", "7500")]),
    ("pt", "R$ 30 mil", [("BRL", "30000", "30000")]),
    ("pt", "450 000 escudos (CVE)", [("CVE", "450000", "450000")]),
]


@pytest.mark.parametrize(("language", "words", "expected"), FORMATS)
def test_amounts_are_read_in_many_formats(
    language: str, words: str, expected: list[tuple[str | None, str, str]]
) -> None:
    found = find_money(fold(collapse(words)), language)
    assert [(m.currency, m.low, m.high) for m in found] == [(c, Decimal(a), Decimal(b)) for c, a, b in expected]


USES = [
    ("en", "Writing prize", "Prizes: first £900; second £400; third £200.", ("GBP", "200", "900", None)),
    ("en", "Seed grants", "Ask for up to EUR 8,000. The fund has EUR 120,000 to give.", ("EUR", None, "8000", "120000")),
    ("en", "Research fellowship", "A fellow receives SGD 6,200 a month and SGD 5,000 for research expenses.",
     ("SGD", "6200", "6200", None)),
    ("en", "Project officer, job vacancy", "Type of contract: one year. Gross salary: EUR 3,100 a month.",
     (None, None, None, None)),
    ("en", "Summer school course", "Course fee: EUR 450, meals included.", (None, None, None, None)),
    ("es", "Curso de cerámica en Oaxaca", "El curso incluye clases y hotel.\nValor: 1.290 € por persona.", (None, None, None, None)),
    ("en", "Internship in Geneva", "Interns receive a stipend of EUR 20,000 a year.", (None, None, None, None)),
    ("es", "Subvenciones a proyectos", "Crédito: 1.450.000 €. La ayuda no excederá de 120.000 € por proyecto.",
     ("EUR", None, "120000", "1450000")),
    ("es", "Convocatoria", "Desde 2014 el fondo ha comprometido 77 millones de euros.", (None, None, None, None)),
    ("fr", "Bourse de recherche", "Allocation de 2 650 € par mois. Supplément de 300 € par mois et par enfant.",
     ("EUR", "2650", "2650", None)),
    ("pt", "Rede de cidades: novos membros", "A quota anual é de 200 euros.", (None, None, None, None)),
]  # fmt: skip


@pytest.mark.parametrize(("language", "title", "words", "expected"), USES)
def test_only_what_one_gets_is_an_award(
    language: str, title: str, words: str, expected: tuple[str | None, ...]
) -> None:
    reading = read(notice(words, title, language=language))
    amounts = [reading.min_award_amount, reading.max_award_amount, reading.total_amount_available]
    assert (reading.currency, *(str(int(a)) if a is not None else None for a in amounts)) == expected


COUNTS = [
    ("en", "Seats: 120, at most four per institution", 120),
    ("en", "The foundation invites two textile artists to spend ten weeks in Hawick.", 2),
    ("en", "Eighteen papers will be selected.", 18),
    ("en", "In 2019 the college gave out nine scholarships.", None),
    ("en", "Teams of two to five people may enter.", None),
    ("es", "La universidad escoge a doce estudiantes para su maestría.", 12),
    ("es", "Convocatoria para proveer un cargo de docente.", 1),
    ("fr", "Le programme offre vingt-cinq bourses.", 25),
    ("pt", "O Instituto abriu 90 vagas para o curso.", 90),
    ("de", "Die Stiftung vergibt sechs Stipendien.", 6),
]


@pytest.mark.parametrize(("language", "words", "count"), COUNTS)
def test_how_many_awards_there_are(language: str, words: str, count: int | None) -> None:
    assert read(notice(words, language=language)).estimated_award_count == count


IN_WORDS = [
    ("es", "hasta doscientos cincuenta mil dólares", [("USD", "250000", "250000")]),
    ("es", "un millón de dólares", [("USD", "1000000", "1000000")]),
    ("es", "entre cinco mil y diez mil euros", [("EUR", "5000", "10000")]),
    ("en", "half a million euros", [("EUR", "500000", "500000")]),
    ("fr", "cinq cent mille euros", [("EUR", "500000", "500000")]),
    ("fr", "un million et demi d'euros", [("EUR", "1500000", "1500000")]),
    ("pt", "sete mil e quinhentos euros", [("EUR", "7500", "7500")]),
    ("de", "zehntausend Euro", [("EUR", "10000", "10000")]),
    ("de", "1,2 Mio. Euro", [("EUR", "1200000", "1200000")]),
    ("en", "R350 000 (South African rand)", [("ZAR", "350000", "350000")]),
    ("en", "the R350 000 road", []),
    ("es", "COP $ 900.000.000", [("COP", "900000000", "900000000")]),
    ("es", "$5.000.000 a $12.000.000 de pesos chilenos", [("CLP", "5000000", "12000000")]),
    ("fr", "150 millions de FCFA (XAF), dont 10 millions de FCFA", [("XAF", "150000000", "150000000"), ("XAF", "10000000", "10000000")]),
]  # fmt: skip


@pytest.mark.parametrize(("language", "words", "expected"), IN_WORDS)
def test_sums_told_in_words_and_by_signs_that_need_their_country(
    language: str, words: str, expected: list[tuple[str | None, str, str]]
) -> None:
    found = find_money(fold(collapse(words)), language)
    assert [(m.currency, m.low, m.high) for m in found] == [(c, Decimal(a), Decimal(b)) for c, a, b in expected]


FOR_WHAT = [
    # A ceiling told by a verb; what several share; what the call as a whole has; earlier rounds.
    ("fr", "Fonds d'appui, subventions", "Le montant accordé ne peut dépasser 5 000 euros par radio.", (None, "5000", None)),
    ("pt", "Edital de apoio a projetos", "As solicitações podem chegar a US$ 15.000.", (None, "15000", None)),
    ("de", "Förderung von Projekten", "Kein Vorhaben bekommt mehr als 50.000 Euro.", (None, "50000", None)),
    ("en", "Grants for groups", "Groups can apply for grants of max. US$ 500.", (None, "500", None)),
    ("en", "Data prize", "The purse totals $30,000: a grand prize of $10,000, three runner-up prizes of $5,000 and five of $1,000.",
     ("1000", "10000", "30000")),
    ("fr", "Prix de la sobriété", "Cinq lauréats se partageront 250 000 €, soit 50 000 € chacun.", ("50000", "50000", "250000")),
    ("en", "Grants for delta towns", "US$2 million has been earmarked for this call. A project may be funded to a maximum of US$100,000.",
     (None, "100000", "2000000")),
    ("es", "Subvenciones a proyectos de vivienda", "El programa está dotado con 1,5 millones de euros.", (None, None, "1500000")),
    ("pt", "Edital de apoio a festivais", "Apoio de no máximo R$ 30 mil. Na edição anterior, os festivais somaram R$ 600 mil.",
     (None, "30000", None)),
    ("fr", "Fonds pour la presse", "Une aide de 20 000 € maximum, sur une ligne de 160 000 €.", (None, "20000", "160000")),
]  # fmt: skip


@pytest.mark.parametrize(("language", "title", "body", "expected"), FOR_WHAT)
def test_what_one_gets_is_told_from_what_all_get(
    language: str, title: str, body: str, expected: tuple[str | None, ...]
) -> None:
    reading = read(notice(body, title, language=language))
    told = (reading.min_award_amount, reading.max_award_amount, reading.total_amount_available)
    assert told == tuple(None if value is None else Decimal(value) for value in expected)


COUNTED = [
    ("en", "Essay prize", "First prize is $5,000, second prize $2,500 and third prize $1,000.", 3),
    ("es", "Premio de ensayo", "Primer lugar, 6 000 USD. Segundo, 3 000 USD. Mención para medios locales, 1 500 USD.", 3),
    ("pt", "Prémio literário", "O vencedor recebe 7.500 euros e vê a sua obra editada.", 1),
    ("en", "Story prize", "The winner receives £500; the finalists are published.", None),
]  # fmt: skip


@pytest.mark.parametrize(("language", "title", "body", "count"), COUNTED)
def test_prizes_are_counted_by_their_places(language: str, title: str, body: str, count: int | None) -> None:
    assert read(notice(body, title, language=language)).estimated_award_count == count
