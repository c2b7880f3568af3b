"""The main text of pages nobody wrote selectors for."""

from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.article import MAX_ELEMENTS, main_content
from scrapers.text import block_text, links, parse_page

PAGE = """<html><head><title>x</title></head><body>
<nav><a href="/m">Menú principal</a></nav>
<main><h1>Beca de residencia</h1>
<p>La casa ofrece una residencia de tres meses a artistas de la región. Cierra el <time>1 de marzo de 2027</time>.</p>
<h2>Requisitos</h2><ul><li>Ser mayor de edad y leer las <a href="/bases.pdf">bases</a></li><li>Vivir en la región</li></ul>
<table><tr><th>Monto</th><td>EUR 3,000</td></tr></table>
<p style="display:none">Esto no lo ve nadie, aunque es un párrafo largo que parece parte del artículo principal.</p>
<p>La residencia incluye taller, alojamiento y una exposición al final, con acompañamiento del equipo de la casa.</p>
<p><a class="boton" href="https://formulario.example/x">Postular</a></p>
</main><footer>Pie de página</footer></body></html>"""


def read(markup: str):
    return main_content(parse_page(markup.encode(), "text/html"))


def test_the_text_is_there_with_its_dates_lists_and_tables_and_the_furniture_is_not():
    text = block_text(read(PAGE))
    for told in ("Cierra el 1 de marzo de 2027.", "Requisitos", "Vivir en la región", "EUR 3,000", "exposición"):
        assert told in text
    for unseen in ("Menú", "Pie de página", "no lo ve nadie"):
        assert unseen not in text


def test_links_are_kept_also_those_that_stand_alone():
    found = links(read(PAGE), "https://casa.example/r/1")
    assert [(link.url, link.text) for link in found] == [
        ("https://casa.example/bases.pdf", "bases"),
        ("https://formulario.example/x", "Postular"),
    ]


def test_the_same_page_gives_the_same_text_whatever_came_before():
    first = block_text(read(PAGE))
    for number in range(5):
        read(PAGE.replace("tres", str(number)))
    assert block_text(read(PAGE)) == first


def test_a_page_without_an_article_or_with_too_much_of_it_gives_no_text():
    assert block_text(read("<html><body><nav><a href=/a>A</a></nav></body></html>")) in ("", "A")
    assert block_text(read(f"<html><body>{'<b>x</b>' * (MAX_ELEMENTS + 1)}</body></html>")) == ""


tags = st.sampled_from(
    ["p", "div", "a href=x", "table", "td", "li", "ul", "h1", "article", "br", "time", "img", "dl", "dd"]
)
markup = st.lists(st.tuples(tags, st.text(max_size=40)), max_size=30)


@settings(max_examples=80, deadline=None)
@given(markup)
def test_no_markup_breaks_it(parts: list[tuple[str, str]]):
    body = "".join(f"<{tag}>{text}" for tag, text in parts)
    block_text(read(f"<html><body>.{body}</body></html>"))
