"""An imported file as sheets of rows: CSV, XLSX and the old XLS.

Every imported file is hostile. What is no table, is locked, holds formulas or would fill the memory is refused before any
row is given, in words that the team acts on (Spanish). What the columns mean belongs to who asks.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO, TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from boi_pipeline.achieved.book_guard import check_xls, check_xlsx
from boi_pipeline.achieved.refusals import SheetRefused, broken, locked, too_long, too_wide

Cell = str | int | float | Decimal | bool | date | datetime | None
"""What a cell holds; None where it is empty. A text that begins like a formula stays the text that it is."""

MAX_COLUMNS = 100
MAX_ROWS = 5_000_000
MAX_CSV_BYTES = 1_000_000_000
MAX_BOOK_BYTES = 50_000_000
_SEPARATORS = ";\t,|"  # in this order where two would do: a comma may be a decimal one
_SAMPLE = 40  # records that tell the separator
_PIECE = 1 << 20
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class Row(NamedTuple):
    """A row that says something. ``number``: the row of the sheet, or the line of the CSV it begins on, from 1."""

    number: int
    cells: list[Cell]


@dataclass(frozen=True)
class Merged:
    """Cells merged into one, whose value stands in the first; rows and columns from 1, all included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True)
class Sheet:
    """A sheet; a CSV is a file of one, without a name. Rows come from the file as they are asked for."""

    name: str
    read: Callable[[], Iterator[Row]]
    merged: Callable[[], list[Merged]]

    def rows(self) -> Iterator[Row]:
        """The rows that are not empty, from the first: each call begins anew. Raises SheetRefused."""
        return self.read()


@contextmanager
def open_sheets(path: Path, *, max_rows: int = MAX_ROWS) -> Iterator[list[Sheet]]:
    """The sheets of a file, while it is open. Raises SheetRefused, at once or while a sheet's rows are read."""
    size = path.stat().st_size
    if not size:
        raise SheetRefused("El archivo está vacío. Vuelva a descargarlo y compruebe que se abre.")
    with open(path, "rb") as file:
        start = file.read(4096)
    if start.startswith(_ZIP):
        _check_size(size, MAX_BOOK_BYTES)
        check_xlsx(path, MAX_COLUMNS)
        opened = _book(path, max_rows)
    elif start.startswith(_OLE):
        _check_size(size, MAX_BOOK_BYTES)
        check_xls(path)
        opened = _book(path, max_rows)
    else:
        _check_size(size, MAX_CSV_BYTES)
        opened = _text(path, start, max_rows)
    with opened as sheets:
        yield sheets


def _check_size(size: int, most: int) -> None:
    if size > most:
        raise SheetRefused(
            f"El archivo pesa {size // 1_000_000} MB; se leen hasta {most // 1_000_000} MB. "
            "Expórtelo por períodos más cortos."
        )


# ---------------------------------------------------------------- workbooks


@contextmanager
def _book(path: Path, max_rows: int) -> Iterator[list[Sheet]]:
    with _refusing():
        book = CalamineWorkbook.from_path(path)
    with book:
        yield [_sheet(book, name, max_rows) for name in book.sheet_names]


@contextmanager
def _refusing() -> Iterator[None]:
    """What the reader of workbooks says of a bad one, as SheetRefused."""
    try:
        yield
    except PasswordError:
        raise locked() from None
    except (CalamineError, OSError, ValueError) as error:
        raise broken(error) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how a library in Rust tells of its own slip; it has no import
            raise
        raise broken("no se puede leer") from None


def _sheet(book: CalamineWorkbook, name: str, max_rows: int) -> Sheet:
    def opened() -> CalamineSheet:
        with _refusing():
            return book.get_sheet_by_name(name)

    def rows() -> Iterator[Row]:
        sheet = opened()
        if sheet.start is None:
            return
        if sheet.total_width > MAX_COLUMNS:
            raise too_wide(f"Hoja «{name}»", MAX_COLUMNS)
        for number, values in enumerate(sheet.iter_rows(), sheet.start[0] + 1):
            cells = [None] * sheet.start[1] + [_cell(value) for value in values]
            if any(cell is not None for cell in cells):
                if number > max_rows:
                    raise too_long(f"Hoja «{name}»", max_rows)
                yield Row(number, cells)

    def merged() -> list[Merged]:
        ranges = opened().merged_cell_ranges or []
        return [Merged(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in ranges]

    return Sheet(name, rows, merged)


def _cell(value: object) -> Cell:
    """A workbook knows one kind of number: what is whole is told as whole."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, (time, timedelta)):
        return str(value)
    return value  # type: ignore[return-value]  # what is left is a bool, a number, a date or an instant


# ---------------------------------------------------------------- CSV


@contextmanager
def _text(path: Path, start: bytes, max_rows: int) -> Iterator[list[Sheet]]:
    encoding = _encoding(path, start)
    with open(path, encoding=encoding, newline="") as file:
        sample = file.read(1 << 17)
    if re.match(r"\s*<(!doctype|html|table|\?xml)", sample, re.IGNORECASE):
        raise SheetRefused("Es una página web o un XML con otro nombre. Expórtelo como .csv, .xls o .xlsx.")
    stated = re.match(r"sep=(.)\r?\n", sample)  # Excel's own line
    separator = stated[1] if stated else _separator(sample)

    def rows() -> Iterator[Row]:
        with open(path, encoding=encoding, newline="") as file:
            for row in _records(file, separator, max_rows):
                if not (stated and row.number == 1):
                    yield row

    yield [Sheet("", rows, list)]


def _encoding(path: Path, start: bytes) -> str:
    """How the text is written. Raises SheetRefused where it is no text."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        guess = ["utf-16"]
    elif start[1:2] == b"\x00" and start[:1] not in (b"", b"\x00"):  # UTF-16 that does not say so
        guess = ["utf-16-le"]
    else:
        guess = ["utf-8-sig", "cp1252"]
    for encoding in guess:
        try:
            with open(path, "rb") as raw:
                for piece in _decoded(raw, encoding):
                    if _NO_TEXT.search(piece):
                        raise SheetRefused(
                            "No es un texto CSV: trae bytes de otro formato. Expórtelo como .csv, .xls o .xlsx."
                        )
            return encoding
        except UnicodeError:
            continue
    raise SheetRefused("No es un texto UTF-8, UTF-16 ni Windows-1252. Guárdelo como «CSV UTF-8».")


def _decoded(raw: BytesIO | object, encoding: str) -> Iterator[bytes]:
    """The text in pieces of one byte for each ASCII character, to look for what no text has."""
    text = TextIOWrapper(raw, encoding=encoding, newline="")  # type: ignore[arg-type]
    while piece := text.read(_PIECE):
        yield piece.encode("utf-8")


def _separator(sample: str) -> str:
    """What cells are separated by: what gives the most records as many cells as each other."""
    told = [line for line in sample.splitlines() if line.strip() and not line.startswith("#")]

    def score(separator: str) -> float:
        reader = csv.reader(told, delimiter=separator)
        try:
            counts = Counter(len(cells) for cells in islice(reader, _SAMPLE))
        except csv.Error:
            return 0
        return max((times for cells, times in counts.items() if cells > 1), default=0) / max(1, counts.total())

    return max(_SEPARATORS, key=score)  # the first of those that are as good


def _records(file: TextIOWrapper, separator: str, max_rows: int) -> Iterator[Row]:
    reader = csv.reader(file, delimiter=separator, strict=True)
    line = 1
    while True:
        try:
            texts = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise SheetRefused(
                f"Línea {line}: el CSV está mal formado ({error}). Vuelva a exportarlo, sin editarlo a mano."
            ) from None
        cells: list[Cell] = [text.strip() or None for text in texts]
        if any(cells):
            if len(cells) > MAX_COLUMNS:
                raise too_wide(f"Línea {line}", MAX_COLUMNS)
            if line > max_rows:
                raise too_long("El archivo", max_rows)
            yield Row(line, cells)
        line = reader.line_num + 1
