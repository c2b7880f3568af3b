"""JSON-LD of a note's page: which schema.org type stands for which opportunity type, and what it has beyond a name.

schema.org has no Scholarship and no Award: a scholarship is a MonetaryGrant and an EducationalOccupationalProgram.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.publishing.note import MAX_QUOTES, Note
from boi_pipeline.publishing.structured import SCHEMA, SOURCES, Crumbs, described_page, script_safe
from boi_pipeline.publishing.text import clip, language_tag
from boi_pipeline.publishing.writer import site_root
from boi_pipeline.records import PublicOpportunity

_ATTENDANCE = {
    "offline": "OfflineEventAttendanceMode",
    "online": "OnlineEventAttendanceMode",
    "mixed": "MixedEventAttendanceMode",
}
_TYPES: Mapping[str, str | list[str]] = {
    "scholarship": ["MonetaryGrant", "EducationalOccupationalProgram"],
    "residency": "EducationalOccupationalProgram",
    "course": "Course",
    "event": "Event",
    "placement": "JobPosting",
    "fund": "MonetaryGrant",
    "cooperation": "Grant",
    "award": "MonetaryGrant",
}


def _amount(facts: PublicOpportunity) -> dict[str, Any] | None:
    low, high = facts.min_award_amount, facts.max_award_amount
    if facts.currency is None or (low is None and high is None):
        return None
    amount: dict[str, Any] = {"@type": "MonetaryAmount", "currency": clip(facts.currency, 3)}
    if low is not None and low == high:
        return {**amount, "value": _number(low)}
    bounds = {"minValue": low, "maxValue": high}
    return amount | {name: _number(value) for name, value in bounds.items() if value is not None}


def _number(amount: Decimal) -> str:
    """schema.org Number: no zeros after the point."""
    return f"{amount.normalize():f}"


def _deadline(note: Note) -> str | None:
    coming = [one for one in note.closing.deadlines if one.is_next]
    return coming[0].day.isoformat() if coming else None


def _countries(facts: PublicOpportunity) -> list[str]:
    return [code for code in facts.host_countries if re.fullmatch("[A-Z]{2}", code)]


def _where(facts: PublicOpportunity, url: str) -> list[dict[str, Any]]:
    """Where an event is: countries, and the page of one that can be followed from anywhere."""
    found: list[dict[str, Any]] = [{"@type": "Country", "name": code} for code in _countries(facts)]
    if facts.attendance_mode in ("online", "mixed"):
        found.append({"@type": "VirtualLocation", "url": url})
    return found


def _workplaces(facts: PublicOpportunity) -> list[dict[str, Any]]:
    return [
        {"@type": "Place", "address": {"@type": "PostalAddress", "addressCountry": code}} for code in _countries(facts)
    ]


def _particulars(note: Note, facts: PublicOpportunity, url: str) -> dict[str, Any]:
    """What the schema.org type of this opportunity has beyond a name."""
    convener = {"@type": "Organization", "name": note.funder} if note.funder else None
    deadline, amount = _deadline(note), _amount(facts)
    opens = facts.opening_date.isoformat() if facts.opening_date else None
    mode = _ATTENDANCE.get(facts.attendance_mode or "")
    match facts.opportunity_type:
        case "scholarship":
            found = {
                "funder": convener,
                "provider": convener,
                "applicationStartDate": opens,
                "applicationDeadline": deadline,
                "amount": amount,
            }
        case "residency":
            found = {"provider": convener, "applicationStartDate": opens, "applicationDeadline": deadline}
        case "course":
            languages = [tag for code in facts.required_languages if (tag := language_tag(code.partition(":")[0]))]
            found = {"provider": convener, "inLanguage": languages}
        case "event":
            found = {
                "organizer": convener,
                "eventAttendanceMode": SCHEMA + mode if mode else None,
                "location": _where(facts, url),
            }
        case "placement":
            found = {
                "title": note.title,
                "hiringOrganization": convener,
                "validThrough": deadline,
                "datePosted": note.published_at.date().isoformat(),
                "jobLocation": _workplaces(facts),
                "jobLocationType": "TELECOMMUTE" if facts.attendance_mode == "online" else None,
            }
        case "fund" | "award":
            found = {"funder": convener, "amount": amount}
        case "cooperation":
            found = {"funder": convener}
        case _:
            found = {}
    return {name: value for name, value in found.items() if value}


def note_data(bulletin: Bulletin, note: Note, crumbs: Crumbs = ()) -> Markup:
    """JSON-LD of an opportunity's page: the page, its publisher, how its text was made, and the call it is about."""
    facts = note.item.opportunity
    url = site_root(bulletin.entity) + note.path
    official = note.link.href if note.link else url
    about: dict[str, Any] = {
        "@type": _TYPES.get(facts.opportunity_type, "Thing"),
        "name": note.title,
        "description": note.summary,
        "identifier": note.code,
        "url": official,
    }
    about |= _particulars(note, facts, official)
    page = described_page(bulletin, "WebPage", note.path, note.title, note.summary, [*crumbs, (note.title, note.path)])
    page |= {
        "datePublished": note.published_at.date().isoformat(),
        "lastReviewed": note.item.approved_on.isoformat(),
        "mainEntity": about,
        "isBasedOn": sorted({quote.link.href for quote in note.quotes[:MAX_QUOTES] if quote.link}),
    }
    if source := SOURCES.get(facts.digital_source_type):
        page["digitalSourceType"] = SCHEMA + source
    return script_safe(page)
