"""From bytes to the text a reader would see."""

import sys
import unicodedata

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.text import (
    block_text,
    chosen_language,
    clean,
    decode,
    fragment,
    links,
    parse_page,
    plain_line,
    select,
    visible,
    without,
)
from scrapers.urls import absolute_url, canonical_url, post_address, redact_url


def text_of(markup: str, remove: tuple[str, ...] = ()) -> str:
    return block_text(clean([without(fragment(markup), remove)]))


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("año €".encode(), "text/html; charset=iso-8859-1"),
        ("año €".encode("cp1252"), "text/html; charset=utf-8"),
        ("año €".encode("utf-8-sig"), ""),
        ("año €".encode("utf-16"), "text/html"),
        ('<?xml version="1.0" encoding="iso-8859-15"?>año €'.encode("iso-8859-15"), "application/xml"),
        ('<meta charset="cp1252">año €'.encode("cp1252"), "text/html"),
    ],
)
def test_a_wrong_or_missing_charset_still_reads_right(body: bytes, content_type: str):
    assert decode(body, content_type).endswith("año €")


@given(st.binary(max_size=300), st.text(max_size=40))
def test_any_bytes_decode(body: bytes, content_type: str):
    assert isinstance(decode(body, content_type), str)


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>x</script>",
        "<style>x</style>",
        "<nav>x</nav>",
        "<footer>x</footer>",
        "<p hidden>x</p>",
        '<p aria-hidden="true">x</p>',
        '<p style="color:red; Display : none !important">x</p>',
        '<p style="visibility:hidden">x</p>',
        '<p style="font-size:0px">x</p>',
        '<p style="opacity:0">x</p>',
        '<p style="position:absolute;left:-9999px">x</p>',
        '<p style="position:fixed;left:-200vw">x</p>',
        '<p style="text-indent:-99em">x</p>',
        '<p style="font-size:.01em">x</p>',
        '<p style="font-size:1px">x</p>',
        '<p style="font:0/0 a">x</p>',
        '<p style="opacity:1%">x</p>',
        '<p style="opacity:.01">x</p>',
        '<p style="position:absolute;clip:rect(0, 0, 0, 0)">x</p>',
        '<p style="clip-path:inset(50%)">x</p>',
        '<p style="height:0;overflow:hidden">x</p>',
        '<p style="width:1px;height:1px;overflow:hidden">x</p>',
        '<p style="transform:scale(0)">x</p>',
        '<p style="transform:translateX(-9999px)">x</p>',
        '<p style="content-visibility:hidden">x</p>',
        '<p style="color:transparent">x</p>',
        '<p style="color:rgba(0,0,0,0)">x</p>',
        '<p style="color:#fff">x</p>',
        '<p style="color:#036;background:#003366">x</p>',
        '<div bgcolor="#ffffff"><p style="color:rgb(250, 250, 250)">x</p></div>',
        "<p><font color=white>x</font></p>",
        '<p style="display:/**/none">x</p>',
        r'<p style="d\69splay:none">x</p>',
        '<p style="display:none!important;display:block">x</p>',
        '<p hidden="until-found">x</p>',
        "<dialog>x</dialog>",
        "<div popover>x</div>",
        "<datalist><option>x</option></datalist>",
        "<!-- x -->",
        "<noscript>x</noscript>",
        "<template>x</template>",
        "<form><input value=x><button>x</button></form>",
        '<div role="navigation">x</div>',
    ],
)
def test_what_a_reader_would_not_see_stays_out_and_what_follows_stays_in(hidden: str):
    assert "".join(text_of(f"a {hidden} b").split()) == "ab"


@pytest.mark.parametrize(
    "style",
    [
        "font-size:0.9em",
        "font:12px/1.5 Arial",
        "opacity:0.8",
        "left:-2px",
        "left:-50%",
        "margin-top:-120px",
        "display:block",
        "display:none;display:block",
        "background:url('a.png;display:none')",
        "height:auto;overflow:hidden",
        "width:100%;overflow:hidden",
        "height:0",
        "transform:translate(-50%,-50%)",
        "transform:scale(0.95)",
        "color:#fff;background:#036",
        "color:white;background:url(dark.jpg)",
        "color:transparent;background-clip:text",
        "color:#777;background:#fff",
    ],
)
def test_styles_that_hide_nothing_keep_their_text(style: str):
    assert text_of(f'<p style="{style}">x</p>') == "x"


def test_white_letters_stay_where_the_markup_or_a_class_may_colour_what_is_behind_them():
    assert text_of('<table bgcolor="#003366"><tr><td style="color:#fff">x</td></tr></table>') == "x"
    assert text_of('<div class="banner"><p style="color:#fff">x</p></div>') == "x"


def test_a_newsletters_cell_of_no_letter_size_keeps_the_parts_that_have_one():
    cell = '<td style="font-size:0px">no<p style="font-size:13px">yes <b>too</b></p>no<span>no</span></td>'
    assert text_of(f"<table><tr>{cell}</tr></table>") == "yes too"


def test_characters_nobody_sees_are_taken_out():
    assert visible("beca\u3164\uffa0\u115f\U000e0101 2027") == "beca 2027"
    assert visible("be\u200bca\u202e \U000e0041\ufeff2\u00ad027\n") == "beca 2027\n"


def test_blocks_break_lines_and_inline_parts_do_not():
    assert text_of("<h2>T</h2><p>a <b>b</b>c</p><ul><li>1</li><li>2</li></ul>") == "T\n\na b c\n\n1\n2"


def test_named_parts_are_removed_with_their_text_only():
    assert text_of("<p>a <span class=x>no</span> b</p>", (".x",)) == "a b"


def test_a_title_with_markup_or_script_is_one_plain_line():
    assert plain_line("<b>Beca</b>\n &amp; más<script>alert(1)</script>") == "Beca & más"
    assert plain_line("&lt;script&gt;alert(1)&lt;/script&gt; Beca") == "<script>alert(1)</script> Beca"


def test_markup_nested_to_break_us_is_an_error_or_a_text_never_a_crash():
    page = "<html><body>" + "<div>" * 20_000 + "x"
    try:
        assert isinstance(block_text(clean([parse_page(page.encode(), "")])), str)
    except ValueError as error:
        assert "nested" in str(error)


@given(st.text(alphabet="<>/abp! \"'=&;-#x0", max_size=200))
def test_any_markup_gives_text(markup: str):
    assert isinstance(text_of(markup), str)


def test_links_are_absolute_once_each_with_their_first_text():
    node = clean([fragment('<a href="/x?utm_source=a&b=1">X</a><a href="/x?b=1">otra</a><a href="mailto:a@b">c</a>')])
    assert [(link.url, link.text) for link in links(node, "https://a.example/d/")] == [("https://a.example/x?b=1", "X")]


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "mailto:a@b.c", "data:text/html,x", "http://", "http://[::1", "#"]
)
def test_only_http_links_are_links(href: str):
    assert absolute_url("", href) is None


@pytest.mark.parametrize(
    "host", ["10.0.0.5", "127.0.0.1:8123", "[::1]", "localhost:631", "a.localhost.", "2130706433", "0x7f.1", "127.1", "１２７.0.0.1", "192.168.1.1."]
)  # fmt: skip
def test_no_link_leads_into_the_network_of_who_follows_it(host: str):
    assert absolute_url("https://a.example/", f"http://{host}/x") is None


@pytest.mark.parametrize("host", ["93.184.216.34", "a.example:8080", "0x.example", "10.example", "año.example"])
def test_other_hosts_may_be_linked(host: str):
    assert absolute_url("https://a.example/", f"http://{host}/x") == f"http://{host}/x"


def test_one_canonical_spelling():
    spellings = [
        "HTTP://A.example/x?b=2&a=1#f",
        "http://a.example/x?utm_medium=z&a=1&b=2",
        "http://a.example/x?a=1&b=2",
    ]
    assert {canonical_url(url) for url in spellings} == {"http://a.example/x?a=1&b=2"}


def test_the_address_of_a_post_keeps_nothing_of_who_shared_it():
    spellings = [
        "https://www.instagram.com/p/AbC1/",
        "https://WWW.instagram.com/p/AbC1/?igsh=abc&utm_source=qr#c",
        " https://www.instagram.com/p/AbC1/?img_index=2 ",
    ]
    assert {post_address(url) for url in spellings} == {"https://www.instagram.com/p/AbC1/"}


@pytest.mark.parametrize(
    "url", ["", "x.com/boletin/status/1", "ftp://x.com/a", "https://ana:clave@x.com/a", "https://x.com"]
)
def test_what_is_no_address_of_a_post_is_refused(url: str):
    with pytest.raises(ValueError, match="address of a post"):
        post_address(url)


@given(st.text(alphabet="abc?&=#/:@.%1 ñ", max_size=60))
def test_redaction_and_canonical_urls_are_stable(tail: str):
    url = f"https://a.example/{tail}"
    assert redact_url(redact_url(url)) == redact_url(url)
    assert canonical_url(canonical_url(url)) == canonical_url(url)


def test_languages_are_those_of_the_entity():
    assert chosen_language("es", ["es", "fr"], None, "de", "fr-CA") == "fr"
    assert chosen_language("es", ["es", "fr"], "de", "") == "es"


def test_selectors_reach_the_node_itself_and_never_twice_the_same_text():
    node = lxml.html.fromstring('<div class="a"><div class="a">x</div></div>')
    assert select(node, ".a") == [node]


def test_a_character_is_seen_unless_unicode_says_it_is_a_format_control_private_or_blank_one():
    every = [chr(code) for code in range(sys.maxunicode + 1)]
    hidden = {"Cf", "Cc", "Co", "Cs"}
    blank = {*"\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0", *map(chr, range(0xE0100, 0xE01F0))}
    seen = "".join(
        one for one in every if one in "\n\t" or (unicodedata.category(one) not in hidden and one not in blank)
    )
    assert visible("".join(every)) == seen
    assert visible("".join(every[:128])) == seen[: len(seen.encode("ascii", "ignore"))]
