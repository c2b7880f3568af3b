"""Redirects that lead nowhere: in a circle, on and on, or out of http. Following the others is Scrapy's.

A circle that sets cookies is a cookie wall: a closed door (see ``blocks``), as cookies are only kept for portals with
a login.
"""

from typing import TYPE_CHECKING, Self
from urllib.parse import urldefrag, urljoin

from scrapy.http import Request, Response
from w3lib.url import safe_url_string

from scrapers.middlewares.blocks import Blocked
from scrapers.middlewares.guard import check_url
from scrapers.run import Malformed

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_REDIRECTS = {301, 302, 303, 307, 308}
_HOPS, _COOKIES = "redirect_hops", "redirect_cookies"  # keys of request.meta, which redirects inherit


class Redirects:
    """The downloader middleware that sees a redirect before it is followed."""

    def __init__(self, max_hops: int, keeps_cookies: bool) -> None:
        self.max_hops, self.keeps_cookies = max_hops, keeps_cookies

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """From the settings REDIRECT_MAX_TIMES and COOKIES_ENABLED."""
        return cls(crawler.settings.getint("REDIRECT_MAX_TIMES"), crawler.settings.getbool("COOKIES_ENABLED"))

    def process_response(self, request: Request, response: Response) -> Response:
        """Pass on what may be followed. Raises AddressRefused, Blocked or Malformed."""
        location = response.headers.get("Location")
        if response.status not in _REDIRECTS or not location:
            return response
        target = urldefrag(urljoin(request.url, safe_url_string(location))).url
        check_url(target)
        here = request.method, urldefrag(request.url).url
        hops: tuple[tuple[str, str], ...] = (*request.meta.get(_HOPS, ()), here)
        request.meta[_HOPS] = hops
        request.meta[_COOKIES] = request.meta.get(_COOKIES, False) or "Set-Cookie" in response.headers
        is_circle = (_method(request, response), target) in hops and not self.keeps_cookies
        if is_circle or len(hops) > self.max_hops:
            first = request.meta.get("redirect_urls", [request.url])[0]
            told = "redirige en círculo" if is_circle else f"redirige más de {self.max_hops} veces"
            if request.meta[_COOKIES] and not self.keeps_cookies:
                raise Blocked(f"{first} {told} y pide aceptar cookies")
            raise Malformed(f"{first} {told}; la última vez, a {target}")
        return response


def _method(request: Request, response: Response) -> str:
    """The method with which a redirect is followed."""
    is_kept = request.method in ("GET", "HEAD") or response.status in (307, 308)
    return request.method if is_kept else "GET"
