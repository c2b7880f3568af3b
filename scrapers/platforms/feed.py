"""Feeds: RSS 2.0, RSS 1.0 (RDF) and Atom. One conditional request; each entry is an item.

Its key is the entry's guid, else the canonical URL of its link. With ``follow`` the full text comes from the entry's
page. Formats: https://www.rssboard.org/rss-specification and RFC 4287.
"""

import calendar
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.sax import SAXException

import feedparser
from scrapy import Request
from scrapy.http import Response

from scrapers.notice import Hint, Notice, text_hash
from scrapers.outcome import counted
from scrapers.platforms.base import Output, PlatformSpider, capture_id, header
from scrapers.platforms.found import Found
from scrapers.platforms.options.feed import FeedOptions
from scrapers.run import Malformed
from scrapers.text import chosen_language, clean, decode, fragment, line_text, plain_line, visible, without
from scrapers.urls import absolute_url, canonical_url

_ENTRY = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]")
_END = re.compile(r"</\s*(?:\w+:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
MAX_KEY = 300  # characters of a guid; a longer one is kept as its hash


class FeedSpider(PlatformSpider[FeedOptions]):
    """Reads a feed; follows its entries where the source says so."""

    platform = "feed"
    version = 1

    def first_requests(self) -> Iterable[Request]:
        """The feed itself."""
        return [self.ask(self.source.url, self.parse_feed, conditional=True)]

    def parse_feed(self, response: Response) -> Output:
        """The entries of a feed. Raises Malformed for what is none."""
        if response.status == 304:
            self.run.carry_over(is_read=not self.options.follow)
            return
        feed = parse_feed(response.body, header(response, "Content-Type"), response.url)
        if lost := _lost(feed, response.body):
            self.run.fail_item(
                "malformed", f"{response.url} tiene XML roto a la mitad: {counted(lost, 'entrada')} sin entender"
            )
        asked = 0
        for entry in feed.entries:
            title = plain_line(entry.get("title") or "")
            link = absolute_url(response.url, entry.get("link") or "")
            url = link or response.url
            key = _key(entry, link)
            categories = _categories(entry)
            if not key or not self.run.listed(key) or not self.options.wants(title, categories):
                continue
            found = self._found(feed, entry, key, title, url, categories, response)
            shown = f"{title}\n{line_text(found.node)}\n{found.modified_at}"
            if not self.options.follow or link is None:
                yield from self.hand_over(found, roundups=self.options.roundups, shown=shown)
                continue
            if asked >= self.options.max_details:
                self.run.sighted(key)
            elif self.run.needs_page(key, shown, revisit=self.options.revisit):
                asked += 1
                is_known = self.run.known.has(key)
                yield self.ask(link, self.parse_page, item_key=key, conditional=is_known, found=found)
        if asked < self.options.max_details:  # else something is left to ask: no "not modified" next time
            self.remember(response)

    def parse_page(self, response: Response, found: Found) -> Output:
        """The full text of an entry. Raises ChangedShape where the selector finds nothing."""
        if response.status == 304:
            self.run.confirmed(found.item_key)
            return
        selectors = [self.options.content or "body"]
        page = without(self.page(response), self.options.remove)
        whole = self.read_page(response, page, found, selectors)
        yield from self.hand_over(whole, roundups=self.options.roundups)
        self.remember(response)

    def page_request(self, notice: Notice) -> Request | None:
        """The entry's page, where the text comes from there."""
        if not self.options.follow:
            return None
        return self.ask(notice.url, self.parse_page, item_key=notice.item_key, found=self.known(notice))

    def _found(
        self, feed: Any, entry: Any, key: str, title: str, url: str, categories: list[str], response: Response
    ) -> Found:
        body = _body(entry)
        tags = [body.get("language"), (entry.get("title_detail") or {}).get("language"), feed.feed.get("language")]
        hints = (Hint(label="Categories", value=", ".join(categories)),) if categories else ()
        return Found(
            item_key=key,
            url=url,
            title=title,
            node=clean([fragment(body.get("value") or "")]),
            base_url=body.get("base") or url,
            capture_id=capture_id(response),
            language=chosen_language(self.source.language, self.run.languages, *tags),
            hints=hints,
            published_at=self._instant(entry.get("published_parsed")),
            modified_at=self._instant(dict.get(entry, "updated_parsed")),
        )

    def _instant(self, parsed: Any) -> datetime | None:
        """feedparser's UTC time as an instant; a date well after the crawl is a wrong one."""
        if parsed is None:
            return None
        try:
            instant = datetime.fromtimestamp(calendar.timegm(parsed), UTC)
        except (OverflowError, ValueError, OSError):
            return None
        return instant if instant <= self.run.as_of + timedelta(days=2) else None


def parse_feed(body: bytes, content_type: str, url: str) -> Any:
    """A feed as feedparser reads it, whatever charset it declares. Raises Malformed for what is not a feed."""
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", decode(body, content_type))
    # no location is told: relative ids stay as the source wrote them, links are made absolute by us
    headers = {"content-type": "application/xml; charset=utf-8"}
    raw = {"sanitize_html": False, "resolve_relative_uris": False}
    feed = feedparser.parse(text.encode("utf-8"), response_headers=headers, **raw)
    if not feed.version:
        raise Malformed(f"{url} no es RSS ni Atom: {feed.get('bozo_exception') or 'raíz desconocida'}")
    if isinstance(feed.get("bozo_exception"), SAXException):
        if not feed.entries:
            raise Malformed(f"{url} es XML roto: {feed.bozo_exception}")
        if not _END.search(text[-500:]):
            raise Malformed(f"{url} es XML roto: se corta antes de terminar")
    return feed


def _lost(feed: Any, body: bytes) -> int:
    """How many entries of a broken feed could not be told from one another."""
    return max(0, len(_ENTRY.findall(body)) - len(feed.entries)) if feed.bozo else 0


def _body(entry: Any) -> Any:
    """The longest text of an entry: its content, else its summary."""
    given = [*entry.get("content", []), entry.get("summary_detail") or {}]
    return max(given, key=lambda part: len(part.get("value") or ""))


def _categories(entry: Any) -> list[str]:
    named = [plain_line(tag.get("label") or tag.get("term") or "") for tag in entry.get("tags", [])]
    return list(dict.fromkeys(name for name in named if name))


def _key(entry: Any, link: str | None) -> str:
    """The entry's own id, on one line and of a sane length; else the canonical URL; else nothing."""
    own = " ".join(visible(entry.get("id") or "").split())
    if own:
        return own if len(own) <= MAX_KEY else text_hash(own)
    return canonical_url(link) if link else ""
