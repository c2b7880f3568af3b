"""The days that an archive writes in its cells, by the formats that its mapping names. No format: no day, never a guess."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache

from babel import Locale

from boi_pipeline.achieved.sheets import Cell
from boi_pipeline.entity import FIRST_YEAR, LAST_YEAR

_PARTS = {
    "%d": r"(?P<day>[0-9]{1,2})",
    "%m": r"(?P<month>[0-9]{1,2})",
    "%Y": r"(?P<year>[0-9]{4})",
    "%y": r"(?P<short>[0-9]{2})",
    "%B": r"(?P<name>[^\W\d_]{3,12})\.?",
}
_LANGUAGES = ("es", "en", "pt", "fr")  # in which an archive may write the names of months


class UnknownDay(ValueError):
    """A cell does not say a day by any of the formats, or says two."""


def checked_format(text: str) -> str:
    """A format of days, as it is. Raises ValueError where it does not say day, month and year, each once."""
    told: list[str] = re.findall(r"%.", text)
    kinds = [{"%Y": "%y", "%B": "%m"}.get(one, one) for one in told]
    if sorted(kinds) != ["%d", "%m", "%y"] or any(one not in _PARTS for one in told):
        raise ValueError("expected one each of %d, %m or %B (the month's name), and %Y or %y, such as %d/%m/%Y")
    return text


def day_of(cell: Cell, formats: Sequence[str]) -> date | None:
    """The day a cell says; None where it is empty. Raises UnknownDay: what was found, in Spanish."""
    if cell is None:
        return None
    if isinstance(cell, datetime):
        found = {cell.date()}
    elif isinstance(cell, date):
        found = {cell}
    else:
        text = " ".join(str(cell).split()).casefold()
        found = {day for one in formats if (day := _read(text, one))}
    if len(found) > 1:
        raise UnknownDay(f"«{cell!s:.40}» puede ser {' o '.join(map(str, sorted(found)))}")
    day = next(iter(found), None)
    if day is None:
        raise UnknownDay(f"«{cell!s:.40}» no es una fecha de los formatos del mapa")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise UnknownDay(f"«{cell!s:.40}» cae en un año imposible")
    return day


def find_day(text: str, formats: Sequence[str]) -> date | None:
    """The one day that a text says by the formats; None where it says none, or several."""
    found = set()
    for one in formats:
        for match in re.finditer(rf"(?<![\w/.-]){_pattern(one)}(?![\w/-])", text.casefold()):
            if day := _day(match):
                found.add(day)
    return found.pop() if len(found) == 1 else None


def _read(text: str, format_: str) -> date | None:
    match = re.fullmatch(_pattern(format_), text)
    return _day(match) if match else None


@cache
def _pattern(format_: str) -> str:
    pieces = re.split(r"(%.)", " ".join(format_.split()))
    return "".join(_PARTS.get(piece) or re.escape(piece.casefold()).replace(r"\ ", r"\s+") for piece in pieces)


def _day(match: re.Match[str]) -> date | None:
    told = match.groupdict()
    month = _months().get(told["name"]) if told.get("name") else int(told["month"])
    year = int(told.get("year") or 0) or 2000 + int(told["short"])
    try:
        return date(year, month or 0, int(told["day"]))
    except ValueError:
        return None


@cache
def _months() -> dict[str, int]:
    """A month's name or its short form, in lower case, to its number."""
    return {
        name.casefold().rstrip("."): number
        for language in _LANGUAGES
        for width in ("abbreviated", "wide")
        for number, name in Locale(language).months["format"][width].items()
    } | {"setiembre": 9, "sept": 9}
