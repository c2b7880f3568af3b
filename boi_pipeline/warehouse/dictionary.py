"""The data dictionary, from the contracts: a page for people (``docs/dictionary.md``) and a table that is published.

What a column means is written in headers and ``columns.yml``; nothing is said twice here. Publishing the table belongs
to ``publication``.
"""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from boi_pipeline.records import FACTS
from boi_pipeline.warehouse.contract import FOLDERS, LAYERS, BoundCheck, Column, Model, Profile, Project
from boi_pipeline.warehouse.own_tables import OWN_TABLES, own_column
from boi_pipeline.warehouse.profiles import column_name, open_columns

FILE = "dictionary"
_ORIGINS = {"stated": "textual", "inferred": "inferido", "computed": "calculado"}


DICTIONARY = Model(
    layer="temp",
    name=FILE,
    path=Path(__file__),
    sql="",
    sql_first_line=0,
    description="Qué significa cada columna de cada tabla publicada.",
    grain=("folder", "table_name", "position"),
    columns=(
        own_column("folder", "text", "Carpeta", "Carpeta del conjunto: curated, open-data o powerbi."),
        own_column("table_name", "text", "Tabla", "Nombre del archivo, sin extensión."),
        own_column("table_description", "text", "Descripción de la tabla", "Qué es una fila de la tabla."),
        own_column("contract_version", "bigint", "Versión del contrato", "Versión del contrato de la tabla."),
        own_column("position", "bigint", "Posición", "Lugar de la columna en la tabla, desde 1."),
        own_column("column_name", "text", "Columna", "Nombre de la columna en el archivo."),
        own_column("column_type", "text", "Tipo de dato", "Tipo del contrato."),
        own_column("is_key", "boolean", "Es clave", "Si forma parte de la clave de la tabla."),
        own_column("label", "text", "Etiqueta", "Nombre para personas."),
        own_column("description", "text", "Descripción", "Qué dice la columna."),
        own_column("origin", "text", "Origen", "De un dato leído: textual (con cita y valor en ella), inferido (con cita) o calculado."),
    ),
    checks=(),
    publish={"curated": FILE, "powerbi": FILE},
    version=1,
    dependencies=(),
)  # fmt: skip
"""The table itself, in the form of a model."""


def published_files(project: Project) -> Iterator[tuple[Profile, str, Model]]:
    """Every published file: profile, name without suffix, and the table in it; those that publication writes come last."""
    for model in project.models:
        for profile, file in model.publish.items():
            yield profile, file, model
    for file, model in OWN_TABLES.items():
        yield "powerbi", file, model
    for profile, file in DICTIONARY.publish.items():
        yield profile, file, DICTIONARY


def dictionary_table(project: Project) -> pa.Table:
    """The rows of ``DICTIONARY``: one for each column of each published file."""
    rows = [
        {
            "folder": FOLDERS[profile],
            "table_name": file,
            "table_description": model.description,
            "contract_version": model.version,
            "position": position,
            "column_name": column_name(column, profile),
            "column_type": column.type.name,
            "is_key": column.name in model.grain,
            "label": column.label,
            "description": column.description,
            "origin": _origin(column, model),
        }
        for profile, file, model in published_files(project)
        for position, column in enumerate(open_columns(model, profile), start=1)
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema([(one.name, one.type.arrow) for one in DICTIONARY.columns]))


def _origin(column: Column, model: Model) -> str | None:
    """How a fact that was read is proved; only of tables that have one opportunity a row."""
    if model.grain != ("opportunity_id",) or column.name not in FACTS:
        return None
    return _ORIGINS[FACTS[column.name].kind]


def dictionary_page(project: Project) -> str:
    """The dictionary as Markdown, by layer."""
    lines = [
        "# Data dictionary",
        "",
        "Generated from the headers of `dbt_like_sql/` by `boi contracts --write`; a test keeps it equal. Tables and",
        "columns are in English, what a person reads of them in Spanish.",
        "",
    ]
    groups = [(layer, [model for model in project.models if model.layer == layer]) for layer in reversed(LAYERS)]
    own = [*OWN_TABLES.items(), (FILE, DICTIONARY)]
    for layer, models in groups:
        listed = ", ".join(f"[{model.name}](#{model.name})" for model in sorted(models, key=lambda one: one.name))
        lines += [f"**{layer}**: {listed}", ""]
    lines += [f"**written by publication**: {', '.join(f'[{file}](#{file})' for file, _ in own)}", ""]
    for layer, models in groups:
        lines += [f"## {layer}", ""]
        for model in sorted(models, key=lambda one: one.name):
            lines += _section(model, model.name, model.publish)
    lines += ["## written by publication", ""]
    for file, model in own:
        lines += _section(model, file, model.publish or {"powerbi": file})
    return "\n".join(lines).rstrip() + "\n"


def _section(model: Model, name: str, publish: dict[Profile, str]) -> list[str]:
    places = ", ".join(f"`{FOLDERS[profile]}/{file}`" for profile, file in publish.items())
    told = [f"key: {', '.join(f'`{column}`' for column in model.grain)}"]
    if places:
        told.append(f"published: {places} (version {model.version})")
    if model.dependencies:
        told.append(f"reads: {', '.join(f'`{table}`' for table in model.dependencies)}")
    lines = [f"### {name}", "", model.description, "", *(f"- {line}" for line in told), ""]
    lines += ["| column | type | label | description |", "|---|---|---|---|"]
    lines += [
        f"| `{column.name}` | {column.type.name} | {_cell(column.label)} | {_cell(column.description)} |"
        for column in model.columns
    ]
    if model.checks:
        lines += ["", "| check | severity | scope | what to do |", "|---|---|---|---|"]
        lines += [_check(check) for check in model.checks]
    return [*lines, ""]


def _check(check: BoundCheck) -> str:
    return f"| `{check.name}` | {check.severity} | {check.scope} | {_cell(check.advice)} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
