"""What spiders of JSON interfaces share: pages of a list, each entry an item, some with an answer of their own.

A platform says how a page is asked for, where its entries are and what one of them says. Pages are walked up to the
first one whose wanted items are all known; a complete listing is walked to its end, so that absence can be told.
"""

import dataclasses
import json
from abc import abstractmethod
from collections.abc import Iterable
from typing import Any

from scrapy import Request
from scrapy.http import Response

from scrapers.platforms.base import OptionsT, Output, PlatformSpider
from scrapers.platforms.found import Found
from scrapers.run import SourceError


@dataclasses.dataclass
class Page:
    """What has been seen of one page of a list while it is read."""

    asked: int  # details asked for in this crawl so far
    is_fresh: bool = False  # it has something this crawl has not seen before
    wanted: list[str] = dataclasses.field(default_factory=list)


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
        """The announcement that an entry is; None for what is none. Raises SourceError for a broken one."""

    def ask_detail(self, found: Found, entry: Any) -> Request | None:
        """The request of an entry's own answer, with ``item_key``; None where the list says it all."""
        return None

    def categories(self, entry: Any) -> list[str]:
        """Words besides the title by which an entry is chosen."""
        return []

    def wants(self, found: Found, entry: Any) -> bool:
        """Whether an entry is to be read; one that is not still counts as listed."""
        return self.options.wants(found.title, self.categories(entry))

    def shown(self, found: Found, entry: Any) -> str:
        """What the list shows of an entry; when it changes, the entry's own answer is read again."""
        return json.dumps(entry, ensure_ascii=False, sort_keys=True)

    def total(self, answer: Any) -> int | None:
        """How many entries the whole list has, where the answer says."""
        return None

    def first_requests(self) -> Iterable[Request]:
        """The first page."""
        return [request for request in [self.ask_page(1, None)] if request]

    def parse_page(self, response: Response, page: int, asked: int = 0, received: int = 0, **walk: Any) -> Output:
        """One page of the list: its entries, what they lead to, the next page.

        ``walk`` is what ``ask_page`` is told besides where a source's list is walked more than once.
        """
        if response.status == 304:
            self.run.carry_over()
            return
        answer = self.json(response)
        entries = self.entries(answer, response)
        seen = Page(asked)
        for entry in entries:
            try:
                yield from self._read(entry, response, seen)
            except SourceError as error:
                self.run.fail_item(error.outcome, f"{response.url} {error}")
            except RecursionError:
                self.run.fail_item("malformed", f"{response.url}: una entrada anidada sin fin")
        if seen.asked < self.options.max_details:  # else something is left to ask: no "not modified" next time
            self.remember(response)
        received += len(entries) if seen.is_fresh or walk else 0
        yield from self._go_on(answer, page, seen, received, walk)

    def _read(self, entry: Any, response: Response, seen: Page) -> Output:
        found = self.read_entry(entry, response)
        if found is None:
            seen.is_fresh = True
            return
        if not self.run.listed(found.item_key):
            return
        seen.is_fresh = True
        if not self.wants(found, entry):
            return
        seen.wanted.append(found.item_key)
        detail = self.ask_detail(found, entry)
        if detail is None:
            yield from self.notices(found, roundups=False)
        elif seen.asked >= self.options.max_details:
            self.run.sighted(found.item_key)
        elif self.run.needs_page(found.item_key, self.shown(found, entry), revisit=False):
            seen.asked += 1
            yield detail

    def _go_on(self, answer: Any, page: int, seen: Page, received: int, walk: dict[str, Any]) -> Output:
        """The next page, unless this one was the last that matters."""
        is_complete, total = self.source.complete_listing, self.total(answer)
        if not is_complete and seen.wanted and all(self.run.known.has(key) for key in seen.wanted):
            return
        has_more = (seen.is_fresh or bool(walk)) and (total is None or received < total)
        following = self.ask_page(page + 1, answer, **walk) if has_more else None
        if following is None:
            if is_complete and total is not None and received < total:
                self.run.fail("malformed", f"La lista dice tener {total} entradas y solo entregó {received}.")
        elif page < self.options.pages:
            following.cb_kwargs.update(asked=seen.asked, received=received)
            yield following
        elif is_complete:
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
