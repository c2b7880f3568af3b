"""How the dashboard writes numbers, days and months, by the formats that measures name. Words only."""

import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal

from boi_pipeline.spanish import NBSP, SPANISH, month_abbreviation, short_date

NOTHING = "Sin dato"  # as the tables call what is not known
UNTOLD = "No se dice"  # nobody knows, or too few people are in it
_PATTERNS = {"#,0": "#,##0", "#,0.0": "#,##0.0", "#,0.00": "#,##0.00"}
_SHARES = {"0.0%": "", "+0.0%;-0.0%;0.0%": "+"}
_CHART_FORMATS = {
    "#,0": ",.0f",
    "#,0.0": ",.1~f",
    "#,0.00": ",.2f",
}  # of an axis, in the words of Vega; a half is no second one


def number(value: int | float | Decimal | None, pattern: str) -> str:
    """``1.234``, ``1.234,5``, ``12,5 %``, ``+3,0 %``. Raises ValueError for a format that no measure has had yet."""
    if value is None:
        return NOTHING
    if pattern in _PATTERNS:
        return format_decimal(value, format=_PATTERNS[pattern], locale=SPANISH)
    if pattern not in _SHARES:
        raise ValueError(f"{pattern!r}: the dashboard does not know this format")
    sign = _SHARES[pattern] if value > 0 else ""
    return f"{sign}{format_decimal(value * 100, format='#,##0.0', locale=SPANISH)}{NBSP}%"


def axis_format(pattern: str) -> str:
    """The format of an axis for a measure's format."""
    return ".0%" if pattern in _SHARES else _CHART_FORMATS[pattern]


def month(label: str) -> str:
    """``2026-11`` → ``nov 2026``."""
    year, number_ = label.split("-")
    return f"{month_abbreviation(date(int(year), int(number_), 1))} {year}"


def written(value: Any) -> str:
    """Anything that is no measure: a text on one line, a day, an instant, a count."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        return f"{short_date(value.date())}, {value:%H:%M}"
    if isinstance(value, date):
        return short_date(value)
    if isinstance(value, (int, float, Decimal)):
        return format_decimal(value, locale=SPANISH)
    return plain(str(value))


def plain(text: str) -> str:
    """One line without characters that nobody sees or that turn their neighbours round."""
    return " ".join("".join(sign for sign in text if sign.isspace() or unicodedata.category(sign)[0] != "C").split())


def plain_value(value: Any) -> int | float | str | None:
    """A value as JSON holds it: exact decimals as numbers, days as ISO 8601."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return plain(value) if isinstance(value, str) else value
