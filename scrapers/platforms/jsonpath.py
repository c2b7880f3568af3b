"""Paths into JSON, and what stands there as people read it: lines, HTML, dates, instants.

Any value may stand anywhere: what is not of the expected kind is nothing. What paths mean to a source belongs to its
options; words of one platform's answers, to that platform.
"""

import html
import math
import re
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from scrapers.platforms.options.json_api import PLACE
from scrapers.run import Malformed
from scrapers.text import plain_line, visible

MAX_DEPTH, MAX_PARTS, MAX_LINE = 8, 500, 2000  # levels below a path, values at it, characters of a fact
EPOCH_MS, EPOCH_S = range(10**11, 10**13), range(10**9, 10**10)  # instants from 1973 and from 2001 on
_MARKUP = re.compile(r"<[a-z!/]|&(#\d+|#x[\da-f]+|\w+);", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MOMENT = re.compile(
    r"(?:(?P<y>\d{4})[-/](?P<m>\d\d)[-/](?P<d>\d\d)|(?P<dd>\d\d)-(?P<mon>[A-Za-z]{3})-(?P<yyyy>\d{4}))"
    r"(?:[T ](?P<hour>\d\d):(?P<minute>\d\d)(?::\d\d(?:\.\d{1,9})?)?\s?(?P<offset>Z|[+-]\d\d:?\d\d)?)?"
)


def at(value: Any, path: str) -> Any:
    """What stands at a path; over a list, what stands there in each of its elements. None where nothing does."""
    for name in path.split(".") if path else []:
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.isdecimal():
            value = value[int(name)] if int(name) < len(value) else None
        elif isinstance(value, list):
            parts = [part[name] for part in value if isinstance(part, dict) and name in part]
            value = [one for part in parts for one in (part if isinstance(part, list) else [part])]
        else:
            return None
    return value


def word(value: Any) -> str:
    """A string without unseen characters, a number in digits; else nothing."""
    if isinstance(value, str):
        return visible(value).strip()
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else str(value)


def whole(value: Any) -> int | None:
    """A count, from a number or from digits."""
    told = word(value)
    return int(told) if re.fullmatch(r"\d{1,9}", told) else None


def line(value: Any, zone: str | None = None, not_stated: tuple[str, ...] = (), depth: int = 0) -> str:
    """A value on one line of plain text: lists joined by ``; ``, objects by their values, dates unambiguous.

    Raises Malformed for markup that is no page.
    """
    if isinstance(value, dict | list) and depth < MAX_DEPTH:
        parts = list(value.values() if isinstance(value, dict) else value)[:MAX_PARTS]
        told = [line(part, zone, not_stated, depth + 1) for part in parts]
        return ("; " if isinstance(value, list) else ", ").join(dict.fromkeys(filter(None, told)))[:MAX_LINE]
    told = word(value)
    if not told or told in not_stated:
        return ""
    return told_moment(told, zone) or plain(told)[:MAX_LINE]


def plain(markup: str) -> str:
    """A string that may be HTML as one line of plain text. Raises Malformed for markup that is no page."""
    if not _MARKUP.search(markup):
        return " ".join(visible(markup).split())
    try:
        return plain_line(markup)
    except ValueError as error:
        raise Malformed(str(error)) from None


def markup(value: Any, depth: int = 0) -> str:
    """The strings at and below a value as HTML blocks, in order; plain text keeps its line breaks."""
    if isinstance(value, dict | list) and depth < MAX_DEPTH:
        parts = list(value.values() if isinstance(value, dict) else value)[:MAX_PARTS]
        return "\n".join(filter(None, (markup(part, depth + 1) for part in parts)))
    if not isinstance(value, str) or not value.strip():
        return ""
    return f"<div>{value if _MARKUP.search(value) else html.escape(value.strip()).replace(chr(10), '<br>')}</div>"


def filled(template: str, value: Any, zone: str | None = None, not_stated: tuple[str, ...] = ()) -> str:
    """What a path or template says of a value, on one line; nothing where none of its paths finds anything."""
    places = PLACE.findall(template)
    if not places:
        return line(at(value, template), zone, not_stated)
    if len(places) == 1 and isinstance(several := at(value, places[0]), list):  # "EUR 640; EUR 690"
        told = [line(part, zone, not_stated, 1) for part in several[:MAX_PARTS]]
        return "; ".join(PLACE.sub(lambda _, one=one: one, template) for one in dict.fromkeys(told) if one)[:MAX_LINE]
    parts = {path: line(at(value, path), zone, not_stated) for path in places}
    told = " ".join(PLACE.sub(lambda place: parts[place[1]], template).split())
    return told if any(parts.values()) else ""


def told_moment(text: str, zone: str | None) -> str:
    """A date in machine form as ``2027-01-15 17:00 (America/Bogota)``; midnight is no hour; nothing for other text."""
    found = _MOMENT.fullmatch(text.strip())
    day = _day(found) if found else None
    if found is None or day is None:
        return ""
    if (found["hour"] or "00") + (found["minute"] or "00") == "0000":
        return day.isoformat()
    try:
        moment = _moment(found, day, None)
        if moment.tzinfo is not None:
            moment, zone = (moment.astimezone(ZoneInfo(zone)), zone) if zone else (moment.astimezone(UTC), "UTC")
    except (ValueError, OverflowError):
        return ""
    if moment.hour == moment.minute == 0:
        return moment.date().isoformat()
    return f"{moment:%Y-%m-%d %H:%M}" + (f" ({zone})" if zone else "")


def instant(value: Any, zone: str | None) -> datetime | None:
    """A date in machine form, or seconds or milliseconds since 1970, as an instant; None for anything else."""
    text = word(value)
    try:
        if re.fullmatch(r"\d{10,13}", text):
            number = int(text)
            seconds = number / 1000 if number in EPOCH_MS else number if number in EPOCH_S else None
            return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None
        found = _MOMENT.fullmatch(text)
        day = _day(found) if found else None
        if found is None or day is None:
            return None
        # a bare day stays that day in UTC
        return _moment(found, day, ZoneInfo(zone) if zone and found["hour"] else UTC).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _day(found: re.Match[str]) -> date | None:
    try:
        if found["mon"]:
            return date(int(found["yyyy"]), _MONTHS.index(found["mon"].lower()) + 1, int(found["dd"]))
        return date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        return None


def _moment(found: re.Match[str], day: date, zone: Any) -> datetime:
    """The moment that was matched: with its own offset, else in ``zone``. Raises ValueError."""
    clock = time(int(found["hour"] or 0), int(found["minute"] or 0))
    if offset := found["offset"]:
        return datetime.fromisoformat(f"{day}T{clock:%H:%M}:00{'+00:00' if offset == 'Z' else offset}")
    return datetime.combine(day, clock, zone)
