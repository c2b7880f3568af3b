"""robots.txt that cannot be read forbids everything, as RFC 9309 §2.3.1.4 asks; Scrapy alone would allow all.

Obeying robots.txt itself is Scrapy's ``RobotsTxtMiddleware``.
"""

from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy.http import Request, Response, TextResponse

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

UNREADABLE = "robots/unreadable/"
"""Prefix of the statistic that names a host whose robots.txt answered 5xx."""


class UnreadableRobots:
    """The downloader middleware that answers for a robots.txt that failed."""

    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """A robots.txt that answered 5xx reads as one that forbids all."""
        parts = urlsplit(request.url)
        if parts.path == "/robots.txt" and response.status >= 500:
            self.crawler.stats.set_value(UNREADABLE + parts.netloc, response.status)
            return TextResponse(request.url, body=b"User-agent: *\nDisallow: /\n", encoding="utf-8")
        return response
