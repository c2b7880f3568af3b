"""HTML pages that list items, with a page of detail for each: the options say where, in CSS selectors.

An item's key is what ``id`` finds in its URL, else the canonical URL. Pages are walked up to the first one made only
of known items; a complete listing is walked to its end, so that absence can be told. The page of a known item is read
again when its card shows something else than before; with ``revisit`` every time, conditionally.
"""

import dataclasses
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from scrapy import Request
from scrapy.http import Response

from scrapers.notice import Hint, Notice
from scrapers.platforms.base import Output, PlatformSpider, base_url, capture_id
from scrapers.platforms.found import Found
from scrapers.platforms.options.common import Facts
from scrapers.platforms.options.listing import ListingOptions
from scrapers.run import ChangedShape
from scrapers.text import Node, chosen_language, clean, line_text, node_line, page_language, select, without
from scrapers.urls import canonical_url

MAX_FACTS, MAX_LABEL, MAX_VALUE = 100, 200, 2000  # rows, characters, characters


class Card(NamedTuple):
    """One item as the list shows it."""

    key: str
    url: str
    title: str
    node: Node
    hints: tuple[Hint, ...]


class ListingSpider(PlatformSpider[ListingOptions]):
    """Walks list pages and reads what they lead to."""

    platform = "listing"
    version = 1

    def first_requests(self) -> Iterable[Request]:
        """The first list page."""
        return [self.ask(self.source.url, self.parse_list, page=1, asked=0)]

    def parse_list(self, response: Response, page: int, asked: int) -> Output:
        """One list page: its cards, their details, the next page."""
        root = self.page(response)
        cards = [card for card in self._cards(root, response) if self.run.listed(card.key)]
        wanted = [card for card in cards if self.options.wants(card.title, [])]
        for card in wanted:
            found = self._from_card(card, root, response)
            if self.options.detail is None:
                yield from self.notices(found, roundups=self.options.roundups)
                continue
            shown = line_text(found.node)
            if asked >= self.options.max_details:  # its turn comes in the next crawl
                self.run.sighted(card.key)
            elif self.run.needs_page(card.key, shown, revisit=self.options.revisit):
                asked += 1
                is_known = self.run.known.has(card.key)
                yield self.ask(card.url, self.parse_detail, item_key=card.key, conditional=is_known, found=found)
        following = self._next(root, response, page)
        if following is None or not cards:
            return
        if wanted and not self.source.complete_listing and all(self.run.known.has(card.key) for card in wanted):
            return
        if page < self.options.pages:
            yield self.ask(following, self.parse_list, page=page + 1, asked=asked)
        elif self.source.complete_listing:
            self.run.fail("failed", f"Hay más de {page} páginas en la lista: suba options.pages.")

    def parse_detail(self, response: Response, found: Found) -> Output:
        """An item's own page. Raises ChangedShape where the selector finds nothing."""
        if response.status == 304:
            self.run.confirmed(found.item_key)
            return
        detail = self.options.detail
        if detail is None:
            raise ChangedShape(f"{response.url}: la fuente no tiene options.detail")
        root = without(self.page(response), detail.remove)
        titles = select(root, detail.title) if detail.title else []
        found = dataclasses.replace(
            found,
            title=first_line(titles) or found.title,
            hints=tuple(dict.fromkeys((*found.hints, *labelled_facts(root, detail.facts)))),
        )
        whole = self.read_page(response, root, found, [detail.content])
        yield from self.hand_over(whole, roundups=self.options.roundups)
        self.remember(response)

    def page_request(self, notice: Notice) -> Request | None:
        """The item's own page; facts of the card that the page states too are the page's."""
        if self.options.detail is None:
            return None
        return self.ask(notice.url, self.parse_again, item_key=notice.item_key, found=self.known(notice))

    def parse_again(self, response: Response, found: Found) -> Output:
        """An item's own page without its card."""
        detail = self.options.detail
        hints: tuple[Hint, ...] = ()
        if detail and self.options.facts:
            stated = {hint.label for hint in labelled_facts(without(self.page(response), detail.remove), detail.facts)}
            hints = tuple(hint for hint in found.hints if hint.label not in stated)
        yield from self.parse_detail(response, dataclasses.replace(found, hints=hints))

    def _cards(self, root: Node, response: Response) -> Iterable[Card]:
        for item in select(root, self.options.item):
            anchors = select(item, self.options.link)
            url = self.absolute(response, root, anchors[0].get("href") or "") if anchors else None
            if url is None:
                continue
            titles = select(item, self.options.title) if self.options.title else anchors
            title = first_line(titles)
            yield Card(self._key(url), url, title, item, tuple(labelled_facts(item, self.options.facts)))

    def _key(self, url: str) -> str:
        if self.options.id and (found := re.search(self.options.id, url)) and found.group(1):
            return found.group(1)
        return canonical_url(url)

    def _from_card(self, card: Card, root: Node, response: Response) -> Found:
        return Found(
            item_key=card.key,
            url=card.url,
            title=card.title,
            node=clean([card.node]),
            base_url=base_url(response, root),
            capture_id=capture_id(response),
            language=chosen_language(self.source.language, self.run.languages, page_language(card.node)),
            hints=card.hints,
        )

    def _next(self, root: Node, response: Response, page: int) -> str | None:
        """The next list page, on the same host only."""
        if self.options.next:
            anchors = [anchor for anchor in select(root, self.options.next) if anchor.get("href")]
            url = self.absolute(response, root, anchors[0].get("href") or "") if anchors else None
            is_here = url is not None and urlsplit(url).netloc == urlsplit(response.url).netloc
            return url if is_here and url != response.url else None
        if self.options.page_parameter:
            parts = urlsplit(self.source.url)
            pairs = [pair for pair in parse_qsl(parts.query) if pair[0] != self.options.page_parameter]
            pairs.append((self.options.page_parameter, str(self.options.first_page + page)))
            return urlunsplit(parts._replace(query=urlencode(pairs)))
        return None


def first_line(nodes: Sequence[Node]) -> str:
    """The first of some nodes on one line; nothing where there is none."""
    return node_line(nodes[0]) if nodes else ""


def labelled_facts(root: Node, where: Facts | None) -> list[Hint]:
    """The labelled facts below a node, in its order."""
    if where is None:
        return []
    rows: list[tuple[str, str]] = []
    if where.item is None and where.label:
        for label in select(root, where.label):
            value = label.getnext()
            rows.append((node_line(label), node_line(value) if value is not None else ""))
    elif where.item and where.label:
        for item in select(root, where.item):
            label, rest = select(item, where.label)[:1], select(item, where.value)[:1] if where.value else []
            if label and not rest and (beside := label[0].getnext()) is not None:
                rest = [beside]
            rows.append((first_line(label), first_line(rest)))
    elif where.item:
        for item in select(root, where.item):
            label, _, value = node_line(item).partition(":")
            rows.append((label, value))
    facts = [(label.strip(" :")[:MAX_LABEL], value.strip()[:MAX_VALUE]) for label, value in rows]
    return [Hint(label=label, value=value) for label, value in facts if label and value][:MAX_FACTS]
