"""What every platform's spider shares: asking politely, telling failures apart, and handing over notices.

A platform adds how its answers are read. A base refuses to start without its source, options model and version.
What becomes of notices belongs to the pipelines; of failures, to ``scrapers.run``.
"""

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar, cast
from urllib.parse import urlencode, urlsplit

from pydantic import BaseModel
from scrapy import Request, Spider, signals
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from scrapers import failures
from scrapers.archive import known_items, newest_notice
from scrapers.credentials import Secrets
from scrapers.documents import linked, read_pdf
from scrapers.handler import LOGIN, is_safe
from scrapers.loader import options_of
from scrapers.middlewares.blocks import Blocked
from scrapers.middlewares.capture import CAPTURED
from scrapers.middlewares.guard import AddressRefused, is_own
from scrapers.middlewares.replay import NotCaptured
from scrapers.middlewares.robots import UNREADABLE
from scrapers.notice import Hint, Link, Notice, text_hash
from scrapers.outcome import Outcome
from scrapers.platforms import roundup
from scrapers.platforms.found import NO_TEXT, Found, heading, notice_of, section_of
from scrapers.platforms.options import PLATFORMS
from scrapers.platforms.recheck import Rechecks
from scrapers.run import ChangedShape, Malformed, SourceError, SourceRun
from scrapers.source import Source
from scrapers.text import (
    TEXT_VERSION,
    Node,
    chosen_language,
    clean,
    decode,
    fragment,
    links,
    page_language,
    parse_page,
    select,
)
from scrapers.urls import absolute_url

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

OptionsT = TypeVar("OptionsT", bound=BaseModel)
Output = Iterator[Any]  # requests and notices, as Scrapy takes them

ITEM_KEY = "item_key"
"""The key in ``request.meta`` of the item a request is for; absent: the request is for the source as a whole."""


class PlatformSpider(Spider, Generic[OptionsT]):
    """The base of all platforms. A platform sets ``platform`` and ``version``; the loader adds ``source``."""

    platform: ClassVar[str]
    version: ClassVar[int]  # raise it when the same answer would give another notice
    source: Source
    options: OptionsT
    run: SourceRun
    rechecks: Rechecks | None = None  # what is visited instead of the list

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        for needed in ("platform", "version", "source"):
            if not hasattr(self, needed):
                raise TypeError(f"{type(self).__name__} has no {needed}: spiders are made from source files")
        if self.platform not in PLATFORMS:
            raise TypeError(f"{type(self).__name__}: platform {self.platform!r} has no options model")
        super().__init__(*args, name=self.source.id, **kwargs)
        self.options = cast("OptionsT", options_of(self.source))

    @classmethod
    def update_settings(cls, settings: "BaseSettings") -> None:
        """Ask for the source's language; politeness is for others' servers, the own web answers as fast as it can."""
        super().update_settings(settings)
        accepted = {**settings.getdict("DEFAULT_REQUEST_HEADERS"), "Accept-Language": cls.source.language}
        settings.set("DEFAULT_REQUEST_HEADERS", accepted, priority="spider")
        if is_own(urlsplit(cls.source.url).hostname or "", settings.get("OWN_WEB_SUFFIX")) or settings.get("REPLAY"):
            settings.set("AUTOTHROTTLE_ENABLED", False, priority="spider")
            settings.set("DOWNLOAD_DELAY", 0, priority="spider")
            settings.set("RETRY_TIMES", 1, priority="spider")
        if cls.source.access and cls.source.access.login:
            settings.set("COOKIES_ENABLED", True, priority="spider")
            settings.set("CAPTURE_ENABLED", False, priority="spider")  # pages behind a login are not archived

    @classmethod
    def from_crawler(cls, crawler: "Crawler", *args: Any, **kwargs: Any) -> Self:
        """Called by Scrapy; opens the books of this crawl from the settings."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        settings = crawler.settings
        as_of = settings.get("AS_OF")
        as_of = datetime.fromisoformat(as_of) if as_of else datetime.now(UTC)
        home, replayed = settings.get("HOME_FOLDER"), settings.get("REPLAY")
        spider.run = SourceRun(
            source=spider.source,
            crawl_id=settings.get("CRAWL_ID") or "",
            as_of=as_of,
            languages=tuple(settings.getlist("LANGUAGES")) or (spider.source.language,),
            parser_version=parser_version(cls.platform, cls.version, spider.source),
        )
        if home:
            known = known_items(Path(home), spider.source.id, as_of, before=replayed)
            spider.run = dataclasses.replace(spider.run, known=known)
        if (targets := settings.get("RECHECKS")) is not None:
            mine = [target for target in targets if target.source_id == spider.source.id]
            spider.rechecks = Rechecks(spider, mine)
        crawler.signals.connect(spider.note_error, signals.spider_error)
        crawler.signals.connect(spider.note_item_error, signals.item_error)
        return spider

    # -- asking

    async def start(self) -> AsyncIterator[Any]:
        """The first requests; to a portal with a login, its form before them. Without what it needs, none."""
        access = self.source.access
        if access and not self.crawler.settings.get("REPLAY"):
            if problem := self._closed_to_us():
                self._refuse(problem)
                return
            if access.login:
                yield self.ask(access.login.url, self.after_login, form={}).replace(meta={LOGIN: True})
                return
        for request in self._requests():
            yield request

    def _requests(self) -> Iterable[Request]:
        return self.rechecks.requests() if self.rechecks else self.first_requests()

    def _refuse(self, problem: str) -> None:
        self.run.fail("credentials", problem)
        if self.rechecks:
            self.rechecks.refuse(problem)

    def after_login(self, response: Response) -> Output:
        """Go on where the page after the form says what it says to members."""
        login = self.source.access.login if self.source.access else None
        if login and login.success not in decode(response.body, header(response, "Content-Type")):
            names = " y ".join(sorted(login.form.values()))
            told = f"{login.url}: después de entrar no se lee «{login.success}»; revise {names}"
            self._refuse(told)
            return
        yield from self._requests()

    def _closed_to_us(self) -> str | None:
        """Why the source's credentials are not there, or cannot be sent; in Spanish."""
        access, settings = self.source.access, self.crawler.settings
        urls = [self.source.url, *([access.login.url] if access and access.login else [])]
        for url in urls:
            if not is_safe(url, settings.get("OWN_WEB_SUFFIX")):
                return f"{url} no va cifrada (https); las claves no se envían así."
        secrets: Secrets = settings.get("SECRETS") or Secrets()
        return secrets.problem(self.source)

    def first_requests(self) -> Iterable[Request]:
        """What the platform asks first."""
        raise NotImplementedError

    def page_request(self, notice: Notice) -> Request | None:
        """The request that reads a known item again by itself, for a re-check; None where only its list tells what it says.

        Read unchanged, it gives the same notice as the list's way.
        """
        return None

    def ask(
        self,
        url: str,
        callback: Callable[..., Any],
        *,
        item_key: str | None = None,
        conditional: bool = False,
        form: Mapping[str, Any] | None = None,
        payload: Any = None,
        content: tuple[str, str] | None = None,
        **given: Any,
    ) -> Request:
        """A request whose failure is classified: the source's, or with ``item_key`` that item's only.

        With ``conditional`` it sends what the server gave last time, and the callback may get a 304. With ``form``
        it is a POST of form fields, with ``payload`` a POST of JSON, with ``content`` one of that type and body. Pages of
        items go before further lists, so that what waits stays little.
        """
        headers: dict[str, str | None] = {}
        body: str | None = None
        if form is not None:
            headers["Content-Type"], body = "application/x-www-form-urlencoded", urlencode(form)
        elif payload is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(payload, ensure_ascii=False, sort_keys=True)
        elif content is not None:
            headers["Content-Type"], body = content
        meta: dict[str, Any] = {ITEM_KEY: item_key} if item_key is not None else {}
        if conditional and (validator := self.run.validator(url)):
            headers["If-None-Match"] = validator.etag
            headers["If-Modified-Since"] = validator.last_modified
            meta["handle_httpstatus_list"] = [304]
        return Request(
            url,
            method="GET" if body is None else "POST",
            body=body,
            callback=callback,
            errback=self.note_failure,
            headers={name: value for name, value in headers.items() if value},
            meta=meta,
            cb_kwargs=given,
            priority=0 if item_key is None else 1,
            dont_filter=True,
        )

    def remember(self, response: Response) -> None:
        """Keep the answer's validators; call it when the answer has been read."""
        url = response.meta.get("redirect_urls", [response.url])[0]
        self.run.remember(
            url,
            header(response, "ETag") or None,
            header(response, "Last-Modified") or None,
            response.meta.get(CAPTURED),
        )

    def page(self, response: Response) -> Node:
        """The tree of an HTML answer, whatever charset it declares. Raises Malformed."""
        try:
            return parse_page(response.body, header(response, "Content-Type"))
        except ValueError as error:
            raise Malformed(f"{response.url}: {error}") from None

    def json(self, response: Response) -> Any:
        """The value of a JSON answer, whatever charset it declares. Raises Malformed."""
        try:
            return json.loads(decode(response.body, "application/json"))
        except (ValueError, RecursionError):
            came = ", sino HTML" if response.body[:200].lstrip().startswith(b"<") else ""
            raise Malformed(f"{response.url} no respondió JSON{came}") from None

    def absolute(self, response: Response, node: Node, href: str) -> str | None:
        """A link of a page as an absolute URL; None where it is not http(s)."""
        return absolute_url(base_url(response, node), href)

    def read_page(self, response: Response, page: Node, found: Found, selectors: Iterable[str]) -> Found:
        """An announcement with its body taken from its own page: what the first selector with a match selects.

        Raises ChangedShape where no selector finds anything.
        """
        nodes = next((nodes for selector in selectors if (nodes := select(page, selector))), [])
        if not nodes:
            raise ChangedShape(f"{response.url}: nada coincide con {' | '.join(selectors)}")
        return dataclasses.replace(
            found,
            node=clean(nodes),
            base_url=base_url(response, page),
            capture_id=capture_id(response),
            language=chosen_language(found.language, self.run.languages, page_language(nodes[0])),
        )

    def known(self, notice: Notice) -> Found:
        """A known item as its list gave it, as far as its notice tells; its text is still to be read."""
        return Found(
            item_key=notice.item_key,
            url=notice.url,
            title=notice.title,
            node=fragment(""),
            base_url=notice.url,
            capture_id=notice.capture_id,
            language=notice.language,
            hints=tuple(hint for hint in notice.hints if hint.label != NO_TEXT),
            published_at=notice.published_at,
            modified_at=notice.modified_at,
        )

    def found(
        self,
        response: Response,
        *,
        key: str,
        title: str,
        url: str | None = None,
        html: str = "",
        facts: Mapping[str, str | None] | Iterable[tuple[str, str | None]] | None = None,
        published_at: datetime | None = None,
        modified_at: datetime | None = None,
        language: str | None = None,
    ) -> Found:
        """An announcement of which an answer gives the parts: HTML (or plain text) and labelled facts, in order."""
        given_pairs = list(facts.items()) if isinstance(facts, Mapping) else list(facts or ())
        pairs = cast("list[tuple[str, str | None]]", given_pairs)
        given = [(label, " ".join(value.split())) for label, value in pairs if value]
        return Found(
            item_key=key,
            url=url or self.source.url,
            title=title,
            node=clean([fragment(html)]),
            base_url=url or response.url,
            capture_id=capture_id(response),
            language=chosen_language(self.source.language, self.run.languages, language),
            hints=tuple(Hint(label=label, value=value) for label, value in given if value),
            published_at=published_at,
            modified_at=modified_at,
        )

    # -- handing over

    def hand_over(self, found: Found, *, roundups: bool, shown: str | None = None) -> Output:
        """The notices of an announcement, after the documents it links to where the source asks for them.

        With ``shown``, what the list says of an item whose own page is not asked for: its documents are asked for
        only when that is new.
        """
        wanted = getattr(self.options, "documents", None)
        waiting = linked(links(found.node, found.base_url), wanted) if wanted else []
        if not waiting or (roundups and roundup.split(found.title, found.node, found.base_url)):
            yield from self.notices(found, roundups=roundups)
        elif shown is None or self.run.needs_page(found.item_key, shown, revisit=False):
            yield from self._with_documents(found, waiting)

    def _with_documents(self, found: Found, waiting: list[Link]) -> Output:
        """The request of the next document; the notice where none is left."""
        if not waiting:
            yield from self.notices(found, roundups=False)
            return
        request = self.ask(
            waiting[0].url,
            self.parse_document,
            item_key=found.item_key,
            found=found,
            document=waiting[0],
            waiting=waiting[1:],
        )
        yield request.replace(errback=self.miss_document)

    async def parse_document(
        self, response: Response, found: Found, document: Link, waiting: list[Link]
    ) -> AsyncIterator[Any]:
        """The text of one document, as a section of the notice. It is read beside the crawl, not in its way."""
        read = await asyncio.to_thread(read_pdf, response.body, cast("Any", self.options).documents)
        if read.problem == "broken":
            self.run.fail_item("malformed", f"{response.url}: el PDF no pudo leerse", found.item_key)
            found = self._without_document(found, document)
        elif read.problem:
            found = self._without_text(found, document)
        else:
            section = f"{heading(document)}\n{read.text}"
            found = dataclasses.replace(found, sections=(*found.sections, section))
        for output in self._with_documents(found, waiting):
            yield output

    def miss_document(self, failure: "Failure") -> Output:
        """A document did not come; the notice goes on without it."""
        request = cast("Any", failure).request
        outcome, detail = self.classify(failure.value, request)
        found, document, waiting = (request.cb_kwargs[name] for name in ("found", "document", "waiting"))
        self.run.fail_item(outcome, detail, found.item_key)
        yield from self._with_documents(self._without_document(found, document), waiting)

    def _without_document(self, found: Found, document: Link) -> Found:
        """What was read of a document before still stands: that it fails today does not change the notice."""
        home, key = self.crawler.settings.get("HOME_FOLDER"), found.item_key
        if home and self.run.known.has(key):
            replayed = self.crawler.settings.get("REPLAY")
            before = newest_notice(Path(home), self.source.id, key, self.run.as_of, replayed)
            if before and (section := section_of(before, heading(document))):
                return dataclasses.replace(found, sections=(*found.sections, section))
        return self._without_text(found, document)

    def _without_text(self, found: Found, document: Link) -> Found:
        hint = Hint(label=NO_TEXT, value=document.url)
        return dataclasses.replace(found, hints=(*found.hints, hint))

    def notices(self, found: Found, *, roundups: bool) -> Iterator[Notice]:
        """The notice of an announcement, or one for each call of a round-up post."""
        self.run.reading(found.item_key)
        parts = roundup.split(found.title, found.node, found.base_url) if roundups else []
        if not parts:
            yield notice_of(found, self.run)
        for number, part in enumerate(parts, 1):
            cut = dataclasses.replace(
                found, item_key=f"{found.item_key}#{number}", title=part.title, node=part.node, hints=()
            )
            yield notice_of(cut, self.run, parent_key=found.item_key)

    # -- failures

    def note_failure(self, failure: "Failure") -> None:
        """The errback of every request."""
        request = cast("Any", failure).request
        if isinstance(failure.value, NotCaptured) and self.run.known.has(request.meta.get(ITEM_KEY) or ""):
            return  # where the list had not changed, the crawl that is replayed did not ask for it either
        self._note(request.meta.get(ITEM_KEY), *self.classify(failure.value, request))

    def note_error(self, failure: "Failure", response: Response) -> None:
        """A callback raised."""
        outcome: Outcome = failure.value.outcome if isinstance(failure.value, SourceError) else "failed"
        told = str(failure.value) if isinstance(failure.value, SourceError) else repr(failure.value)
        where = response.url if response.url not in told else ""
        self._note(response.meta.get(ITEM_KEY), outcome, f"{where} {told}".strip())

    def note_item_error(self, item: Any, failure: "Failure") -> None:
        """A pipeline raised."""
        self.run.fail("failed", f"{getattr(item, 'item_id', '')} {failure.value!r}")

    def _note(self, item_key: str | None, outcome: Outcome, detail: str) -> None:
        if item_key is None:
            self.run.fail(outcome, detail)
        else:
            self.run.fail_item(outcome, detail, item_key)

    def classify(self, error: BaseException | None, request: Request) -> tuple[Outcome, str]:
        """What kind of failure a request met, and one line that says what was asked and what came."""
        url = request.url
        if isinstance(error, AddressRefused):
            return "refused_address", str(error)
        if isinstance(error, Blocked):
            is_ours = error.wants_credentials and self.source.access is not None
            return ("credentials" if is_ours else "blocked"), str(error)
        if isinstance(error, HttpError):
            return failures.of_status(error.response, url)
        if isinstance(error, SourceError):
            return error.outcome, str(error)
        if isinstance(error, IgnoreRequest) and "robots.txt" in str(error):
            if unreadable := self.crawler.stats.get_value(UNREADABLE + urlsplit(url).netloc):
                outcome, told = unreadable
                return outcome, f"{told}; sin él no se visita nada"
            return "robots", f"robots.txt prohíbe {url}"
        told = failures.of_download(error, request, self.crawler.settings.getint("DOWNLOAD_MAXSIZE"))
        return told or ("failed", f"{url}: {error!r}")


def parser_version(platform: str, version: int, source: Source) -> str:
    """Names everything of ours that decides what a captured answer becomes: platform, text code, options."""
    options = text_hash(str(sorted(options_of(source).model_dump(mode="json").items())))[:8]
    return f"{platform}-{version}.{TEXT_VERSION}+{options}"


def base_url(response: Response, node: Node) -> str:
    """What links of a page are relative to: its ``<base href>``, else its own URL."""
    for base in node.getroottree().iter("base"):
        if url := absolute_url(response.url, base.get("href") or ""):
            return url
    return response.url


def capture_id(response: Response) -> str:
    """The WARC-Record-ID a response was kept under; empty where nothing is captured."""
    captured = response.meta.get(CAPTURED)
    return captured.record_id if captured else ""


def header(response: Response, name: str) -> str:
    """A header of an answer as text; empty where it has none."""
    return (response.headers.get(name) or b"").decode("latin-1")
