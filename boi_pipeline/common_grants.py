"""An opportunity as a record of CommonGrants, the open protocol of funding opportunities.

Here: the mapping, from a row of our own names to the protocol's. What the protocol has no field for stands in
``customFields``, each with its meaning. The open data and the bulletin's feeds both publish what is made here; the tests
validate it with the protocol's own SDK, of which nothing is needed here.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any, Literal
from urllib.parse import urlsplit

import yaml

from boi_pipeline.entity import Vocabulary
from boi_pipeline.records import instant
from boi_pipeline.settings import ROOT

# What has a place of its own in the protocol; every other column is a custom field.
NATIVE = frozenset({
    "opportunity_id", "title", "summary_es", "status", "currency", "min_award_amount", "max_award_amount",
    "total_amount_available", "estimated_award_count", "close_date", "close_time", "close_date_description",
    "source_url", "accepted_applicant_types", "funder_name", "first_seen_at", "reviewed_at",
})  # fmt: skip
_STATUSES = {"forecasted", "open", "closed"}
_FUNDERS = uuid.uuid5(uuid.NAMESPACE_URL, "https://commongrants.org/funders-by-name")


@dataclass(frozen=True)
class Custom:
    """A field of ours that the protocol does not know: its name as ours, its kind in JSON and what it means."""

    name: str
    kind: Literal["string", "integer", "boolean", "array"]
    description: str


@cache
def meanings() -> Mapping[str, str]:
    """What our names mean, in Spanish, as the tables' shared dictionary says it. Read once."""
    columns = yaml.load((ROOT / "dbt_like_sql" / "columns.yml").read_bytes(), yaml.CSafeLoader)["columns"]
    return {name: told["description"] for name, told in columns.items()}


def common_grants_record(
    row: Mapping[str, Any], customs: Iterable[Custom], vocabularies: Mapping[str, Vocabulary]
) -> dict[str, Any]:
    """The protocol's record of a row that has every name of ``NATIVE``, and of the custom fields that have a value.

    ``title_es`` stands in where there is no summary.
    """
    known = {
        "id": row["opportunity_id"],
        "title": row["title"],
        "description": row["summary_es"] or row["title_es"],
        "status": _status(row["status"], vocabularies["statuses"]),
        "funding": _funding(row),
        "funders": _funders(row["funder_name"]),
        "keyDates": _key_dates(row),
        "source": _url(row["source_url"]) if row["source_url"] else None,
        "acceptedApplicantTypes": [
            _applicant(code, vocabularies["applicant_types"]) for code in row["accepted_applicant_types"] or []
        ],
        "customFields": {
            _camel(one.name): {
                "name": _camel(one.name),
                "fieldType": one.kind,
                "value": _plain(row[one.name]),
                "description": one.description,
            }
            for one in customs
            if row[one.name] is not None
        },
        "createdAt": instant(row["first_seen_at"]),
        "lastModifiedAt": instant(max(row["reviewed_at"], row["first_seen_at"])),
    }
    return {name: value for name, value in known.items() if value is not None}


def _status(code: str, vocabulary: Vocabulary) -> dict[str, Any]:
    if code in _STATUSES:
        return {"value": code, "description": vocabulary.label(code)}
    return {"value": "custom", "customValue": code, "description": vocabulary.label(code)}


def _applicant(code: str, vocabulary: Vocabulary) -> dict[str, Any]:
    """The protocol's other kinds are those of one country's law; ours keep their own code."""
    if code == "individual":
        return {"value": code, "description": vocabulary.label(code)}
    return {"value": "custom", "customValue": code, "description": vocabulary.label(code)}


def _funding(row: Mapping[str, Any]) -> dict[str, Any] | None:
    amounts = {
        _camel(name): {"amount": f"{row[name]:f}", "currency": row["currency"]}
        for name in ("min_award_amount", "max_award_amount", "total_amount_available")
        if row[name] is not None and row["currency"]
    }
    if row["estimated_award_count"] is not None:
        return amounts | {"estimatedAwardCount": row["estimated_award_count"]}
    return amounts or None


def _funders(name: str | None) -> dict[str, Any] | None:
    if not name:
        return None
    plain = " ".join(name.casefold().split())
    return {"primary": {"id": str(uuid.uuid5(_FUNDERS, plain)), "name": name}}


def _key_dates(row: Mapping[str, Any]) -> dict[str, Any] | None:
    told = {"description": row["close_date_description"]} if row["close_date_description"] else {}
    if row["close_date"] is not None:
        hour = {"time": row["close_time"].isoformat()} if row["close_time"] is not None else {}
        day = {"name": "Cierre", "eventType": "singleDate", "date": row["close_date"].isoformat()}
        return {"closeDate": day | hour | told}
    if told:
        return {"closeDate": {"name": "Cierre", "eventType": "other", "details": row["close_date_description"]}}
    return None


def _url(text: str) -> str | None:
    """The address where it is one; a reader of the protocol refuses a whole record for a bad one."""
    try:
        parts = urlsplit(text)
        is_url = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return None
    return text if is_url and not any(sign.isspace() or ord(sign) < 32 for sign in text) else None


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return instant(value)
    return value.isoformat() if isinstance(value, (date, time)) else value
