"""Days as people and platforms write them: 2026-11-23 · 20261123 · 11/23/2026 · 23/11/2026 · Mon, Nov 23, 2026.

Whether the month or the day comes first is decided once for a file, never cell by cell. An hour moves the day to the zone
of the entity. What happened on the day belongs to who asks.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, tzinfo
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from boi_pipeline.achieved.sheets import Cell
from boi_pipeline.entity import FIRST_YEAR, LAST_YEAR

Order = Literal["dmy", "mdy"]

_HOUR = r"(?:,?[T ]\s*(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?\s*(?P<half>[AaPp]\.?\s?[Mm]\.?)?\s*(?P<offset>Z|UTC|[+-][0-9]{2}:?[0-9]{2})?)?"
_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})" + _HOUR)
_COMPACT = re.compile(r"(?P<year>(?:19|20)[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})")
_SLASHED = re.compile(r"(?P<one>[0-9]{1,2})[/.-](?P<two>[0-9]{1,2})[/.-](?P<year>[0-9]{4})" + _HOUR)
_WEEKDAY = r"(?:[^\W\d_]{2,10}\.?,?\s+)?"
_MONTH_FIRST = re.compile(
    _WEEKDAY + r"(?P<name>[^\W\d_]{3,10})\.?\s+(?P<day>[0-9]{1,2}),?\s+(?P<year>[0-9]{4})" + _HOUR
)
_DAY_FIRST = re.compile(
    _WEEKDAY + r"(?P<day>[0-9]{1,2})\s+(?:de\s+)?(?P<name>[^\W\d_]{3,10})\.?,?\s+(?:de\s+)?(?P<year>[0-9]{4})" + _HOUR
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        ["jan ene", "feb", "mar", "apr abr", "may", "jun", "jul", "aug ago", "sep set", "oct", "nov", "dec dic"], 1
    )
    for name in names.split()
}
_EXPECTED = f"se esperaba un día de {FIRST_YEAR} a {LAST_YEAR}, como 2026-11-23"


def day_order(cells: Iterable[Cell], usual: Order | None = None) -> Order | None:
    """Which comes first in a file's days written with slashes; None where there are none.

    What the days show counts, then what is ``usual`` for such a file. Raises ValueError (Spanish) where they show both, or
    nothing does.
    """
    firsts, seconds, example = 0, 0, ""
    for cell in cells:
        if isinstance(cell, str) and (found := _SLASHED.fullmatch(cell.strip())):
            firsts, seconds = max(firsts, int(found["one"])), max(seconds, int(found["two"]))
            example = cell
    if not example:
        return None
    if firsts > 12 and seconds > 12:
        raise ValueError("hay fechas con el mes primero y otras con el día primero; exporte el archivo de nuevo")
    if firsts > 12:
        return "dmy"
    if seconds > 12:
        return "mdy"
    if usual is None:
        raise ValueError(
            f"no se sabe si {example!r:.40} es día/mes o mes/día; exporte un período más largo, o escriba las fechas como 2026-11-23"
        )
    return usual


@lru_cache(maxsize=4096)  # a file tells the same days over and over
def day_of(cell: Cell, order: Order | None, written_in: ZoneInfo | None, home: ZoneInfo) -> date:
    """The day of a cell in the zone ``home``; an hour without an offset is of the zone ``written_in``.

    A day without an hour stays that day. Raises ValueError (Spanish: what was expected).
    """
    day, hour, offset = _read(cell, order)
    zone = offset or written_in
    if hour is not None and zone is not None:
        day = datetime.combine(day, hour, zone).astimezone(home).date()
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(_EXPECTED)
    return day


def _read(cell: Cell, order: Order | None) -> tuple[date, time | None, tzinfo | None]:
    if isinstance(cell, datetime):
        return cell.date(), cell.time() if cell.time() != time() else None, None
    if isinstance(cell, date):
        return cell, None, None
    text = str(cell or "").strip()
    if found := _COMPACT.fullmatch(text):
        return _day(found["year"], found["month"], found["day"]), None, None
    if found := _ISO.fullmatch(text):
        day = _day(found["year"], found["month"], found["day"])
    elif found := _SLASHED.fullmatch(text):
        month, number = (found["one"], found["two"]) if order == "mdy" else (found["two"], found["one"])
        if order is None:
            raise ValueError(_EXPECTED)
        day = _day(found["year"], month, number)
    elif found := _MONTH_FIRST.fullmatch(text) or _DAY_FIRST.fullmatch(text):
        day = _day(found["year"], _MONTHS.get(found["name"].casefold()[:3], 0), found["day"])
    else:
        raise ValueError(_EXPECTED)
    return day, *_hour(found)


def _day(year: str, month: str | int, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError(_EXPECTED) from None


def _hour(found: re.Match[str]) -> tuple[time | None, tzinfo | None]:
    if found["hour"] is None:
        return None, None
    hour, half = int(found["hour"]), (found["half"] or "").casefold()
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    try:
        at = time(hour, int(found["minute"]))
    except ValueError:
        raise ValueError("se esperaba una hora como 14:30") from None
    return at, _zone(found["offset"])


def _zone(offset: str | None) -> tzinfo | None:
    if not offset:
        return None
    return UTC if offset in ("Z", "UTC") else datetime.strptime(offset, "%z").tzinfo
