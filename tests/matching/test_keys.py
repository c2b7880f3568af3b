"""Values written differently by different sources compare equal; values too general compare to nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boi_pipeline.matching.keys import canonical_link, funder_key, number_key, title_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Convocatoria Becas Fundación Río 2027", "BECAS FUNDACION RIO"),
        ("Becas de la Fundación Río 2026-2027: convocatoria abierta", "Becas Fundación Río (2027/28)"),
        ("Apply now: The Sea Prize for Young Writers 2027!", "Sea Prize for young writers"),
        ("Prix de la Mer – 3e édition", "Prix Mer (édition 2026)"),
        ("Prémio do Mar, IV edição", "Premio do Mar"),
    ],
)
def test_one_series_has_one_title(one: str, other: str) -> None:
    assert title_key(one).series == title_key(other).series is not None


@pytest.mark.parametrize(
    ("title", "years", "cycle"),
    [
        ("Sea Prize 2027", (2027,), None),
        ("Becas 2026-2027", (2026, 2027), None),
        ("Becas 2026/27 para artistas", (2026, 2027), None),
        ("Prix de la Mer – 3e édition", (), 3),
        ("Third edition of the Sea Prize 2026", (2026,), 3),
        ("Ronda II del Fondo Río", (), 2),
        ("Resolución 120260 del fondo", (), None),
        ("Fondo de 20270 euros", (), None),
    ],
)
def test_years_and_cycles_are_kept_apart(title: str, years: tuple[int, ...], cycle: int | None) -> None:
    key = title_key(title)
    assert (key.years, key.cycle) == (years, cycle)


@pytest.mark.parametrize("title", ["", "Convocatoria 2027", "Call for applications", "¡¡¡!!!", "Becas"])
def test_a_title_that_names_nothing_is_no_key(title: str) -> None:
    assert title_key(title).series is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.fund.example/es/becas/rio/", "http://fund.example/en/becas/rio"),
        ("https://fund.example/rio?utm_source=x&fbclid=1&id=7#apply", "https://FUND.example:443/rio?id=7"),
        ("https://fund.example/call?b=2&a=1", "https://fund.example/call?a=1&b=2"),
        ("https://fund.example/rio?lang=es&ref=boletin", "https://fund.example/rio/index.html"),
        ("https://fund.example/pt-BR/bolsa%20mar", "https://fund.example/bolsa mar/"),
    ],
)
def test_one_page_has_one_link(one: str, other: str) -> None:
    assert canonical_link(one) == canonical_link(other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://fund.example/jobs/view?ref=101", "https://fund.example/jobs/view?ref=102"),
        ("https://fund.example/app#/calls/1", "https://fund.example/app#/calls/2"),
        ("https://fund.example/a/1", "https://fund.example/a/2"),
        ("https://one.example/call/1", "https://two.example/call/1"),
        ("https://fund.example:8443/call/1", "https://fund.example/call/1"),
    ],
)
def test_two_pages_have_two_links(one: str, other: str) -> None:
    assert canonical_link(one) != canonical_link(other)


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "https://fund.example",
        "https://www.fund.example/es/",
        "https://fund.example/en/index.php?utm_source=x",
        "https://fund.example/becas/",
        "mailto:info@fund.example",
        "javascript:alert(1)",
        "https://[bad/",
        "https://fund.example:port/x/y",
        "https://fund.example/" + "x" * 3000,
    ],
)
def test_a_home_page_or_no_web_address_is_no_key(url: str | None) -> None:
    assert canonical_link(url) is None


def test_numbers_compare_without_their_dress_and_know_when_they_are_general() -> None:
    one, other = number_key("Ref. HORIZON-CL5-2027-D3-01"), number_key("horizon cl5 2027 d3 01")
    assert one == other and one and not one.general
    general = number_key("Convocatoria No. 12 de 2026")
    assert general and general.general and general == number_key("12-2026")
    assert number_key("2026") is None and number_key("sin número") is None and number_key(None) is None


def test_a_convener_that_gives_its_acronym_is_called_by_it() -> None:
    assert funder_key("Deutscher Akademischer Austauschdienst (DAAD)") == funder_key("DAAD") == "daad"
    assert funder_key("Fundación del Río") == funder_key("FUNDACION RIO")
    assert funder_key(" ") is None


@given(st.text(max_size=80))
def test_keys_never_break_and_are_stable(text: str) -> None:
    title_key(text)
    funder_key(text)
    number_key(text)
    canonical_link(text)
    link = canonical_link("https://fund.example/x/" + text)
    assert link is None or link.startswith("fund.example")


@given(st.lists(st.sampled_from(["becas", "río", "Mar", "2027", "jóvenes", "arte", "III"]), min_size=1, max_size=6))
def test_case_accents_and_punctuation_never_matter(words: list[str]) -> None:
    assert title_key(" ".join(words)) == title_key("  ".join(f"«{word.upper()}»," for word in words))
