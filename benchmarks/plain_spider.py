"""The peer of the crawl: a plain Scrapy spider that extracts the same fields of the same pages and stores nothing.

``python -m benchmarks.plain_spider PROXY HOST TEXT`` crawls the site of ``site_server``; TEXT is ``lines`` (text broken into lines as
a browser would, by html-text, which is what a notice needs) or ``joined`` (the text nodes, joined by blanks).
"""

import sys
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import html_text
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import TextResponse


class PlainSpider(Spider):
    """Walks the list and reads title, text, facts and links of every page."""

    name = "plain"

    def __init__(self, proxy: str, host: str, text: str) -> None:
        super().__init__()
        self.proxy, self.host, self.text = proxy, host, text

    async def start(self) -> AsyncIterator[Request]:
        yield self.ask(f"http://{self.host}/list?page=1", self.parse)

    def ask(self, url: str, callback: Callable[..., Any]) -> Request:
        return Request(url, callback=callback, meta={"proxy": self.proxy}, priority=callback == self.parse_call)

    def parse(self, response: TextResponse) -> Iterator[Request]:
        for href in response.css("article h3 a::attr(href)").getall():
            yield self.ask(response.urljoin(href), self.parse_call)
        if following := response.css("a[rel=next]::attr(href)").get():
            yield self.ask(response.urljoin(following), self.parse)

    def parse_call(self, response: TextResponse) -> Iterator[dict[str, Any]]:
        (main,) = response.css("main")
        text = html_text.etree_to_text(main.root) if self.text == "lines" else " ".join(main.css("::text").getall())
        yield {
            "url": response.url,
            "title": response.css("h1::text").get(),
            "text": text,
            "facts": [(row.css("th::text").get(), row.css("td::text").get()) for row in main.css(".facts tr")],
            "links": [(response.urljoin(a.attrib["href"]), a.css("::text").get()) for a in main.css("a[href]")],
        }


def main(proxy: str, host: str, text: str) -> None:
    """Crawl, and print how many pages were read."""
    settings = {
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        "DOWNLOAD_DELAY": 0,
        "ROBOTSTXT_OBEY": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "WARNING",
        "LOG_SCRAPED_ITEMS": False,
    }
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(PlainSpider)
    process.crawl(crawler, proxy, host, text)
    process.start()
    print(crawler.stats.get_value("item_scraped_count"))


if __name__ == "__main__":
    main(*sys.argv[1:])
