"""The measures over the files of one published set, and the few tables that are no measures: approved names, failed checks.

Which of them a report asks for, and what it says of them, belongs to ``figures``. Nothing is written here.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from boi_pipeline.entity import Entity
from boi_pipeline.warehouse.contract import FOLDERS, Project
from boi_pipeline.warehouse.dashboard.grids import Cell
from boi_pipeline.warehouse.dashboard.wording import NOTHING, number, plain_value, written
from boi_pipeline.warehouse.measures import Filter, load_measures
from boi_pipeline.warehouse.star import CALENDAR, OPPORTUNITY, Star

MEMORY_LIMIT = "1GB"  # of DuckDB, which spills beyond it
COUNT = "#,0"
NONE = "—"  # in a table, where a word would stand in every other cell


@dataclass(frozen=True)
class Call:
    """A published call: named as it was approved; ``title`` is empty where that no longer stands."""

    code: str
    title: str
    kind: str
    close_date: date | None
    values: dict[str, Any]


class OldSet(Exception):
    """A set that was published before the measures of today were."""


class Measured:
    """The measures over the files of one set."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path, project: Project, entity: Entity) -> None:
        self._connection = connection
        self._folder = folder
        self._entity = entity
        self._star = Star.of(project.models)
        self._measures = load_measures(project.folder, self._star)

    def values(
        self, names: Sequence[str], *, by: Sequence[tuple[str, str]] = (), where: Sequence[Filter] = ()
    ) -> list[tuple[Any, ...]]:
        return self._measures.values(self._connection, names, self._relation, by=by, where=where)

    def about(self, name: str) -> str:
        return self._measures.by_name[name].description

    def pattern(self, name: str) -> str:
        return self._measures.by_name[name].format or COUNT

    def key_of(self, dimension: str) -> str:
        return self._star.dimensions[dimension]

    def cell(self, name: str, value: Any, none: str = NOTHING) -> Cell:
        """A measure's value as it is written; counts of nothing are 0, other measures have none."""
        if value is None and self._measures.by_name[name].sql.startswith("count("):
            value = 0
        return Cell(plain_value(value), none if value is None else number(value, self.pattern(name)))

    def calls(self, names: Sequence[str], *, where: Sequence[Filter], needs: str) -> list[Call]:
        """The calls of which ``needs`` counts any, with their measures."""
        rows = self.values(names, by=[(OPPORTUNITY, "opportunity_id")], where=where)
        approved = self._approved()
        return [
            self._call(approved.get(key), dict(zip(names, values, strict=True)))
            for key, *values in rows
            if values[names.index(needs)]
        ]

    def closings(self, days: Filter) -> list[Call]:
        """The published calls that close on some days, by day and code."""
        by = [(CALENDAR, "calendar_date"), (OPPORTUNITY, "opportunity_id")]
        approved = self._approved()
        found = [
            self._call(approved.get(key), {}, closes_on=day)
            for day, key, closing in self.values(["Convocatorias por cerrar"], by=by, where=[days])
            if closing
        ]
        return sorted(found, key=lambda call: (call.close_date or date.max, call.code))

    def failed_checks(self) -> list[tuple[str, str, str, int, str]]:
        """Severity, table, check, rows and advice of each check that found something, errors first."""
        return self._connection.execute(
            "select severity, table_name, check_name, failed_count, advice from read_parquet(?) where not is_passed "
            "order by severity, failed_count desc, table_name, check_name",
            [str(self._path("check_results"))],
        ).fetchall()

    def _call(self, approved: tuple[Any, ...] | None, values: dict[str, Any], closes_on: date | None = None) -> Call:
        if approved is None:
            return Call("", "", "", closes_on, values)
        code, title, kind, close_date = approved
        label = self._entity.vocabularies["opportunity_types"].label(kind) if kind else NONE
        return Call(code, written(title), label, closes_on or close_date, values)

    def _approved(self) -> dict[str, tuple[Any, ...]]:
        path = self._folder / FOLDERS["open_data"] / "opportunities.parquet"
        rows = self._connection.execute(
            "select opportunity_id, code, title_es, opportunity_type, close_date from read_parquet(?)", [str(path)]
        ).fetchall()
        return {key: tuple(told) for key, *told in rows}

    def _relation(self, table: str) -> str:
        return f"read_parquet({_quoted(self._path(table))})"

    def _path(self, table: str) -> Path:
        return self._folder / FOLDERS["powerbi"] / f"{table}.parquet"


@contextmanager
def opened(folder: Path, project: Project, entity: Entity) -> Iterator[Measured]:
    """The measures over a set's files, in bounded memory.

    Raises OldSet in the block where the set lacks a table or column that the measures of today count.
    """
    with tempfile.TemporaryDirectory(prefix="boi-report-") as spill, duckdb.connect() as connection:
        connection.execute(f"set TimeZone = 'UTC'; set threads to 2; set memory_limit = '{MEMORY_LIMIT}'")
        connection.execute(f"set temp_directory = {_quoted(spill)}")
        try:
            yield Measured(connection, folder, project, entity)
        except (duckdb.BinderException, duckdb.IOException) as error:
            raise OldSet(str(error)) from error


def _quoted(text: object) -> str:
    return "'" + str(text).replace("'", "''") + "'"
