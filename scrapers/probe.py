"""Looking at a place that nobody watches yet: a spider of its own, for the crawl's machinery, guard and captures.

It asks few things, one after another, and stops at the first that could be read: the page itself, cards that a
platform knows, WordPress, a feed, a sitemap whose pages carry structured data. What it saw is ``Look``, left in
``look.json`` of its home. No source file can ask for it; what is proposed from a look belongs to whoever asked.
"""

import calendar
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urljoin, urlsplit

from protego import Protego
from pydantic import BaseModel, Field
from scrapy import Request
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from scrapers.files import write_text
from scrapers.loader import SourceSpiderLoader
from scrapers.platforms.base import PlatformSpider, header
from scrapers.platforms.feed import parse_feed
from scrapers.platforms.options import PLATFORMS
from scrapers.platforms.options.feed import FeedOptions
from scrapers.platforms.options.listing import ListingOptions
from scrapers.platforms.sitemap import Entry, read_sitemap
from scrapers.run import SourceError
from scrapers.source import Source
from scrapers.structured import items
from scrapers.text import Node, block_text, clean, decode, page_language, plain_line, select, visible
from scrapers.urls import absolute_url

if TYPE_CHECKING:
    from scrapy import Spider

LOOK = "look.json"
USUAL_FEEDS = ("/feed/", "/rss.xml", "/feed.xml", "/atom.xml")
MAX_FEEDS, MAX_SITEMAPS, MAX_GROUPS = 3, 3, 4  # that are asked for
MIN_CARDS = 2  # of a platform's own shape, for a page to be of it
MIN_REPEATED = 3  # elements of one class, for them to look like a list
MIN_MARKUP = 400  # characters of an entry's text, for it to be more than a headline
MAX_TOLD = 200  # characters of a name or title

_TELLING = re.compile(
    r"call|beca|bolsa|bourse|stipendi|convocator|oportunidad|opportunit|scholarship|fellowship|grant|fund|fondo|edital"
    r"|award|premio|prix|preis|concurso|appel|ausschreib|event|curso|course|job|vacan|program",
    re.IGNORECASE,
)
_API = re.compile(r"<([^<>]{1,500})>\s*;\s*rel=\"https://api\.w\.org/\"")
_CATEGORY = re.compile(r"/wp/v2/categories/(\d{1,9})\b")


class FeedSeen(BaseModel):
    """A feed that can be read."""

    url: str
    title: str = ""
    language: str | None = None
    entry_count: int
    has_text: bool  # its entries bring more than a headline
    days_between: float | None = None  # entries, on average
    is_declared: bool = True  # by the page; else found where feeds usually are


class WordPressSeen(BaseModel):
    """A WordPress site whose posts can be asked for."""

    site: str
    category: int | None = None  # of the page that was looked at


class SitemapSeen(BaseModel):
    """A sitemap of which a folder's pages state what they announce."""

    url: str
    folder: str  # path that the pages' addresses have
    page_count: int
    kind: str  # schema.org type on the page that was sampled


class Look(BaseModel):
    """What there is at an address. All text in it is the place's own, cut short."""

    url: str  # that was asked
    final_url: str
    title: str = ""
    site_name: str = ""
    language: str | None = None
    text_length: int = 0
    link_count: int = 0
    preset: str | None = None  # a platform whose own selectors fit the page
    feed: FeedSeen | None = None
    wordpress: WordPressSeen | None = None
    sitemap: SitemapSeen | None = None
    repeated: list[str] = Field(default_factory=list)  # "li.card (12)": elements with a link, the most frequent first
    asked: list[str] = Field(default_factory=list)  # one line an address beyond the first: what came


class ProbeLoader(SourceSpiderLoader):
    """The setting ``SPIDER_LOADER_CLASS`` of a probe: its sources' addresses are looked at, whatever their platform."""

    def load(self, spider_name: str) -> "type[Spider]":
        """A probe of the source's address."""
        source = self.sources[spider_name]
        return type(f"ProbeSpider_{source.id}", (ProbeSpider,), {"name": source.id, "source": source})


class ProbeSpider(PlatformSpider[FeedOptions]):
    """Looks around at one address."""

    platform = "feed"  # lends its options and books; nothing is read as a feed's source
    version = 1
    source: Source

    def first_requests(self) -> Iterable[Request]:
        """The address itself."""
        return [self.ask(self.source.url, self.look_at)]

    async def look_at(self, response: Response) -> None:
        """Find what the place can be read by; the first that works ends it."""
        look = Look(url=self.source.url, final_url=response.url)
        await self._look(look, response)
        home = self.settings.get("HOME_FOLDER")
        write_text(Path(home) / LOOK, look.model_dump_json(indent=1) + "\n", "look")

    async def _look(self, look: Look, response: Response) -> None:
        if feed := _feed(response):
            look.feed = feed
            return
        if is_sitemap(response):
            look.sitemap = await self._sitemap(look, [response])
            return
        page = self.page(response)
        describe(look, page, response.url)
        look.preset = preset(page)
        if look.preset:
            return
        look.wordpress = await self._wordpress(look, response, page)
        if look.wordpress is None:
            look.feed = await self._find_feed(look, response, page)
        if look.wordpress is None and look.feed is None:
            look.sitemap = await self._sitemap(look, await self._sitemaps(look, response.url))

    async def _get(self, look: Look, url: str) -> Response | None:
        """An answer with content; what came of it is told in the look."""
        request = self.ask(url, self.look_at)
        engine = self.crawler.engine
        if engine is None:
            return None
        try:
            response = await engine.download_async(request)
            if response.status != 200:
                raise HttpError(response)
        except Exception as error:  # noqa: BLE001 every failure of one address is told, and the next is tried
            look.asked.append(self.classify(error, request)[1][:MAX_TOLD])
            return None
        look.asked.append(f"{url} respondió 200"[:MAX_TOLD])
        return response

    async def _wordpress(self, look: Look, response: Response, page: Node) -> WordPressSeen | None:
        api = _api_of(response, page)
        if api is None or not api.endswith("/wp-json/"):
            return None
        answer = await self._get(look, f"{api}wp/v2/posts?per_page=5&_fields=id,link")
        try:
            posts = self.json(answer) if answer is not None else None
        except SourceError:
            return None
        if not isinstance(posts, list) or not posts:
            return None
        return WordPressSeen(site=api.removesuffix("/wp-json/"), category=_category(response, page))

    async def _find_feed(self, look: Look, response: Response, page: Node) -> FeedSeen | None:
        declared = list(_declared_feeds(response.url, page))[:MAX_FEEDS]
        usual = [urljoin(response.url, place) for place in USUAL_FEEDS]
        for url in [*declared, *(place for place in usual if place not in declared)]:
            answer = await self._get(look, url)
            if answer is not None and (feed := _feed(answer)):
                return feed.model_copy(update={"is_declared": url in declared})
        return None

    async def _sitemaps(self, look: Look, url: str) -> list[Response]:
        robots = await self._get(look, urljoin(url, "/robots.txt"))
        named = list(Protego.parse(decode(robots.body)).sitemaps) if robots is not None else []
        urls = [found for name in named[:MAX_SITEMAPS] if (found := absolute_url(url, name))]
        answers = [await self._get(look, one) for one in urls or [urljoin(url, "/sitemap.xml")]]
        return [answer for answer in answers if answer is not None]

    async def _sitemap(self, look: Look, answers: list[Response]) -> SitemapSeen | None:
        maps: list[tuple[str, list[Entry]]] = []
        for answer in answers:
            kind, entries = _entries(answer)
            if kind != "sitemapindex":
                maps.append((answer.url, entries))
                continue
            children = sorted(entries, key=lambda entry: not _TELLING.search(entry.url))[:MAX_SITEMAPS]
            for child in children:
                found = await self._get(look, child.url)
                if found is not None:
                    maps.append((found.url, _entries(found)[1]))
        for url, folder, entries in _groups(maps):
            newest = max(entries, key=lambda entry: entry.lastmod)
            answer = await self._get(look, newest.url)
            kind = self._announced(answer) if answer is not None else None
            if kind:
                return SitemapSeen(url=url, folder=folder, page_count=len(entries), kind=kind)
        return None

    def _announced(self, response: Response) -> str | None:
        """The schema.org type of what a page announces."""
        try:
            found = items(self.page(response), response.url)
        except SourceError:
            return None
        return next((item.kind for item in found if item.is_strong), None)


def is_sitemap(response: Response) -> bool:
    """Whether an answer is a sitemap, or an index of them."""
    return bool(re.search(rb"<(urlset|sitemapindex)\b", response.body[:2000]))


def describe(look: Look, page: Node, url: str) -> None:
    """Note what a page is, in a few words and counts."""
    look.title = _first(page, "//head/title/text()")
    look.site_name = _first(page, "//meta[@property='og:site_name']/@content")
    look.language = _language(page_language(page))
    body = clean([page])
    try:
        look.text_length = len(block_text(body))
    except ValueError:
        look.text_length = 0
    anchors = [anchor for anchor in body.iter("a") if absolute_url(url, anchor.get("href") or "")]
    look.link_count = len(anchors)
    look.repeated = list(_repeated(anchors))


def preset(page: Node) -> str | None:
    """The platform that brings selectors of its own which find cards with links on a page."""
    for name, (model, _) in PLATFORMS.items():
        if not issubclass(model, ListingOptions) or model.model_fields["item"].is_required():
            continue
        options = cast("type[Any]", model)()
        cards = [card for card in select(page, options.item) if select(card, options.link)]
        if len(cards) >= MIN_CARDS:
            return name
    return None


def _repeated(anchors: list[Node]) -> Iterator[str]:
    """What looks like cards: elements of one tag and class that hold links; a guess for people, never an option."""
    counts: Counter[str] = Counter()
    seen: set[Node] = set()
    for anchor in anchors:
        for above in [anchor, *anchor.iterancestors()][:4]:
            names = (above.get("class") or "").split()
            if above not in seen and names and re.fullmatch(r"[A-Za-z_][\w-]{0,40}", names[0]):
                seen.add(above)
                counts[f"{above.tag}.{names[0]}"] += 1
    for name, count in counts.most_common(5):
        if count >= MIN_REPEATED:
            yield f"{name} ({count})"


def _feed(response: Response) -> FeedSeen | None:
    if not re.search(rb"<(rss|feed|rdf:RDF)\b", response.body[:2000]):
        return None
    try:
        feed = parse_feed(response.body, header(response, "Content-Type"), response.url)
    except SourceError:
        return None
    if not feed.entries:
        return None
    texts = [max((len(part.get("value") or "") for part in _texts(entry)), default=0) for entry in feed.entries]
    return FeedSeen(
        url=response.url,
        title=plain_line(str(feed.feed.get("title") or ""))[:MAX_TOLD],
        language=_language(feed.feed.get("language")),
        entry_count=len(feed.entries),
        has_text=sorted(texts)[len(texts) // 2] >= MIN_MARKUP,
        days_between=_days_between([entry.get("published_parsed") for entry in feed.entries]),
    )


def _texts(entry: Any) -> list[Any]:
    return [*entry.get("content", []), entry.get("summary_detail") or {}]


def _days_between(moments: list[Any]) -> float | None:
    """Days from one entry to the next, on average; None where dates are missing or no dates."""
    try:
        days = [calendar.timegm(moment) / 86_400 for moment in moments if moment]
    except (ValueError, OverflowError):
        return None
    return round((max(days) - min(days)) / (len(days) - 1), 2) if len(days) > 1 else None


def _api_of(response: Response, page: Node) -> str | None:
    """The root of the site's WordPress API, as its headers or head name it."""
    for value in response.headers.getlist("Link"):
        if found := _API.search(value.decode("latin-1")):
            return absolute_url(response.url, found.group(1))
    for href in page.xpath("//link[@rel='https://api.w.org/']/@href"):
        return absolute_url(response.url, str(href))
    return None


def _category(response: Response, page: Node) -> int | None:
    """The WordPress category that a page lists."""
    named = [value.decode("latin-1") for value in response.headers.getlist("Link")]
    named += [str(href) for href in page.xpath("//link[@rel='alternate'][@type='application/json']/@href")]
    return next((int(found.group(1)) for text in named if (found := _CATEGORY.search(text))), None)


def _declared_feeds(url: str, page: Node) -> Iterator[str]:
    seen: set[str] = set()
    for link in page.xpath("//link[@rel='alternate'][@type='application/rss+xml' or @type='application/atom+xml']"):
        found = absolute_url(url, link.get("href") or "")
        told = f"{link.get('title') or ''} {found}".casefold()
        if found and found not in seen and "comment" not in told and "comentario" not in told:
            seen.add(found)
            yield found


def _entries(response: Response) -> tuple[str, list[Entry]]:
    try:
        return read_sitemap(response.body, response.url)
    except SourceError:
        return "", []


def _groups(maps: list[tuple[str, list[Entry]]]) -> list[tuple[str, str, list[Entry]]]:
    """The folders of the pages that sitemaps name: those whose name tells something first, then the largest."""
    groups: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for url, entries in maps:
        for entry in entries:
            path = urlsplit(entry.url).path.rstrip("/")
            folder = path[: path.rfind("/") + 1]
            if folder:
                groups[url, folder].append(entry)
    found = [(url, folder, entries) for (url, folder), entries in groups.items()]
    found.sort(key=lambda group: (not _TELLING.search(group[1]), -len(group[2]), group[1]))
    return found[:MAX_GROUPS]


def _first(page: Node, path: str) -> str:
    found = page.xpath(path)
    return " ".join(visible(str(found[0])).split())[:MAX_TOLD] if found else ""


def _language(tag: str | None) -> str | None:
    found = re.match(r"([A-Za-z]{2})(?![A-Za-z])", tag.strip()) if tag else None
    return found.group(1).lower() if found else None
