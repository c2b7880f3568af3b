"""Counts of people too small to be told: under five they could point at somebody, so nobody is told them.

In a breakdown that withholds one count alone, the total would give it away: the next smallest is withheld as well. What
is worked out from a withheld count (a rate, an amount) is withheld with it. Only outcomes speak of people.
"""

import re
from collections.abc import Sequence
from typing import Any

from boi_pipeline.warehouse.measures import Measures

SMALLEST = 5
_BASE = "fct_outcome"
_COUNTS_PEOPLE = re.compile(r"\bf\.\w+_count\b")
_ADDS_MONEY = re.compile(r"sum\(f\.\w*amount\)")
_WHO_GOT_IT = "Adjudicadas"  # the count of those between whom an amount is divided

Row = dict[str, Any]


def guards(measures: Measures, names: Sequence[str]) -> list[str]:
    """The counts of people that decide over ``names``, to be asked for with them."""
    found: dict[str, None] = {}
    for name in names:
        found.update(dict.fromkeys(_counts(measures, name)))
    return [name for name in found if name not in names]


def withheld(measures: Measures, names: Sequence[str], rows: Sequence[Row]) -> set[tuple[int, str]]:
    """The cells (place of the row, measure) of a breakdown that are not to be shown; rows hold the guards too."""
    counts = dict.fromkeys(count for name in names for count in _counts(measures, name))
    small = {count: _alone([row[count] for row in rows]) for count in counts}
    hidden: set[tuple[int, str]] = set()
    for name in names:
        places = {place for count in _counts(measures, name) for place in small[count]}
        if places and is_money(measures, name):
            places = _company([row[name] for row in rows], places)
        hidden |= {(place, name) for place in places}
    return hidden


def _counts(measures: Measures, name: str) -> list[str]:
    measure = measures.by_name[name]
    if measure.base is None:
        return [count for reference in measure.references for count in _counts(measures, reference)]
    if measure.base != _BASE:
        return []
    if _COUNTS_PEOPLE.search(measure.sql):
        return [name]
    return [_WHO_GOT_IT] if is_money(measures, name) else []


def is_money(measures: Measures, name: str) -> bool:
    """Whether a measure adds up what people obtained."""
    measure = measures.by_name[name]
    return measure.base == _BASE and bool(_ADDS_MONEY.search(measure.sql))


def _alone(values: list[Any]) -> set[int]:
    return _company(values, {place for place, value in enumerate(values) if value and value < SMALLEST})


def _company(values: list[Any], hidden: set[int]) -> set[int]:
    """One hidden value that is not alone in hiding."""
    hiding = {place for place in hidden if values[place]}
    if len(hiding) != 1:
        return hidden
    others = [(value, place) for place, value in enumerate(values) if value and place not in hidden]
    return hidden | {min(others)[1]} if others else hidden
