"""What ``figures`` hands to charts and page: values with how they are written, in cards and in rows under their heads."""

from dataclasses import dataclass, field
from typing import Literal

from boi_pipeline.warehouse.dashboard.wording import UNTOLD


@dataclass(frozen=True)
class Cell:
    """A value and how it is written; ``page``: the code of the call whose note it leads to."""

    value: int | float | str | None
    text: str
    page: str | None = None


@dataclass(frozen=True)
class Card:
    """One figure; ``about`` says what it counts."""

    name: str
    about: str
    cell: Cell


@dataclass(frozen=True)
class Head:
    """The head of a column."""

    name: str
    kind: Literal["", "number", "whole"] = ""  # whole: its words are not parted


@dataclass(frozen=True)
class Grid:
    """Rows under their heads. ``empty`` says why there are none; ``more`` rows are not shown; the total may count what no
    row names.
    """

    heads: list[Head]
    rows: list[list[Cell]]
    total: list[Cell] = field(default_factory=list)
    empty: str = ""
    more: int = 0
    months: dict[str, Cell] = field(default_factory=dict)  # of columns by series: month → the measure of all of them

    @property
    def total_is_wider(self) -> bool:
        """Whether the total of a column of counts is not the sum of the rows shown."""
        columns = [[row[place].value for row in self.rows] for place in range(len(self.total))]
        return any(
            isinstance(cell.value, int)
            and "," not in cell.text  # a mean or a median adds nothing up
            and cell.value != sum(value for value in column if isinstance(value, int))
            for cell, column in zip(self.total, columns, strict=True)
        )

    @property
    def has_untold(self) -> bool:
        return any(cell.text == UNTOLD for row in [*self.rows, self.total] for cell in row)
