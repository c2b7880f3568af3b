"""Sitemaps: the pages that a site names, with what each states of itself (JSON-LD, microdata), else its main text.

The sitemap is asked conditionally. The page of a known item is read again when its ``lastmod`` is another; without
``lastmod`` it is not. Format: https://www.sitemaps.org/protocol.html .
"""

import re
import zlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

import lxml.etree
from scrapy import Request
from scrapy.http import Response
from scrapy.utils.gz import gunzip
from scrapy.utils.sitemap import Sitemap

from scrapers.notice import Notice
from scrapers.platforms.anypage import AnyPageSpider
from scrapers.platforms.base import Output
from scrapers.platforms.options.sitemap import SitemapOptions
from scrapers.run import Malformed
from scrapers.structured import instant
from scrapers.urls import absolute_url, canonical_url

MAX_BYTES = 50 * 1024 * 1024  # of a sitemap, unpacked: the protocol's own limit
MAX_ENTRIES = 50_000  # of a sitemap, likewise
MAX_SITEMAPS = 50  # of an index


class Entry(NamedTuple):
    """One address of a sitemap."""

    url: str
    lastmod: str


class SitemapSpider(AnyPageSpider[SitemapOptions]):
    """Walks a sitemap and reads the pages that are items."""

    platform = "sitemap"
    version = 1
    options: SitemapOptions

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plain_count, self.item_count = 0, 0  # pages read without, and with, an item
        self.sitemaps: set[str] = set()  # asked for

    def first_requests(self) -> Iterable[Request]:
        """The sitemap."""
        return [self._ask_sitemap(self.source.url)]

    def parse_sitemap(self, response: Response) -> Output:
        """A sitemap's pages, the last changed first; of an index, its sitemaps. Raises Malformed for what is neither."""
        if response.status == 304:
            self.run.carry_over(is_read=False)
            return
        kind, entries = read_sitemap(response.body, response.url)
        if kind == "sitemapindex":
            yield from self._sitemaps(entries, response)
            return
        is_whole = True
        for entry in sorted(entries, key=lambda entry: entry.lastmod, reverse=True):
            key = self._key(entry.url)
            if not re.search(self.options.match, entry.url) or not self.run.listed(key):
                continue
            if self._is_old(entry):
                if self.run.known.has(key):
                    self.run.sighted(key)
            elif self.run.is_read(key, entry.lastmod):
                self.run.needs_page(key, entry.lastmod, revisit=False)
            elif self.asked >= self.options.max_details:
                is_whole = False
            elif self.run.needs_page(key, entry.lastmod, revisit=False):
                self.asked += 1
                is_known = self.run.known.has(key)
                yield self.ask(entry.url, self.parse_page, item_key=key, conditional=is_known, key=key)
        self._settle(response, is_whole)

    def parse_page(self, response: Response, key: str) -> Output:
        """One page. Raises ChangedShape where a selector finds nothing."""
        if response.status == 304:
            self.run.confirmed(key)
            return
        options = self.options
        found = self.read_any(
            response,
            key,
            content=options.content,
            title_at=options.title,
            facts_at=options.facts,
            remove=options.remove,
            needs_structured=options.needs_structured,
        )
        if found is None:
            self.plain_count += 1
            if self.run.known.has(key):
                self.run.fail_item("changed_shape", f"{response.url}: ya no declara ningún dato estructurado", key)
            return
        self.item_count += 1
        if options.wants(found.title, []):
            yield from self.hand_over(found, roundups=options.roundups)
        self.remember(response)

    def page_request(self, notice: Notice) -> Request | None:
        """The item's page."""
        return self.ask(notice.url, self.parse_page, item_key=notice.item_key, key=notice.item_key)

    def closed(self, reason: str) -> None:
        """Called by Scrapy at the end: pages of which none has the data that is asked for are a changed shape."""
        if self.plain_count and not self.item_count and not self.run.known.content_sha256:
            told = (
                f"Ninguna de {self.plain_count} páginas declara un dato estructurado del campo: revise options.match."
            )
            self.run.fail("changed_shape", told)

    def _ask_sitemap(self, url: str) -> Request:
        previous = self.run.known.previous
        self.sitemaps.add(url)
        # what failed is asked for again, so every sitemap must name it; and so must those of a complete listing
        is_told = url == self.source.url or not self.source.complete_listing
        is_conditional = is_told and previous is not None and not previous.error_count
        return self.ask(url, self.parse_sitemap, conditional=is_conditional)

    def _sitemaps(self, entries: list[Entry], response: Response) -> Output:
        chosen = [
            entry for entry in entries if not self.options.sitemaps or re.search(self.options.sitemaps, entry.url)
        ]
        for entry in chosen[:MAX_SITEMAPS]:
            if entry.url not in self.sitemaps and len(self.sitemaps) <= MAX_SITEMAPS:
                yield self._ask_sitemap(entry.url)
        self.remember(response)

    def _settle(self, response: Response, is_whole: bool) -> None:
        """A sitemap with pages still to visit is not asked conditionally: it would answer that nothing changed."""
        if is_whole:
            self.remember(response)
        else:
            self.run.remember(response.meta.get("redirect_urls", [response.url])[0], None, None)

    def _key(self, url: str) -> str:
        if self.options.id and (found := re.search(self.options.id, url)) and found.group(1):
            return found.group(1)
        return canonical_url(url)

    def _is_old(self, entry: Entry) -> bool:
        if self.options.since_days is None:
            return False
        changed = instant(entry.lastmod)
        return changed is not None and changed < self.run.as_of - timedelta(days=self.options.since_days)


def read_sitemap(body: bytes, url: str) -> tuple[str, list[Entry]]:
    """What a sitemap is (``urlset`` or ``sitemapindex``) and its addresses, packed or not. Raises Malformed."""
    try:
        if body[:2] == b"\x1f\x8b":
            body = gunzip(body, max_size=MAX_BYTES)
        sitemap = Sitemap(body)
        if sitemap.type not in ("urlset", "sitemapindex"):
            raise Malformed(f"{url} no es un sitemap: su raíz es <{sitemap.type[:40]}>")
        found = [_entry(given, url) for given, _ in zip(sitemap, range(MAX_ENTRIES), strict=False)]
    except (lxml.etree.LxmlError, StopIteration, OSError, EOFError, ValueError, zlib.error) as error:
        raise Malformed(f"{url} no es un sitemap: {error or type(error).__name__}") from None
    return sitemap.type, [entry for entry in found if entry]


def _entry(given: dict[str, Any], base: str) -> Entry | None:
    url = absolute_url(base, str(given.get("loc") or ""))
    return Entry(url, " ".join(str(given.get("lastmod") or "").split())[:40]) if url else None
