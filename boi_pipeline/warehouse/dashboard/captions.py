"""What columns are called and sorted by: as in the Power BI report, by ``powerbi.yml`` and the contracts."""

from pathlib import Path

from boi_pipeline.warehouse.dashboard.grids import Head
from boi_pipeline.warehouse.own_tables import OWN_TABLES
from boi_pipeline.warehouse.powerbi.display import load_display
from boi_pipeline.warehouse.powerbi.visuals import Field
from boi_pipeline.warehouse.star import Star

_UNPARTED = ("code", "close_date")


class Captions:
    """Names and order of the columns of a star and of the tables that publication writes itself."""

    def __init__(self, folder: Path, star: Star) -> None:
        self._display = {one.table: one.columns for one in load_display(folder).tables}
        self._contracts = {**star.tables, **OWN_TABLES}

    def head(self, one: Field) -> Head:
        """The head of a column or measure."""
        is_number = one.table is None or one.key.endswith(("_count", "_version")) or one.key == "days_left"
        return Head(self.name(one), "number" if is_number else "whole" if one.key in _UNPARTED else "")

    def name(self, one: Field) -> str:
        """What people read for a column or measure. Raises StopIteration for a column that there is not."""
        if one.table is None:
            return one.key
        shown = self._display.get(one.table, {}).get(one.key)
        if shown and shown.name:
            return shown.name
        return next(column.label for column in self._contracts[one.table].columns if column.name == one.key)

    def order(self, one: Field) -> Field | None:
        """The column that a column is sorted by, None where it is by itself."""
        shown = self._display.get(one.table or "", {}).get(one.key)
        if shown and shown.sort_by is not None:
            return Field(shown.sort_by, one.table) if shown.sort_by else None
        contract = self._contracts.get(one.table or "")
        has_position = one.key == "label" and contract is not None and "position" in contract.column_names
        return Field("position", one.table) if has_position else None
