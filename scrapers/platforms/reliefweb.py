"""ReliefWeb's API, version 2: jobs and training. Its RSS is a ``feed``.

Every call carries an ``appname`` that ReliefWeb has approved by hand: ``access.query`` of the source file names the
environment variable that holds it. An item's key is ReliefWeb's id. Format: https://apidoc.reliefweb.int/ .
"""

from datetime import datetime
from typing import Any

from scrapy import Request
from scrapy.http import Response

from scrapers.outcome import Outcome
from scrapers.platforms.api import ApiSpider
from scrapers.platforms.found import Found
from scrapers.platforms.jsonpath import plain, word
from scrapers.platforms.options.reliefweb import ReliefWebOptions
from scrapers.platforms.values import listed, number, record, records
from scrapers.run import ChangedShape, Malformed
from scrapers.urls import absolute_url

APPROVAL = "https://apidoc.reliefweb.int/parameters#appname"
COMMON = ["title", "url", "body-html", "date.created", "date.changed", "country.name", "city.name", "source.name"]
COMMON += ["theme.name", "type.name", "career_categories.name"]
OWN = {
    "jobs": ["date.closing", "experience.name", "how_to_apply-html"],
    "training": [
        *["date.registration", "date.start", "date.end", "format.name", "cost", "fee_information"],
        *["training_language.name", "how_to_register-html", "event_url"],
    ],
}
NAMES = {
    "source": "Organization",
    "country": "Country",
    "city": "City",
    "type": "Type",
    "format": "Format",
    "career_categories": "Career categories",
    "experience": "Experience",
    "theme": "Themes",
    "training_language": "Language",
}
DATES = {
    "closing": "Closing date",
    "registration": "Registration deadline",
    "start": "Start date",
    "end": "End date",
}


class ReliefWebSpider(ApiSpider[ReliefWebOptions]):
    """Walks jobs or training, newest first."""

    platform = "reliefweb"
    version = 1

    def ask_page(self, page: int, previous: Any) -> Request | None:
        """The next page, the newest item first."""
        options = self.options
        wanted = {"country.iso3": options.countries, "type.name": options.types}
        conditions = [{"field": field, "value": values, "operator": "OR"} for field, values in wanted.items() if values]
        payload: dict[str, Any] = {
            "fields": {"include": [*COMMON, *OWN[options.content]]},
            "sort": ["date.created:desc"],
            "limit": options.limit,
            "offset": (page - 1) * options.limit,
        }
        if conditions:
            payload["filter"] = {"operator": "AND", "conditions": conditions}
        url = f"{self.source.url.rstrip('/')}/{options.content}"
        return self.ask(url, self.parse_page, payload=payload, page=page)

    def total(self, answer: Any) -> int | None:
        """What matches the filter."""
        return int(number(record(answer).get("totalCount")))

    def entries(self, answer: Any, response: Response) -> list[Any]:
        """The items of a page."""
        data = record(answer).get("data")
        if not isinstance(data, list):
            raise ChangedShape(f"{response.url}: la respuesta no tiene data")
        return data

    def read_entry(self, entry: Any, response: Response) -> Found | None:
        """A job or training. Raises Malformed for one without id or title."""
        fields = record(record(entry).get("fields"))
        key, title = word(record(entry).get("id")), plain(word(fields.get("title")))
        if not key or not title:
            raise Malformed(f"un elemento no tiene id o título: {key} {title}")
        dates = record(fields.get("date"))
        how = word(fields.get("how_to_apply-html")) or word(fields.get("how_to_register-html"))
        body = [word(fields.get("body-html"))]
        if how:
            body.append(f"<h2>How to {'apply' if self.options.content == 'jobs' else 'register'}</h2>{how}")
        facts: dict[str, str | None] = {
            label: listed(one.get("name") for one in _many(fields.get(name))) for name, label in NAMES.items()
        }
        facts |= {label: _when(dates.get(name)) for name, label in DATES.items()}
        facts |= {"Cost": plain(word(fields.get("cost"))), "Fee": plain(word(fields.get("fee_information")))}
        facts["Event page"] = absolute_url("", word(fields.get("event_url")))
        return self.found(
            response,
            key=key,
            title=title,
            url=absolute_url("", word(fields.get("url"))) or f"https://reliefweb.int/node/{key}",
            html="\n".join(body),
            facts=facts,
            published_at=_instant(dates.get("created")),
            modified_at=_instant(dates.get("changed")),
        )

    def classify(self, error: BaseException | None, request: Request) -> tuple[Outcome, str]:
        """As everywhere; a refusal says what ReliefWeb refuses nearly always."""
        outcome, detail = super().classify(error, request)
        if outcome in ("blocked", "credentials"):
            detail += f" Pida la aprobación del appname en {APPROVAL} y póngalo en la variable que nombra access.query."
        return outcome, detail


def _many(value: Any) -> list[dict[str, Any]]:
    """The API gives one object where a field has one value, else an array."""
    return records(value if isinstance(value, list) else [value])


def _instant(value: Any) -> datetime | None:
    try:
        instant = datetime.fromisoformat(word(value))
    except ValueError:
        return None
    return instant if instant.tzinfo else None


def _when(value: Any) -> str:
    """A day, with its hour and offset unless it is midnight, which is no hour."""
    instant = _instant(value)
    if instant is None:
        return ""
    day = instant.date().isoformat()
    return day if not (instant.hour or instant.minute) else f"{day} {instant:%H:%M} ({instant.tzname()})"
