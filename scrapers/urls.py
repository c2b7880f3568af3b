"""URLs as the crawl treats them: absolute http(s) to public hosts only, one canonical spelling for keys, secrets blanked for archives.

Whether a URL may be visited belongs to ``scrapers.middlewares.guard``.
"""

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

from scrapers.addresses import is_private_host

_TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid|mc_cid|mc_eid|igshid)$", re.IGNORECASE)
_SECRET = re.compile(
    r"^(.*[_-])?(key|apikey|token|appname|secret|password|passwd|pwd|signature|sig|auth)$", re.IGNORECASE
)
REDACTED = "REDACTED"


def absolute_url(base: str, href: str) -> str | None:
    """``href`` as an absolute http(s) URL seen from ``base``, without tracking parameters; None for anything else, such as a
    private address, which would lead into the network of whoever follows it."""
    href = href.strip()
    try:
        parts = urlsplit(href if href.startswith(("http://", "https://")) else urljoin(base, href))
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or is_private_host(host):
        return None
    if parts.query:
        kept = [piece for piece in parts.query.split("&") if not _TRACKING.match(piece.partition("=")[0])]
        parts = parts._replace(query="&".join(kept))
    return urlunsplit(parts)


def canonical_url(url: str) -> str:
    """One spelling of a URL for keys: sorted query, no fragment, no tracking parameters (w3lib's canonicalisation)."""
    parts = urlsplit(canonicalize_url(url, keep_fragments=False))
    pairs = [
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(name)
    ]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(pairs), ""))


def post_address(url: str) -> str:
    """The address of a post, as its platform links to it: canonical, without what a query may carry of who shared it.

    Raises ValueError where it is no http(s) address of a page.
    """
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or not parts.path:
        raise ValueError("expected the address of a post (https://…)")
    return canonical_url(urlunsplit(parts._replace(query="", fragment="")))


def redact_url(url: str) -> str:
    """``url`` without user info and with the values of query keys that name a secret blanked; else byte for byte."""
    parts = urlsplit(url)
    pieces = parts.query.split("&")
    for position, piece in enumerate(pieces):
        name, equals, value = piece.partition("=")
        if equals and value and _SECRET.match(name):
            pieces[position] = f"{name}={REDACTED}"
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "&".join(pieces), parts.fragment))
