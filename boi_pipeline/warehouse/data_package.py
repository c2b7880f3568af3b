"""The descriptor of a folder of a set as a Frictionless Data Package: ``datapackage.json``, valid to its own tool.

From the contracts: types, constraints, keys and references; from the files: their size and hash. A table stands in it
once for each format it is published in. What the files hold belongs to ``csv_files``, ``json_files`` and ``profiles``.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from boi_pipeline.entity import Entity
from boi_pipeline.warehouse.checks import Vocabularies
from boi_pipeline.warehouse.constraints import Constraints, constraints_of
from boi_pipeline.warehouse.contract import FOLDERS, Column, Model, Profile, Project
from boi_pipeline.warehouse.dcat import LICENCE
from boi_pipeline.warehouse.dictionary import published_files
from boi_pipeline.warehouse.json_schema import row_schema
from boi_pipeline.warehouse.profiles import column_name, open_columns
from boi_pipeline.warehouse.publication import Companion
from scrapers.files import file_sha256

FILE = "datapackage.json"
RECORD_SCHEMA = "opportunities.schema.json"
_KINDS = {
    "text": "string",
    "bigint": "integer",
    "boolean": "boolean",
    "double": "number",
    "date": "date",
    "time": "time",
    "timestamp": "datetime",
    "timestamptz": "datetime",
}


@dataclass(frozen=True)
class _Format:
    suffix: str
    name: str  # what the table's name is followed by in the name of the resource
    media_type: str
    has_lists: bool  # lists are lists; else texts «a; b»
    more: dict[str, Any]


_FORMATS = (
    _Format(".csv", "", "text/csv", False, {"type": "table", "scheme": "file", "format": "csv", "encoding": "utf-8-sig"}),
    _Format(".jsonl", "-jsonl", "application/jsonl", True, {"type": "table", "scheme": "file", "format": "jsonl", "encoding": "utf-8"}),
    _Format(".parquet", "-parquet", "application/vnd.apache.parquet", True, {"type": "file", "format": "parquet"}),
)  # fmt: skip


def describe_folder(
    entity: Entity, project: Project, vocabularies: Vocabularies, as_of: datetime, profile: Profile
) -> Companion:
    """What writes the descriptor and the JSON Schema of the public record into the folder of a profile.

    It comes after whatever writes further formats of the tables there.
    """

    def describe(folder: Path) -> None:
        place = folder / FOLDERS[profile]
        inside = "" if profile == "open_data" else f"{FOLDERS[profile]}/"  # another schema, another identity
        address = f"{entity.file.site_url.rstrip('/')}/datos/{inside}{RECORD_SCHEMA}"
        for model, file in _published(project, profile, place):
            if file == "opportunities":
                _write(place / RECORD_SCHEMA, row_schema(model, profile, vocabularies, address))
        _write(place / FILE, data_package(place, entity, project, vocabularies, as_of, profile))

    return describe


def data_package(
    place: Path, entity: Entity, project: Project, vocabularies: Vocabularies, as_of: datetime, profile: Profile
) -> dict[str, Any]:
    """The descriptor of the files of a profile that stand in ``place``."""
    names = {model.table: file for model, file in _published(project, profile, place)}
    resources = [
        _resource(place / f"{file}{form.suffix}", form, model, vocabularies, names, profile)
        for model, file in _published(project, profile, place)
        for form in _FORMATS
        if (place / f"{file}{form.suffix}").is_file()
    ]
    return {
        "name": f"{entity.id}-{FOLDERS[profile]}".replace("_", "-").lower(),
        "title": f"{entity.file.bulletin}: {'datos abiertos' if profile == 'open_data' else 'tablas curadas'}",
        "description": f"Convocatorias internacionales revisadas y aprobadas por {entity.file.name}.",
        "homepage": entity.file.site_url,
        "created": as_of.isoformat(),
        "licenses": [{"name": "CC-BY-4.0", "path": LICENCE, "title": "Creative Commons Atribución 4.0 Internacional"}],
        "contributors": [{"title": entity.file.name, "path": entity.file.site_url, "role": "publisher"}],
        "resources": resources,
    }


def _published(project: Project, profile: Profile, place: Path) -> list[tuple[Model, str]]:
    """The tables of a profile that stand in its folder, with the names of their files."""
    found = {file: model for own, file, model in published_files(project) if own == profile}
    return [(model, file) for file, model in sorted(found.items()) if (place / f"{file}.parquet").is_file()]


def _resource(
    path: Path, form: _Format, model: Model, vocabularies: Vocabularies, names: dict[str, str], profile: Profile
) -> dict[str, Any]:
    limits = constraints_of(model, vocabularies)
    columns = open_columns(model, profile)
    here = {column.name: column_name(column, profile) for column in columns}
    schema: dict[str, Any] = {
        "fields": [_field(column, here[column.name], form) | _constraints(column, limits) for column in columns],
        "missingValues": [""],
        "primaryKey": [here[name] for name in model.grain],
    }
    references = [
        {
            "fields": [here[column]],
            "reference": {"resource": "" if table == model.table else f"{names[table]}{form.name}", "fields": [target]},
        }
        for column, (table, target) in sorted(limits.references.items())
        if column in here and table in names and form.name != "-parquet"
    ]
    if references:
        schema["foreignKeys"] = references
    return {
        "name": f"{path.stem}{form.name}".replace("_", "-"),
        "title": model.description,
        "path": path.name,
        "mediatype": form.media_type,
        "bytes": path.stat().st_size,
        "hash": f"sha256:{file_sha256(path)}",
        "schema": schema,
        **form.more,
        **({"type": "file"} if not path.stat().st_size else {}),  # its tool cannot read a table without a line
    }


def _field(column: Column, name: str, form: _Format) -> dict[str, Any]:
    kind = column.type.name
    told = {"name": name, "title": column.label, "description": column.description}
    if kind.endswith("[]"):
        if form.has_lists:
            return told | {"type": "array"}
        return told | {"type": "string", "description": f"{column.description} Lista: «a; b»."}
    return told | {"type": "number" if kind.startswith("decimal") else _KINDS[kind]}


def _constraints(column: Column, limits: Constraints) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if column.name in limits.required:
        found["required"] = True
    if column.name in limits.unique:
        found["unique"] = True
    terms = limits.terms.get(column.name)
    if terms is not None and not column.type.name.endswith("[]"):
        found["enum"] = sorted(int(term) if column.type.name == "bigint" else term for term in terms)
    return {"constraints": found} if found else {}


def _write(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
