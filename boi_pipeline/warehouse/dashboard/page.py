"""The dashboard of a set as files: one page that needs nothing besides, and each chart's data and specification beside it.

The page has no script and asks for nothing (its Content-Security-Policy forbids both); its links lead to its own files and
to the entity's site. Given the same set it is the same, byte for byte.
"""

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from markupsafe import Markup

from boi_pipeline.entity import Entity
from boi_pipeline.warehouse.contract import Project
from boi_pipeline.warehouse.dashboard.charts import MOST_BARS, vega_lite
from boi_pipeline.warehouse.dashboard.drawing import Pen
from boi_pipeline.warehouse.dashboard.figures import Figures, opened
from boi_pipeline.warehouse.dashboard.grids import Card, Cell, Grid
from boi_pipeline.warehouse.dashboard.look import data_of, page, tokens
from boi_pipeline.warehouse.dashboard.sections import Block, Cards, Chart, Listing, Matrix, Note, Section, sections
from boi_pipeline.warehouse.dashboard.wording import plain
from boi_pipeline.warehouse.publication import Companion

FOLDER = "dashboard"
PAGE = "index.html"
_TOLD = 6  # values that a picture's label tells; the table has them all


@dataclass(frozen=True)
class Part:
    """One block as the template takes it."""

    kind: str
    key: str = ""
    title: str = ""
    text: str = ""
    cards: Sequence[Card] = ()
    grid: Grid | None = None
    picture: Markup | None = None
    files: Sequence[tuple[str, str]] = ()  # (what it is, path)
    more_bars: int = 0


def dashboard_companion(project: Project, entity: Entity, as_of: datetime, pictures: Path | None = None) -> Companion:
    """What writes the dashboard into a set; ``pictures`` is a file of those that were drawn before."""
    return lambda folder: write_dashboard(folder, project, entity, as_of, pictures)


def write_dashboard(
    folder: Path, project: Project, entity: Entity, as_of: datetime, pictures: Path | None = None
) -> None:
    """Write ``dashboard/`` below a set's folder from the Parquet files that are there."""
    target = folder / FOLDER
    target.mkdir(exist_ok=True)
    with opened(folder, project, entity) as figures, Pen(pictures) as pen:
        writer = _Writer(figures, entity, target, pen)
        shown = [(section, [writer.part(section, block) for block in section.blocks]) for section in sections()]
    instant = as_of.astimezone(entity.zone)
    _write(target / PAGE, _rendered(entity, instant, shown, has_pictures=pen.is_here))


class _Writer:
    """Makes the parts of a page and writes the files they link to."""

    def __init__(self, figures: Figures, entity: Entity, target: Path, pen: Pen) -> None:
        self._pen = pen
        self._figures = figures
        self._light = tokens(entity.file.brand, dark=False)
        self._target = target

    def part(self, section: Section, block: Block) -> Part:
        if isinstance(block, Cards):
            return Part("cards", cards=self._figures.cards(block))
        if isinstance(block, Note):
            return Part("note", text=block.text)
        key = f"{section.key}-{_slug(block.title)}"
        if isinstance(block, Chart):
            return self._chart(key, block)
        grid = self._figures.matrix(block) if isinstance(block, Matrix) else self._figures.listing(block)
        text = f"{block.text} Medida: {block.measure}." if isinstance(block, Matrix) else block.text
        return Part("table", key, block.title, text, grid=grid, files=self._data(key, block, grid))

    def _chart(self, key: str, block: Chart) -> Part:
        grid = self._figures.chart(block)
        if not grid.rows:
            return Part("chart", key, block.title, block.text, grid=grid)
        formats = [self._figures.measures.by_name[name].format or "" for name in block.measures]
        files = [*self._data(key, block, grid)]
        specification = vega_lite(block, grid, formats, self._light.__getitem__)
        path = f"graficos/{key}.vl.json"
        _write(self._target / path, _json(specification))
        files.append(("Gráfico (Vega-Lite)", path))
        picture = None
        if self._pen.is_here:
            painted = vega_lite(block, grid, formats, lambda name: f"var(--{name})")
            picture = self._pen.draw(painted, _label(block, grid))
        more = max(0, len(grid.rows) - MOST_BARS) if block.kind == "bars" else 0
        return Part("chart", key, block.title, block.text, grid=grid, picture=picture, files=files, more_bars=more)

    def _data(self, key: str, block: Chart | Matrix | Listing, grid: Grid) -> list[tuple[str, str]]:
        """The values of a block as JSON, with what they are."""
        if not grid.rows:
            return []
        names = [head.name for head in grid.heads]
        rows = [{name: cell.value for name, cell in zip(names, row, strict=True)} for row in grid.rows]
        content: dict[str, Any] = {"titulo": block.title, "descripcion": block.text, "filas": rows}
        if grid.total:
            content["total"] = {name: cell.value for name, cell in zip(names[1:], grid.total[1:], strict=True)}
        path = f"datos/{key}.json"
        _write(self._target / path, _json(content))
        return [("Datos (JSON)", path)]


def _rendered(entity: Entity, instant: datetime, shown: list[tuple[Section, list[Part]]], *, has_pictures: bool) -> str:
    return page(
        "dashboard.html",
        entity,
        headings=[section for section, _ in shown],
        sections=shown,
        has_pictures=has_pictures,
        when=data_of(instant, entity),
    )


def _label(block: Chart, grid: Grid) -> str:
    """What a picture shows, in words: its title and its first rows."""

    def said(row: list[Cell]) -> str:
        groups = 2 if block.series else 1
        name = ", ".join(cell.text for cell in row[:groups])
        values = [cell.text for cell in row[groups:]]
        if len(values) > 1:
            values = [f"{measure}, {value}" for measure, value in zip(block.measures, values, strict=True)]
        return f"{name}: {'; '.join(values)}"

    rows = grid.rows[-_TOLD:] if block.kind != "bars" else grid.rows[:_TOLD]
    rest = len(grid.rows) - len(rows)
    return plain(f"{block.title}. {'. '.join(map(said, rows))}." + (f" Y {rest} más en la tabla." if rest else ""))


def _slug(title: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
