"""Pages to plain text: what a reader would see, and nothing a reader would not.

Decoding of bytes, dropping of hidden and furniture parts, text and links of a node, languages. Whatever is decided
here is part of every parser: raise ``TEXT_VERSION`` when the text of a page would change. What a text means belongs
to the readers.
"""

import codecs
import copy
import functools
import re
import unicodedata
from collections.abc import Iterable

import lxml.etree
import lxml.html
from cssselect import HTMLTranslator
from html_text import etree_to_text, parse_html
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, resolve_encoding

from scrapers.notice import Link
from scrapers.urls import absolute_url

TEXT_VERSION = 1
MAX_TEXT = 200_000  # code points of one notice; longer pages are cut
MAX_LINKS = 500
MAX_URL = 2083  # characters

Node = lxml.html.HtmlElement

_FURNITURE = "script style noscript template nav footer svg math iframe object embed applet canvas audio video"
_CONTROLS = "button input select textarea link meta head"
_DROPPED_TAGS = frozenset(f"{_FURNITURE} {_CONTROLS}".split())
_HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(hidden|collapse)|opacity\s*:\s*0*\.?0+\s*(;|!|$)"
    r"|font-size\s*:\s*0*\.?0+\s*(px|pt|em|rem|%)?\s*(;|!|$)|(left|top|text-indent)\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
_UNSEEN = ("Cf", "Cc", "Co", "Cs")
_ASCII_CONTROLS = bytes(code for code in (*range(32), 127) if code not in (9, 10))
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decode(body: bytes, content_type: str = "") -> str:
    """The text of a page whose declared charset may be wrong.

    In order: a byte order mark; UTF-8 when the bytes are valid UTF-8 (other encodings almost never are, by chance);
    the charset of the header, then of the document; Windows-1252, which reads any Western page.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    declared = [http_content_type_encoding(content_type), html_body_declared_encoding(body), _xml_encoding(body)]
    for encoding in ["utf-8", *(resolve_encoding(name) for name in declared if name)]:
        if encoding:
            try:
                return body.decode(encoding)
            except (UnicodeDecodeError, LookupError):
                continue
    return body.decode("cp1252", "replace")


def _xml_encoding(body: bytes) -> str | None:
    found = re.match(rb"\s*<\?xml[^>]{0,100}encoding=[\"']([\w.:-]{1,40})[\"']", body)
    return found.group(1).decode("ascii") if found else None


def visible(text: str) -> str:
    """``text`` without characters nobody sees: format characters (zero width, bidi, tags) and controls."""
    if text.isascii():
        return text.encode("ascii").translate(None, _ASCII_CONTROLS).decode("ascii")
    return _unseen().sub("", text)


@functools.cache
def _unseen() -> re.Pattern[str]:
    """One or more characters of the Unicode categories Cf, Cc, Co and Cs, but for line feed and tab."""
    scanned = [*range(0x20000), *range(0xE0000, 0xE1000)]  # above them only planes 15 and 16, for private use
    unseen = [code for code in scanned if unicodedata.category(chr(code)) in _UNSEEN and code not in (9, 10)]
    ranges = [[code, code] for code in unseen[:1]]
    for code in unseen[1:]:
        if ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    ranges += [[0xF0000, 0xFFFFD], [0x100000, 0x10FFFD]]
    return re.compile("[" + "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges) + "]+")


def fragment(markup: str) -> Node:
    """A piece of HTML as a tree."""
    return parse_html(f"<div>{markup.encode('utf-8', 'replace').decode()}</div>")


def select(node: Node, selector: str) -> list[Node]:
    """The elements at or below ``node`` that a CSS selector names, in document order, none inside another."""
    found = list(_xpath(selector)(node))
    chosen = set(found)
    return [part for part in found if not any(above in chosen for above in part.iterancestors())]


@functools.lru_cache(maxsize=512)
def _xpath(selector: str) -> lxml.etree.XPath:
    return lxml.etree.XPath(HTMLTranslator().css_to_xpath(selector))


def without(node: Node, selectors: Iterable[str]) -> Node:
    """``node`` itself, after taking out of it what CSS selectors name."""
    for selector in selectors:
        for part in select(node, selector):
            _drop(part)
    return node


def clean(nodes: Iterable[Node]) -> Node:
    """A copy of ``nodes`` in one ``<div>``, without furniture, hidden parts and comments."""
    root = lxml.html.Element("div")
    for node in nodes:
        twin = copy.deepcopy(node)
        twin.tail = None
        root.append(twin)
    for part in list(root.iter()):
        if part is not root and _is_unseen(part):
            _drop(part)
    return root


def _is_unseen(part: Node) -> bool:
    if not isinstance(part.tag, str):  # comments, processing instructions
        return True
    attributes = part.attrib
    return (
        part.tag in _DROPPED_TAGS
        or "hidden" in attributes
        or attributes.get("aria-hidden", "").lower() == "true"
        or attributes.get("role", "").lower() == "navigation"
        or _HIDING_STYLE.search(attributes.get("style", "")) is not None
    )


def _drop(part: Node) -> None:
    """Take a part out of its tree and keep the text that follows it."""
    parent = part.getparent()
    if parent is None:  # went with a part above it
        return
    tail, before = part.tail or "", part.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(part)


def block_text(node: Node) -> str:
    """The text of a cleaned node, with line breaks where a browser would break.

    Raises ValueError for markup nested so deep that it is an attack rather than a page.
    """
    try:
        text = etree_to_text(node)
    except RecursionError:
        raise ValueError("markup is nested too deep to be a page") from None
    return visible(text).strip()[:MAX_TEXT]


def line_text(node: Node) -> str:
    """The text of a cleaned node on one line."""
    return " ".join(block_text(node).split())


def node_line(node: Node) -> str:
    """The text of any node of a page on one line; nothing where it is not to be seen."""
    if len(node) or _is_unseen(node):
        return line_text(clean([node]))
    return " ".join(visible(node.text or "").split())


def plain_line(markup: str) -> str:
    """A piece of HTML (a title, a label) as one line of plain text."""
    return line_text(clean([fragment(markup)]))


def links(node: Node, base_url: str) -> list[Link]:
    """The absolute http(s) links of a cleaned node in document order, each URL once, with the first anchor text."""
    found: dict[str, str] = {}
    for anchor in node.iter("a"):
        url = absolute_url(base_url, anchor.get("href") or "")
        if url is not None and len(url) <= MAX_URL and len(found) < MAX_LINKS:
            text = " ".join(visible(anchor.text_content()).split())[:300]
            found[url] = found.get(url) or text
    return [Link(url=visible(url), text=text) for url, text in found.items()]


def page_language(node: Node) -> str | None:
    """The ``lang`` that covers a node: its own or its nearest ancestor's."""
    for part in (node, *node.iterancestors()):
        if tag := part.get("lang") or part.get("{http://www.w3.org/XML/1998/namespace}lang"):
            return tag
    return None


def chosen_language(default: str, languages: Iterable[str], *tags: str | None) -> str:
    """The first of ``tags`` that is a language of ``languages`` (``en-US`` counts as ``en``), else ``default``."""
    for tag in tags:
        language = re.split(r"[-_]", tag.strip().lower())[0] if tag else ""
        if language in languages:
            return language
    return default


def parse_page(body: bytes, content_type: str) -> Node:
    """The tree of an HTML page. Raises ValueError where there is none."""
    text = decode(body, content_type)
    if not text.strip():
        raise ValueError("the page is empty")
    root = parse_html(text)
    if root.tag != "html":
        raise ValueError("the page is not HTML")
    return root
