"""Values of JSON answers whose shape is known: objects, lists of names, amounts. What is of another kind is empty.

Text and paths belong to ``jsonpath``. Dates are written differently by every interface: each platform reads its own.
"""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from scrapers.platforms.jsonpath import plain, word

MAX_AMOUNT = 1e15  # more is no sum of money


def record(value: Any) -> dict[str, Any]:
    """An object as it is; else an empty one."""
    return value if isinstance(value, dict) else {}


def records(value: Any) -> list[dict[str, Any]]:
    """The objects of an array; else none."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def listed(values: Iterable[Any]) -> str:
    """Names and phrases on one line, each once."""
    told = [plain(word(value)) for value in values]
    return "; ".join(dict.fromkeys(one for one in told if one))


def number(value: Any) -> Decimal:
    """A number above zero, from digits with or without thousands separators (comma); else zero."""
    try:
        read = Decimal(word(value).replace(",", ""))
    except InvalidOperation:
        return Decimal(0)
    return read if read.is_finite() and 0 < read < MAX_AMOUNT else Decimal(0)


def amount(currency: str, value: Any) -> str:
    """A sum of money with its currency: ``EUR 1,500,000``; nothing where it is zero, absent or no number."""
    read = number(value)
    if not read:
        return ""
    return f"{currency} {read:,.0f}" if read == read.to_integral_value() else f"{currency} {read:,.2f}"
