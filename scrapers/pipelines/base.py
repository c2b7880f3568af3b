"""What the item steps share: the books of their spider's crawl."""

from typing import TYPE_CHECKING, Self

from scrapers.platforms.base import PlatformSpider
from scrapers.run import SourceRun

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Step:
    """One single-purpose step over the notices of a spider."""

    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    @property
    def run(self) -> SourceRun:
        """The books of this crawl of this source."""
        spider = self.crawler.spider
        if not isinstance(spider, PlatformSpider):
            raise TypeError("item steps work for the spiders of source files only")
        return spider.run
