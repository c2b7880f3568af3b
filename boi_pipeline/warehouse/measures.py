"""The measures: what is counted, said once for the Power BI model (DAX) and for everybody who has SQL.

``dbt_like_sql/measures.yml`` holds them. Here: reading that file, and the SQL of a measure under any filters, grouped by
any columns of the star. How DAX names tables and reaches through bridges belongs to ``powerbi``.

A filter on a dimension keeps the rows that its join leads to, one on a dimension behind a bridge (goals, plan
objectives, audiences, countries) the rows of opportunities that have any of the values; one that a fact has no join to
says nothing of it. That is how Power BI filters, too: a test holds both to the same values.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple

import duckdb
from pydantic import BaseModel, ConfigDict, Field, model_validator

from boi_pipeline.warehouse.checks import quoted
from boi_pipeline.warehouse.star import CALENDAR, OPPORTUNITY, Star
from scrapers.yamlfile import ConfigError, load

MEASURES_FILE = "measures.yml"
_REFERENCE = re.compile(r"\[([^\[\]]+)\]")
_TABLE_COLUMN = re.compile(r"\b([a-z][a-z_]*)\[([a-z][a-z_]*)\]")

Relation = Callable[[str], str]
"""Name of a star's table → what to select from: ``marts.dim_date``, ``read_parquet('…')``."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Measure(_Strict):
    """One measure. ``sql`` is an aggregate over rows ``f`` of ``base`` (with ``o``, their opportunity, and ``b``, the bridge
    it goes ``through``), or an expression over other measures, ``[Name]``. ``dax`` names tables and columns as SQL does.
    """

    name: str
    english: str
    description: str
    folder: str
    format: str | None = None  # of numbers and days; None: text
    dax: str
    sql: str
    base: str | None = None
    home: str | None = None  # the table it stands under in Power BI, where it has no base
    through: str | None = None  # a bridge whose weights it adds up
    each: str | None = None  # count each value of this column once
    day: str | None = None  # the day of ``base`` that the calendar filters, if not its first
    period: Literal["same", "previous_month"] = "same"

    @model_validator(mode="after")
    def _has_a_place(self) -> "Measure":
        if self.base is None and not self.references:
            raise ValueError(f"{self.name}: expected a base, or sql over other measures such as [Clics]")
        if self.base is None and self.home is None:
            raise ValueError(f"{self.name}: expected a base, or the home table it is shown under")
        return self

    @property
    def table(self) -> str:
        """The table it is shown under."""
        return self.home or self.base or ""

    @property
    def references(self) -> list[str]:
        """Names of the measures that its SQL stands on, in order of appearance."""
        return [] if self.base else list(dict.fromkeys(_REFERENCE.findall(self.sql)))


class MeasuresFile(_Strict):
    """``measures.yml``."""

    measures: list[Measure] = Field(min_length=1)


class Filter(NamedTuple):
    """Keep what has one of ``values`` in a dimension's column."""

    table: str
    column: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Measures:
    """All measures by name, with the star they count over."""

    star: Star
    by_name: dict[str, Measure]

    @cached_property
    def folders(self) -> list[str]:
        return list(dict.fromkeys(measure.folder for measure in self.by_name.values()))

    def query(
        self,
        names: Sequence[str],
        relation: Relation,
        *,
        by: Sequence[tuple[str, str]] = (),
        where: Sequence[Filter] = (),
    ) -> tuple[str, dict[str, Any]]:
        """One SELECT with a column ``g0``, ``g1``… for each pair (table, column) of ``by`` and one a measure, and its
        parameters. The table is a dimension, or the fact that all the measures count.

        Without ``by`` there is one row; with it, a row for each combination in which a measure has rows. Raises ValueError
        where a fact cannot be grouped by what is asked.
        """
        return _Query(self, relation, by, where).select(names)

    def values(
        self,
        connection: duckdb.DuckDBPyConnection,
        names: Sequence[str],
        relation: Relation,
        *,
        by: Sequence[tuple[str, str]] = (),
        where: Sequence[Filter] = (),
    ) -> list[tuple[Any, ...]]:
        """The rows of ``query``, ordered by their groups."""
        query, parameters = self.query(names, relation, by=by, where=where)
        return connection.execute(query, parameters).fetchall()


def load_measures(folder: Path, star: Star) -> Measures:
    """Read ``measures.yml`` of a folder of models. Raises ConfigError: a table, column or measure that there is not."""
    path = folder / MEASURES_FILE
    measures = load(path, MeasuresFile).measures
    by_name = {measure.name: measure for measure in measures}
    for name in by_name:
        if sum(measure.name.casefold() == name.casefold() for measure in measures) > 1:
            raise ConfigError(path, None, name, "two measures have this name")
    for measure in measures:
        _check(measure, by_name, star, path)
    return Measures(star, by_name)


def _check(measure: Measure, by_name: dict[str, Measure], star: Star, path: Path) -> None:
    def fail(problem: str) -> ConfigError:
        return ConfigError(path, None, measure.name, problem)

    for table in filter(None, (measure.base, measure.through)):
        if table not in star.tables:
            raise fail(f"there is no table {table!r} in the star")
    if measure.base and measure.day and measure.day not in star.tables[measure.base].column_names:
        raise fail(f"{measure.base} has no column {measure.day!r}")
    for name in [*measure.references, *_REFERENCE.findall(_TABLE_COLUMN.sub("", measure.dax))]:
        if name not in by_name:
            raise fail(f"there is no measure [{name}]")
    for table, column in _TABLE_COLUMN.findall(measure.dax):
        if table in star.tables and column not in star.tables[table].column_names:
            raise fail(f"{table} has no column {column!r}")


class _Query:
    """The SQL of some measures under the same filters and groups."""

    def __init__(
        self, measures: Measures, relation: Relation, by: Sequence[tuple[str, str]], where: Sequence[Filter]
    ) -> None:
        self._measures = measures
        self._star = measures.star
        self._relation = relation
        self._by = by
        self._where = where
        self._groups = [f"g{place}" for place in range(len(by))]
        self._parameters: dict[str, list[Any]] = {}

    def select(self, names: Sequence[str]) -> tuple[str, dict[str, Any]]:
        simple = list(dict.fromkeys(found for name in names for found in self._simple(name)))
        parts = [f"m{place} as ({self._aggregate(self._measures.by_name[name])})" for place, name in enumerate(simple)]
        using = f"using ({', '.join(self._groups)})" if self._groups else "on true"
        joined = f" full join {{}} {using}"
        place_of = {name: f"m{place}.value" for place, name in enumerate(simple)}
        columns = [*self._groups, *(f"{self._expression(name, place_of)} as {quoted(name)}" for name in names)]
        order = f" order by {', '.join(self._groups)}" if self._groups else ""
        tables = "m0" + "".join(joined.format(f"m{place}") for place in range(1, len(simple)))
        return f"with {', '.join(parts)} select {', '.join(columns)} from {tables}{order}", self._parameters

    def _simple(self, name: str) -> list[str]:
        """The measures with a base that one stands on, however deep."""
        measure = self._measures.by_name[name]
        return [name] if measure.base else [found for one in measure.references for found in self._simple(one)]

    def _expression(self, name: str, place_of: dict[str, str]) -> str:
        measure = self._measures.by_name[name]
        if measure.base:
            return place_of[name]
        return "(" + _REFERENCE.sub(lambda found: self._expression(found[1], place_of), measure.sql) + ")"

    def _aggregate(self, measure: Measure) -> str:
        columns, tables = self._tables(measure)
        conditions = self._conditions(measure)
        rows = f"from {tables}" + (f" where {' and '.join(conditions)}" if conditions else "")
        if measure.each:
            parts = [*columns, f"f.{quoted(measure.each)}"]
            aliases = ["f", *(["o"] if self._reads_opportunity(measure) else [])]
            if measure.through:
                parts.append(f"b.{quoted(self._bridge_key(measure))}")
                aliases.append("b")
            named = [f"{column} as {group}" for column, group in zip(columns, self._groups, strict=True)]
            once = f"qualify row_number() over (partition by {', '.join(parts)}) = 1"
            rows = f"from (select {', '.join([*named, *aliases])} {rows} {once})"
            columns = self._groups
        named = [f"{column} as {group}" for column, group in zip(columns, self._groups, strict=True)]
        grouped = f" group by {', '.join(columns)}" if columns else ""
        return f"select {', '.join([*named, f'{measure.sql} as value'])} {rows}{grouped}"

    def _tables(self, measure: Measure) -> tuple[list[str], str]:
        """The group columns and the FROM clause of a measure."""
        base = measure.base or ""
        tables = f"{self._relation(base)} f"
        if self._reads_opportunity(measure):
            tables += f" join {self._relation(OPPORTUNITY)} o on o.opportunity_id = f.opportunity_id"
        if measure.through:
            tables += f" join {self._relation(measure.through)} b on b.opportunity_id = f.opportunity_id"
        wanted: dict[str, list[str]] = {}
        for table, column in self._by:
            wanted.setdefault(table, []).append(column)
        if measure.period != "same":
            wanted.setdefault(CALENDAR, [])
        own = base if base in self._star.facts else None  # a fact's own columns need no join
        for table, columns in wanted.items():
            if table != own:
                tables += f" join {self._grouping(measure, table, columns)}"
        return [f"{'f' if table == own else table}.{quoted(column)}" for table, column in self._by], tables

    def _grouping(self, measure: Measure, table: str, columns: list[str]) -> str:
        """What a measure's rows are joined to for columns of a dimension, under the dimension's name."""
        chosen = "".join(f", {quoted(column)}" for column in columns)
        relation = self._relation(table)
        bridge = self._star.bridge_of.get(table)
        if table == CALENDAR and measure.period == "previous_month":
            filtered = self._filtered(CALENDAR, CALENDAR)
            month = "date_trunc('month', min(calendar_date))"
            grouped = f" group by {', '.join(map(quoted, columns))}" if columns else ""
            day = f"f.{quoted(self._day(measure))}"
            return (
                f"(select {month} as month{chosen} from {relation} {CALENDAR}{filtered}{grouped}) {CALENDAR} "
                f"on {day} >= {CALENDAR}.month - interval 1 month and {day} < {CALENDAR}.month"
            )
        if table == measure.base:
            key = self._star.dimensions[table]
            return f"{relation} {table} on {table}.{quoted(key)} = f.{quoted(key)}"
        if bridge is not None and bridge == measure.through:
            key = self._star.dimensions[table]
            return f"{relation} {table} on {table}.{quoted(key)} = b.{quoted(key)}"
        if bridge is not None and self._star.has_opportunity(measure.base or ""):
            key = quoted(self._star.dimensions[table])
            labels = "".join(f", d.{quoted(column)}" for column in columns)
            joined = f"{self._relation(bridge)} b join {relation} d on d.{key} = b.{key}"
            many = f"select distinct b.opportunity_id{labels} from {joined}"
            return f"({many}) {table} on {table}.opportunity_id = f.opportunity_id"
        column = self._column_to(measure, table)
        if column is None:
            raise ValueError(f"{measure.name} cannot be grouped by {table}: nothing leads from {measure.base} to it")
        return f"{relation} {table} on {table}.{quoted(self._star.dimensions[table])} = f.{quoted(column)}"

    def _conditions(self, measure: Measure) -> list[str]:
        found = []
        for table in dict.fromkeys(one.table for one in self._where):
            key = quoted(self._star.dimensions[table])
            bridge = self._star.bridge_of.get(table)
            if table == measure.base:
                found.append(f"f.{key} in ({self._kept(table)})")
            elif bridge is not None and bridge == measure.through:
                found.append(f"b.{key} in ({self._kept(table)})")
            elif bridge is not None and self._star.has_opportunity(measure.base or ""):
                many = f"select opportunity_id from {self._relation(bridge)} where {key} in ({self._kept(table)})"
                found.append(f"f.opportunity_id in ({many})")
            elif table == CALENDAR and measure.period != "same":
                continue  # its filters say which month is before
            elif column := self._column_to(measure, table):
                found.append(f"f.{quoted(column)} in ({self._kept(table)})")
        return found

    def _kept(self, table: str) -> str:
        """The keys of a dimension that its filters keep."""
        key = quoted(self._star.dimensions[table])
        return f"select {key} from {self._relation(table)} {table}{self._filtered(table, table)}"

    def _filtered(self, table: str, alias: str) -> str:
        tests = []
        for place, one in enumerate(self._where):
            if one.table == table:
                self._parameters[f"p{place}"] = list(one.values)
                tests.append(f"list_contains($p{place}, {alias}.{quoted(one.column)})")
        return f" where {' and '.join(tests)}" if tests else ""

    def _column_to(self, measure: Measure, table: str) -> str | None:
        if table == CALENDAR and measure.day:
            return measure.day
        join = self._star.join(measure.base or "", table)
        return join.column if join else None

    def _day(self, measure: Measure) -> str:
        column = self._column_to(measure, CALENDAR)
        if column is None:
            raise ValueError(f"{measure.name} has no day to go back from")
        return column

    def _bridge_key(self, measure: Measure) -> str:
        return self._star.dimensions[self._star.bridges[measure.through or ""]]

    def _reads_opportunity(self, measure: Measure) -> bool:
        return measure.base != OPPORTUNITY and bool(re.search(r"\bo\.", measure.sql))
