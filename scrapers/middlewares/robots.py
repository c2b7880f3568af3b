"""robots.txt is obeyed, by every request of a host; one that cannot be read forbids everything (RFC 9309 §2.3.1.4).

Scrapy alone would allow all where robots.txt fails, and to all but the first that waits while it is on its way.
"""

import asyncio
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http import Request, Response, TextResponse
from scrapy.robotstxt import RobotParser

from scrapers import failures
from scrapers.middlewares.guard import AddressRefused, PublicResolver
from scrapers.outcome import Outcome

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

UNREADABLE = "robots/unreadable/"
"""Prefix of the statistic that holds, for a host whose robots.txt could not be read, the outcome and its words."""


class Robots(RobotsTxtMiddleware):
    """Scrapy's own, with requests of one host waiting in line until its robots.txt is read.

    Those that wait share a Deferred, whose first reader takes the rules away from the others.
    """

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        self._waiting: dict[str, asyncio.Lock] = {}

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The rules of a request's host."""
        async with self._waiting.setdefault(urlsplit(request.url).netloc, asyncio.Lock()):
            return await super().robot_parser(request)


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
