"""What makes scraped text and links harmless before they reach a page or a feed.

Here: which characters are shown, how long texts are cut, which links go out and how a language is named. Escaping is
the renderers' (Jinja2, JSON, XML); nothing here writes markup.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit

from scrapers.addresses import is_private_host

_CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f"
_NEVER_XML = "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
_DIRECTION = "\u202a-\u202e\u2066-\u2069"  # they can turn the text around them back to front
_INVISIBLE = "\u00ad\u200b\u2060-\u2064\ufeff\U000e0000-\U000e007f"
_UNSHOWN = re.compile(f"[{_CONTROLS}{_NEVER_XML}{_DIRECTION}{_INVISIBLE}]")
_LINE_BREAKS = re.compile("\r\n?|\u2028|\u2029|\x85")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?")
MAX_FACT = 300  # of one line of a note: a fact, a quote
MAX_LINK = 2000


def plain(text: str) -> str:
    """The text without characters that nobody sees or that change how their neighbours are shown.

    Removed: control characters except tab and line feed, surrogates and non-characters (XML 1.0 §2.2 forbids them),
    bidirectional overrides, zero-width and tag characters. Line breaks of every kind become line feeds.
    """
    if text.isprintable():  # nothing of Unicode's «Other» and no separator but the space: by far the most texts
        return text
    return _UNSHOWN.sub("", _LINE_BREAKS.sub("\n", text))


def one_line(text: str) -> str:
    """``plain`` text with every run of white space as one space."""
    if text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " ":
        return text
    return " ".join(plain(text).split())


def clip(text: str, limit: int) -> str:
    """One line of at most ``limit`` characters; what does not fit is cut between words and marked with ``…``."""
    line = one_line(text)
    if len(line) <= limit:
        return line
    kept = line[: limit - 1]
    head, _, _ = kept.rpartition(" ")
    return (head if len(head) > limit // 2 else kept).rstrip(" ,;:.") + "…"


@dataclass(frozen=True)
class Link:
    """A link that may go out, and the domain a reader is told it leads to."""

    href: str
    domain: str


@lru_cache(maxsize=4096)
def outward_link(url: str | None) -> Link | None:
    """The link as it may be published, or None.

    Only http and https with a host name or a public IPv4 address go out; a user or password in the address, white space,
    backslashes and invisible characters do not. The host is written in ASCII (IDNA), so that a look-alike domain shows.
    """
    if not url or len(url) > MAX_LINK or plain(url) != url or re.search(r"[\s\\]", url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
        ascii_host = host.encode("idna").decode("ascii") if not host.isascii() else host
    except ValueError:  # a malformed address, or a name IDNA cannot write
        return None
    if parts.scheme not in ("http", "https") or "@" in parts.netloc:
        return None
    labels = ascii_host.lower().split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels) or is_private_host(".".join(labels)):
        return None
    domain = ".".join(labels)
    netloc = domain if port is None else f"{domain}:{port}"
    safe = "/:?#[]@!$&'()*+,;=%~"
    href = urlunsplit((parts.scheme, netloc, *(quote(part, safe=safe) for part in parts[2:])))
    shown = domain.removeprefix("www.") + ("" if port is None else f":{port}")
    return Link(href, shown)


def language_tag(code: str | None) -> str | None:
    """The BCP 47 tag for a ``lang`` attribute, or None when the record holds something else."""
    return code if code and _LANGUAGE.fullmatch(code) else None
