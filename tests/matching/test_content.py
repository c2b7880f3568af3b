"""What a text tells is found alike whatever other texts are looked at beside it."""

import re

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boi_pipeline.matching.content import contents, names, stems_of, title_stems
from boi_pipeline.matching.keys import folded_words
from boi_pipeline.matching.tokens import tokens, written_words
from boi_pipeline.matching.words import is_moved

# letters of several lengths in UTF-8 and beyond it, marks, digits that are not ASCII, line ends
LETTERS = st.text(st.sampled_from("abAB01_ -'’.,/\n\téñßﬁ½²٣३„中𝒜🙂\u0301\u0345ΣΩ") | st.characters(), max_size=40)
PIECES = st.sampled_from(
    ["5 de mayo de 2027", "12/10/2026", "2026-03-14", "May 5-7", "x2027-01-02", "3 mil", "veinte mil", "1.5 million", "2 k",
     "Costa Rica", "Papua New Guinea", "colombianas", "el agua", "The Sea Prize", "Río Dulce", "l’eau d'avril", "Third edition"]
)  # fmt: skip
TEXTS = st.lists(st.lists(LETTERS | PIECES, max_size=6).map(" ".join), max_size=6)


@settings(deadline=None)
@given(TEXTS)
def test_words_are_those_of_the_regular_expression(texts: list[str]) -> None:
    for looked, pattern in ((tokens, r"\w+"), (written_words, r"[^\W\d_][\w'’-]*")):
        found = looked(texts)
        told = [
            (row, start, found.distinct[word])
            for row, start, word in zip(found.row.tolist(), found.start.tolist(), found.word.tolist(), strict=True)
        ]
        assert told == [(row, m.start(), m[0]) for row, text in enumerate(texts) for m in re.finditer(pattern, text)]


@settings(deadline=None)
@given(TEXTS)
def test_a_text_tells_the_same_alone_and_among_others(texts: list[str]) -> None:
    def told(some: list[str]) -> dict[str, list[object]]:
        columns = {
            **contents(some),
            **names(some[::-1], some),
            "title_stems": title_stems([folded_words(one) for one in some]),
        }
        return {name: column.to_pylist() for name, column in columns.items()}

    together = told(texts)
    for name in together:
        if not name.endswith("names"):
            assert together[name] == [told([text])[name][0] for text in texts]
    for name in ("names", "title_names"):
        alone = [names([title], [text])[name].to_pylist()[0] for title, text in zip(texts[::-1], texts, strict=True)]
        assert together[name] == alone


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Cierra el 5 de mayo de 2027.", [505]),
        ("From 5 to 7 May; closes May 9th", [505, 507, 509]),
        ("Ouvert du 1er au 14 mars", [301, 314]),
        ("Until 2026-12-03", [1203]),
        ("Hasta 12/10/2026", [1012, 1210]),
        ("May 5% of applicants", []),
        ("Ref. A2026-12-03, 2026-13-45 y 31/31/2026", []),
    ],
)
def test_dates_are_told_in_words_and_digits(text: str, days: list[int]) -> None:
    # a text that names a month is read by another way than one that does not
    assert contents([text, f"{text}\nmayo"])["days"].to_pylist() == [days, days]


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Hasta 20.000 euros para 15 becas", [15, 20_000]),
        ("1.5 millones, veinte mil y 12 k", [12_000, 20_000, 1_500_000]),
        ("Entre el 5 de mayo y 2027-01-02: 40 plazas de 2026", [40]),
        ("2 de 3", []),
        ("9" * 400, []),
        ("9" * 400 + ",5 mil", []),
    ],
)
def test_figures_are_told_in_digits_and_words(text: str, figures: list[int]) -> None:
    assert contents([text])["figures"].to_pylist() == [figures]


def test_places_are_countries_and_their_people() -> None:
    told = contents(["Artistas colombianas en Sri Lanka y Costa Rica", "Costa", ""])["places"]
    assert told.to_pylist() == [["CO", "CR", "LK"], [], []]


def test_a_name_keeps_its_capital_everywhere() -> None:
    told = names(["Premio Tallinn", "Tallinn"], ["La beca de Tallinn y Tallinn", "de tallinn, Ríohacha"])
    assert told["names"].type == told["title_names"].type == pa.list_(pa.string())
    assert told["names"].to_pylist() == [["talin"], ["rioac"]]
    assert told["title_names"].to_pylist() == [["talin"], []]


def test_a_concept_is_one_number_in_every_language_and_odd_where_the_beginning_of_a_word_is_even() -> None:
    (agua,), (eau,), (name,) = title_stems([["agua"], ["eau"], ["magdalena"]]).to_pylist()
    assert agua == eau != name
    assert (agua % 2, name % 2) == (1, 0)


def test_stems_leave_out_dates_and_what_every_call_says() -> None:
    assert stems_of("La convocatoria apoya el agua del Magdalena, 5 de mayo de 2027") == {"ap", "water", "magda"}


@pytest.mark.parametrize(
    ("title", "tells"),
    [
        ("Ampliación de plazo — Manos del Mundo", True),
        ("Nouvelle date limite pour les chorégraphes : 10 janvier", True),
        ("Plastics Call 2027: deadline moved to 3 February", True),
        ("Novo prazo para as bolsas Sal & Fogo", True),
        ("Proyectos de extensión universitaria", False),
        ("Report on moving water", False),
    ],
)
def test_a_title_tells_that_a_closing_day_moved(title: str, tells: bool) -> None:
    assert is_moved(folded_words(title)) == tells
