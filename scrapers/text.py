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

TEXT_VERSION = 2
MAX_TEXT = 200_000  # code points of one notice; longer pages are cut
MAX_LINKS = 500
MAX_URL = 2083  # characters

Node = lxml.html.HtmlElement

_FURNITURE = (
    "script style noscript noframes noembed template nav footer svg math iframe object embed applet canvas audio video"
)
_CONTROLS = "button input select datalist textarea link meta head"
_DROPPED_TAGS = frozenset(f"{_FURNITURE} {_CONTROLS}".split())
_ZERO = r"(?:0+(?:\.0*)?|\.0+)(?:[a-z]+|%)?"
_TINY = r"(?:0*\.?0*|0*1(?:\.0*)?|0*\.[0-9]+)(?:px|pt)|0*\.?0+(?:[a-z]+|%)?|0*\.0[0-9]*r?em|0*[1-5](?:\.[0-9]+)?%"  # of a size of letters
_AWAY = r"-(?:[0-9]{3,}(?:\.[0-9]+)?(?:[a-z]+|%)?|[5-9][0-9](?:\.[0-9]+)?(?:r?em|v[wh]|v?min|v?max))"
_HIDDEN_BY = {
    name: re.compile(pattern)
    for name, pattern in {
        "display": "none",
        "visibility": "hidden|collapse",
        "content-visibility": "hidden",
        "opacity": r"0*\.?0+%?|0*\.0[0-9]*|0*[1-9](?:\.[0-9]+)?%",
        "filter": r"opacity\(0*\.?0*%?\)",
        "zoom": _ZERO,
        "clip": r"rect\((?:[01](?:px)?(?:\s*,\s*|\s+)?){4}\)",
        "clip-path": r"inset\((?:[5-9][0-9]|100)%.*|circle\(0.*|polygon\((?:0(?:px|%)?[ ,]*)+\)",
        "transform": r".*(?:scale[xy]?\(0*\.?0*[,)]|translate(?:x|y|3d)?\([^)]*-(?:[0-9]{4,}|[1-9][0-9]{2}v[wh])).*",
        **dict.fromkeys(("left", "right", "top", "bottom", "text-indent"), _AWAY),
        **dict.fromkeys(("margin", "margin-left", "margin-top", "inset"), r"(?:.* )?-[0-9]{4,}.*"),
    }.items()
}
_FONT_SIZE = re.compile(rf"(?:^|\s)({_TINY})(?:/\S+)?\s")  # in the shorthand ``font``
_HIDING_STYLE = re.compile(  # what a style must name before it is read with care
    r"display|visib|opacity|font|zoom|clip|transform|left|right|top|bottom|indent|margin|inset|colou?r|height|width|\\|/\*",
    re.IGNORECASE,
)
_CSS_NOISE = re.compile(r"/\*.*?(?:\*/|$)|url\([^)]{0,2000}\)|\"[^\"]*\"|'[^']*'", re.DOTALL)
_CSS_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))")
_NAMED_COLOURS = {"white": (255, 255, 255), "snow": (255, 250, 250), "ivory": (255, 255, 240), "black": (0, 0, 0)}
_CLEAR = re.compile(r"transparent|(?:rgba?|hsla?)\([^)]*[,/]\s*0*\.?0*%?\s*\)|#[0-9a-f]{3}0|#[0-9a-f]{6}00")
_UNSEEN = ("Cf", "Cc", "Co", "Cs")
_BLANK = {0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, *range(0xE0100, 0xE01F0)}  # letters and marks by name
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
    """One or more characters of the Unicode categories Cf, Cc, Co and Cs and of ``_BLANK``, but for line feed and tab."""
    scanned = [*range(0x20000), *range(0xE0000, 0xE1000)]  # above them only planes 15 and 16, for private use
    unseen = [
        code
        for code in scanned
        if (unicodedata.category(chr(code)) in _UNSEEN or code in _BLANK) and code not in (9, 10)
    ]
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
        if part is not root and (_is_unseen(part) or _is_camouflaged(part, root)):
            _drop(part)
    for part in list(root.iter()):
        if "style" in part.attrib and _size(part):
            _drop_shrunk(part)
    return root


def _is_unseen(part: Node) -> bool:
    if not isinstance(part.tag, str):  # comments, processing instructions
        return True
    attributes = part.attrib
    return (
        part.tag in _DROPPED_TAGS
        or "hidden" in attributes
        or "popover" in attributes
        or (part.tag == "dialog" and "open" not in attributes)
        or attributes.get("aria-hidden", "").strip().lower() == "true"
        or attributes.get("role", "").lower() == "navigation"
        or ("style" in attributes and _hides(attributes["style"]))
    )


@functools.lru_cache(maxsize=4096)
def _styles(style: str) -> dict[str, str]:
    """The declarations of a style attribute as a browser understands them: lower case, the last one wins."""
    if not _HIDING_STYLE.search(style):
        return {}
    plain = _CSS_ESCAPE.sub(_unescaped, _CSS_NOISE.sub(lambda noise: "" if noise[0][0] == "/" else "x", style)).lower()
    found: dict[str, str] = {}
    for declaration in sorted(plain.split(";"), key=lambda one: "!important" in one.replace(" ", "")):
        name, colon, value = declaration.partition(":")
        if colon and len(value) < 300:  # a longer one is no length or colour
            found[name.strip()] = " ".join(value.partition("!")[0].split())
    return found


def _unescaped(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else 0
    return (chr(code) if 0 < code < 0x110000 else "") if match[1] else match[2]


@functools.lru_cache(maxsize=4096)
def _hides(style: str) -> bool:
    """Whether a style attribute leaves nothing to be seen of a part and what is in it."""
    told = _styles(style)
    if any(name in told and pattern.fullmatch(told[name]) for name, pattern in _HIDDEN_BY.items()):
        return True
    if re.search("hidden|clip", told.get("overflow", "") + told.get("overflow-x", "") + told.get("overflow-y", "")):
        sizes = (told.get(name, "") for name in ("height", "max-height", "width", "max-width"))
        return any(re.fullmatch(rf"{_ZERO}|1px", size) for size in sizes if size)
    return False


def _is_camouflaged(part: Node, root: Node) -> bool:
    """Letters without colour, or of the colour of what they stand on, as far as the markup itself tells.

    White on nothing known is camouflage only where no class could give it a background.
    """
    if "style" not in part.attrib and "color" not in part.attrib:
        return False
    told = _styles(part.get("style", ""))
    colour = (
        told.get("-webkit-text-fill-color") or told.get("color") or (part.get("color") if part.tag == "font" else "")
    )
    if not colour:
        return False
    if _CLEAR.fullmatch(colour):
        return "text" not in told.get("background-clip", "") + told.get("-webkit-background-clip", "")
    letters = _colour(colour)
    if letters is None:
        return False
    for above in (part, *part.iterancestors()):
        styles = _styles(above.get("style", ""))
        ground = styles.get("background-color") or styles.get("background") or above.get("bgcolor")
        if ground is not None and not _CLEAR.fullmatch(ground):
            behind = _colour(ground)
            return behind is not None and all(abs(a - b) <= 12 for a, b in zip(letters, behind, strict=True))
        if above is not root and above.get("class"):
            return False
    return min(letters) >= 240


def _colour(value: str) -> tuple[int, int, int] | None:
    """A colour of a style or attribute as red, green and blue; None where it is no plain one."""
    value = value.strip().lower()
    if digits := re.fullmatch(r"#([0-9a-f]{3}|[0-9a-f]{6})", value):
        told = digits[1] if len(digits[1]) == 6 else "".join(2 * digit for digit in digits[1])
        return int(told[:2], 16), int(told[2:4], 16), int(told[4:], 16)
    if parts := re.fullmatch(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:\s*[,/].*)?\)", value):
        return int(parts[1]), int(parts[2]), int(parts[3])
    return _NAMED_COLOURS.get(value)


def _size(part: Node) -> bool | None:
    """Whether a part makes its letters too small to see (True), sets a size they are seen in (False), or neither."""
    told = _styles(part.get("style", ""))
    size, font = told.get("font-size", ""), told.get("font", "")
    if re.fullmatch(_TINY, size) or (not size and _FONT_SIZE.search(font)):
        return True
    return False if re.search(r"\d(?:px|pt|rem|[cm]m|v[wh])|small|medium|large", size or font) else None


def _drop_shrunk(part: Node) -> None:
    """Take out the letters too small to see; parts inside that have a size of their own stay (newsletters are built so)."""
    if not any(_size(inner) is False for inner in part.iterdescendants()):
        if part.getparent() is not None:
            _drop(part)
        return
    part.text = None
    for inner in list(part):
        inner.tail = None
        if _size(inner) is None:
            _drop_shrunk(inner)


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
