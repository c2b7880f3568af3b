import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boi_pipeline.colour import TEXT, contrast, to_hex, to_oklch
from boi_pipeline.palette import PAIRS, palette
from boi_pipeline.publishing.colours import type_colours

COLOURS = st.integers(min_value=0, max_value=0xFFFFFF).map("#{:06x}".format)


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#0b4f6c", "#0b4f6c") == pytest.approx(1)


@settings(max_examples=40, deadline=None)
@given(COLOURS, COLOURS, st.booleans())
def test_every_pair_of_any_brand_is_readable(primary: str, accent: str, dark: bool):
    tokens = palette(primary, accent, dark=dark)
    for pair in PAIRS:
        found = contrast(tokens[pair.front], tokens[pair.ground])
        assert found >= pair.ratio, f"{pair.front} on {pair.ground}: {found:.2f}"
    for ground, ink in type_colours(["one", "two", "three", "four"], primary, dark=dark).values():
        assert contrast(ground, ink) >= TEXT


@given(COLOURS)
def test_a_colour_survives_the_way_to_oklch_and_back(colour: str):
    back = to_hex(to_oklch(colour))
    assert all(abs(int(colour[i : i + 2], 16) - int(back[i : i + 2], 16)) <= 2 for i in (1, 3, 5))


def test_a_readable_brand_colour_stays_the_brand_s():
    assert palette("#0b4f6c", "#f2a541", dark=False)["brand"] == "#0b4f6c"
