"""robots.txt that cannot be read forbids everything, as RFC 9309 §2.3.1.4 asks; Scrapy alone would allow all.

Obeying robots.txt itself is Scrapy's ``RobotsTxtMiddleware``.
"""

from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy.http import Request, Response, TextResponse

from scrapers import failures
from scrapers.middlewares.guard import AddressRefused, PublicResolver
from scrapers.outcome import Outcome

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

UNREADABLE = "robots/unreadable/"
"""Prefix of the statistic that holds, for a host whose robots.txt could not be read, the outcome and its words."""


class UnreadableRobots:
    """The downloader middleware that answers for a robots.txt that failed."""

    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """A robots.txt that answered 5xx, or asks to come later, reads as one that forbids all."""
        if is_robots(request) and (response.status >= 500 or response.status == 429):
            outcome, _ = failures.of_status(response, request.url)
            told = f"robots.txt de {urlsplit(request.url).netloc} respondió {response.status}"
            asked = failures.asked_to_wait(response)
            return self._forbids("blocked" if response.status == 429 else outcome, told + asked, request)
        return response

    def process_exception(self, request: Request, exception: Exception) -> Response | None:
        """So does one that did not come; that its address is refused is told by the guard."""
        is_refused = isinstance(exception, AddressRefused) or urlsplit(request.url).hostname in PublicResolver.refused
        if not is_robots(request) or is_refused:
            return None
        failed = failures.of_download(exception, request, self.crawler.settings.getint("DOWNLOAD_MAXSIZE"))
        return self._forbids(*failed, request) if failed else None

    def _forbids(self, outcome: Outcome, told: str, request: Request) -> Response:
        self.crawler.stats.set_value(UNREADABLE + urlsplit(request.url).netloc, (outcome, told))
        return TextResponse(request.url, body=b"User-agent: *\nDisallow: /\n", encoding="utf-8")


def is_robots(request: Request) -> bool:
    """Whether a request is for a robots.txt."""
    return urlsplit(request.url).path == "/robots.txt"
