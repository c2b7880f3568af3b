"""The JSON Schema of a published row, as JSON Lines has it: what a program that reads the public record may count on.

Everything in it comes from the contract. The files themselves are written by ``json_files``.
"""

from typing import Any

from boi_pipeline.warehouse.checks import Vocabularies
from boi_pipeline.warehouse.constraints import Constraints, constraints_of
from boi_pipeline.warehouse.contract import Column, Model, Profile
from boi_pipeline.warehouse.profiles import column_name, open_columns

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_KINDS: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "bigint": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "double": {"type": "number"},
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string", "pattern": r"^\d{2}:\d{2}:\d{2}(\.\d+)?$"},
    "timestamp": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?$"},
    "timestamptz": {"type": "string", "format": "date-time"},
}


def row_schema(model: Model, profile: Profile, vocabularies: Vocabularies, address: str) -> dict[str, Any]:
    """The schema of one row of a table in a profile. ``address``: where it stands, as its identity."""
    limits = constraints_of(model, vocabularies)
    columns = open_columns(model, profile)
    return {
        "$schema": DIALECT,
        "$id": address,
        "title": model.name,
        "description": model.description,
        "type": "object",
        "properties": {column_name(column, profile): _property(column, limits) for column in columns},
        "required": [column_name(column, profile) for column in columns],  # a missing value is null, its key is there
        "additionalProperties": False,
    }


def _property(column: Column, limits: Constraints) -> dict[str, Any]:
    told = {"title": column.label, "description": column.description}
    terms = sorted(limits.terms[column.name]) if column.name in limits.terms else None
    kind = column.type.name
    if kind.endswith("[]"):
        item = _value(kind.removesuffix("[]"), terms)
        value: dict[str, Any] = {"type": "array", "items": item}
    else:
        value = _value(kind, terms)
    if column.name in limits.required:
        return told | value
    return told | {"anyOf": [value, {"type": "null"}]}


def _value(kind: str, terms: list[str] | None) -> dict[str, Any]:
    found = {"type": "number"} if kind.startswith("decimal") else _KINDS[kind]
    if terms is None:
        return found
    return {"enum": [int(term) for term in terms] if kind == "bigint" else terms}
