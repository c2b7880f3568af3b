"""Measures evaluated as Power BI would: the model's DAX over the Parquet that the model's queries would load."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from boi_pipeline.warehouse.measures import Filter, Measures, Relation
from boi_pipeline.warehouse.powerbi.model import SemanticModel
from boi_pipeline.warehouse.star import CALENDAR

PLACES = 5e-5  # Power BI's fixed decimals have four places, and so has the mean of them


def relation_in(folder: Path) -> Relation:
    """The tables of a folder of published files, for SQL."""
    return lambda table: f"read_parquet('{folder}/{table}.parquet')"


class DaxEngine:
    """The tables of a folder under the model's names. Raises what the engine raises for DAX that it cannot read."""

    def __init__(self, model: SemanticModel, folder: Path) -> None:
        from pbix_mcp.dax import engine

        self._engine = engine
        self._model = model
        self._tables: dict[str, dict[str, Any]] = {}
        decimals: dict[str, list[str]] = {}
        for table in model.tables.values():
            read = pq.read_table(folder / f"{table.file}.parquet", columns=[column.source for column in table.columns])
            columns = [[_value(value) for value in column.to_pylist()] for column in read.columns]
            rows = [list(row) for row in zip(*columns, strict=True)] if len(read) else []
            self._tables[table.name] = {"columns": [column.name for column in table.columns], "rows": rows}
            decimals[table.name] = [column.name for column in table.columns if pa.types.is_decimal(column.type)]
        engine.mark_currency_columns(self._tables, decimals)
        self._measures = {one.name: one.dax for table in model.tables.values() for one in table.measures}
        self._relationships = [
            {
                "FromTable": model.tables[join.table].name,
                "FromColumn": model.tables[join.table].by_key[join.column].name,
                "ToTable": model.tables[join.dimension].name,
                "ToColumn": model.tables[join.dimension].by_key[join.key].name,
                "IsActive": join.is_active,
                "FromCardinality": 2,
                "ToCardinality": 1,
                "JoinOnDateBehavior": 2 if join.dimension == CALENDAR else 1,
            }
            for join in model.joins
        ]
        calendar = model.tables[CALENDAR]
        self._calendar = calendar.name
        self._day = next(column.name for column in calendar.columns if column.is_key)

    def values(self, names: list[str], where: tuple[Filter, ...] = ()) -> dict[str, Any]:
        """Measure → value under the filters."""
        context = {}
        for one in where:
            table = self._model.tables[one.table]
            context[f"{table.name}.{table.by_key[one.column].name}"] = [_value(value) for value in one.values]
        return self._engine.evaluate_measures_batch(
            names,
            self._tables,
            self._measures,
            filter_context=context,
            date_table=self._calendar,
            date_column=self._day,
            relationships=self._relationships,
            date_tables={self._calendar: self._day},
            measure_tables={one.name: table.name for table in self._model.tables.values() for one in table.measures},
            model_columns={table.name: {c.name for c in table.columns} for table in self._model.tables.values()},
            culture="es-ES",
        )


def _value(value: Any) -> Any:
    """A value as the engine holds it: days as instants, decimals as numbers."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    return value


def number(value: Any) -> float:
    """A blank counts as nothing, in both languages."""
    assert value is None or not isinstance(value, str), value
    return float(value or 0)


def both(
    dax: DaxEngine, measures: Measures, folder: Path, where: tuple[Filter, ...] = ()
) -> dict[str, tuple[float, float]]:
    """Measure → its value in DAX and in SQL over the files of ``folder``."""
    names = list(measures.by_name)
    with duckdb.connect() as connection:
        (row,) = measures.values(connection, names, relation_in(folder), where=where)
    found = dax.values(names, where)
    return {name: (number(found[name]), number(value)) for name, value in zip(names, row, strict=True)}


def that_differ(told: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """The pairs that are not the same value."""
    return {name: pair for name, pair in told.items() if pair[0] != pytest.approx(pair[1], rel=1e-9, abs=PLACES)}
