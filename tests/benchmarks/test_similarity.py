from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.similarity import (
    PLAIN,
    TEXT_FEATURES,
    Features,
    WordWeights,
    date_features,
    joined,
    name_features,
    number_features,
    set_features,
    text_features,
    vector_features,
)

WORDS = st.sampled_from(
    [
        "beca",
        "becas",
        "de",
        "la",
        "fundación",
        "lago",
        "azul",
        "2026",
        "2027",
        "4.0",
        "5",
        "HORIZON-CL5-2027",
        "dsc-w120",
        "dscw120b",
        "Photoshop",
        "photoshp",
        "—",
        "€",
    ]
)
TEXTS = st.none() | st.text(max_size=30) | st.lists(WORDS, max_size=8).map(" ".join)


def differs(name: str) -> bool:
    return name.endswith(("_apart", "_only", "missing"))


def one(left: str | None, right: str | None, weights: WordWeights = PLAIN) -> dict[str, float]:
    found = text_features([left], [right], weights)
    return dict(zip(found.names, found.values[0].tolist(), strict=True))


# ---------------------------------------------------------------- texts


@settings(max_examples=300)
@given(TEXTS, TEXTS)
def test_text_features_are_symmetric_and_between_0_and_1(left: str | None, right: str | None):
    there, back = text_features([left], [right]), text_features([right], [left])
    np.testing.assert_allclose(there.values, back.values, atol=1e-6)
    known = there.values[~np.isnan(there.values)]
    assert known.min() >= 0
    assert known.max() <= 1 + 1e-6


@given(TEXTS)
def test_equal_texts_are_as_alike_as_can_be(text: str | None):
    found = one(text, text)
    if found["missing"]:
        assert found["missing"] == 1
        assert all(np.isnan(value) for name, value in found.items() if name != "missing")
        return
    for name, value in found.items():
        assert np.isnan(value) or value == pytest.approx(0.0 if differs(name) else 1.0), name


@given(TEXTS, st.lists(st.tuples(TEXTS, TEXTS), max_size=5))
def test_a_pair_does_not_depend_on_the_others(text: str | None, others: list[tuple[str | None, str | None]]):
    pairs = [(text, "beca lago azul 2026"), *others]
    found = text_features([left for left, _ in pairs], [right for _, right in pairs])
    np.testing.assert_array_equal(found.values[0], text_features([text], ["beca lago azul 2026"]).values[0])


@pytest.mark.parametrize("empty", [None, "", "  ", "—!", "_"])
def test_a_side_without_a_letter_is_missing(empty: str | None):
    found = one(empty, "beca")
    assert found["missing"] == 0.5
    assert all(np.isnan(value) for name, value in found.items() if name != "missing")


def test_rare_words_weigh_more():
    weights = WordWeights.learned(["beca lago azul", "beca mar", "beca sol", "beca luna"])
    assert weights.of("beca") < weights.of("lago") <= weights.of("never seen") == 1
    same_rare, same_common = one("beca azul", "premio azul", weights), one("beca azul", "beca rojo", weights)
    assert same_rare["words_shared"] > same_common["words_shared"]
    assert same_common["rarest_only"] > same_rare["rarest_only"]


def test_models_agree_with_and_without_hyphen_and_suffix():
    found = one("Sony Cyber-shot DSC-W120/B", "sony dscw120 camera")
    assert found["codes_shared"] == 1
    assert found["codes_apart"] == 0
    assert one("Sony DSC-W120", "Sony DSC-W130")["codes_apart"] == 1


def test_numbers_agree_by_value():
    assert one("Photoshop Elements 4.0", "photoshop elements v4")["numbers_shared"] == 1
    assert one("Photoshop Elements 4.0", "photoshop elements 5")["numbers_apart"] == 1
    assert one("hasta 1,000 euros", "hasta 1000 euros")["numbers_shared"] == 1
    assert np.isnan(one("Photoshop Elements", "photoshop elements 5")["numbers_shared"])
    assert one("Photoshop Elements", "photoshop elements 5")["numbers_one_only"] == 1


def test_misspelt_and_abbreviated_words_count_in_part():
    found = one("convocatoria investigadores", "convocatria investig")
    assert found["words_shared"] == 0
    assert found["words_soft_all"] > 0.85
    assert one("beca 2026", "beca 2027")["words_soft_all"] < 0.6  # digits must be equal


def test_words_of_no_weight_say_nothing():
    assert np.isnan(one("de la", "de la", WordWeights(other=0.0))["words_shared"])


def test_every_text_feature_is_told():
    assert set(one("a", "b")) == set(TEXT_FEATURES)


# ---------------------------------------------------------------- the rest


@given(st.none() | st.floats(0, 1e12), st.none() | st.floats(0, 1e12))
def test_numbers(left: float | None, right: float | None):
    there, back = number_features([left], [right]), number_features([right], [left])
    np.testing.assert_array_equal(there.values, back.values)
    if left is None or right is None:
        assert np.isnan(there["near"][0])
    else:
        assert 0 <= there["near"][0] <= 1
        assert number_features([left], [left])["near"][0] == 1


def test_number_near_is_their_ratio():
    found = number_features([100, 0, 0, -1], [50, 0, 5, 3])
    np.testing.assert_allclose(found["near"], [0.5, 1, 0, np.nan])
    np.testing.assert_allclose(found["missing"], [0, 0, 0, 0.5])


def test_dates():
    day = date(2026, 11, 25)
    found = date_features([day, day, day, None], [day, date(2026, 12, 25), date(2027, 11, 25), day])
    np.testing.assert_allclose(found["near"], [1, 0.5, 30 / 395, np.nan], rtol=1e-5)
    np.testing.assert_allclose(found["same"], [1, 0, 0, np.nan])
    np.testing.assert_allclose(found["same_year"], [1, 1, 0, np.nan])
    np.testing.assert_allclose(found["missing"], [0, 0, 0, 0.5])


def test_sets_names_and_vectors():
    sets = set_features([{"CO", "EC"}, [], None], [["CO"], {"CO"}, None])
    np.testing.assert_allclose(sets["shared"], [0.5, np.nan, np.nan])
    np.testing.assert_allclose(sets["contained"], [1, np.nan, np.nan])
    np.testing.assert_allclose(sets["missing"], [0, 0.5, 1])
    names = name_features(["a.org", "a.org", ""], ["a.org", "b.org", "a.org"])
    np.testing.assert_allclose(names["same"], [1, 0, np.nan])
    unit = np.array([1.0, 0.0])
    np.testing.assert_allclose(vector_features([unit, unit, unit], [unit, -unit, None])["cosine"], [1, 0, np.nan])


def test_joined_names_the_fields_and_filled_has_no_nan():
    both = joined(title=text_features(["a"], [None]), amount=number_features([1], [2]))
    assert isinstance(both, Features)
    assert both["amount.near"][0] == 0.5
    assert both["title.missing"][0] == 0.5
    assert not np.isnan(both.filled()).any()


def test_a_pair_has_two_sides():
    with pytest.raises(ValueError, match="2 left sides and 1 right"):
        text_features(["a", "b"], ["a"])


def test_no_pairs_make_no_rows():
    assert text_features([], []).values.shape == (0, len(TEXT_FEATURES))
    assert set_features([], []).values.shape == (0, 3)
