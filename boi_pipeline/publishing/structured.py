"""JSON-LD in schema.org's words (version 30) about a page and the opportunity it is about.

Here: which schema.org type stands for which opportunity type, and the escaping that lets JSON stand inside HTML.
schema.org has no Scholarship and no Award: a scholarship is a MonetaryGrant and an EducationalOccupationalProgram.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.publishing.note import MAX_QUOTES, Note
from boi_pipeline.publishing.text import clip, language_tag, plain
from boi_pipeline.records import PublicOpportunity

_SCHEMA = "https://schema.org/"
_SOURCES = {
    "algorithmicMedia": "AlgorithmicMediaDigitalSource",
    "trainedAlgorithmicMedia": "TrainedAlgorithmicMediaDigitalSource",
    "compositeWithTrainedAlgorithmicMedia": "CompositeWithTrainedAlgorithmicMediaDigitalSource",
    "humanEdits": "HumanEditsDigitalSource",
}
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


def script_safe(value: Any) -> Markup:
    """JSON that cannot end the script element it stands in, nor open another or a comment."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    for sign in ("<", ">", "&", "\u2028", "\u2029"):
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704  # nothing in it can be read as markup any more


def organisation(bulletin: Bulletin) -> dict[str, Any]:
    """The entity as schema.org GovernmentOrganization."""
    return {"@type": "GovernmentOrganization", "name": bulletin.entity.name, "url": bulletin.entity.site_url}


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


def _particulars(note: Note, facts: PublicOpportunity) -> dict[str, Any]:
    """What the schema.org type of this opportunity has beyond a name."""
    convener = {"@type": "Organization", "name": note.funder} if note.funder else None
    deadline, amount = _deadline(note), _amount(facts)
    countries = [{"@type": "Country", "name": clip(code, 2)} for code in facts.host_countries]
    mode = _ATTENDANCE.get(facts.attendance_mode or "")
    match facts.opportunity_type:
        case "scholarship":
            found = {"funder": convener, "provider": convener, "applicationDeadline": deadline, "amount": amount}
        case "residency":
            found = {"provider": convener, "applicationDeadline": deadline}
        case "course":
            languages = [tag for code in facts.required_languages if (tag := language_tag(code.partition(":")[0]))]
            found = {"provider": convener, "inLanguage": languages}
        case "event":
            found = {
                "organizer": convener,
                "eventAttendanceMode": _SCHEMA + mode if mode else None,
                "location": countries,
            }
        case "placement":
            found = {
                "title": note.title,
                "hiringOrganization": convener,
                "validThrough": deadline,
                "datePosted": note.published_at.date().isoformat(),
                "jobLocation": [{"@type": "Place", "address": country} for country in countries],
                "jobLocationType": "TELECOMMUTE" if facts.attendance_mode == "online" else None,
            }
        case "fund" | "award":
            found = {"funder": convener, "amount": amount}
        case "cooperation":
            found = {"funder": convener}
        case _:
            found = {}
    return {name: value for name, value in found.items() if value}


def note_data(bulletin: Bulletin, note: Note, url: str) -> Markup:
    """JSON-LD of an opportunity's page at ``url``: the page, its publisher and how its text was made, and the call."""
    facts = note.item.opportunity
    about: dict[str, Any] = {
        "@type": _TYPES.get(facts.opportunity_type, "Thing"),
        "name": note.title,
        "description": note.summary,
        "identifier": note.code,
        "url": note.link.href if note.link else url,
    }
    about |= _particulars(note, facts)
    page: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "@id": url,
        "name": note.title,
        "description": note.summary,
        "inLanguage": "es",
        "datePublished": note.published_at.date().isoformat(),
        "lastReviewed": note.item.approved_on.isoformat(),
        "publisher": organisation(bulletin),
        "mainEntity": about,
        "isBasedOn": sorted({quote.link.href for quote in note.quotes[:MAX_QUOTES] if quote.link}),
    }
    if source := _SOURCES.get(facts.digital_source_type):
        page["digitalSourceType"] = _SCHEMA + source
    return script_safe(_clean(page))


def site_data(bulletin: Bulletin) -> Markup:
    """JSON-LD of the home page: the site and who answers for it."""
    return script_safe(
        _clean(
            {
                "@context": "https://schema.org",
                "@type": "WebSite",
                "name": bulletin.entity.bulletin,
                "url": bulletin.entity.site_url,
                "inLanguage": "es",
                "publisher": organisation(bulletin),
            }
        )
    )


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {name: _clean(part) for name, part in value.items()}
    return [_clean(part) for part in value] if isinstance(value, list) else value
