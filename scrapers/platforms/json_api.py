"""Places that answer with a list in JSON: the options say where things are in it.

An entry's key is its own id. Platforms that are this with a few things filled in (``daad``, ``bdns``…) derive from it.
"""

import html
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response

from scrapers.notice import text_hash
from scrapers.platforms.api import ApiSpider
from scrapers.platforms.base import Output
from scrapers.platforms.found import Found
from scrapers.platforms.jsonpath import at, filled, instant, line, markup, plain, whole, word
from scrapers.platforms.options.json_api import (
    PLACE,
    ByCursor,
    ByNext,
    ByOffset,
    ByPage,
    FactRows,
    JsonApiOptions,
    JsonDetail,
)
from scrapers.run import ChangedShape, Malformed
from scrapers.urls import absolute_url

JsonOptions = TypeVar("JsonOptions", bound=JsonApiOptions)
Facts = list[tuple[str, str]]

MAX_KEY = 300  # characters of an id; a longer one is kept as its hash
MAX_ROWS, MAX_LABEL = 100, 200  # labelled facts of one list, characters


class JsonApiSpiderBase(ApiSpider[JsonOptions]):
    """Reads a JSON list by its options."""

    platform = "json_api"
    version = 1

    def ask_page(self, page: int, previous: Any) -> Request | None:
        """The next page in the place's own way of paging."""
        paging, url = self.options.paging, self.source.url
        if page == 1:
            self._received, self._sent = 0, set[str]()
        else:
            self._received += len(self._listed(previous) or [])
        step: dict[str, Any] = {}
        match paging:
            case ByPage():
                step = {paging.key: paging.first + page - 1}
            case ByOffset():
                step = {paging.key: paging.first + self._received}
            case ByCursor() if page > 1:
                cursor = word(at(previous, paging.path))
                if not cursor or cursor in self._sent:
                    return None
                self._sent.add(cursor)
                step = {paging.key: cursor}
            case ByNext() if page > 1:
                return self._ask_next(word(at(previous, paging.path)), page)
            case None if page > 1:
                return None
            case _:
                pass
        return self._ask(self.parse_page, url, self.options.query, step, page=page)

    def _ask_next(self, told: str, page: int) -> Request | None:
        """The page whose URL the answer gives, on the same host only and once."""
        url = urljoin(self.source.url, told) if told else ""
        here = urlsplit(self.source.url)
        try:
            is_here = urlsplit(url)[:2] == here[:2]
        except ValueError:
            is_here = False
        if not is_here or url in self._sent:
            return None
        self._sent.add(url)
        return self._ask(self.parse_page, url, {}, {}, page=page)

    def _ask(
        self, callback: Callable[..., Any], url: str, query: Mapping[str, Any], step: Mapping[str, Any], **given: Any
    ) -> Request:
        options = self.options
        if options.form is not None:
            return self.ask(with_query(url, query), callback, form={**options.form, **step}, **given)
        if options.body is not None:
            return self.ask(with_query(url, query), callback, payload={**options.body, **step}, **given)
        return self.ask(with_query(url, {**query, **step}), callback, **given)

    def entries(self, answer: Any, response: Response) -> list[Any]:
        """The list that ``items`` names. Raises ChangedShape where there is none."""
        listed = self._listed(answer)
        if listed is None:
            has = f"tiene {', '.join(map(str, answer))[:200]}" if isinstance(answer, dict) else "es otra cosa"
            raise ChangedShape(f"{response.url}: no hay lista en {self.options.items or 'la respuesta'}; {has}")
        return listed

    def _listed(self, answer: Any) -> list[Any] | None:
        """The entries of an answer; some places give an object of them by id, or null for none."""
        if not self.options.items:
            return answer if isinstance(answer, list) else None
        above, _, name = self.options.items.rpartition(".")
        holder = at(answer, above)
        if not isinstance(holder, dict) or name not in holder:
            return None
        listed = holder[name]
        if isinstance(listed, dict) and all(isinstance(entry, dict) for entry in listed.values()):
            return list(listed.values())
        return [] if listed is None else listed if isinstance(listed, list) else None

    def total(self, answer: Any) -> int | None:
        """What ``total`` names."""
        return whole(at(answer, self.options.total)) if self.options.total else None

    def read_entry(self, entry: Any, response: Response) -> Found | None:
        """An entry as the options read it. Raises Malformed for one without id, title or address."""
        options = self.options
        key = line(at(entry, options.id)) if isinstance(entry, dict) else ""
        if not key:
            raise Malformed(f"una entrada no tiene {options.id}")
        title = plain(word(at(entry, options.title)))
        if not title:
            raise Malformed(f"la entrada {key[:80]} no tiene {options.title}")
        return self.found(
            response,
            key=key if len(key) <= MAX_KEY else text_hash(key),
            title=title,
            url=self._url(entry, key, response),
            html=body_of(options, entry),
            facts=self.facts(options, entry),
            published_at=self._instant(entry, options.published),
            modified_at=self._instant(entry, options.modified),
            language=self.language(entry),
        )

    def _url(self, entry: Any, key: str, response: Response) -> str:
        template = self.options.url
        if template is None:
            return self.source.url
        told = with_values(template, entry) if PLACE.search(template) else word(at(entry, template))
        url = absolute_url(response.url, told) if told else None
        if url is None:
            raise Malformed(f"la entrada {key[:80]} no tiene dirección ({template})")
        return url

    def language(self, entry: Any) -> str | None:
        """The language an entry says it is written in."""
        return word(at(entry, self.options.language)) if self.options.language else None

    def facts(self, where: "JsonApiOptions | JsonDetail", entry: Any) -> Facts:
        """The labelled facts of an entry or of its own answer."""
        zone, not_stated = self.source.timezone, tuple(self.options.not_stated)
        told = [(label, filled(template, entry, zone, not_stated)) for label, template in where.facts.items()]
        for rows in where.fact_rows:
            told += [(label, filled(rows.value, row, zone, not_stated)) for label, row in labelled_rows(rows, entry)]
        return list(dict.fromkeys(fact for fact in told if fact[1]))

    def _instant(self, entry: Any, path: str | None) -> datetime | None:
        """The instant at a path; one well after the crawl is a wrong one."""
        moment = instant(at(entry, path), self.source.timezone) if path else None
        return moment if moment and moment <= self.run.as_of + timedelta(days=2) else None

    def categories(self, entry: Any) -> list[str]:
        """What ``categories`` names."""
        return [told for path in self.options.categories if (told := line(at(entry, path)))]

    def shown(self, found: Found, entry: Any) -> str:
        """What the list says of an entry, without what nobody reads of it, such as counts of visits."""
        facts = [f"{hint.label}: {hint.value}" for hint in found.hints]
        return "\n".join([found.title, found.url, body_of(self.options, entry), str(found.modified_at), *facts])

    def ask_detail(self, found: Found, entry: Any) -> Request | None:
        """An entry's own answer, where the options have one."""
        detail = self.options.detail
        if detail is None:
            return None
        url = with_values(detail.url, entry) if detail.url else self.source.url
        if not url:
            raise Malformed(f"la entrada {found.item_key[:80]} no tiene lo que pide {detail.url}")
        form = with_parts(detail.form, entry) if detail.form is not None else None
        payload = with_parts(detail.body, entry) if detail.body is not None else None
        listed = body_of(self.options, entry)
        given: dict[str, Any] = {"found": found, "listed": listed}
        return self.ask(url, self.parse_detail, item_key=found.item_key, form=form, payload=payload, **given)

    def parse_detail(self, response: Response, found: Found, listed: str) -> Output:
        """An entry's own answer. Raises ChangedShape where it has nothing of what the options name."""
        detail = self.options.detail
        answer = at(self.json(response), detail.root) if detail else None
        if detail is None or not isinstance(answer, dict):
            raise ChangedShape(f"{response.url}: no hay un objeto en {detail.root if detail else 'options.detail'}")
        body, facts = body_of(detail, answer), self.facts(detail, answer)
        if not body and not facts:
            raise ChangedShape(f"{response.url}: nada de lo que nombra options.detail está en la respuesta")
        yield from self.notices(
            self.with_detail(found, response, html=f"{listed}\n{body}", facts=facts), roundups=False
        )


class JsonApiSpider(JsonApiSpiderBase[JsonApiOptions]):
    """Any JSON list."""


def body_of(where: JsonApiOptions | JsonDetail, entry: Any) -> str:
    """The HTML of an announcement: its texts, then its links."""
    links = [(label, filled(template, entry)) for label, template in where.links.items()]
    anchors = [
        f'<p><a href="{html.escape(url)}">{html.escape(label)}</a></p>'
        for label, url in links
        if url.startswith(("http://", "https://"))
    ]
    return "\n".join(filter(None, [*(markup(at(entry, path)) for path in where.text), *anchors]))


def labelled_rows(rows: FactRows, entry: Any) -> Iterable[tuple[str, Any]]:
    """The elements of a list of facts, each with its label."""
    listed = at(entry, rows.items)
    for row in listed[:MAX_ROWS] if isinstance(listed, list) else []:
        if label := line(at(row, rows.label))[:MAX_LABEL].strip(" :"):
            yield label, row


def with_query(url: str, query: Mapping[str, Any]) -> str:
    """``url`` with more keys in its query."""
    if not query:
        return url
    parts = urlsplit(url)
    return parts._replace(query="&".join(filter(None, [parts.query, urlencode(query, doseq=True)]))).geturl()


def with_values(template: str, entry: Any) -> str:
    """A URL template with the entry's values quoted into it; nothing where one is missing."""
    values = {path: line(at(entry, path)) for path in PLACE.findall(template)}
    if not all(values.values()):
        return ""
    return PLACE.sub(lambda place: quote(values[place[1]], safe="", errors="replace"), template)


def with_parts(given: Any, entry: Any) -> Any:
    """A form or JSON body of the options with the entry's values in its templates; ``{id}`` alone keeps its kind."""
    if isinstance(given, dict):
        return {name: with_parts(part, entry) for name, part in given.items()}
    if isinstance(given, list):
        return [with_parts(part, entry) for part in given]
    if not isinstance(given, str) or not PLACE.search(given):
        return given
    only = PLACE.fullmatch(given)
    value = at(entry, only[1]) if only else None
    return value if isinstance(value, str | int | float) else PLACE.sub(lambda place: line(at(entry, place[1])), given)
