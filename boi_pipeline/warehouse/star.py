"""The star as the contracts spell it: which tables are facts, dimensions and bridges, and which keys join them.

Nothing is declared twice: ``dim_``, ``fct_`` and ``bridge_`` tell the kind, and a column that is called like the key of
a dimension leads to it (same name, same meaning). A day of a fact leads to the calendar; its first day is the one that
counts unless a reader asks for another. Measures (``measures``) and the Power BI model (``powerbi``) stand on this.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from boi_pipeline.warehouse.contract import Model

CALENDAR = "dim_date"
OPPORTUNITY = "dim_opportunity"


@dataclass(frozen=True)
class Join:
    """Many rows of ``table`` lead to one of ``dimension``. A table has one active join to a dimension."""

    table: str
    column: str
    dimension: str
    key: str
    is_active: bool = True


@dataclass(frozen=True)
class Star:
    """Facts, dimensions and bridges by name."""

    tables: dict[str, Model]

    @classmethod
    def of(cls, models: Iterable[Model]) -> "Star":
        """The star among the models of a project."""
        kinds = ("dim_", "fct_", "bridge_")
        return cls(
            {model.name: model for model in models if model.name.startswith(kinds) and "powerbi" in model.publish}
        )

    @cached_property
    def dimensions(self) -> dict[str, str]:
        """Dimension → its key."""
        return {name: model.grain[0] for name, model in self.tables.items() if name.startswith("dim_")}

    @cached_property
    def facts(self) -> list[str]:
        return [name for name in self.tables if name.startswith("fct_")]

    @cached_property
    def bridges(self) -> dict[str, str]:
        """Bridge → the dimension it gives opportunities many of."""
        found = {}
        for name, model in self.tables.items():
            if name.startswith("bridge_"):
                found[name] = next(
                    dimension
                    for dimension, key in self.dimensions.items()
                    if key in model.column_names and dimension != OPPORTUNITY
                )
        return found

    @cached_property
    def bridge_of(self) -> dict[str, str]:
        """Dimension behind a bridge → the bridge."""
        return {dimension: bridge for bridge, dimension in self.bridges.items()}

    @cached_property
    def joins(self) -> list[Join]:
        """Every join of facts and bridges, in the order of the contracts."""
        return [join for name in self.tables if name not in self.dimensions for join in self._joins(name)]

    def _joins(self, table: str) -> Iterable[Join]:
        keys = {key: dimension for dimension, key in self.dimensions.items() if dimension != CALENDAR}
        days = 0
        for column in self.tables[table].columns:
            if column.name in keys:
                yield Join(table, column.name, keys[column.name], column.name)
            elif column.type.name == "date" and table.startswith("fct_"):
                yield Join(table, column.name, CALENDAR, self.dimensions[CALENDAR], is_active=days == 0)
                days += 1

    def join(self, table: str, dimension: str) -> Join | None:
        """The active join of a table to a dimension, None where there is none."""
        return next((j for j in self.joins if j.table == table and j.dimension == dimension and j.is_active), None)

    def has_opportunity(self, table: str) -> bool:
        """Whether rows of a table speak of opportunities, so that bridges lead to it."""
        return table == OPPORTUNITY or self.join(table, OPPORTUNITY) is not None
