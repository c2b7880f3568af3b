"""Days as words: names of months and week days, and the year of a day printed without one.

How a whole date is written belongs to ``dates``, a day whose month is told elsewhere to ``days_alone``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = {
    1: "january januar janvier janeiro enero jan ene janv ersten",
    2: "february februar fevrier fevereiro febrero feb fev fevr",
    3: "march marz mars marco marzo mar mrz",
    4: "april avril abril apr abr avr",
    5: "may mai maio mayo",
    6: "june juni juin junho junio jun",
    7: "july juli juillet julho julio jul juil",
    8: "august aout agosto aug ago",
    9: "september septembre setembro septiembre setiembre sept sep set",
    10: "october oktober octobre outubro octubre oct okt out zehnten",
    11: "november novembre novembro noviembre nov",
    12: "december dezember decembre dezembro diciembre dec dez dic",
}
MONTHS = {name: number for number, names in _MONTHS.items() for name in names.split()}
_WEEKDAYS = {
    0: "monday mon lunes lundi segunda segunda-feira montag",
    1: "tuesday tue tues martes mardi terca terca-feira dienstag",
    2: "wednesday wed miercoles mercredi quarta quarta-feira mittwoch",
    3: "thursday thu thur thurs jueves jeudi quinta quinta-feira donnerstag",
    4: "friday fri viernes vendredi sexta sexta-feira freitag",
    5: "saturday sat sabado samedi samstag",
    6: "sunday sun domingo dimanche sonntag",
}
WEEKDAYS = {name: number for number, names in _WEEKDAYS.items() for name in names.split()}


def any_of(words: Iterable[str]) -> str:
    """A pattern of any of these words, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


MONTH = rf"(?:{any_of(MONTHS)})"
YEAR = r"(?:19|20)[0-9]{2}"


@dataclass(frozen=True, slots=True)
class DateHit:
    """A date with its span. Of a range "1–15 March", ``first`` is its first day and ``day`` its last."""

    start: int
    end: int
    day: date
    first: date | None = None
    year_printed: bool = True
    anchor: int | None = None  # where the words begin that tell its month: "14 September … the 21st"


def make_day(year: int, month: int, day: int) -> date | None:
    """The day; None where it does not exist or is of no year a call could have."""
    try:
        return date(year, month, day) if 1990 <= year <= 2099 else None
    except ValueError:
        return None


def guess_year(month: int, number: int, weekday: int | None, posted: date | None, past: bool) -> int | None:
    """The year of a day printed without one: the first it fits, from a month before the post on (``past``: a year before)."""
    if posted is None:
        return None
    floor = posted - timedelta(days=366 if past else 31)
    years = [
        year for year in range(floor.year, floor.year + 3) if (day := make_day(year, month, number)) and day >= floor
    ]
    if weekday is not None:
        years = [year for year in years if date(year, month, number).weekday() == weekday] or years
    return years[0] if years else None
