"""The search of the EU Funding & Tenders Portal (SEDIA): topics, calls for proposals and cascade calls.

A topic's key is its identifier. A cascade call's is its reference without the language: all the calls of one project
carry its topic's identifier, title and link, and only ``callTitle``, ``caName`` and the reference are their own. The
same entry in several languages is one item, in the first language of the options.

The index writes ``+0000`` after every date. A topic that closes at an hour of Brussels stands there at midnight, so
midnight is no hour. Hours of cascade calls are partly UTC and partly Brussels': they are told as Brussels', which is
the earlier of the two, so that nobody comes late. Topics stay "open" years after their last deadline: what has none
left at the crawl's instant is listed and gives no notice, unless the options say ``past``.

Only a body of JSON parts filters; other bodies are answered with everything. Results end at 10,000.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import datetime, time
from typing import Any
from urllib.parse import quote, urlencode, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from scrapy import Request
from scrapy.http import Response

from scrapers.platforms.api import ApiSpider
from scrapers.platforms.base import Output
from scrapers.platforms.found import Found
from scrapers.platforms.jsonpath import plain, word
from scrapers.platforms.options.sedia import SediaOptions
from scrapers.platforms.values import amount, listed, number, record, records
from scrapers.run import ChangedShape, Malformed
from scrapers.urls import absolute_url

PORTAL = "https://ec.europa.eu/info/funding-tenders/opportunities"
WINDOW = 10_000  # results that the search gives at most
ZONE = "Europe/Brussels"
STATUSES = {"31094501": "forthcoming", "31094502": "open", "31094503": "closed"}
TOPIC, CASCADE = "1", "8"
PROGRAMMES = {
    "43108390": "Horizon Europe",
    "43152860": "Digital Europe",
    "43252405": "LIFE",
    "43251589": "Citizens, Equality, Rights and Values (CERV)",
    "43251814": "Creative Europe",
    "43353764": "Erasmus+",
    "43254037": "European Solidarity Corps",
    "43252476": "Single Market Programme",
    "111111": "EU External Action",
    "44181033": "European Defence Fund",
    "43298916": "Euratom",
    "43251567": "Connecting Europe Facility",
    "43252386": "Justice Programme",
}  # the portal's own codes; one that is not here is not told
FIELDS = [
    "identifier", "title", "callIdentifier", "callTitle", "caName", "status", "type", "startDate", "deadlineDate", "deadlineModel",
    "frameworkProgramme", "typesOfAction", "keywords", "budget", "budgetOverview", "descriptionByte", "description",
    "topicConditions", "beneficiaryAdministration", "destinationDetails", "projectAcronym", "projectName", "url", "language",
]  # fmt: skip
MAX_DEADLINES, MAX_KEYWORDS = 50, 20
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d))?")


class SediaSpider(ApiSpider[SediaOptions]):
    """Searches; reads each topic's own answer where the options say so."""

    platform = "sedia"
    version = 1

    def ask_page(self, page: int, previous: Any) -> Request | None:
        """The next page, until all results are read or the search gives no more."""
        size = self.options.page_size
        if previous is not None and (page - 1) * size >= min(_total(previous), WINDOW):
            return None
        parts = urlsplit(self.source.url)
        query = "&".join(filter(None, [parts.query, urlencode({"pageSize": size, "pageNumber": page})]))
        return self.ask(urlunsplit(parts._replace(query=query)), self.parse_page, content=self._body(), page=page)

    def _body(self) -> tuple[str, str]:
        options = self.options
        codes = {name: code for code, name in STATUSES.items()}
        must = [{"terms": {"type": options.types}}, {"terms": {"status": [codes[one] for one in options.statuses]}}]
        must.append({"terms": {"DATASOURCE": ["SEDIA"]}})  # not the copies of an earlier system
        if options.programmes:
            must.append({"terms": {"frameworkProgramme": options.programmes}})
        return json_parts(
            {
                "query": {"bool": {"must": must}},
                "languages": options.languages,
                "sort": {"order": "DESC", "field": "startDate"},
                "displayFields": FIELDS,
            }
        )

    def entries(self, answer: Any, response: Response) -> list[Any]:
        """The results of a page, each entry in its best language."""
        results = record(answer).get("results")
        if not isinstance(results, list) and record(answer).get("type") == "throwable":
            told = plain(word(record(answer).get("message")))[:200]
            raise Malformed(f"{response.url} respondió un error: {told}")
        if not isinstance(results, list):
            raise ChangedShape(f"{response.url}: la respuesta no tiene results")
        self._tell_gaps(_total(answer), len(results))
        best: dict[str, dict[str, Any]] = {}
        for result in results:
            key = _key(result)
            if not key:
                self.run.fail_item("malformed", f"{response.url}: un resultado no tiene identifier ni reference")
            elif key not in best or self._rank(result) < self._rank(best[key]):
                best[key] = result
        return list(best.values())

    def _tell_gaps(self, total: int, count: int) -> None:
        if total and not count:
            self.run.fail("malformed", f"La búsqueda da {total} resultados y una de sus páginas vino vacía.")
        readable = min(WINDOW, self.options.page_size * self.options.pages)
        if self.source.complete_listing and total > readable:
            told = f"La búsqueda da {total} resultados y solo pueden leerse {readable}"
            self.run.fail("failed", f"{told}: divida la fuente con options.programmes, o suba options.pages.")

    def _rank(self, result: dict[str, Any]) -> int:
        language, languages = _language(result), self.options.languages
        return languages.index(language) if language in languages else len(languages)

    def read_entry(self, entry: Any, response: Response) -> Found | None:
        """A topic or call as the search tells it. Raises Malformed for one without a title."""
        given = _metadata(entry)
        is_cascade = _first(given, "type") == CASCADE
        summary = word(entry.get("summary"))
        own = [_first(given, "callTitle"), _first(given, "caName"), summary, _first(given, "title")]
        named = own if is_cascade else [_first(given, "title"), summary, _first(given, "callTitle")]
        title = next((line for line in map(plain, named) if line), "")
        if not title:
            raise Malformed(f"{_key(entry)} no tiene título")
        texts = ["descriptionByte", "description", "topicConditions", "beneficiaryAdministration", "destinationDetails"]
        written = [markup for name in texts if (markup := _first(given, name))]
        return self.found(
            response,
            key=_key(entry),
            title=title,
            url=_page(entry, given, response),
            html="\n".join(dict.fromkeys(written)),
            facts=[*_facts(given, is_cascade), *_deadlines(given), *_money(given)],
            language=_language(entry),
        )

    def wants(self, found: Found, entry: Any) -> bool:
        """Not what has no deadline left; it is still there, though."""
        if not super().wants(found, entry):
            return False
        moments = [_moment(value) for value in _values(_metadata(entry), "deadlineDate")]
        ends = [moment for moment in moments if moment]
        if self.options.past or not ends or max(ends) >= self.run.as_of:
            return True
        if self.run.known.has(found.item_key):
            self.run.sighted(found.item_key)
        return False

    def ask_detail(self, found: Found, entry: Any) -> Request | None:
        """A topic's own answer."""
        identifier = _first(_metadata(entry), "identifier")
        if not self.options.details or _first(_metadata(entry), "type") != TOPIC or not identifier:
            return None
        url = f"{PORTAL}/data/topicDetails/{quote(identifier.lower(), safe='')}.json"
        return self.ask(url, self.parse_detail, item_key=found.item_key, found=found)

    def parse_detail(self, response: Response, found: Found) -> Output:
        """A topic's own answer: its description and conditions, and what the search did not tell."""
        topic = record(record(self.json(response)).get("TopicDetails"))
        if word(topic.get("identifier")).upper() != found.item_key.upper():
            raise ChangedShape(f"{response.url}: no es el detalle de {found.item_key}")
        actions = records(topic.get("actions"))
        moments = [_epoch(moment) for action in actions for moment in _array(action.get("deadlineDates"))]
        told = {hint.label for hint in found.hints}
        facts = [
            ("Opening date", _shown(_epoch(actions[0].get("plannedOpeningDate")) if actions else "")),
            *([] if any("eadline" in label or "Cut-off" in label for label in told) else _dated("", moments)),
            *_budget(record(topic.get("budgetOverviewJSONItem")), found.item_key),
        ]
        html = "\n".join(filter(None, [word(topic.get("description")), word(topic.get("conditions"))]))
        new = [(label, value) for label, value in facts if label not in told]
        whole = self.with_detail(found, response, html=html, facts=new, language="en")
        yield from self.notices(whole, roundups=False)


def json_parts(parts: dict[str, Any]) -> tuple[str, str]:
    """Content type and body of a multipart form whose parts are JSON; equal parts give equal bytes."""
    bodies = {name: json.dumps(value, ensure_ascii=True, sort_keys=True) for name, value in parts.items()}
    boundary = hashlib.sha256(json.dumps(bodies, sort_keys=True).encode()).hexdigest()[:32]
    lines: list[str] = []
    for name, body in bodies.items():
        disposition = f'Content-Disposition: form-data; name="{name}"; filename="{name}.json"'
        lines += [f"--{boundary}", disposition, "Content-Type: application/json", "", body]
    return f"multipart/form-data; boundary={boundary}", "\r\n".join([*lines, f"--{boundary}--", ""])


def _total(answer: Any) -> int:
    total = record(answer).get("totalResults")
    return total if isinstance(total, int) else 0


def _metadata(result: Any) -> dict[str, Any]:
    return record(record(result).get("metadata"))


def _array(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _values(given: dict[str, Any], name: str) -> list[str]:
    """The values of a field: an array of strings, by promise."""
    return [told for value in _array(given.get(name)) if (told := word(value))]


def _first(given: dict[str, Any], name: str) -> str:
    return next(iter(_values(given, name)), "")


def _language(result: Any) -> str:
    reference = word(record(result).get("reference"))
    return word(record(result).get("language")) or (
        found[1] if (found := re.search(r"[A-Z]([a-z]{2})$", reference)) else ""
    )


def _key(result: Any) -> str:
    given = _metadata(result)
    stem = re.sub(r"(?<=[A-Z])[a-z]{2}$", "", word(record(result).get("reference")))
    return stem if _first(given, "type") == CASCADE else _first(given, "identifier") or stem


def _page(result: dict[str, Any], given: dict[str, Any], response: Response) -> str:
    """The page for people; the index also names JSON answers, nothing, and a cascade call's topic."""
    if own := re.match(r"(\d+)COMPETITIVE_CALL", word(result.get("reference"))):
        return f"{PORTAL}/portal/screen/opportunities/competitive-calls-cs/{own[1]}"
    for told in (word(result.get("url")), _first(given, "url")):
        url = absolute_url(response.url, told) if told else None
        if url and (urlsplit(url).hostname or "").endswith(".europa.eu") and not urlsplit(url).path.endswith(".json"):
            return url
    identifier = _first(given, "identifier")
    if _first(given, "type") == TOPIC and identifier:
        return f"{PORTAL}/portal/screen/opportunities/topic-details/{quote(identifier, safe='')}"
    return f"{PORTAL}/portal/screen/home"


def _facts(given: dict[str, Any], is_cascade: bool) -> Iterator[tuple[str, str]]:
    # a cascade call must not carry its topic's number as its own: several calls share it
    yield "Funded under" if is_cascade else "Topic", _first(given, "identifier")
    call = dict.fromkeys(filter(None, [plain(_first(given, "callTitle")), _first(given, "callIdentifier")]))
    if not is_cascade:
        yield "Call", " — ".join(call)
    project = dict.fromkeys(filter(None, [plain(_first(given, "projectName")), _first(given, "projectAcronym")]))
    yield "Project", " — ".join(project)
    yield "Programme", PROGRAMMES.get(_first(given, "frameworkProgramme"), "")
    yield "Type of action", listed(_values(given, "typesOfAction"))
    yield "Status", STATUSES.get(_first(given, "status"), "")
    yield "Keywords", listed(_values(given, "keywords")[:MAX_KEYWORDS])
    yield "Opening date", _shown(_first(given, "startDate"))


def _deadlines(given: dict[str, Any]) -> list[tuple[str, str]]:
    return _dated(_first(given, "deadlineModel"), _values(given, "deadlineDate"))


def _dated(model: str, values: list[str]) -> list[tuple[str, str]]:
    """All deadlines in order, the past ones too, under labels that say what each is."""
    days = sorted({shown for value in values if (shown := _shown(value))})[:MAX_DEADLINES]
    if len(days) == 2 and model.startswith("two"):
        return list(zip(["First stage deadline", "Second stage deadline"], days, strict=True))
    label = "Cut-off date" if "cut" in model or (len(days) > 1 and not model) else "Deadline"
    return [(label, day) for day in days]


def _money(given: dict[str, Any]) -> list[tuple[str, str]]:
    own = amount("EUR", _first(given, "budget"))
    if own:
        return [("Budget", own)]
    try:
        overview = json.loads(_first(given, "budgetOverview") or "{}")
    except (ValueError, RecursionError):
        return []
    return _budget(record(overview), _first(given, "identifier"))


def _budget(overview: dict[str, Any], identifier: str) -> list[tuple[str, str]]:
    """A topic's part of its call's budget table, whose rows name all the topics of the call."""
    for row in record(overview.get("budgetTopicActionMap")).values():
        actions = records(row)
        own = [one for one in actions if word(one.get("action")).split(" - ")[0].upper() == identifier.upper()]
        if not own:
            continue
        years = sum(number(value) for value in record(own[0].get("budgetYearMap")).values())
        # topics of one row share one sum
        shared = len({word(one.get("action")).split(" - ")[0] for one in actions}) > 1
        least, most = amount("EUR", own[0].get("minContribution")), amount("EUR", own[0].get("maxContribution"))
        return [
            ("Budget shared by several topics" if shared else "Budget", amount("EUR", str(years))),
            ("Minimum contribution", least),
            ("Maximum contribution", most),
            ("Expected number of grants", f"{number(own[0].get('expectedGrants')) or ''}"),
        ]
    return []


def _shown(value: str) -> str:
    """A date as a reader sees it, with its hour where it has one."""
    if _moment(value) is None or not (found := _DATE.match(value)):
        return ""
    day, hour = found.groups()
    return day if hour in (None, "00:00") else f"{day} {hour} ({ZONE})"


def _moment(value: str) -> datetime | None:
    """The instant at which a deadline has passed: its hour, else the end of its day."""
    found = _DATE.match(value)
    if found is None:
        return None
    day, hour = found.groups()
    try:
        at = time(23, 59, 59) if hour in (None, "00:00") else time.fromisoformat(hour)
        return datetime.combine(datetime.fromisoformat(day).date(), at, ZoneInfo(ZONE))
    except ValueError:
        return None


def _epoch(value: Any) -> str:
    """Milliseconds since 1970 as the index writes dates."""
    try:
        return datetime.fromtimestamp(int(word(value)) / 1000, ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M")
    except (ValueError, OverflowError, OSError):
        return ""
