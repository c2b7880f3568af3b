"""Workbooks looked through before anything opens them: what is none, is locked, holds formulas or would fill the memory is refused.

Nothing of what they say is kept. Reading their rows belongs to ``sheets``.
"""

import re
import struct
import zipfile
import zlib
from pathlib import Path
from xml.parsers import expat

import olefile

from boi_pipeline.achieved.refusals import SheetRefused, broken, column_letters, formula, locked, too_wide

MAX_UNPACKED_BYTES = 400_000_000  # of an XLSX, all its parts together
MAX_PARTS = 2_000
MAX_GRID = 10_000_000  # cells of the rectangle that a sheet spans: the reader keeps it whole
_PIECE = 1 << 20


# ---------------------------------------------------------------- XLSX


def check_xlsx(path: Path, max_columns: int) -> None:
    """Refuse a ZIP that is no plain XLSX, one that unpacks to too much, and one that holds a formula."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
            names = {part.filename for part in parts}
            _check_kind(names)
            if len(parts) > MAX_PARTS or any(part.flag_bits & 1 for part in parts):
                raise broken("partes de más o cifradas")
            left = MAX_UNPACKED_BYTES
            for part in parts:
                scan = None
                with packed.open(part) as file:
                    while piece := file.read(_PIECE):
                        if file.tell() == len(piece) and piece.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
                            scan = _SheetScan(part.filename, max_columns)  # a sheet may have any name
                        left -= len(piece)
                        if left < 0:
                            raise SheetRefused(
                                f"Al abrirse ocupa más de {MAX_UNPACKED_BYTES // 1_000_000} MB. "
                                "Deje solo la hoja y las filas que hacen falta."
                            )
                        if scan:
                            scan.feed(piece)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, expat.ExpatError) as error:
        raise broken(error) from None


def _check_kind(names: set[str]) -> None:
    if "xl/vbaProject.bin" in names:
        raise SheetRefused("El libro trae macros (.xlsm). Guárdelo como .xlsx, sin macros, y vuelva a dejarlo.")
    if "[Content_Types].xml" in names and "xl/workbook.xml" in names:
        return
    if "[Content_Types].xml" in names or "mimetype" in names:
        raise SheetRefused("No es una hoja de cálculo .xlsx, .xls o .csv. Guárdela en uno de esos formatos.")
    raise SheetRefused("Es un archivo comprimido (ZIP). Descomprímalo y deje el .csv, .xls o .xlsx que trae.")


class _SheetScan:
    """Looks through a sheet's XML for formulas and for what the sheet spans, without keeping any of it."""

    def __init__(self, part: str, max_columns: int) -> None:
        self._where, self._most = Path(part).stem, max_columns
        self._row = self._column = self._widest = 0
        self._is_sheet: bool | None = None
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, piece: bytes) -> None:
        """Look at the next bytes. Raises SheetRefused, and ExpatError where they are no XML."""
        if self._is_sheet is not False:
            self._parser.Parse(piece)

    def _doctype(self, *_: object) -> None:
        raise broken("trae un DOCTYPE")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if self._is_sheet is None:
            self._is_sheet = name == "worksheet"
        if not self._is_sheet:
            return
        if name == "row":
            self._row = _number(attributes.get("r")) or self._row + 1
            self._column = 0
        elif name == "c":
            self._place(attributes.get("r", ""))
        elif name == "f":
            raise formula(f"{self._where}, celda {column_letters(self._column)}{self._row}")
        elif name in ("v", "is"):
            self._widest = max(self._widest, self._column)
            if self._widest > self._most:
                raise too_wide(self._where, self._most)
            if self._row * self._widest > MAX_GRID:
                raise SheetRefused(
                    f"{self._where}: hay una celda escrita en la fila {self._row}, lejos de las demás. "
                    "Borre las filas sobrantes y guárdela de nuevo."
                )

    def _place(self, reference: str) -> None:
        found = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})", reference)
        if not found:
            self._column += 1
            return
        column = 0
        for letter in found[1]:
            column = column * 26 + ord(letter) - 64
        self._column, self._row = column, int(found[2])


def _number(text: str | None) -> int:
    return int(text) if text and re.fullmatch(r"[0-9]{1,7}", text) else 0


# ---------------------------------------------------------------- XLS

_FORMULA_RECORD, _FILEPASS_RECORD = 0x0006, 0x002F


def check_xls(path: Path) -> None:
    """Refuse an OLE file that is no workbook, a locked one, and one that holds a formula."""
    try:
        with olefile.OleFileIO(str(path)) as ole:
            if ole.exists("EncryptedPackage"):
                raise locked()
            name = next((one for one in ("Workbook", "Book") if ole.exists(one)), None)
            if name is None:
                raise SheetRefused("No es una hoja de cálculo .xlsx, .xls o .csv. Guárdela en uno de esos formatos.")
            stream = ole.openstream(name).read()
    except (OSError, ValueError, IndexError, struct.error) as error:
        raise broken(error) from None
    place = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        if kind == _FILEPASS_RECORD:
            raise locked()
        if kind == _FORMULA_RECORD and place + 8 <= len(stream):
            row, column = struct.unpack_from("<HH", stream, place + 4)
            raise formula(f"Celda {column_letters(column + 1)}{row + 1}")
        place += 4 + length
