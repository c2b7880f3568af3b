"""The rows of an archived spreadsheet, as its mapping reads them: each one a call that was published, or why it is none.

A cell that cannot be understood is left out and told; only what makes a row no publication of the past refuses it. Personal
data are blanked here, before anything is kept. What of it is new belongs to ``batches``.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from boi_pipeline.achieved.archive.dates import UnknownDay, day_of
from boi_pipeline.achieved.archive.mapping import Mapping
from boi_pipeline.achieved.refusals import SheetRefused
from boi_pipeline.achieved.sheets import Cell, Row, Sheet, open_sheets
from boi_pipeline.personal_data import mask
from scrapers.notice import Hint, clean_text
from scrapers.text import visible
from scrapers.urls import absolute_url, post_address

MAX_ROWS = 100_000
MAX_TITLE, MAX_CELL = 500, 2_000  # characters
_HEADER_WITHIN = 50  # rows: above the header stand titles and logos


class ArchivedRow(BaseModel):
    """A call that was published on a channel, as one row of a file tells it. Null: the file does not say."""

    model_config = ConfigDict(frozen=True)
    row_number: int  # of the sheet, or the line of a CSV, or the place in a PDF
    item_key: str  # the archive's own number; else of what names the call
    title: str
    funder: str | None = None
    close_date: date | None = None
    url: str | None = None
    facts: list[Hint] = Field(default_factory=list)
    edition_date: date | None = None
    channel: str
    post_url: str | None = None


@dataclass(frozen=True)
class Said:
    """What a row of the file comes to: a call, or the reason why it is none."""

    row_number: int
    title: str
    row: ArchivedRow | None
    problem: str = ""
    notes: list[str] = field(default_factory=list)  # what was left out of a row that is taken


@dataclass(frozen=True)
class Read:
    """A file, read by its mapping."""

    said: list[Said]
    unused: list[str]  # headings that the mapping does not name


def read_rows(path: Path, mapping: Mapping, today: date) -> Read:
    """Every row of the file. Raises SheetRefused where it has no such sheet or columns."""
    with open_sheets(path, max_rows=MAX_ROWS) as sheets:
        return _SheetReader(_chosen(sheets, mapping), mapping, today).read()


def key_of(title: str, funder: str | None, close_date: date | None) -> str:
    """The key of a call without a number: the same for the same words, however they are spaced, accented or cased."""
    told = "\n".join([_fold(title), _fold(funder or ""), str(close_date or "")])
    return f"h-{hashlib.sha256(told.encode()).hexdigest()[:24]}"


def judged(
    mapping: Mapping, today: date, *, number: int, title: str, key: str | None, notes: list[str], **told: object
) -> Said:
    """A row that has a title, as a call of the past; refused where it is none."""
    row = ArchivedRow.model_validate(
        {"row_number": number, "title": title, "channel": mapping.channel, "edition_date": mapping.edition_date}
        | {name: value for name, value in told.items() if value is not None}
        | {"item_key": key or ""}
    )
    if row.close_date and row.close_date >= today:
        return Said(number, title, None, f"cierra el {row.close_date}: lo que sigue abierto lo trae su fuente")
    if row.edition_date and row.edition_date > today:
        return Said(number, title, None, f"edición del {row.edition_date}: aún no se ha publicado")
    if row.edition_date is None:
        notes.append("sin fecha de edición: no cuenta como publicada")
    if row.edition_date and row.close_date and row.close_date < row.edition_date:
        notes.append("cerró antes de su edición: revise las dos fechas")
    named = row.item_key or key_of(row.title, row.funder, row.close_date)
    return Said(number, title, row.model_copy(update={"item_key": named}), notes=notes)


def clean(cell: Cell, most: int = MAX_CELL) -> str:
    """A cell as one line of text: no unseen characters, no personal data."""
    if isinstance(cell, datetime) and not any((cell.hour, cell.minute, cell.second)):
        cell = cell.date()
    text = "" if cell is None else visible(clean_text(str(cell)))
    return mask(" ".join(text.split())[:most])


def link_of(text: str, notes: list[str]) -> str | None:
    """An http(s) address as it is: nobody goes there. Anything else is left out and told."""
    if not text:
        return None
    found = absolute_url(text, text) if re.match(r"https?://", text, re.IGNORECASE) and " " not in text else None
    if found is None:
        notes.append(f"«{text:.60}» no es una dirección http(s): se deja fuera")
    return found


def _post_of(text: str, notes: list[str]) -> str | None:
    """The address of a post, by which what its platform tells of it is joined."""
    if not text:
        return None
    try:
        return post_address(text)
    except ValueError:
        notes.append(f"«{text:.60}» no es la dirección de una publicación: se deja fuera")
        return None


def _chosen(sheets: list[Sheet], mapping: Mapping) -> Sheet:
    if mapping.columns is None:
        raise SheetRefused("El mapa no dice columnas (columns:). Escriba qué columna es el título y las demás.")
    if mapping.sheet is None:
        return sheets[0]
    for sheet in sheets:
        if sheet.name == mapping.sheet:
            return sheet
    there = ", ".join(f"«{sheet.name}»" for sheet in sheets)
    raise SheetRefused(f"No hay una hoja «{mapping.sheet}»; hay {there}. Corrija sheet: en el mapa.")


class _SheetReader:
    """Reads one sheet by its mapping."""

    def __init__(self, sheet: Sheet, mapping: Mapping, today: date) -> None:
        self._mapping, self._today = mapping, today
        self._fields = mapping.columns.named() if mapping.columns else {}
        self._rows = sheet.rows()
        merged = sheet.merged()
        self._wide = {
            row
            for one in merged
            if one.last_column > one.first_column
            for row in range(one.first_row, one.last_row + 1)
        }
        self._below: dict[int, set[int]] = {}  # column → its rows whose value stands above, in the same merged cell
        for one in merged:
            self._below.setdefault(one.first_column, set()).update(range(one.first_row + 1, one.last_row + 1))
        self._above: dict[str, Cell] = {}
        self._titles: dict[str, tuple[int, str]] = {}

    def read(self) -> Read:
        """All rows below the header."""
        places, unused = self._header()
        return Read([self._said(row, places) for row in self._rows], unused)

    def _header(self) -> tuple[dict[str, int], list[str]]:
        """The first row with every heading of the mapping: heading → place in the row."""
        wanted = {_fold(heading): heading for heading in self._mapping.headings}
        best: set[str] = set()
        for row, _ in zip(self._rows, range(_HEADER_WITHIN), strict=False):
            names = [_fold(str(cell or "")) for cell in row.cells]
            found = wanted.keys() & set(names)
            if len(found) == len(wanted):
                for name in found:
                    if names.count(name) > 1:
                        raise SheetRefused(f"Fila {row.number}: la columna «{wanted[name]}» está dos veces.")
                places = {wanted[name]: names.index(name) for name in found}
                unused = [str(cell) for cell, name in zip(row.cells, names, strict=True) if name and name not in wanted]
                return places, unused
            best = max(best, found, key=len)
        missing = ", ".join(f"«{wanted[name]}»" for name in wanted if name not in best)
        raise SheetRefused(
            f"Ninguna de las primeras {_HEADER_WITHIN} filas tiene todas las columnas del mapa; falta {missing}. "
            "Corrija los títulos en el mapa, o la hoja con sheet:."
        )

    def _said(self, row: Row, places: dict[str, int]) -> Said:
        cells = {name: row.cells[place] if place < len(row.cells) else None for name, place in places.items()}
        filled = [name for name, cell in cells.items() if cell is not None]
        if row.number in self._wide and len(filled) <= 1:
            return Said(row.number, clean(next(iter(row.cells), None)), None, "rótulo que ocupa varias columnas")
        if not filled:
            return Said(row.number, "", None, "no dice nada en las columnas del mapa")
        for name in self._mapping.fill_down:
            below = self._below.get(places[name] + 1)
            if cells[name] is None and (below is None or row.number in below):
                cells[name] = self._above.get(name)
            else:
                self._above[name] = cells[name]
        told = {name: cells[heading] for name, heading in self._fields.items()}
        title = clean(told.pop("title"), MAX_TITLE)
        if not any(letter.isalpha() for letter in title):
            return Said(row.number, title, None, "sin título; si la celda está combinada, nómbrela en fill_down")
        notes: list[str] = []
        channel = self._channel(told.pop("channel", None))
        if channel == "":
            return Said(row.number, title, None, "su canal no está en channels del mapa")
        key = clean(told.pop("id", None), 200)
        if key and (problem := self._other_title(key, row.number, title)):
            return Said(row.number, title, None, problem)
        return judged(
            self._mapping,
            self._today,
            number=row.number,
            title=title,
            key=key or None,
            notes=notes,
            funder=clean(told.pop("funder", None)) or None,
            url=link_of(clean(told.pop("url", None)), notes),
            channel=channel,
            post_url=_post_of(clean(told.pop("post_url", None)), notes),
            facts=[
                Hint(label=label, value=value)
                for label, heading in self._mapping.facts.items()
                if (value := clean(cells[heading]))
            ],
            **{name: self._day(name, told[name], notes) for name in ("close_date", "edition_date") if name in told},
        )

    def _day(self, name: str, cell: Cell, notes: list[str]) -> date | None:
        try:
            return day_of(cell, self._mapping.date_formats)
        except UnknownDay as unknown:
            notes.append(f"{self._fields[name]}: {mask(str(unknown))}: se deja vacía")
            return None

    def _channel(self, cell: Cell) -> str | None:
        """The term of the row's own channel; empty where the mapping does not know it, None where there is no column."""
        if "channel" not in self._fields:
            return None
        meant = {_fold(word): term for word, term in self._mapping.channels.items()}
        return meant.get(_fold(str(cell or "")), "")

    def _other_title(self, key: str, number: int, title: str) -> str | None:
        """A number that the archive gave to two calls names neither."""
        first, known = self._titles.setdefault(key, (number, title))
        return None if _fold(known) == _fold(title) else f"su número {key:.40} es el de otro título, en la fila {first}"


def _fold(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.findall(r"\w+", "".join(letter for letter in bare if not unicodedata.combining(letter))))
