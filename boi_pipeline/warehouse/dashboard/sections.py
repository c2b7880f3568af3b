"""What the dashboard shows: the pages of the Power BI report, read as the sections of a page that stands still.

Titles, words, measures and their order are said once, in ``powerbi.pages``. Left out here: what only a report that
somebody clicks on needs (slicers, buttons, pages reached from a row), and what only the team acts on: the page may be public.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from boi_pipeline.warehouse.powerbi.pages import Page, pages
from boi_pipeline.warehouse.powerbi.visuals import Field, Visual, properties

_ON_CLICK = {"slicer", "actionButton"}
_CHARTS: dict[str, Literal["bars", "months", "lines"]] = {
    "clusteredBarChart": "bars",
    "clusteredColumnChart": "months",
    "columnChart": "months",
    "lineChart": "lines",
}
_OWN_TABLES = ("control",)


@dataclass(frozen=True)
class Cards:
    """Figures side by side, each over its name."""

    measures: tuple[str, ...]


@dataclass(frozen=True)
class Note:
    """A sentence that helps to read what follows."""

    text: str


@dataclass(frozen=True)
class Chart:
    """Bars by a category, or columns or lines by month; ``series`` stacks columns."""

    title: str
    text: str
    kind: Literal["bars", "months", "lines"]
    category: Field
    measures: tuple[str, ...]
    series: Field | None = None
    in_order: bool = False  # in the category's own order, else the greatest first
    without: tuple[str | bool | None, ...] = ()  # categories that are left out


@dataclass(frozen=True)
class Matrix:
    """One measure in rows by columns, with totals."""

    title: str
    text: str
    rows: Field
    columns: Field
    measure: str


@dataclass(frozen=True)
class Listing:
    """A table: columns and measures in their order; ``above_zero`` keeps the rows in which a measure is."""

    title: str
    text: str
    fields: tuple[Field, ...]
    sort: Field
    descending: bool
    above_zero: str | None = None
    has_total: bool = False

    @property
    def measures(self) -> list[str]:
        return [one.key for one in self.fields if one.table is None]

    @property
    def own_table(self) -> str | None:
        """The table of publication's own that it lists, None where it lists what the star has."""
        return next((one.table for one in self.fields if one.table in _OWN_TABLES), None)


Block = Cards | Note | Chart | Matrix | Listing


@dataclass(frozen=True)
class Section:
    """One page of the report: its figures and notes, then charts, then tables, each in the report's order."""

    key: str
    title: str
    lead: str
    blocks: tuple[Block, ...]


def sections() -> list[Section]:
    """All sections in the report's order. Raises ValueError for a kind of visual that nobody has thought of."""
    return [_section(page) for page in pages() if page.drill is None]


def _section(page: Page) -> Section:
    heading = next(visual for visual in page.visuals if visual.key == "titulo")
    shown = [visual for visual in page.visuals if visual is not heading and not visual.for_team]
    blocks = [block for visual in shown for block in _blocks(visual)]
    cards = tuple(name for block in blocks if isinstance(block, Cards) for name in block.measures)
    notes = [block for block in blocks if isinstance(block, Note)]
    charts = [block for block in blocks if isinstance(block, Chart)]
    tables = [block for block in blocks if isinstance(block, (Matrix, Listing))]
    lead = heading.alt.removeprefix(f"{page.title}. ")
    return Section(page.key, page.title, lead, (Cards(cards), *notes, *charts, *tables))


def _blocks(visual: Visual) -> Iterator[Block]:
    roles = visual.roles
    if visual.kind == "cardVisual":
        yield Cards(_names(roles["Data"]))
    elif visual.kind == "textbox":
        yield Note(visual.alt)
    elif visual.kind in _CHARTS:
        category = roles["Category"][0]
        (without,) = _conditions(visual, category)
        yield Chart(
            title=visual.title,
            text=visual.alt,
            kind=_CHARTS[visual.kind],
            category=category,
            measures=_names(roles["Y"]),
            series=next(iter(roles.get("Series", ())), None),
            in_order=visual.sort is not None and visual.sort[0] == category,
            without=without or (),
        )
    elif visual.kind == "pivotTable":
        (measure,) = _names(roles["Values"])
        yield Matrix(visual.title, visual.alt, roles["Rows"][0], roles["Columns"][0], measure)
    elif visual.kind == "tableEx":
        yield _listing(visual)
    elif visual.kind not in _ON_CLICK:
        raise ValueError(f"{visual.key}: the dashboard does not know how to show a {visual.kind}")


def _listing(visual: Visual) -> Listing:
    fields = tuple(visual.roles["Values"])
    sort, direction = visual.sort or (fields[0], "Ascending")
    above = next((one.field for one in visual.conditions if one.excluded is None), None)
    _conditions(visual, above)
    return Listing(
        title=visual.title,
        text=visual.alt,
        fields=fields,
        sort=sort,
        descending=direction == "Descending",
        above_zero=above.key if above else None,
        has_total=visual.objects.get("total") == properties(totals=True),
    )


def _names(fields: Iterable[Field]) -> tuple[str, ...]:
    return tuple(one.key for one in fields)


def _conditions(visual: Visual, *known: Field | None) -> list[tuple[str | bool | None, ...] | None]:
    """What the conditions on some fields leave out. Raises ValueError for one on another field: it would be forgotten."""
    for one in visual.conditions:
        if one.field not in known:
            raise ValueError(f"{visual.key}: the dashboard does not know how to keep to a condition on {one.field.key}")
    return [next((one.excluded for one in visual.conditions if one.field == field), None) for field in known]
