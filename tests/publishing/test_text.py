import unicodedata
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boi_pipeline.publishing.text import clip, language_tag, outward_link, plain


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.nordhaven.example/a?b=1&c=ñ", "nordhaven.example"),
        ("http://fuente.example:8080/x", "fuente.example:8080"),
        ("https://BECAS.Example./", "becas.example"),
        ("https://bücher.example/a", "xn--bcher-kva.example"),
        ("https://pаypal.example/", "xn--pypal-4ve.example"),  # the second letter is Cyrillic
    ],
)
def test_a_link_goes_out_with_the_domain_it_leads_to(url: str, domain: str):
    link = outward_link(url)
    assert link is not None
    assert link.domain == domain
    assert link.href.isascii()


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "//fuente.example/x",
        "/oportunidades/",
        "mailto:a@b.example",
        "https://banco.example@malo.example/",
        "https://fuente.example\\@malo.example/",
        "https://fuente.example/a b",
        "https://fuente.example/\u202egpj.exe",
        "https://fuente.example:99999999/",
        "https://[::1",
        "https://localhost/",
        "http://impresora.localhost/",
        "http://10.0.0.5/x",
        "http://127.0.0.1:8123/",
        "http://192.168.1.1./",
        "http://0x7f.1/",
        'https://fuente"onmouseover=x.example/',
        "https://fuente.example/" + "a" * 3000,
    ],
)
def test_other_addresses_do_not_go_out(url: str | None):
    assert outward_link(url) is None


@given(st.text(max_size=60) | st.text(max_size=30).map("https://fuente.example/".__add__))
def test_whatever_goes_out_is_http_to_a_named_host(url: str):
    link = outward_link(url)
    if link is not None:
        parts = urlsplit(link.href)
        assert parts.scheme in ("http", "https")
        assert "." in str(parts.hostname)
        assert not set(link.href) & set('<>"\\ \n\t')


@given(st.text(alphabet=st.characters(), max_size=80))
def test_plain_text_holds_nothing_invisible_that_changes_what_is_seen(text: str):
    shown = plain(text)
    assert not any(unicodedata.category(sign) in ("Cc", "Cs") for sign in shown if sign not in "\n\t")
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff\ufffe\uffff")
    assert plain(shown) == shown


@given(st.text(max_size=200), st.integers(min_value=5, max_value=50))
def test_a_clipped_text_fits_and_says_that_it_was_cut(text: str, limit: int):
    cut = clip(text, limit)
    assert len(cut) <= limit
    whole = " ".join(plain(text).split())
    assert cut == whole or cut.endswith("…")


def test_only_language_tags_reach_a_lang_attribute():
    assert language_tag("pt-BR") == "pt-BR"
    assert language_tag('en" onload="x') is None
    assert language_tag("") is None
