"""The semantic model as data: tables, columns, joins and measures under the names that analysts read.

Here contracts, display and measures meet; a name that is given twice, or to nothing, is an error that names the file.
A column that is hidden and that no join, order, hierarchy or measure uses is not loaded: it would only take memory.
How it is spelt in TMDL belongs to ``tmdl``, and what a query reads to ``queries``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pyarrow as pa

from boi_pipeline.warehouse.contract import Column, Model
from boi_pipeline.warehouse.measures import MEASURES_FILE, Measures
from boi_pipeline.warehouse.powerbi.dax import Names, columns_of, measure_dax
from boi_pipeline.warehouse.powerbi.display import DISPLAY_FILE, ColumnDisplay, DisplayFile, TableDisplay
from boi_pipeline.warehouse.powerbi.load_measures import LoadMeasure, load_measures_of
from boi_pipeline.warehouse.profiles import SET_ID, column_name
from boi_pipeline.warehouse.star import CALENDAR, Join, Star
from boi_pipeline.warehouse.types import TYPES
from scrapers.yamlfile import ConfigError

_STAMP = Column(SET_ID, TYPES["text"], "Conjunto", "Conjunto publicado al que pertenece la fila.")
_CODES = ("position", "label_en", "action", "reported_by", "severity")  # an order, or a code with its words beside it
_COUNTED = ("bigint", "double", "decimal(18,2)", "decimal(18,4)")


@dataclass(frozen=True)
class ShownColumn:
    """One column of the model. ``source`` is its name in the Parquet file."""

    key: str  # its name in the contract
    source: str
    name: str
    english: str
    type: pa.DataType
    description: str
    is_hidden: bool
    is_key: bool = False
    sort_by: str | None = None  # name of a column of the same table
    category: str | None = None


@dataclass(frozen=True)
class ShownMeasure:
    """One measure under its table."""

    name: str
    english: str
    description: str
    folder: str
    format: str | None
    dax: str


@dataclass(frozen=True)
class Hierarchy:
    """Names of columns to walk down."""

    name: str
    english: str
    levels: list[str]


@dataclass(frozen=True)
class ShownTable:
    """One table of the model; ``file`` is its Parquet file without suffix."""

    file: str
    name: str
    english: str
    description: str
    columns: list[ShownColumn]
    hierarchies: list[Hierarchy] = field(default_factory=list)
    measures: list[ShownMeasure] = field(default_factory=list)
    is_hidden: bool = False
    is_calendar: bool = False

    @cached_property
    def by_key(self) -> dict[str, ShownColumn]:
        return {column.key: column for column in self.columns}


@dataclass(frozen=True)
class SemanticModel:
    """What the TMDL says and the report shows."""

    tables: dict[str, ShownTable]  # by name of the contract
    joins: list[Join]
    folders: Mapping[str, str]  # measure folder → English

    @cached_property
    def measure_table(self) -> dict[str, ShownTable]:
        """Measure → the table it stands under."""
        return {measure.name: table for table in self.tables.values() for measure in table.measures}


def semantic_model(
    star: Star, own: Mapping[str, Model], measures: Measures, display: DisplayFile, folder: Path
) -> SemanticModel:
    """The model of a star and of the tables that publication writes itself (Parquet file → table).

    Raises ConfigError: a table of the star that has no name, a name given twice, a column there is not.
    """
    path = folder / DISPLAY_FILE
    contracts = {**star.tables, **own}
    shown = [one.table for one in display.tables]
    for table in star.tables:
        if table not in shown:
            raise ConfigError(path, None, "tables", f"{table} is published for Power BI and has no name here")
    columns = {
        one.table: _columns(contracts[one.table], one, star, path)
        for one in display.tables
        if _known(one, contracts, path)
    }
    names = Names(
        {one.table: one.name for one in display.tables},
        {table: {column.key: column.name for column in found} for table, found in columns.items()},
    )
    own_measures = load_measures_of([table for table in columns if table in star.tables], list(columns))
    by_table = _measures(star, measures, own_measures, names, list(columns), path)
    used = {(join.table, join.column) for join in star.joins} | {(join.dimension, join.key) for join in star.joins}
    used |= {(one.table, key) for one in display.tables for level in one.hierarchies for key in level.levels}
    used = used.union(*(columns_of(one.dax) for one in [*measures.by_name.values(), *own_measures]))
    tables = {
        one.table: ShownTable(
            file=one.table,
            name=one.name,
            english=one.english,
            description=contracts[one.table].description,
            columns=_loaded(columns[one.table], {key for table, key in used if table == one.table}),
            hierarchies=[
                Hierarchy(level.name, level.english, [names.column(one.table, key) for key in level.levels])
                for level in one.hierarchies
            ],
            measures=by_table.get(one.table, []),
            is_hidden=one.table in star.bridges,
            is_calendar=one.table == CALENDAR,
        )
        for one in display.tables
    }
    _check_names(tables.values(), display, path)
    joins = sorted(star.joins, key=lambda join: shown.index(join.table))  # a new table moves no line of the others
    return SemanticModel(tables, joins, display.folders)


def _known(one: TableDisplay, contracts: Mapping[str, Model], path: Path) -> bool:
    if one.table not in contracts:
        raise ConfigError(path, None, one.table, "no such table is published for Power BI")
    keys = [*contracts[one.table].column_names, SET_ID]
    for key in [*one.columns, *(level for hierarchy in one.hierarchies for level in hierarchy.levels)]:
        if key not in keys:
            raise ConfigError(path, None, one.table, f"has no column {key!r}; there are: {', '.join(keys)}")
    return True


def _columns(contract: Model, display: TableDisplay, star: Star, path: Path) -> list[ShownColumn]:
    given = {column.name: display.columns.get(column.name, ColumnDisplay()) for column in contract.columns}
    sorters = {
        name: "position" if one.sort_by is None and name == "label" and "position" in given else one.sort_by
        for name, one in given.items()
    }
    for name, sorter in sorters.items():
        if sorter and sorter not in given:
            raise ConfigError(path, None, display.table, f"{name} is sorted by {sorter!r}, which it has not")
    name_of = {column.name: given[column.name].name or column.label for column in contract.columns}
    helpers = {sorter for sorter in sorters.values() if sorter}
    return [
        *(
            ShownColumn(
                key=column.name,
                source=column_name(column, "powerbi"),
                name=name_of[column.name],
                english=given[column.name].english or _english(column.name),
                type=column.type.powerbi,
                description=column.description,
                is_hidden=column.name in helpers
                or (not given[column.name].is_shown and _is_hidden(column, display.table, star)),
                is_key=star.dimensions.get(display.table) == column.name,
                sort_by=name_of[sorters[column.name] or ""] if sorters[column.name] else None,
                category=_category(column.name, display.table),
            )
            for column in contract.columns
        ),
        ShownColumn(SET_ID, SET_ID, _STAMP.label, "Set", _STAMP.type.powerbi, _STAMP.description, is_hidden=True),
    ]  # fmt: skip


def _loaded(columns: list[ShownColumn], used: set[str]) -> list[ShownColumn]:
    sorters = {column.sort_by for column in columns if column.sort_by}
    return [one for one in columns if not one.is_hidden or one.key in used or one.name in sorters]


def _category(key: str, table: str) -> str | None:
    """What Power BI takes a text for: an address, a country; else it guesses."""
    if key == "url" or key.endswith("_url"):
        return "WebUrl"
    return "Country" if key.startswith("country_") or (table, key) == ("dim_country", "label") else None


def _is_hidden(column: Column, table: str, star: Star) -> bool:
    """Keys, identifiers, sort orders and what measures count are not for dragging onto a page."""
    if table == CALENDAR:
        return False
    joined = any(join.column == column.name for join in star.joins if join.table == table)
    is_key = star.dimensions.get(table) == column.name or column.name in star.dimensions.values()
    technical = column.name.endswith(("_id", "_sha256")) or column.name in _CODES
    counted = table.startswith("fct_") and column.type.name in _COUNTED
    return joined or is_key or counted or table in star.bridges or (technical and column.name != "edition_id")


def _english(key: str) -> str:
    words = key.removesuffix("_label").removesuffix("_at").replace("_", " ")
    return words[:1].upper() + words[1:]


def _measures(
    star: Star, measures: Measures, own: list[LoadMeasure], names: Names, tables: list[str], path: Path
) -> dict[str, list[ShownMeasure]]:
    found: dict[str, list[ShownMeasure]] = {}
    for measure in measures.by_name.values():
        if measure.table not in tables:
            problem = f"stands under {measure.table!r}, which the model has not"
            raise ConfigError(path.with_name(MEASURES_FILE), None, measure.name, problem)
        shown = ShownMeasure(
            measure.name,
            measure.english,
            measure.description,
            measure.folder,
            measure.format,
            measure_dax(measure, star, names),
        )
        found.setdefault(measure.table, []).append(shown)
    for one in own:
        shown = ShownMeasure(one.name, one.english, one.description, one.folder, one.format, names.translate(one.dax))
        found.setdefault("control", []).append(shown)
    return found


def _check_names(tables: Iterable[ShownTable], display: DisplayFile, path: Path) -> None:
    seen: dict[str, str] = {}

    def once(kind: str, name: str, where: str) -> None:
        key = f"{kind}|{name.casefold().strip()}"
        if key in seen:
            raise ConfigError(path, None, where, f"the name {name!r} is given to {seen[key]} too; give it another one")
        seen[key] = where

    for table in tables:
        once("table", table.name, table.file)
        for column in table.columns:
            once(table.file, column.name, f"{table.file}.{column.key}")
        for measure in table.measures:
            once("measure", measure.name, measure.name)
            once(table.file, measure.name, measure.name)
            if measure.folder not in display.folders:
                raise ConfigError(path, None, "folders", f"the folder {measure.folder!r} has no English name")
