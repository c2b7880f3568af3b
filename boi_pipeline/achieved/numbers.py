"""Numbers as people and platforms write them, in both locales: 1.234,5 · 1,234.5 · 1 234.

Which mark is the decimal one is decided once for a file, from all the numbers it shows, never cell by cell. What a number
counts, and what is done with a cell that is none, belongs to who asks.
"""

import re
from collections.abc import Iterable
from decimal import Decimal

from boi_pipeline.achieved.sheets import Cell

NOTHING = frozenset({"", "-", "--", "—", "–", "n/a", "na", "n/d", "nd", "(not set)"})
"""What is written where there is no number."""

_SPACES = re.compile(r"(?<=[0-9])[ \u00a0\u2009\u202f'’](?=[0-9]{3}(?![0-9]))")
_NUMBER = re.compile(r"[0-9]{1,15}(?:[.,][0-9]{1,15})*")
_MARKS = re.compile(r"[.,]")
Decided = str | None
"""The decimal mark of a file: ``.``, ``,``, or None where nothing shows it."""


def decimal_mark(cells: Iterable[Cell]) -> Decided:
    """The decimal mark that a file's numbers show. Raises ValueError (Spanish) where they show both."""
    shown: dict[str, str] = {}
    for cell in cells:
        if isinstance(cell, str) and (mark := _shown_by(cell)):
            shown.setdefault(mark, cell)
    if len(shown) > 1:
        raise ValueError(
            f"hay números en dos formas ({shown['.']!r:.40} y {shown[',']!r:.40}); exporte el archivo en un solo idioma"
        )
    return next(iter(shown), None)


def _shown_by(cell: str) -> Decided:
    """The decimal mark that one number gives away; a single mark before three digits may be either."""
    text = _SPACES.sub("", cell.strip().rstrip("%").strip())
    if not _NUMBER.fullmatch(text):
        return None
    marks = _MARKS.findall(text)
    if not marks:
        return None
    other = "," if marks[-1] == "." else "."
    if len(set(marks)) == 2:  # 1.234,5
        return marks[-1] if _is_grouped(text.rpartition(marks[-1])[0], other) else None
    if len(marks) > 1:  # 1.234.567
        return other if _is_grouped(text, marks[0]) else None
    before, _, after = text.partition(marks[0])
    return marks[0] if len(after) != 3 or before == "0" or len(before) > 3 else None


def _is_grouped(text: str, mark: str) -> bool:
    first, *groups = text.split(mark)
    return 1 <= len(first) <= 3 and all(len(group) == 3 for group in groups)


def whole(cell: Cell, decimal: Decided = None) -> int | None:
    """A count; None where there is none. Raises ValueError (Spanish: what was expected).

    A mark before groups of three digits is one of thousands, unless the file's ``decimal`` mark is that one.
    """
    if isinstance(cell, str) and len(cell) <= 12 and cell.isascii() and cell.isdigit():
        return int(cell)  # nearly every count of nearly every file
    number = _decimal(cell, decimal, thousands_first=True)
    if number is None:
        return None
    if number != number.to_integral_value() or number < 0 or number >= 10**12:
        raise ValueError("se esperaba un número entero, 0 o más")
    return int(number)


def amount(cell: Cell, decimal: Decided = None) -> Decimal | None:
    """An amount with two decimal places at most; None where there is none. Raises ValueError (Spanish).

    Without a ``decimal`` mark for the file, 1.234 may be either and is refused.
    """
    number = _decimal(cell, decimal, thousands_first=False)
    if number is None:
        return None
    if number < 0 or number >= 10**15 or number != round(number, 2):
        raise ValueError("se esperaba un monto, con dos decimales a lo más")
    return round(number, 2)


def _decimal(cell: Cell, decimal: Decided, *, thousands_first: bool) -> Decimal | None:
    if cell is None or (isinstance(cell, str) and cell.strip().casefold() in NOTHING):
        return None
    if isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool):
        number = Decimal(str(cell))
        if not number.is_finite():
            raise ValueError("se esperaba un número")
        return number
    if not isinstance(cell, str):
        raise ValueError("se esperaba un número")
    text = _SPACES.sub("", cell.strip())
    if not _NUMBER.fullmatch(text):
        raise ValueError("se esperaba un número como 1234, 1.234 o 1,234: sin letras, signos ni abreviaturas como 12K")
    mark = decimal or _shown_by(text)
    if mark is None and _MARKS.search(text):
        if not thousands_first:
            raise ValueError("no se sabe si son miles o decimales; escríbalo sin separador de miles")
        mark = "," if "." in text else "."
    other = "," if mark == "." else "."
    units, _, fraction = text.partition(mark) if mark else (text, "", "")
    if (other in units and not _is_grouped(units, other)) or _MARKS.search(fraction):
        raise ValueError(f"sus separadores no son los del resto del archivo (decimales con «{mark}»)")
    return Decimal(f"{units.replace(other, '')}.{fraction or '0'}")
