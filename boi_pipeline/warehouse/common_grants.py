"""The approved opportunities as the records of CommonGrants, the open protocol of funding opportunities.

The form is that of a list answer with one page. What the protocol has no field for stands in ``customFields``, each
with its meaning. The tests validate it with the protocol's own SDK; here nothing of it is needed.
"""

import uuid
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.parquet as pq

from boi_pipeline.entity import Vocabulary
from boi_pipeline.warehouse.csv_files import BATCH_ROWS, instant
from boi_pipeline.warehouse.json_files import json_text

# What has a place of its own in the protocol; every other column of the table is a custom field.
_NATIVE = {
    "opportunity_id", "title", "summary_es", "status", "currency", "min_award_amount", "max_award_amount",
    "total_amount_available", "estimated_award_count", "close_date", "close_time", "close_date_description",
    "source_url", "accepted_applicant_types", "funder_name", "first_seen_at", "reviewed_at",
}  # fmt: skip
_STATUSES = {"forecasted", "open", "closed"}
_FUNDERS = uuid.uuid5(uuid.NAMESPACE_URL, "https://commongrants.org/funders-by-name")


def write_common_grants(source: Path, target: Path, vocabularies: Mapping[str, Vocabulary]) -> None:
    """Write the Parquet file of the approved opportunities as one list of CommonGrants opportunities, a batch at a time."""
    with pq.ParquetFile(source) as file, open(target, "w", encoding="utf-8", newline="\n") as out:
        rows = file.metadata.num_rows
        page = {"page": 1, "pageSize": max(1, rows), "totalItems": rows, "totalPages": min(1, rows)}
        out.write(f'{{"status":200,"message":"Success","paginationInfo":{json_text(page)},"items":[')
        between = "\n"
        for batch in file.iter_batches(BATCH_ROWS):
            for row in batch.to_pylist():
                out.write(between + json_text(_opportunity(row, file.schema_arrow, vocabularies)))
                between = ",\n"
        out.write("\n]}\n")


def _opportunity(row: dict[str, Any], schema: pa.Schema, vocabularies: Mapping[str, Vocabulary]) -> dict[str, Any]:
    known = {
        "id": row["opportunity_id"],
        "title": row["title"],
        "description": row["summary_es"] or row["title_es"],
        "status": _status(row["status"], vocabularies["statuses"]),
        "funding": _funding(row),
        "funders": _funders(row["funder_name"]),
        "keyDates": _key_dates(row),
        "source": _url(row["source_url"]),
        "acceptedApplicantTypes": [
            _applicant(code, vocabularies["applicant_types"]) for code in row["accepted_applicant_types"] or []
        ],
        "customFields": {
            _camel(field.name): {
                "name": _camel(field.name),
                "fieldType": _field_type(field.type),
                "value": _plain(row[field.name]),
                "description": field.metadata[b"description"].decode(),
            }
            for field in schema
            if field.name not in _NATIVE and row[field.name] is not None
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


def _funding(row: dict[str, Any]) -> dict[str, Any] | None:
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


def _key_dates(row: dict[str, Any]) -> dict[str, Any] | None:
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


def _field_type(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return "array"
    if pa.types.is_boolean(kind):
        return "boolean"
    return "integer" if pa.types.is_integer(kind) else "string"


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return instant(value)
    return value.isoformat() if isinstance(value, (date, time)) else value
