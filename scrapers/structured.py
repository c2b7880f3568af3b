"""What a page states of itself in machine form: JSON-LD and microdata of schema.org, OpenGraph as the weakest.

A page's items become title, body and labelled facts. Nothing is ever fetched: contexts are not looked up. Broken
markup beside good is skipped. Prose belongs to ``article``; which pages are asked for, to the platforms.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from scrapers.text import Node, plain_line
from scrapers.urls import absolute_url

STRONG = {
    "JobPosting": 0,
    "MonetaryGrant": 0,
    "Grant": 0,
    "EducationalOccupationalProgram": 0,
    "WorkBasedProgram": 0,
    "Course": 1,
    "CourseInstance": 2,
    "Event": 1,
}
"""Types that announce something, the most telling first; every ``…Event`` counts as an Event."""
WEAK = {"BlogPosting": 5, "NewsArticle": 5, "Article": 5, "Report": 5, "WebPage": 8, "ItemPage": 7}
"""Types of pages that may say anything."""

MAX_SCRIPTS, MAX_SCRIPT = 30, 500_000  # of a page; characters of one
MAX_NODES, MAX_DEPTH = 2000, 12  # of all items of a page
MAX_PROPERTIES, MAX_NESTED = 2000, 8  # microdata
MAX_VALUE, MAX_BODY = 300, 200_000  # characters of a fact, of a description
MAX_VALUES = 10  # of one property

_MODES = {"offline": "on site", "online": "online", "mixed": "on site and online"}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MARKUP = re.compile(r"</?(p|br|div|ul|ol|li|h[1-6]|a|b|strong|em|i|span|table)\b[^>]{0,300}>", re.IGNORECASE)
_OFFSET = re.compile(r"UTC[+-]\d{2}:\d{2}")


@dataclass(frozen=True)
class Item:
    """One thing a page announces."""

    kind: str  # its schema.org type
    title: str
    html: str = ""  # its description
    facts: dict[str, str] = field(default_factory=dict)  # label → value
    url: str | None = None
    language: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None

    @property
    def is_strong(self) -> bool:
        """Whether its type announces something, rather than being any page."""
        return _rank(self.kind) < min(WEAK.values())


class _Given(NamedTuple):
    kind: str
    values: dict[str, Any]


def items(page: Node, url: str) -> list[Item]:
    """The items of the field on a page, the most telling first, then in the page's order."""
    nodes = [*_json_ld(page), *_microdata(page, url)]
    given = list(_typed(nodes))
    ranked = sorted(given, key=lambda one: _rank(one.kind))
    found = [item for one in ranked if (item := _item(one, url)).title]
    return list({(item.kind, item.title, item.url): item for item in reversed(found)}.values())[::-1]


def head(page: Node, url: str) -> Item:
    """The least a page says of itself: OpenGraph, else its only heading or ``<title>``, and the description's meta."""
    told: dict[str, str] = {}
    for meta in page.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()
        if name and len(told) < MAX_NODES:
            told.setdefault(name, " ".join((meta.get("content") or "").split())[:5000])
    headings = [line for part in page.iter("h1") if (line := " ".join(part.text_content().split()))]
    own = headings[0] if len(headings) == 1 else next((part.text or "" for part in page.iter("title")), "")
    return Item(
        kind="WebPage",
        title=plain_line(told.get("og:title") or own[:1000]),
        html=_markup(told.get("og:description") or told.get("description") or ""),
        url=absolute_url(url, told.get("og:url", "")) if told.get("og:url") else None,
        language=told.get("og:locale"),
        published_at=instant(told.get("article:published_time")),
        modified_at=instant(told.get("article:modified_time") or told.get("og:updated_time")),
    )


def moment(value: Any) -> str:
    """A date or date-time as a fact says it: no hour where midnight is written, the zone where one is; else as given."""
    text = " ".join(value.split())[:MAX_VALUE] if isinstance(value, str) else ""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return text
    if not _DATE.match(text):
        return text
    if not (parsed.hour or parsed.minute or parsed.second):
        return f"{parsed:%Y-%m-%d}"
    zone = parsed.tzname() or ""
    return f"{parsed:%Y-%m-%d %H:%M}" + (f" ({zone})" if zone == "UTC" or _OFFSET.fullmatch(zone) else "")


def instant(value: Any) -> datetime | None:
    """An ISO date-time as an instant; UTC where no zone is told."""
    try:
        parsed = datetime.fromisoformat(value.strip()) if isinstance(value, str) else None
        if parsed is None:
            return None
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


# -- reading the page


def _json_ld(page: Node) -> Iterator[Any]:
    """The values of the page's JSON-LD scripts; a broken one is no reason to lose the others."""
    from extruct.jsonld import JsonLdExtractor  # a third of a second that few sources need

    extractor = JsonLdExtractor()
    scripts = [part for part in page.iter("script") if "ld+json" in (part.get("type") or "").lower()]
    for script in scripts[:MAX_SCRIPTS]:
        if len(script.text or "") > MAX_SCRIPT:
            continue
        script.set("type", "application/ld+json")  # it looks for that spelling only
        try:
            yield from extractor.extract_items(script)
        except (ValueError, RecursionError, IndexError, TypeError, AttributeError):
            continue


def _microdata(page: Node, url: str) -> Iterator[Any]:
    """The page's microdata as JSON-LD would say it; none where it nests as no page does."""
    marked = page.xpath("//*[@itemprop]")
    if not marked or len(marked) > MAX_PROPERTIES:
        return
    if any(sum(1 for above in part.iterancestors() if above.get("itemprop")) > MAX_NESTED for part in marked):
        return
    from extruct.w3cmicrodata import MicrodataExtractor

    try:
        found = MicrodataExtractor(strict=True).extract_items(page, url)
    except (ValueError, RecursionError, TypeError, AttributeError, KeyError):
        return
    for item in found:
        yield _as_json_ld(item, 0)


def _as_json_ld(item: Any, depth: int) -> Any:
    if not isinstance(item, dict) or depth > MAX_DEPTH:
        return item if isinstance(item, str) else None
    values = item.get("properties") or {}
    plain = {name: [_as_json_ld(one, depth + 1) for one in given[:MAX_VALUES]] for name, given in values.items()}
    return {**plain, "@type": item.get("type") or []}


def _typed(values: list[Any]) -> Iterator[_Given]:
    """Every node of the field: those of lists, of ``@graph``, and what a page or an item list is about."""
    waiting: list[tuple[Any, int]] = [(value, 0) for value in reversed(values)]
    seen = 0
    while waiting and seen < MAX_NODES:
        value, depth = waiting.pop()
        seen += 1
        if isinstance(value, list):
            waiting.extend((one, depth + 1) for one in reversed(value[:MAX_NODES]) if depth < MAX_DEPTH)
        elif isinstance(value, dict):
            for kind in _kinds(value):
                yield _Given(kind, value)
                break
            inner = [
                value.get(name)
                for name in ("@graph", "mainEntity", "mainEntityOfPage", "about", "itemListElement", "item")
            ]
            waiting.extend(
                (one, depth + 1) for one in reversed(inner) if isinstance(one, (dict, list)) and depth < MAX_DEPTH
            )


def _kinds(value: dict[str, Any]) -> list[str]:
    """The types of a node that the field knows, the most telling first."""
    given = value.get("@type")
    names = [str(name).rstrip("/").rpartition("/")[2].rpartition(":")[2] for name in _list(given)]
    known = [name for name in names if _rank(name) < 99]
    return sorted(known, key=_rank)


def _rank(kind: str) -> int:
    if kind.endswith("Event"):
        return STRONG["Event"]
    return STRONG.get(kind, WEAK.get(kind, 99))


# -- a node's parts


def _item(given: _Given, url: str) -> Item:
    kind, values = given
    names = ("title", "name", "headline") if kind == "JobPosting" else ("name", "headline", "title")
    bodies = ("articleBody", "description", "text") if _rank(kind) >= min(WEAK.values()) else ("description", "text")
    where = next((_text(one) for one in _list(values.get("url")) if _text(one)), "")
    return Item(
        kind=kind,
        title=next((title for name in names if (title := plain_line(_text(values.get(name))))), ""),
        html=next((_markup(body) for name in bodies if (body := _text(values.get(name), MAX_BODY, lines=True))), ""),
        facts=dict(_facts(values, kind)),
        url=absolute_url(url, where) if where else None,
        language=_language(values.get("inLanguage")),
        published_at=instant(_text(values.get("datePosted") or values.get("datePublished"))),
        modified_at=instant(_text(values.get("dateModified"))),
    )


def _facts(values: dict[str, Any], kind: str) -> Iterator[tuple[str, str]]:
    """The labelled facts of a node, each label once."""
    if kind == "JobPosting":
        dates = [("Deadline", "validThrough"), ("Starts", "jobStartDate")]
    else:
        dates = [
            ("Applications open", "applicationStartDate"),
            ("Deadline", "applicationDeadline"),
            ("Valid through", "validThrough"),
            ("Starts", "startDate"),
            ("Ends", "endDate"),
        ]
    instance = next((one for one in _list(values.get("hasCourseInstance")) if isinstance(one, dict)), {})
    for label, name in dates:
        if told := moment(_text(values.get(name)) or _text(instance.get(name))):
            yield label, told
    places = _list(values.get("jobLocation")) or _list(values.get("location")) or _list(instance.get("location"))
    named = {
        "Location": [_place(one, 0) for one in places],
        "Attendance": [_mode(one) for one in _list(values.get("eventAttendanceMode") or instance.get("courseMode"))],
        "Status": [_status(one) for one in _list(values.get("eventStatus"))],
        "Organiser": [_name(one) for one in _list(values.get("organizer"))],
        "Funder": [_name(one) for one in _list(values.get("funder")) or _list(values.get("sponsor"))],
        "Provider": [_name(one) for one in _list(values.get("provider"))],
        "Organisation": [_name(one) for one in _list(values.get("hiringOrganization"))],
        "Amount": [_money(one, 0) for one in _list(values.get("amount"))],
        "Salary": [_money(one, 0) for one in _list(values.get("baseSalary"))],
        "Eligible locations": [_place(one, 0) for one in _list(values.get("applicantLocationRequirements"))],
        "Identifier": [_identifier(one) for one in _list(values.get("identifier"))] if kind != "WebPage" else [],
    }
    for label, given in named.items():
        told = "; ".join(dict.fromkeys(one for one in given[:MAX_VALUES] if one))
        if told:
            yield label, told[: 3 * MAX_VALUE]


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(value: Any, limit: int = MAX_VALUE, *, lines: bool = False) -> str:
    """A property's text: a string, a number, the first of a list, or the ``@value`` of a language-tagged one."""
    for _ in range(3):
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, dict):
            value = value.get("@value")
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    text = str(value)[:limit].strip()
    return text if lines else " ".join(text.split())


def _markup(text: str) -> str:
    """A description as HTML: markup as it is, escaped markup unescaped once, plain text with its lines."""
    if not _MARKUP.search(text):
        unescaped = html.unescape(text)
        if not _MARKUP.search(unescaped):
            return "<br>".join(html.escape(line, quote=False) for line in unescaped.splitlines())
        return unescaped
    return text


def _name(value: Any) -> str:
    if isinstance(value, dict):
        return plain_line(_text(value.get("name") or value.get("legalName")))
    return "" if _text(value).startswith(("http://", "https://")) else plain_line(_text(value))


def _identifier(value: Any) -> str:
    return plain_line(_text(value.get("value")) if isinstance(value, dict) else _text(value))


def _place(value: Any, depth: int) -> str:
    """A place's name, town and country on one line."""
    if not isinstance(value, dict) or depth > 3:
        return _name(value) if not isinstance(value, dict) else ""
    if any(str(kind).endswith("VirtualLocation") for kind in _list(value.get("@type"))):
        return "online"
    address = next(iter(_list(value.get("address"))), None)
    inner = _place(address, depth + 1) if address is not None else ""
    own = [_name(value), *(_name(value.get(name)) for name in ("addressLocality", "addressRegion", "addressCountry"))]
    return ", ".join(dict.fromkeys(part for part in [*own, inner] if part))


def _mode(value: Any) -> str:
    """``https://schema.org/OnlineEventAttendanceMode`` and the like in words."""
    told = _text(value).rpartition("/")[2].removesuffix("EventAttendanceMode")
    return _MODES.get(told.lower(), told)


def _status(value: Any) -> str:
    """Cancelled, postponed, moved online; that it takes place as planned is no news."""
    told = _text(value).rpartition("/")[2].removeprefix("Event").lower()
    return "" if told == "scheduled" else told


def _money(value: Any, depth: int) -> str:
    """An amount with its currency: "EUR 1500", "EUR 1000 - 2000 (MONTH)"."""
    if not isinstance(value, dict) or depth > 2:
        return "" if isinstance(value, dict) else _text(value)
    currency, inner = _text(value.get("currency") or value.get("currencyCode")), value.get("value")
    inner = inner[0] if isinstance(inner, list) and inner else inner
    if isinstance(inner, dict):
        told = _money(inner, depth + 1)
    else:
        least, most = _number(value.get("minValue")), _number(value.get("maxValue"))
        span = f"{least} - {most}" if least and most and least != most else most or least
        told = _number(inner) or span
    unit = _text(value.get("unitText"))
    told = f"{told} ({unit})" if told and unit and "(" not in told else told
    return f"{currency} {told}".strip() if told else ""


def _number(value: Any) -> str:
    """A plain number with thousands separators; anything else as it is written."""
    text = _text(value)
    if not re.fullmatch(r"\d{1,15}(\.\d{1,2})?", text):
        return text
    number = Decimal(text)
    return f"{number:,.0f}" if number == number.to_integral_value() else f"{number:,.2f}"


def _language(value: Any) -> str | None:
    given = next(iter(_list(value)), None)
    if isinstance(given, dict):
        given = given.get("alternateName") or given.get("name")
    return _text(given) or None
