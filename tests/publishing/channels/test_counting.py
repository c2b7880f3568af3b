"""Lengths by the channels' own rules, beside X's own parser."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from boi_pipeline.publishing.channels.counting import code_units, weighted
from boi_pipeline.publishing.channels.inert import inert
from tests.publishing.channels.counted_by_x import weighted_by_x

LINK = "https://boletin.example.gov.co/oportunidades/pal-2026-00001/?utm_source=x&utm_content=PAL-2026-00001"
_JOINED = re.compile("[\u200d\ufe0f\u20e3\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("Beca", 4),
        ("Educación", 9),
        ("Educacio\u0301n", 9),  # NFC first
        ("奨学金", 6),
        ("منحة", 4),
        ("🎓", 2),
        ("© y ®", 7),
        ("—«»…", 5),
        (LINK, 23),
        (f"Beca {LINK}\nmás", 32),
        ("", 0),
    ],
)
def test_x_counts(text: str, length: int) -> None:
    assert weighted(text) == length == weighted_by_x(text)[0]


_BITS = [
    "http://",
    "HTTPS:",
    "//",
    "www.",
    ".",
    ".",
    "com",
    "co",
    "es",
    "malo",
    "/",
    "?",
    "@",
    "#",
    "$",
    "中国",
    "。",
    "\u200b",
]
_BITS += [":", "(", "-", "_", " ", "ñ", "1", "xn--p1ai", "mailto:", "t.co", "🎓", "\u200d", "…"]
ADDRESSES = st.lists(st.sampled_from(_BITS) | st.text(max_size=2), max_size=12).map("".join)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60) | ADDRESSES, st.booleans())
@example("👨‍👩‍👧 🇪🇨 1️⃣", False)
def test_nothing_is_longer_at_x_than_it_is_here(text: str, with_link: bool) -> None:
    shown = inert(text) + (f" {LINK}" if with_link else "")
    theirs, links = weighted_by_x(shown)
    assert links == with_link, "scraped text holds no address that X would link"
    assert weighted(shown) >= theirs
    if not _JOINED.search(shown):
        assert weighted(shown) == theirs


def test_others_count_code_units() -> None:
    assert code_units("año") == 3
    assert code_units("🎓") == 2


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://malo.example/x?y", "malo. example/x?y"),
        ("www.malo.com", "www. malo. com"),
        ("javascript:alert(1)", "alert(1)"),
        ("mailto:a@b.example", "ab. example"),
        ("#Becas y @alguien", "Becas y alguien"),
        ("＃Becas ＠alguien $USDT", "Becas alguien USDT"),
        ("EE.UU. y 1.400 EUR", "EE. UU. y 1.400 EUR"),
        ("a\u202eb\u200fc\u0000d\ne", "abcd e"),
        ("Reto: agua", "Reto: agua"),
        ("Convocatoria 2027: fase 1", "Convocatoria 2027: fase 1"),
    ],
)
def test_scraped_text_sets_nothing_off(text: str, shown: str) -> None:
    assert inert(text) == shown


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80) | ADDRESSES)
def test_what_is_inert_stays_as_it_is(text: str) -> None:
    assert inert(inert(text)) == inert(text)
