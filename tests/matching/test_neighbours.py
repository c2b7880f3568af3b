"""Announcements that share no word are compared where their openings are near, and nothing but that changes."""

from datetime import date
from pathlib import Path
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
import pytest

from boi_pipeline.matching import neighbours
from boi_pipeline.matching.items import MatchItem
from boi_pipeline.matching.match import match_on
from boi_pipeline.matching.neighbours import CROWD, OPENING, Embedding, Vectors, opening_of
from boi_pipeline.matching.workbench import Workbench
from tests.matching.conftest import item

SENSES = {"rivers": 0, "ríos": 0, "theatre": 1, "teatro": 1, "bees": 2, "abejas": 2}


def by_sense(text: str) -> npt.NDArray[np.float32]:
    """What a text is about, for the few words that are known here."""
    found = np.zeros(3, np.float32)
    found[[SENSES[word] for word in text.lower().split() if word in SENSES]] = 1
    return found / max(np.linalg.norm(found), np.float32(1))


def near(bench: Workbench) -> set[tuple[str, ...]]:
    rows = bench.rows("select x.item_id, y.item_id from near join facts x on x.n = a join facts y on y.n = b")
    return {tuple(sorted(row)) for row in rows}


def compared(bench: Workbench) -> set[tuple[str, ...]]:
    rows = bench.rows("select x.item_id, y.item_id from pairs join facts x on x.n = a join facts y on y.n = b")
    return {tuple(sorted(row)) for row in rows}


SPANISH = item(
    "a/1", title="Ríos vivos", language="es", text="Ríos vivos\nDiez proyectos.", close_date=date(2027, 3, 1)
)
ENGLISH = item("b/1", title="For rivers", language="en", text="For rivers\nTen projects.", close_date=date(2027, 9, 9))
OTHERS = [
    item("a/2", title="Teatro", language="es", text="Teatro"),
    item("b/2", title="About bees", language="en", text="About bees"),
    item("b/3", title="More rivers", language="es", text="More rivers"),
]


def test_two_languages_that_share_no_word_are_compared_where_neighbours_are_looked_for() -> None:
    seen = []
    for vectors in (None, Vectors(Embedding("senses", by_sense))):
        with Workbench(vectors=vectors) as bench:
            bench.load([SPANISH, ENGLISH, *OTHERS])
            match_on(bench)
            seen.append((("a/1", "b/1") in compared(bench), bench.embedding, bench.near_count))
    assert seen == [(False, None, 0), (True, f"senses/{OPENING}", 2)]


def test_a_pair_that_is_near_no_longer_is_not_compared_any_more() -> None:
    with Workbench(vectors=Vectors(Embedding("senses", by_sense))) as bench:
        for today, is_compared in (([SPANISH, ENGLISH], True), ([SPANISH], False), ([ENGLISH, SPANISH], True)):
            bench.load(today)
            match_on(bench)
            assert (("a/1", "b/1") in compared(bench)) == is_compared


def test_an_opening_that_a_crowd_bears_has_no_neighbours() -> None:
    crowd = [
        item(f"s{n}/1", title="For rivers", language="en", text="For rivers\nTen projects.") for n in range(CROWD + 1)
    ]
    for today, count in ((crowd[1:], CROWD), (crowd, 0)):
        with Workbench(vectors=Vectors(Embedding("senses", by_sense))) as bench:
            bench.load([SPANISH, *today])
            bench.compare(20)
            assert len(near(bench)) == count


@pytest.mark.parametrize("block", [1, 7, 1_000])
def test_the_nearest_are_those_of_the_largest_cosine_in_another_language(block: int) -> None:
    random = np.random.default_rng(3)
    words = [f"w{n}" for n in range(60)]
    drawn = random.normal(size=(60, 16)).astype(np.float32)
    drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
    items = [item(f"s/{n}", title=word, text=word, language=("es", "en", "fr")[n % 3]) for n, word in enumerate(words)]
    expected = set[tuple[str, ...]]()
    for n in range(60):
        others = sorted((m for m in range(60) if m % 3 != n % 3), key=lambda m: -float(drawn[n] @ drawn[m]))
        expected |= {tuple(sorted((f"s/{n}", f"s/{m}"))) for m in others[:2] if drawn[n] @ drawn[m] >= 0.2}
    vectors = Vectors(Embedding("drawn", lambda text: drawn[words.index(text)]))
    with patch.multiple(neighbours, BLOCK=block, NEAREST=2, FLOOR=0.2), Workbench(vectors=vectors) as bench:
        for today in (items[:41], items[3:], items):  # over days as at once
            bench.load(today)
            bench.compare(20)
        assert near(bench) == expected


def test_vectors_that_cannot_be_read_are_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "vectors.duckdb"
    for torn in (b"no database at all", b""):
        path.write_bytes(torn)
        with Vectors(Embedding("senses", by_sense), path) as vectors:
            assert vectors.know({7: "agua"}) == 1 and vectors.of(np.array([7], np.uint64)).shape[0] == 1


def test_a_vector_is_made_once_a_text_and_model(tmp_path: Path) -> None:
    made: list[str] = []

    def embed(text: str) -> npt.NDArray[np.float32]:
        made.append(text)
        return by_sense(text)

    def a_day(version: str, today: list[MatchItem]) -> int:
        made.clear()
        with (
            Vectors(Embedding(version, embed), tmp_path / "vectors.duckdb") as vectors,
            Workbench(vectors=vectors) as bench,
        ):
            bench.load(today)
            bench.compare(20)
        return len(made)

    twin = item("c/1", title=SPANISH.title, text=f"{SPANISH.text} Other words follow.", language="es")
    assert a_day("one", [SPANISH, ENGLISH]) == 2
    assert a_day("one", [SPANISH, ENGLISH, twin]) == 0
    assert a_day("two", [SPANISH, ENGLISH]) == 2


@pytest.mark.parametrize(
    ("title", "text", "opening"),
    [
        ("Becas Río", "Becas Río\n\nDiez becas. Hasta marzo.", "Becas Río\nDiez becas."),
        ("Becas Río", "Diez becas\nHasta marzo.", "Becas Río\nDiez becas"),
        ("Becas Río", "", "Becas Río"),
        ("Río " * 200, "Diez becas.", ("Río " * 200)[:OPENING].strip()),
    ],
    ids=["title first", "no full stop", "no text", "long title"],
)
def test_an_opening_is_the_title_and_the_first_sentence(title: str, text: str, opening: str) -> None:
    assert opening_of(title, text) == opening
