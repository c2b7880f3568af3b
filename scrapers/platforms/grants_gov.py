"""Grants.gov: the search by keyword, agency or applicant, and each opportunity's own answer.

A search takes one keyword: several are several walks, whose hits are one item each by the opportunity's id. A hit has
neither text nor amounts; its own answer is asked when the hit is new or shows something else than before. Errors come
with status 200 and an ``errorcode``. ``agencyName`` and the contact fields name persons: they are not read.
Format: https://grants.gov/api/common/search2 and https://grants.gov/api/common/fetchopportunity .
"""

import dataclasses
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
from typing import Any

from scrapy import Request
from scrapy.http import Response

from scrapers.notice import Hint
from scrapers.platforms.api import ApiSpider
from scrapers.platforms.base import Output
from scrapers.platforms.found import Found
from scrapers.platforms.jsonpath import plain, word
from scrapers.platforms.options.grants_gov import GrantsGovOptions
from scrapers.platforms.values import amount, listed, number, record, records
from scrapers.run import ChangedShape, Malformed
from scrapers.urls import absolute_url

SITE = "https://www.grants.gov"
ATTACHMENT = "https://grants.gov/grantsws/rest/opportunity/att/download"
DEADLINES, DETAILS = ("Deadline", "Estimated deadline"), "Deadline details"
MAX_ATTACHMENTS, MAX_DETAILS = 50, 1000  # links, characters
_HOUR = re.compile(
    r"\d{1,2}(:\d\d)?(:\d\d)? ?[ap]\.?m\b\.?,? ?\(?((?-i:E[SD]?T\b)|(US |U\.S\. )?Eastern( Standard| Daylight)?( Time)?)\)?",
    re.IGNORECASE,
)


class GrantsGovSpider(ApiSpider[GrantsGovOptions]):
    """Walks the hits of each keyword, then reads the opportunities."""

    platform = "grants_gov"
    version = 1

    def first_requests(self) -> Iterable[Request]:
        """The first page of each keyword."""
        walks = [self.ask_page(1, None, keyword) for keyword in self.options.keywords or [""]]
        return [request for request in walks if request]

    def ask_page(self, page: int, previous: Any, keyword: str = "") -> Request | None:
        """Hits of a keyword, the newest opportunity first."""
        options = self.options
        asked = {
            "keyword": keyword,
            "oppStatuses": "|".join(options.statuses),
            "agencies": "|".join(options.agencies),
            "eligibilities": "|".join(options.eligibilities),
            "fundingCategories": "|".join(options.funding_categories),
            "rows": options.rows,
            "startRecordNum": (page - 1) * options.rows,
            "sortBy": "openDate|desc",
        }
        payload = {name: value for name, value in asked.items() if value != ""}
        return self.ask(self._address("search2"), self.parse_page, payload=payload, page=page, keyword=keyword)

    def total(self, answer: Any) -> int | None:
        """The hits of the keyword."""
        return int(number(record(record(answer).get("data")).get("hitCount")))

    def _address(self, service: str) -> str:
        return f"{self.source.url.rstrip('/')}/{service}"

    def entries(self, answer: Any, response: Response) -> list[Any]:
        """The hits of a page."""
        hits = _data(answer, response).get("oppHits")
        if not isinstance(hits, list):
            raise ChangedShape(f"{response.url}: la respuesta no tiene oppHits")
        return hits

    def read_entry(self, entry: Any, response: Response) -> Found | None:
        """What a hit tells of an opportunity. Raises Malformed for one without id or title."""
        hit = record(entry)
        key, title = word(hit.get("id")), plain(word(hit.get("title")))
        if not key.isdecimal() or not title:
            raise Malformed(f"un resultado no tiene id o título: {key} {title}")
        is_forecast = word(hit.get("docType")) == "forecast"
        facts = {
            "Opportunity number": plain(word(hit.get("number"))),
            "Agency": plain(word(hit.get("agency"))),
            "Status": word(hit.get("oppStatus")),
            "Estimated opening date" if is_forecast else "Opening date": _day(hit.get("openDate")),
            DEADLINES[is_forecast]: _day(hit.get("closeDate")),
        }
        return self.found(response, key=key, title=title, url=f"{SITE}/search-results-detail/{key}", facts=facts)

    def categories(self, entry: Any) -> list[str]:
        """The agency and its code."""
        return [word(record(entry).get(name)) for name in ("agency", "agencyCode")]

    def ask_detail(self, found: Found, entry: Any) -> Request | None:
        """The opportunity's own answer."""
        payload = {"opportunityId": int(found.item_key)}
        address = self._address("fetchOpportunity")
        return self.ask(address, self.parse_detail, item_key=found.item_key, payload=payload, found=found)

    def parse_detail(self, response: Response, found: Found) -> Output:
        """The opportunity's own answer: its text, who may apply, how much, and its documents."""
        data = _data(self.json(response), response)
        if word(data.get("id")) != found.item_key:
            raise ChangedShape(f"{response.url}: no es el detalle de {found.item_key}")
        body = record(data.get("synopsis")) or record(data.get("forecast"))
        if not body:
            raise ChangedShape(f"{response.url}: {found.item_key} no tiene synopsis ni forecast")
        told = {hint.label for hint in found.hints}
        facts = {label: value for label, value in _facts(data, body).items() if label not in told}
        whole = self.with_detail(found, response, html=_html(data, body), facts=facts)
        yield from self.notices(dataclasses.replace(whole, hints=_with_hour(whole.hints)), roundups=False)


def _with_hour(hints: tuple[Hint, ...]) -> tuple[Hint, ...]:
    """The hints with the deadline's hour behind its day, where the words about it tell one, and its zone."""
    details = next((hint.value for hint in hints if hint.label == DETAILS), "")
    hours = list(_HOUR.finditer(details[:MAX_DETAILS]))
    if len(hours) != 1 or re.search(r"\d{4}|\d/\d", details):  # several rounds, or a date of their own
        return hints
    return tuple(
        Hint(label=hint.label, value=f"{hint.value} {hours[0][0]}") if hint.label in DEADLINES else hint
        for hint in hints
    )


def _data(answer: Any, response: Response) -> dict[str, Any]:
    """What a service answers, which tells its errors with status 200. Raises Malformed or ChangedShape."""
    code, data = record(answer).get("errorcode"), record(answer).get("data")
    if code not in (0, "0", None):
        told = plain(word(record(answer).get("msg")))[:200]
        raise Malformed(f"{response.url} respondió el error {word(code)}: {told}")
    if not isinstance(data, dict):
        raise ChangedShape(f"{response.url}: la respuesta no tiene data")
    return data


def _facts(data: dict[str, Any], body: dict[str, Any]) -> dict[str, str]:
    """The labelled facts of an opportunity; a forecast's dates are estimates and say so."""
    is_forecast = "forecast" in data and not record(data.get("synopsis"))
    deadline = DEADLINES[is_forecast]
    agency = record(data.get("agencyDetails")) or record(body.get("agencyDetails"))
    above = record(data.get("topAgencyDetails")) or record(body.get("topAgencyDetails"))
    sharing = body.get("costSharing")
    listings = [f"{word(one.get('cfdaNumber'))} {word(one.get('programTitle'))}" for one in _listings(data)]
    return {
        "Agency": plain(word(agency.get("agencyName"))),
        "Department": plain(word(above.get("agencyName"))),
        "Funding type": listed(one.get("description") for one in records(body.get("fundingInstruments"))),
        "Category": listed(one.get("description") for one in records(body.get("fundingActivityCategories"))),
        "Assistance listing": listed(listings),
        deadline: _day(body.get("estApplicationResponseDate" if is_forecast else "responseDate")),
        DETAILS: plain(word(body.get("estApplicationResponseDateDesc" if is_forecast else "responseDateDesc"))),
        "Eligible applicants": listed(one.get("description") for one in records(body.get("applicantTypes"))),
        "Cost sharing required": "yes" if sharing is True else "no" if sharing is False else "",
        "Award ceiling": amount("USD", body.get("awardCeiling")),
        "Award floor": amount("USD", body.get("awardFloor")),
        "Total funding": amount("USD", body.get("estimatedFunding")),
        "Expected number of awards": f"{number(body.get('numberOfAwards')) or ''}",
    }


def _listings(data: dict[str, Any]) -> list[dict[str, Any]]:
    return records(data.get("cfdas")) or records(data.get("alns"))


def _html(data: dict[str, Any], body: dict[str, Any]) -> str:
    """The announcement, who may apply in words, and links to its documents."""
    parts = [word(body.get("synopsisDesc")) or word(body.get("forecastDesc"))]
    if eligibility := word(body.get("applicantEligibilityDesc")):
        parts.append(f"<h2>Additional information on eligibility</h2><div>{eligibility}</div>")
    documents = [_link(word(body.get("fundingDescLinkUrl")), word(body.get("fundingDescLinkDesc")))]
    for folder in records(data.get("synopsisAttachmentFolders")):
        for file in records(folder.get("synopsisAttachments"))[:MAX_ATTACHMENTS]:
            if (number_of := word(file.get("id"))).isdecimal():
                named = listed([file.get("fileDescription"), file.get("fileName")])
                documents.append(_link(f"{ATTACHMENT}/{number_of}", named))
    if kept := [link for link in documents if link][:MAX_ATTACHMENTS]:
        parts.append(f"<h2>Documents</h2><ul>{''.join(kept)}</ul>")
    return "\n".join(parts)


def _link(url: str, words: str) -> str:
    where = absolute_url(SITE, url) if url else None
    return f'<li><a href="{escape(where)}">{escape(words or where)}</a></li>' if where else ""


def _day(value: Any) -> str:
    """A day, from ``08/17/2026`` or ``Apr 22, 2025 12:00:00 AM EDT``; the hour of the latter is always midnight's."""
    told = word(value)
    for shape, pattern in (("%m/%d/%Y", r"\d\d?/\d\d?/\d{4}"), ("%b %d, %Y", r"[A-Z][a-z]{2} \d\d?, \d{4}")):
        if found := re.match(pattern, told):
            try:
                return datetime.strptime(found[0], shape).replace(tzinfo=UTC).date().isoformat()
            except ValueError:
                return ""
    return ""
