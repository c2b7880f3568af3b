"""What platforms share whose items are pages of unknown shape: what a page states of itself, else its main text.

Where the pages are found belongs to each platform.
"""

import dataclasses
from collections.abc import Sequence
from typing import Any

from scrapy.http import Response

from scrapers.article import main_content
from scrapers.notice import Hint
from scrapers.platforms.base import OptionsT, PlatformSpider, base_url, capture_id
from scrapers.platforms.found import Found
from scrapers.platforms.listing import labelled_facts
from scrapers.platforms.options.common import Facts
from scrapers.structured import Item, head, items
from scrapers.text import Node, chosen_language, clean, fragment, line_text, page_language, select, without
from scrapers.urls import canonical_url

ENOUGH = 400  # characters of a structured description that stands for the page's text


class AnyPageSpider(PlatformSpider[OptionsT]):
    """Reads pages nobody wrote selectors for; a source's selectors win where it has them."""

    options: Any
    asked = 0  # pages, by this spider

    def read_any(
        self,
        response: Response,
        key: str,
        *,
        title: str = "",
        content: str | None = None,
        title_at: str | None = None,
        facts_at: Facts | None = None,
        remove: Sequence[str] = (),
        needs_structured: bool = False,
    ) -> Found | None:
        """The announcement of a page; None where ``needs_structured`` and it states nothing of the field.

        ``title`` wins over the page's own. Raises Malformed for what is no page, ChangedShape where ``content``
        selects nothing.
        """
        root = self.page(response)
        stated, first = items(root, response.url), head(root, response.url)
        best = next((item for item in stated if item.is_strong), None)
        if best is None and needs_structured:
            return None
        best = best or next(iter(stated), first)
        root = without(root, remove)
        titles = select(root, title_at) if title_at else []
        found = Found(
            item_key=key,
            url=response.url,
            title=title or line_text(clean(titles[:1])) or best.title or first.title,
            node=fragment(""),
            base_url=base_url(response, root),
            capture_id=capture_id(response),
            language=chosen_language(
                self.source.language, self.run.languages, best.language, page_language(root), first.language
            ),
            hints=tuple(dict.fromkeys((*labelled_facts(root, facts_at), *_hints(best, response.url)))),
            published_at=self._past(best.published_at or first.published_at),
            modified_at=self._past(best.modified_at or first.modified_at),
        )
        if content:
            return self.read_page(response, root, found, [content])
        return dataclasses.replace(found, node=_body(best, root, first))

    def _past(self, instant: Any) -> Any:
        """A date after the crawl is a wrong one."""
        return instant if instant is not None and instant <= self.run.as_of else None


def _hints(item: Item, page_url: str) -> list[Hint]:
    facts = dict(item.facts)
    if item.is_strong and item.url and canonical_url(item.url) != canonical_url(page_url):
        facts["Link"] = item.url
    return [Hint(label=label, value=value) for label, value in facts.items()]


def _body(item: Item, root: Node, first: Item) -> Node:
    """A long structured description; else the longest of it, the page's main text and the head's description."""
    stated = clean([fragment(item.html)])
    if len(line_text(stated)) >= ENOUGH:
        return stated
    return max(stated, main_content(root), clean([fragment(first.html)]), key=lambda node: len(line_text(node)))
