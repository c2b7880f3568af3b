"""What makes a notice another notice: its text, and where its links lead."""

from hypothesis import given
from hypothesis import strategies as st

from scrapers.notice import Hint, Link, clean_text, compose_text, content_hash

URLS = st.sampled_from(["http://a.test/apply", "http://a.test/apply?id=2", "http://b.test/"])


def test_a_swapped_link_is_another_content() -> None:
    text = "Beca\n\nPostule en la página oficial."
    official = content_hash(text, [Link(url="http://fondo.test/postular", text="página oficial")])
    assert official != content_hash(text, [Link(url="http://fondo-premios.test/postular", text="página oficial")])


@given(st.lists(URLS, max_size=4), st.text(max_size=20), st.text(max_size=5))
def test_order_doubles_anchors_and_fragments_of_links_are_no_change(urls: list[str], text: str, anchor: str) -> None:
    links = [Link(url=url) for url in urls]
    again = [Link(url=f"{url}#part", text=anchor) for url in reversed(urls)] + links
    assert content_hash(text, links) == content_hash(text, again)


@given(st.text(max_size=50), st.text(max_size=50))
def test_text_is_cleaned_once_and_for_all(title: str, body: str) -> None:
    text = compose_text(title, body, [Hint(label="Cierre", value="15 de enero\nde 2027")])
    assert clean_text(text) == text
    assert text.endswith("Cierre: 15 de enero de 2027")
