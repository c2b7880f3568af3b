"""How days, weeks, months and counts are written in Spanish, wherever a person reads them, and the numbers in a text.

What only notes say is in ``publishing``.
"""

import re
import unicodedata
from datetime import date
from functools import cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from boi_pipeline.weeks import week_days

SPANISH = Locale("es")
NBSP = "\u00a0"
_NUMBER = re.compile(
    # thousands in groups of three, or figures as they are; with decimals
    r"[0-9]{1,3}(?:[., ][0-9]{3})+(?![0-9])(?:[.,][0-9]{1,2}(?![0-9]))?|[0-9]+(?:[.,][0-9]+)?"
)


@cache
def short_date(day: date) -> str:
    """``15 ene 2027``."""
    return format_date(day, "d MMM y", SPANISH).replace("sept", "sep")


@cache
def long_date(day: date) -> str:
    """``15 de enero de 2027``."""
    return format_date(day, "d 'de' MMMM 'de' y", SPANISH)


@cache
def weekday_date(day: date) -> str:
    """``lunes 23 de noviembre de 2026``."""
    return format_date(day, "EEEE d 'de' MMMM 'de' y", SPANISH)


@cache
def month_name(day: date) -> str:
    """``noviembre de 2026``."""
    return format_date(day, "MMMM 'de' y", SPANISH)


@cache
def month_abbreviation(day: date) -> str:
    """``nov``."""
    return format_date(day, "MMM", SPANISH).replace("sept", "sep")


def week_span(week: str) -> str:
    """``del 23 al 29 de noviembre de 2026`` for the ISO 8601 week ``2026-W48``. Raises ValueError for anything else."""
    first, last = (long_date(day).split(" de ") for day in week_days(week))
    told = 1 if first[1:] == last[1:] else 2 if first[2] == last[2] else 3
    return f"del {' de '.join(first[:told])} al {' de '.join(last)}"


def count(number: int, one: str, many: str) -> str:
    """``1 convocatoria``, ``2 convocatorias``."""
    return f"{format_decimal(number, locale=SPANISH)}{NBSP}{one if number == 1 else many}"


def numbers_in(text: str) -> set[str]:
    """The numbers of a text in figures alone: ``1.400,00``, ``1 400`` and ``１４００`` are ``1400``."""
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(str(unicodedata.digit(one)) if one.isdigit() else one for one in plain)
    return {re.sub(r"\D", "", re.sub(r"[.,]0{1,2}$", "", match.group())) for match in _NUMBER.finditer(plain)}
