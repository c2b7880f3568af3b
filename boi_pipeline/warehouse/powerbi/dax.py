"""DAX as it is said in ``measures.yml`` → DAX as the model names things, reaching through the bridges.

Tables and columns are translated; a measure that reads a fact of opportunities gets the crossing of every bridge, so that
a filter on an ODS, an objective, an audience or a country reaches it although no join of the model goes both ways.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from boi_pipeline.warehouse.measures import Measure
from boi_pipeline.warehouse.star import OPPORTUNITY, Star

_TABLE = re.compile(r"\"[^\"]*\"|\[[^\]]*\]|\b(?P<table>[a-z]+(?:_[a-z]+)*)\b(?:\[(?P<column>[a-z_0-9]+)\])?")
_MEASURE = re.compile(r"(?:^|[^\w\]'])\[[^\]]+\]")


@dataclass(frozen=True)
class Names:
    """Names in the contracts → names in the model."""

    tables: Mapping[str, str]
    columns: Mapping[str, Mapping[str, str]]

    def table(self, key: str) -> str:
        return "'" + self.tables[key].replace("'", "''") + "'"

    def column(self, table: str, key: str) -> str:
        return self.columns[table][key]

    def reference(self, table: str, key: str) -> str:
        """``'Table'[Column]``."""
        return f"{self.table(table)}[{self.column(table, key).replace(']', ']]')}]"

    def translate(self, dax: str) -> str:
        """DAX over contract names in the model's names; texts and measures stay as they are."""

        def one(found: re.Match[str]) -> str:
            table, column = found["table"], found["column"]
            if table not in self.tables:
                return found[0]
            return self.reference(table, column) if column else self.table(table)

        return _TABLE.sub(one, dax)


def columns_of(dax: str) -> set[tuple[str, str]]:
    """The columns that DAX over contract names reads, as (table, column)."""
    return {(found["table"], found["column"]) for found in _TABLE.finditer(dax) if found["column"]}


def measure_dax(measure: Measure, star: Star, names: Names) -> str:
    """The DAX of a measure in the model."""
    dax = names.translate(measure.dax.strip())
    if not measure.base or not star.has_opportunity(measure.base) or _MEASURE.search(measure.dax):
        return dax  # what it stands on crosses the bridges already
    opportunity = names.reference(OPPORTUNITY, star.dimensions[OPPORTUNITY])
    crossings = [
        f"CROSSFILTER ( {names.reference(bridge, star.dimensions[OPPORTUNITY])}, {opportunity}, BOTH )"
        for bridge in sorted(star.bridges)
    ]
    lines = ",\n".join(f"    {part}" for part in [dax.replace("\n", "\n    "), *crossings])
    return f"CALCULATE (\n{lines}\n)"
