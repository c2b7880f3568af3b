"""The column lineage of models as it was found before, in a file: as long as the SQL stays the same, nobody looks again.

Kept apart from ``lineage``, which imports the SQL parser: a run in which no model has changed does without it.
"""

import hashlib
import json
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from boi_pipeline.warehouse.contract import RAW, Model, Project
from boi_pipeline.warehouse.raw import raw_schema
from scrapers.files import write_text

Source = tuple[str, str]
"""``layer.table`` and column."""
Lineage = dict[str, list[Source]]
"""Column of a model → its sources, in order."""
Schema = dict[str, Any]
"""Layer → table → column → type."""


class LineageFile:
    """The lineage of models as it was found before; ``save`` keeps what was added."""

    def __init__(self, path: Path, project: Project) -> None:
        self._path, self._project = path, project
        self._added = False

    @cached_property
    def _known(self) -> dict[str, Lineage]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):  # derived: what cannot be read is found again
            return {}
        return {
            key: {name: [(t, c) for t, c in sources] for name, sources in one.items()} for key, one in found.items()
        }

    def of(self, model: Model) -> Lineage:
        """The lineage of a model, found now where its SQL or what it reads has changed."""
        key = _key(model, self._project)
        if key not in self._known:
            from boi_pipeline.warehouse.lineage import column_lineage

            self._known[key] = column_lineage(model, self._project)
            self._added = True
        return self._known[key]

    def save(self) -> None:
        """Keep what is known of the models there are."""
        if self._added:
            keys = {_key(model, self._project) for model in self._project.models} & self._known.keys()
            write_text(self._path, json.dumps({key: self._known[key] for key in sorted(keys)}), "lineage")


def _key(model: Model, project: Project) -> str:
    told = f"{_version()}|{model.sql}|{schema_of_reads(model, project)}|{model.column_names}"
    return f"{model.table}@{hashlib.sha256(told.encode()).hexdigest()[:16]}"


@cache
def _version() -> str:
    """Of sqlglot: another may find another lineage. To look it up, its whole description is read."""
    return version("sqlglot")


def schema_of_reads(model: Model, project: Project) -> Schema:
    """The columns of the tables that a model reads, in the form sqlglot takes."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for table in model.dependencies:
        layer, _, name = table.rpartition(".")
        if layer == RAW:
            columns = dict.fromkeys(raw_schema(name).names, "TEXT")
        else:
            columns = {column.name: column.type.duckdb for column in project.by_table[table].columns}
        found.setdefault(layer, {})[name] = columns
    return found
