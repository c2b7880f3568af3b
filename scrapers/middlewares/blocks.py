"""Answers that are a closed door rather than a page: refusals and challenge pages.

They are captured like any answer, never parsed, never got around. Which addresses may be visited at all belongs to
``guard``.
"""

import re

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from scrapers.failures import asked_to_wait
from scrapers.middlewares.robots import is_robots
from scrapers.text import decode

_REFUSALS = {
    401: "pide una clave",
    402: "pide un pago",
    403: "rechaza la visita",
    407: "pide una clave",
    429: "pide ir más despacio",
    451: "no puede mostrarlo por una razón legal",
}
_WANT_CREDENTIALS = (401, 403, 407)  # of a source that was given some: they were not accepted
_LOOKED_AT = 30_000  # bytes: a challenge page is short and says so early
_TITLES = (  # of challenge pages; plain words, because this looks at every page
    "just a moment",
    "attention required! | cloudflare",
    "attention required | cloudflare",
    "verifying you are human",
    "pardon our interruption",
    "access denied",
    "human verification",
    "robot check",
    "un momento",
    "checking your browser",
)
_SCRIPTS = (
    "/cdn-cgi/challenge-platform/",
    "cf-chl-",
    "cf_chl_opt",
    "_incapsula_resource",
    "px-captcha",
    "geo.captcha-delivery.com",
    "ddos-guard/js-challenge",
    "sucuri_cloudproxy_js",
)
_CAPTCHA = re.compile(r"class=[\"'][^\"']*(g-recaptcha|h-captcha|cf-turnstile)", re.IGNORECASE)
_ALLOW = (
    r"(?:enabl\w+|allow\w*|accept\w*|activat\w+|turn(?:ed)? on|requir\w+|habilit\w+|activ\w+|acept\w+|permit\w+"
    r"|autori\w+|aktivier\w+|erlaub\w+|akzeptier\w+|disabled|desactivad\w+|deshabilitad\w+|necesari\w+|deaktiviert)"
)
_COOKIES = re.compile(rf"\b{_ALLOW}\b[^.]{{0,40}}\bcookies?\b|\bcookies?\b[^.]{{0,40}}\b{_ALLOW}\b", re.IGNORECASE)
_COOKIE_PAGE, _COOKIE_WORDS = 20_000, 80  # bytes and words: with more to read, it is a page with a banner
_UNSEEN = re.compile(r"<(script|style|head|template)\b.*?</\1\s*>|<[^>]{0,2000}>", re.IGNORECASE | re.DOTALL)
_CAPTCHA_PAGE = 8_000  # bytes: below this a captcha is the page, above it a contact form has one


class Blocked(IgnoreRequest):
    """The source does not want this visit, or wants a person."""

    wants_credentials = False
    status: int | None = None  # of the answer


def challenge(response: Response) -> str | None:
    """Why a response is a closed door, in Spanish; None where it is an answer."""
    if response.status in _REFUSALS:
        return f"respondió {response.status}: {_REFUSALS[response.status]}{asked_to_wait(response)}"
    if response.headers.get("Cf-Mitigated", b"") == b"challenge":
        return "mostró una verificación de Cloudflare"
    kind = (response.headers.get("Content-Type") or b"").decode("latin-1")
    if "html" not in kind:
        return None
    start = decode(response.body[:_LOOKED_AT], kind)
    if _has_marks(start.lower()) or (len(response.body) < _CAPTCHA_PAGE and _CAPTCHA.search(start)):
        return "mostró una verificación para personas en lugar de la página"
    if len(response.body) < _COOKIE_PAGE and "cookie" in start.lower():
        seen = _UNSEEN.sub(" ", start)
        if len(seen.split()) < _COOKIE_WORDS and _COOKIES.search(seen):
            return "pide aceptar cookies en lugar de mostrar la página"
    return None


def _has_marks(page: str) -> bool:
    title = page.partition("<title")[2].partition(">")[2].lstrip()
    return title.startswith(_TITLES) or any(mark in page for mark in _SCRIPTS)


class Blocks:
    """The downloader middleware that turns a closed door into ``Blocked``."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Pass answers on; a robots.txt that is kept from us forbids nothing (RFC 9309 §2.3.1.3). Raises Blocked."""
        if not is_robots(request) and (reason := challenge(response)):
            blocked = Blocked(f"{request.url} {reason}")
            blocked.status = response.status
            blocked.wants_credentials = response.status in _WANT_CREDENTIALS
            raise blocked
        return response
