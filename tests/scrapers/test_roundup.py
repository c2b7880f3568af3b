"""Round-up posts are cut into their calls; everything else stays whole."""

import pytest

from scrapers.platforms.roundup import is_roundup_title, split
from scrapers.text import block_text, clean, fragment

SECTIONS = "".join(
    f'<h3>{n}) Call {n}</h3><p>Closes {n} May.</p><p><a href="https://c{n}.example/">Apply</a></p>'
    for n in (1, 2, 3, 4)
)


@pytest.mark.parametrize(
    "title",
    [
        "10 becas para estudiar en Alemania",
        "7 opportunities closing this week",
        "17 Opportunities Currently Open",
        "Top 5 Fully Funded Scholarships for 2027",
        "Las 12 mejores convocatorias de noviembre",
        "Les 5 bourses à ne pas manquer",
        "8 bolsas de estudo no exterior",
        "5 fellowships and grants closing in December",
    ],
)
def test_titles_that_promise_several(title: str):
    assert is_roundup_title(title)


@pytest.mark.parametrize(
    "title",
    [
        "2 becas completas",
        "Beca 2027 de 12 meses",
        "2027 Scholarships",
        "Programa de 10 semanas",
        "Open Call 10",
        "1 beca",
    ],
)
def test_titles_that_do_not(title: str):
    assert not is_roundup_title(title)


def test_headings_with_a_link_of_their_own_are_the_parts():
    node = clean([fragment(f"<p>Intro</p>{SECTIONS}<h3>How to choose</h3><p>Well.</p>")])
    parts = split("4 grants", node, "https://a.example/post")
    assert [part.title for part in parts] == ["Call 1", "Call 2", "Call 3", "Call 4"]
    assert block_text(parts[3].node) == "4) Call 4\n\nCloses 4 May.\n\nApply"


def test_headings_inside_boxes_keep_to_their_box():
    boxes = "".join(
        f"<div class=box><div><h2>C{n}</h2></div><p>t{n}</p><a href='https://c{n}.example/'>x</a></div>"
        for n in (1, 2, 3)
    )
    parts = split("3 becas", clean([fragment(boxes)]), "https://a.example/post")
    assert [block_text(part.node).split() for part in parts] == [[f"C{n}", f"t{n}", "x"] for n in (1, 2, 3)]


def test_a_list_is_cut_by_its_items():
    items = "".join(f"<li><a href='https://c{n}.example/'>Beca {n}</a> hasta el {n} de mayo</li>" for n in (1, 2, 3))
    parts = split("3 becas", clean([fragment(f"<ul>{items}</ul>")]), "https://a.example/post")
    assert [part.title for part in parts] == ["Beca 1", "Beca 2", "Beca 3"]


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Beca Alfa", SECTIONS),
        ("5 becas", "<h2>Uno</h2><p>sin enlace</p><h2>Dos</h2><p>sin enlace</p><h2>Tres</h2><p>nada</p>"),
        ("5 becas", "<h2>U</h2><a href='https://x.example'>a</a><h2>D</h2><a href='https://y.example'>b</a>"),
        ("5 becas", "".join(f"<h2>{n}</h2><a href='https://same.example/'>a</a>" for n in range(5))),
        ("5 becas", "".join(f"<h2>{n}</h2><a href='https://facebook.com/share?{n}'>a</a>" for n in range(5))),
    ],
)
def test_what_is_no_roundup_stays_whole(title: str, body: str):
    assert split(title, clean([fragment(body)]), "https://a.example/post") == []
