"""The layouts of the files that channels export, as data: ``layouts/*.yml``. A new layout, or a new heading, is a line there.

A file is known by its headings alone, in any language it is exported in, wherever they stand below titles and comments.
What the rows say is read in ``metric_files``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from boi_pipeline.achieved.days import Order
from boi_pipeline.achieved.headers import plain
from boi_pipeline.achieved.sheets import Row, Sheet
from boi_pipeline.achieved.taking import Look
from scrapers.yamlfile import load
from scrapers.zones import iana_zone

FOLDER = Path(__file__).with_suffix("")
HEADER_WITHIN = 500  # rows: some exports begin with a table of their own
Role = Literal["day", "channel", "item", "code", "url", "page", "content", "text"]
CountName = Literal["impressions", "clicks", "interactions"]
Headings = list[str]
"""How one column may be headed, in each language."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Table(_Strict):
    """One kind of table in a file: which columns it has, and which of them tell it from any other."""

    scope: Literal["day", "post"]
    columns: dict[Role, Headings]
    counts: dict[CountName, list[Headings]]  # a count may be the sum of several columns
    must: list[str] = Field(min_length=1)  # roles and counts without whose columns it is another table
    marks: list[Headings] = []  # further columns that must be there, and are not read
    sums: bool = False  # several rows may speak of one thing on one day: they are added up


class Layout(_Strict):
    """What one platform exports."""

    label: str  # what the team calls such a file
    channel: str | None = None  # None: the rows say
    channels: dict[str, str | None] = {}  # what a row says → our channel; null: its platform tells its clicks itself
    replaces: Literal["days", "rows"]
    zone: str | None = None  # of the hours it writes without an offset; None: the entity's
    order: Order | None = None  # which comes first in 3/4/2026, where the file does not show it
    others: Headings = []  # columns of its own that nothing is read from: no news to whoever drops a file
    tables: list[Table]


@cache
def layouts() -> dict[str, Layout]:
    """Every layout, by name. Raises ConfigError on a broken file."""
    found = {path.stem: load(path, Layout) for path in sorted(FOLDER.glob("*.yml"))}
    for layout in found.values():
        _ = iana_zone(layout.zone or "UTC")
    return found


@dataclass(frozen=True)
class Found:
    """A table found in a sheet: where its header is, and which column is what, by place from 0."""

    sheet: Sheet
    table: Table
    header: Row
    preamble: list[str]  # what stands above it, a line each
    places: dict[Role, int] = field(default_factory=dict)
    counts: dict[CountName, list[int]] = field(default_factory=dict)

    @property
    def unused(self) -> list[str]:
        """The headings that are not read."""
        used = {*self.places.values(), *(place for places in self.counts.values() for place in places)}
        return [str(cell)[:80] for place, cell in enumerate(self.header.cells) if cell and place not in used]

    def rows(self) -> Iterator[Row]:
        """The rows below the header, up to the next table of the sheet."""
        for row in self.sheet.rows():
            if row.number <= self.header.number:
                continue
            if str(row.cells[0] or "").startswith("#"):
                return
            yield row


def recognise(sheets: Iterable[Sheet]) -> tuple[str, list[Found]] | None:
    """The layout of a file and its tables; None where it is none of them. Of two that fit, the one that reads more."""
    best: tuple[int, str, list[Found]] | None = None
    heads = _heads(sheets)
    for name, layout in layouts().items():
        found = [one for table in layout.tables if (one := _find(heads, table))]
        read = sum(len(one.places) + len(one.counts) + len(one.table.marks) for one in found)
        if found and (best is None or read > best[0]):
            best = read, name, found
    return best[1:] if best else None


def look(sheets: list[Sheet]) -> list[Look]:
    """How near a file comes to each layout."""
    heads = [rows for _, rows in _heads(sheets)]
    return [_look(layout, heads) for layout in layouts().values()]


def _heads(sheets: Iterable[Sheet]) -> list[tuple[Sheet, list[Row]]]:
    """The rows in which a header may stand: a workbook is read again for each time its rows are asked for."""
    return [(sheet, list(islice(sheet.rows(), HEADER_WITHIN))) for sheet in sheets]


def _look(layout: Layout, heads: list[list[Row]]) -> Look:
    nearest = Look(layout.label, 0, ("todas sus columnas",))
    for table in layout.tables:
        for row in (row for rows in heads for row in rows):
            headings = {plain(cell) for cell in row.cells}
            needed = _needed(table)
            there = [one for one in needed if headings & {plain(name) for name in one}]
            if len(there) > nearest.found or (there and len(there) == len(needed)):
                missing = tuple(one[0] for one in needed if one not in there)
                nearest = Look(layout.label, len(there), missing)
                if not missing:
                    return nearest
    return nearest


def _needed(table: Table) -> list[Headings]:
    roles = [headings for role, headings in table.columns.items() if role in table.must]
    parts = [headings for name, parts in table.counts.items() if name in table.must for headings in parts]
    return [*roles, *parts, *table.marks]


def _find(heads: list[tuple[Sheet, list[Row]]], table: Table) -> Found | None:
    needed = [{plain(name) for name in headings} for headings in _needed(table)]
    for sheet, rows in heads:
        preamble: list[str] = []
        for row in rows:
            headings = [plain(cell) for cell in row.cells]
            if all(any(heading in one for heading in headings) for one in needed):
                return _placed(sheet, table, row, preamble)
            preamble.append(" ".join(str(cell) for cell in row.cells if cell is not None))
    return None


def _placed(sheet: Sheet, table: Table, header: Row, preamble: list[str]) -> Found:
    headings = [plain(cell) for cell in header.cells]

    def place(names: Headings) -> int | None:
        wanted = [plain(name) for name in names]
        return next((headings.index(name) for name in wanted if name in headings), None)

    places: dict[Role, int] = {role: at for role, names in table.columns.items() if (at := place(names)) is not None}
    counts: dict[CountName, list[int]] = {
        name: found
        for name, parts in table.counts.items()
        if (found := [at for part in parts if (at := place(part)) is not None])
    }
    return Found(sheet, table, header, preamble, places, counts)
