"""Workbooks and other files made for a test, as somebody would hand them in."""

import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

EXPORTS = Path(__file__).with_name("exports")
FILES = Path(__file__).with_name("files")


def write_book(path: Path, *rows: list[Any], sheet: str = "Hoja1") -> Path:
    """An XLSX of one sheet; a text that begins with ``=`` is a formula."""
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet(sheet)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, datetime):
                page.write_datetime(row, column, cell, day)
            elif cell is not None:
                page.write(row, column, cell)
    book.close()
    return path


def write_zip(path: Path, **files: bytes) -> Path:
    """A ZIP of files; in their names ``__`` stands for ``/`` and ``_dot_`` for a dot."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return path
