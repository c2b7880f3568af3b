"""What spiders of JSON interfaces share: pages of a list, each entry an item, some with an answer of their own.

A platform says how a page is asked for, where its entries are and what one of them says. Pages are walked up to the
first one made only of known items; a complete listing is walked to its end, so that absence can be told.
"""

import dataclasses
import json
from abc import abstractmethod
from collections.abc import Iterable
from typing import Any

from scrapy import Request
from scrapy.http import Response

from scrapers.platforms.base import Found, OptionsT, Output, PlatformSpider


class ApiSpider(PlatformSpider[OptionsT]):
    """Walks the pages of a JSON list. The options have ``pages``, ``max_details`` and what ``Choosing`` has."""

    options: Any

    @abstractmethod
    def ask_page(self, page: int, previous: Any) -> Request | None:
        """The request of a page, from 1, whose callback is ``parse_page``; ``previous`` is the answer before it.

        None where there is no further page.
        """

    @abstractmethod
    def entries(self, answer: Any, response: Response) -> list[Any]:
        """The entries of a page's answer. Raises Malformed or ChangedShape."""

    @abstractmethod
    def read_entry(self, entry: Any, response: Response) -> Found | None:
        """The announcement that an entry is; None for what is none."""

    def ask_detail(self, found: Found, entry: Any) -> Request | None:
        """The request of an entry's own answer, with ``item_key``; None where the list says it all."""
        return None

    def categories(self, entry: Any) -> list[str]:
        """Words besides the title by which an entry is chosen."""
        return []

    def first_requests(self) -> Iterable[Request]:
        """The first page."""
        return [request for request in [self.ask_page(1, None)] if request]

    def parse_page(self, response: Response, page: int, asked: int = 0) -> Output:
        """One page of the list: its entries, what they lead to, the next page."""
        if response.status == 304:
            self.run.carry_over()
            return
        answer = self.json(response)
        keys = []
        for entry in self.entries(answer, response):
            found = self.read_entry(entry, response)
            if found is None or not self.run.listed(found.item_key):
                continue
            keys.append(found.item_key)
            if not self.options.wants(found.title, self.categories(entry)):
                continue
            detail = self.ask_detail(found, entry)
            if detail is None:
                yield from self.notices(found, roundups=False)
                continue
            shown = json.dumps(entry, ensure_ascii=False, sort_keys=True)
            if self.run.needs_page(found.item_key, shown, revisit=False) and asked < self.options.max_details:
                asked += 1
                yield detail
        self.remember(response)
        if not keys or (not self.source.complete_listing and all(self.run.known.has(key) for key in keys)):
            return
        following = self.ask_page(page + 1, answer)
        if following is None:
            return
        if page < self.options.pages:
            following.cb_kwargs["asked"] = asked
            yield following
        elif self.source.complete_listing:
            self.run.fail("failed", f"Hay más de {page} páginas en la lista: suba options.pages.")

    def with_detail(self, found: Found, response: Response, **parts: Any) -> Found:
        """An announcement with what its own answer says; its labelled facts stand after those of the list."""
        whole = self.found(response, key=found.item_key, title=found.title, url=found.url, **parts)
        return dataclasses.replace(
            whole,
            hints=tuple(dict.fromkeys((*found.hints, *whole.hints))),
            published_at=whole.published_at or found.published_at,
            modified_at=whole.modified_at or found.modified_at,
        )
