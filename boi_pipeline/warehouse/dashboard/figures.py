"""The numbers of each block: the measures' own SQL over the Parquet files of one set.

Here: which query a block needs and in what order its rows come. Counts of few people are not in the set at all. Calls are named from the open
data alone, where only what a person approved stands, and only once they were published. No markup and no colours here.
"""

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from boi_pipeline.entity import Entity
from boi_pipeline.spanish import NBSP
from boi_pipeline.warehouse.checks import quoted
from boi_pipeline.warehouse.contract import Project
from boi_pipeline.warehouse.dashboard.captions import Captions
from boi_pipeline.warehouse.dashboard.grids import Card, Cell, Grid, Head
from boi_pipeline.warehouse.dashboard.sections import Cards, Chart, Listing, Matrix
from boi_pipeline.warehouse.dashboard.wording import NOTHING, UNTOLD, month, number, plain_value, written
from boi_pipeline.warehouse.measures import Measures, load_measures
from boi_pipeline.warehouse.powerbi.load_measures import load_measures_of
from boi_pipeline.warehouse.powerbi.visuals import Field
from boi_pipeline.warehouse.profiles import SET_ID
from boi_pipeline.warehouse.publication import FOLDERS
from boi_pipeline.warehouse.star import CALENDAR, OPPORTUNITY, Star

MEMORY_LIMIT = "1GB"  # of DuckDB, which spills beyond it
MOST_ROWS = 25
MOST_MONTHS = 24
_MONTH = "month_label"
_COUNT = "#,0"
_OF_PEOPLE = "fct_outcome"
_ADDS_MONEY = re.compile(r"sum\(f\.\w*amount\)")
_UNKNOWN = "Sin dato"
_OWN_TABLES = ("control", "check_results")  # that publication writes itself, a row a table or a check
# column of ``dim_opportunity`` or ``dim_funder`` → column of the open data, which holds it as it was approved
_APPROVED = {
    "code": "code",
    "title_es": "title_es",
    "type_label": "opportunity_type",
    "close_date": "close_date",
    "days_left": "days_left",
    "funder_name": "funder_name",
}
_WHY = {
    "fct_publication": "todavía no se ha publicado ninguna edición",
    "fct_metric_daily": "ningún canal ha informado cuánto se vio lo publicado",
    "fct_outcome": "nadie ha informado qué se obtuvo con lo publicado",
    "fct_review": "el equipo no ha decidido sobre ninguna oportunidad",
    "fct_source_health": "no se ha visitado ninguna fuente",
    "dim_opportunity": "no se ha detectado ninguna oportunidad",
}


Row = dict[str, Any]


class Figures:
    """The measures over one set; ``opened`` gives it. Not for several threads."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, folder: Path, project: Project, entity: Entity, measures: Measures
    ) -> None:
        self._connection = connection
        self._folder = folder
        self._entity = entity
        self.measures = measures
        self._captions = Captions(project.folder, measures.star)
        tables = list(measures.star.tables)
        self._load = {one.name: one for one in load_measures_of(tables, tables)}
        self._rows_of = {table: pq.read_metadata(self._path(table)).num_rows for table in tables}
        for table in _OWN_TABLES:  # small, and asked of each table
            connection.execute(f"create temp table {table} as from {self._relation(table)}")

    def cards(self, block: Cards) -> list[Card]:
        """Each figure of the block, but those that compare the sets of a load: a page and its tables are of one."""
        names = [name for name in block.measures if name in self.measures.by_name]
        (row,) = self._values(names)
        found = []
        for name in block.measures:
            if name in names:
                cell = self._cell(name, row[name])
                found.append(Card(name, self.measures.by_name[name].description, cell))
            elif SET_ID not in self._load[name].sql:
                found.append(Card(name, self._load[name].description, self._load_cell(name)))
        return found

    def chart(self, block: Chart) -> Grid:
        """Rows (category, series where there is one, measures…) in the order they are drawn in."""
        groups = [block.category, *([block.series] if block.series else [])]
        orders = [order for one in groups if (order := self._captions.order(one))]
        rows = self._values(block.measures, by=[*groups, *orders])
        is_monthly = block.category.table == CALENDAR
        category = _name(block.category)
        shown = [
            place
            for place, row in enumerate(rows)
            if row[category] not in block.without and any(self._says(name, row[name]) for name in block.measures)
        ]
        if is_monthly:
            months = sorted({rows[place][category] for place in shown})[-MOST_MONTHS:]
            shown = [place for place in shown if rows[place][category] in months]
        first = block.measures[0]

        def rank(place: int) -> tuple[Any, ...]:
            row = rows[place]
            size = 0 if block.in_order or is_monthly else -(row[first] or 0)
            is_unknown = row[category] == _UNKNOWN  # the last, however much it is
            return (
                is_unknown,
                size,
                *(row[_name(one)] for one in orders[:1]),
                *(row[_name(one)] for one in groups),
                place,
            )

        grid = Grid(
            heads=[
                *(Head(self._captions.name(one)) for one in groups),
                *(Head(name, "number") for name in block.measures),
            ],
            rows=[
                [
                    *(self._label(one, rows[place][_name(one)]) for one in groups),
                    *(self._cell(name, rows[place][name]) for name in block.measures),
                ]
                for place in sorted(shown, key=rank)
            ],
            empty=self._empty(first),
        )
        if block.series:
            totals = self._values([first], by=[block.category])
            grid.months.update({row[category]: self._cell(first, row[first]) for row in totals})
        return grid

    def matrix(self, block: Matrix) -> Grid:
        """Rows by columns, the last of each its total."""
        name = block.measure
        order = [one for one in [self._captions.order(block.rows)] if one]
        cells = self._values([name], by=[block.rows, block.columns])
        by_row = self._values([name], by=[block.rows, *order])
        by_column = self._values([name], by=[block.columns])
        (overall,) = self._values([name])
        row_key, column_key = _name(block.rows), _name(block.columns)
        at = {(row[row_key], row[column_key]): row[name] for row in cells}
        columns = [row[column_key] for row in by_column]

        def cell(label: Any, column: Any) -> Cell:
            value = at.get((label, column))
            return Cell(None, "") if value is None else self._cell(name, value)

        ordered = sorted(by_row, key=lambda one: (*(one[_name(key)] for key in order), one[row_key]))
        return Grid(
            heads=[
                Head(self._captions.name(block.rows)),
                *(Head(written(one), "number") for one in columns),
                Head("Total", "number"),
            ],
            rows=[
                [
                    self._label(block.rows, row[row_key]),
                    *(cell(row[row_key], column) for column in columns),
                    self._cell(name, row[name]),
                ]
                for row in ordered
            ],
            total=[
                Cell("Total", "Total"),
                *(self._cell(name, row[name]) for row in by_column),
                self._cell(name, overall[name]),
            ],
            empty=self._empty(name),
        )

    def listing(self, block: Listing) -> Grid:
        """The rows of a table, at most ``MOST_ROWS``."""
        if block.own_table:
            return self._own(block)
        if any(one.table == OPPORTUNITY for one in block.fields):
            return self._calls(block)
        return self._groups(block)

    # ------------------------------------------------------------ the kinds of tables

    def _groups(self, block: Listing) -> Grid:
        groups = [one for one in block.fields if one.table]
        rows = self._values(block.measures, by=groups)
        key = block.sort.key
        order = sorted(range(len(rows)), key=lambda n: (-(rows[n][key] or 0) if block.descending else rows[n][key], n))
        return Grid(
            heads=[self._captions.head(one) for one in block.fields],
            rows=[
                [
                    self._label(one, rows[n][_name(one)]) if one.table else self._cell(one.key, rows[n][one.key])
                    for one in block.fields
                ]
                for n in order[:MOST_ROWS]
            ],
            total=self._total(block) if rows else [],
            empty=self._empty(block.above_zero or block.measures[0]),
            more=max(0, len(rows) - MOST_ROWS),
        )

    def _calls(self, block: Listing) -> Grid:
        """Rows of calls, each named as it was approved; the title leads to its note."""
        wanted = [one for one in block.fields if one.table is None or one.key in _APPROVED]
        names = [*block.measures, *([block.above_zero] if block.above_zero else [])]
        query, parameters = self.measures.query(names, self._relation, by=[(OPPORTUNITY, "opportunity_id")])
        values = [f"q.{quoted(name)}" for name in names]
        kept = [
            f"q.{quoted(block.above_zero)} > 0" if block.above_zero else f"coalesce({', '.join(values)}) is not null"
        ]
        kept.append(f"q.g0 in (select opportunity_id from {self._relation('fct_publication')})")
        sort = f"q.{quoted(block.sort.key)}" if block.sort.table is None else f"a.{_APPROVED[block.sort.key]}"
        columns = ", ".join([*(f"a.{quoted(one)}" for one in dict.fromkeys(_APPROVED.values())), *values])
        approved = f"read_parquet('{_escaped(self._folder / FOLDERS['open_data'] / 'opportunities.parquet')}')"
        rows = self._fetch(
            f"select {columns}, count(*) over () as row_count from ({query}) q "
            f"join {approved} a on a.opportunity_id = q.g0 where {' and '.join(kept)} "
            f"order by {sort} {'desc' if block.descending else 'asc'} nulls last, a.code limit {MOST_ROWS}",
            parameters,
        )
        count = rows[0]["row_count"] if rows else 0
        return Grid(
            heads=[self._captions.head(one) for one in wanted],
            rows=[[self._call_cell(one, row) for one in wanted] for row in rows],
            total=self._total(block, wanted) if rows else [],
            empty=self._empty(names[0] if not block.above_zero else block.above_zero),
            more=count - len(rows),
        )

    def _call_cell(self, one: Field, row: Row) -> Cell:
        if one.table is None:
            return self._cell(one.key, row[one.key])
        value = row[_APPROVED[one.key]]
        if one.key == "type_label":
            value = self._entity.vocabularies["opportunity_types"].label(value)
        if value is None and one.key in ("close_date", "days_left"):
            return Cell(None, "Sin fecha")
        return Cell(plain_value(value), written(value), page=row["code"] if one.key == "title_es" else None)

    def _own(self, block: Listing) -> Grid:
        """Rows of a table that publication writes itself; load measures count for each row."""
        own = [one.key for one in block.fields if one.table]
        columns = ", ".join(f"a.{quoted(name)}" for name in own)
        rows = self._fetch(
            f"select {columns}, {self._loads(block.measures, 'a.table_name')} from {block.own_table} a "
            f"where list_contains($tables, a.table_name) order by {columns}",
            {"tables": list(self._rows_of)},
        )
        key = block.sort.key
        rows.sort(key=lambda row: -(row[key] or 0) if block.descending else row[key])
        return Grid(
            heads=[self._captions.head(one) for one in block.fields],
            rows=[[self._own_cell(one, row[one.key]) for one in block.fields] for row in rows[:MOST_ROWS]],
            empty="Aún no hay datos.",
            more=max(0, len(rows) - MOST_ROWS),
        )

    def _own_cell(self, one: Field, value: Any) -> Cell:
        if one.table is None:
            return Cell(plain_value(value), number(value, self._load[one.key].format or _COUNT))
        return Cell(plain_value(value), written(value))

    def _total(self, block: Listing, wanted: Sequence[Field] | None = None) -> list[Cell]:
        """The measures over everything, also over what the rows do not name."""
        if not block.has_total:
            return []
        (row,) = self._values(block.measures)
        cells = {name: self._cell(name, row[name]) for name in block.measures}
        found = [cells.get(one.key, Cell(None, "")) for one in wanted or block.fields]
        return [Cell("Total", "Total"), *found[1:]]

    # ------------------------------------------------------------ values and words

    def _values(self, names: Sequence[str], *, by: Sequence[Field] = ()) -> list[Row]:
        """Rows of measures and groups (under the names of their columns)."""
        if not names:
            return [{}]
        groups = [(one.table or "", one.key) for one in by]
        found = self.measures.values(self._connection, names, self._relation, by=groups)
        keys = [*(_name(one) for one in by), *names]
        return [dict(zip(keys, row, strict=True)) for row in found]

    def _fetch(self, query: str, parameters: dict[str, Any]) -> list[Row]:
        found = self._connection.execute(query, parameters)
        keys = [column[0] for column in found.description or []]
        return [dict(zip(keys, row, strict=True)) for row in found.fetchall()]

    def _load_cell(self, name: str) -> Cell:
        measure = self._load[name]
        ((value,),) = self._connection.execute(f"select {self._loads([name])}").fetchall()
        text = (
            written(value)
            if measure.format is None or not measure.format.startswith("#")
            else number(value, measure.format)
        )
        return Cell(plain_value(value), text)

    def _loads(self, names: Sequence[str], of: str | None = None) -> str:
        """Columns of load measures; of one table alone where SQL names it."""
        own = {table: table for table in _OWN_TABLES}
        if of:
            own["control"] = f"(select * from control where table_name = {of})"
        counted = {table: f"range({rows})" for table, rows in self._rows_of.items()}
        return ", ".join(f"({self._load[name].sql.format(**counted, **own)}) as {quoted(name)}" for name in names)

    def _cell(self, name: str, value: Any) -> Cell:
        measure = self.measures.by_name[name]
        if value is None and measure.base == _OF_PEOPLE:
            return Cell(None, UNTOLD)
        text = number(value, measure.format or _COUNT)
        is_amount = value is not None and measure.base == _OF_PEOPLE and bool(_ADDS_MONEY.search(measure.sql))
        return Cell(plain_value(value), f"{self._entity.currency}{NBSP}{text}" if is_amount else text)

    def _label(self, one: Field, value: Any) -> Cell:
        if value is None:
            return Cell(None, NOTHING)
        text = month(value) if one.key == _MONTH else written(value)
        is_days = one.key == "days_left_band" and text[-1:].isdigit()
        return Cell(plain_value(value), f"{text} días" if is_days else text)

    def _says(self, name: str, value: Any) -> bool:
        """Whether a row says anything: a count of nothing does not, a share or a median of 0 does."""
        return value is not None and (value != 0 or self.measures.by_name[name].format != _COUNT)

    def _empty(self, name: str) -> str:
        """Why there is nothing to show of a measure."""
        measure = self.measures.by_name[name]
        while measure.base is None:
            measure = self.measures.by_name[measure.references[0]]
        if measure.base in _WHY and self._rows_of[measure.base] <= (measure.base in self.measures.star.dimensions):
            return f"Aún no hay datos: {_WHY[measure.base]}."
        return "Aún no hay datos: nada de lo registrado entra en esta cuenta."

    def _relation(self, table: str) -> str:
        return f"read_parquet('{_escaped(self._path(table))}')"

    def _path(self, table: str) -> Path:
        return self._folder / FOLDERS["powerbi"] / f"{table}.parquet"


@contextmanager
def opened(folder: Path, project: Project, entity: Entity) -> Iterator[Figures]:
    """The measures over the Parquet files of a set's folder, in bounded memory."""
    star = Star.of(project.models)
    with tempfile.TemporaryDirectory(prefix=".spill-", dir=folder) as spill, duckdb.connect() as connection:
        connection.execute(f"set TimeZone = 'UTC'; set threads to 2; set memory_limit = '{MEMORY_LIMIT}'")
        connection.execute(f"set temp_directory = '{_escaped(spill)}'")
        yield Figures(connection, folder, project, entity, load_measures(project.folder, star))


def _name(one: Field) -> str:
    """A column among others: several tables have a ``label``."""
    return f"{one.table}.{one.key}"


def _escaped(text: object) -> str:
    return str(text).replace("'", "''")
