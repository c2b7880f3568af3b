"""Visiting the pages and links of published calls, one by one, with the spider of their source.

An item's page is asked for whole, whatever the day's crawl saw of it, and read by its platform where that knows how, so
that an edit gives a notice like any other. Of every other page only the answer counts, and the words that close a call.
What the visits add up to (on how many days) belongs to the warehouse.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast

from scrapy import Request
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from scrapers.closing import closed_marker
from scrapers.middlewares.blocks import Blocked
from scrapers.notice import Notice
from scrapers.outcome import Outcome, Recheck, RecheckOutcome
from scrapers.recheck import Target, is_front_page
from scrapers.run import SourceError
from scrapers.text import block_text, clean, parse_page
from scrapers.urls import redact_url

if TYPE_CHECKING:
    from twisted.python.failure import Failure

    from scrapers.platforms.base import Output, PlatformSpider

_SEEN_AS: dict[Outcome, RecheckOutcome] = {
    "gone": "gone",
    "timeout": "timeout",
    "server_error": "server_error",
    **dict.fromkeys(("blocked", "tls", "credentials", "robots", "refused_address"), "refused"),
}
"""A class of failure → what a re-check calls it; any other is ``unreadable``."""


IS_PAGE = "is_page"
"""The key in ``request.meta``: whether the page itself is asked for, not its source's interface."""


class Rechecks:
    """The visits of one spider; each leaves one row in the books of its crawl."""

    def __init__(self, spider: "PlatformSpider[Any]", targets: Sequence[Target]) -> None:
        self.spider, self.targets = spider, targets

    def requests(self) -> Iterator[Request]:
        """The items' pages, then the links that none of them is."""
        asked: set[str] = set()
        for target in sorted(self.targets, key=lambda one: (one.notice is None, one.url)):
            if target.notice is None and target.url in asked:
                continue
            request = self._request(target)
            asked.add(request.url)
            yield request

    def refuse(self, why: str) -> None:
        """The source cannot be asked at all: nothing was seen of any of them."""
        for target in self.targets:
            self._note(target, "refused", detail=why)

    def _request(self, target: Target) -> Request:
        # a part of a round-up is cut from a post that is read as a whole: of it only the answer counts
        is_whole = target.notice is not None and target.notice.parent_key is None
        reading = self.spider.page_request(target.notice) if target.notice and is_whole else None
        plain = self.spider.ask(target.url, self.parse)
        request = reading or plain
        read, given = (reading.callback, reading.cb_kwargs) if reading else (None, {})
        return request.replace(
            callback=self.parse,
            errback=self.miss,
            cb_kwargs={"target": target, "read": read, "given": given},
            meta={**request.meta, IS_PAGE: request.url == plain.url},
        )

    def parse(
        self, response: Response, target: Target, read: Callable[..., Iterable[Any]] | None, given: dict[str, Any]
    ) -> "Output":
        """An answer, with the notices that the platform reads from it."""
        outcome, detail, quote = self._outcome(response), "", None
        texts = [] if outcome == "moved" else list(_texts(response, target))
        try:
            if read is not None and outcome != "moved":
                for output in read(response, **given):
                    if isinstance(output, Notice):
                        texts.append(output.text)
                    yield output
        except SourceError as error:
            outcome, detail = _SEEN_AS.get(error.outcome, "unreadable"), str(error)
        finally:
            if outcome == "ok" and target.notice and not target.was_closed:
                title = target.notice.title
                quote = next((found for text in texts if (found := closed_marker(text.split("\n"), title))), None)
                outcome = "closed_marker" if quote else outcome
            self._note(target, outcome, response.status, response.url, quote, detail)

    def miss(self, failure: "Failure") -> "Output":
        """The errback: nothing came that can be read."""
        error, request = failure.value, cast("Any", failure).request
        outcome, detail = self.spider.classify(error, request)
        status = error.response.status if isinstance(error, HttpError) else getattr(error, "status", None)
        final = error.response.url if isinstance(error, HttpError) else None
        seen = "refused" if isinstance(error, Blocked) else _SEEN_AS.get(outcome, "unreadable")
        if seen == "gone" and not request.meta[IS_PAGE]:
            seen = "unreadable"  # an interface that is gone says nothing of one item
        self._note(request.cb_kwargs["target"], seen, status, final, None, detail)
        yield from ()

    def _outcome(self, response: Response) -> RecheckOutcome:
        first = response.meta.get("redirect_urls", [response.url])[0]
        return "moved" if is_front_page(response.url) and not is_front_page(first) else "ok"

    def _note(
        self,
        target: Target,
        outcome: RecheckOutcome,
        status: int | None = None,
        final: str | None = None,
        quote: str | None = None,
        detail: str = "",
    ) -> None:
        self.spider.run.rechecks.append(
            Recheck(
                source_id=target.source_id,
                item_id=target.notice.item_id if target.notice else None,
                url=target.url,
                outcome=outcome,
                http_status=status,
                final_url=redact_url(final) if final else None,
                quote=quote,
                parser_version=self.spider.run.parser_version,
                detail=" ".join(detail.split())[:300],
            )
        )


def _texts(response: Response, target: Target) -> Iterator[str]:
    """What a visitor reads on an item's own page; of a round-up's page nothing, it speaks of many calls."""
    kind = (response.headers.get("Content-Type") or b"").decode("latin-1")
    if target.notice is None or target.notice.parent_key is not None or "html" not in kind:
        return
    try:
        yield block_text(clean([parse_page(response.body, kind)]))
    except ValueError:  # no page, or nested without end: its platform says so where it reads it
        return
