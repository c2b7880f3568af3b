"""Days and figures that texts tell, many texts at once: the expressions run over all of them as one.

Texts come folded (``words.fold_text``). What is made of them belongs to ``content``.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

import numpy as np

from boi_pipeline.matching.tokens import Numbers
from boi_pipeline.matching.words import calendar

MAX_FIGURE = 2**53
"""No sum is larger: longer rows of digits are something else."""
_BETWEEN, _IN_PLACE = "\0", "\1"
"""Stands between texts, and for itself where a text has it: no expression here knows either."""


class Dates(NamedTuple):
    """The dates of many texts."""

    row: Numbers  # of each date, its text, ascending
    start: Numbers  # where it stands there
    end: Numbers
    row_of_day: Numbers  # of each day that a date may be, its text
    day: Numbers  # month * 100 + day; both orders of a date in digits


def find_dates(folded: Sequence[str], with_month: Numbers, without: Numbers) -> tuple[Dates, list[tuple[int, str]]]:
    """The dates of the texts at these places, ``with_month`` those that name one; and each of them with a space in place
    of its dates."""
    # a text without the name of a month is read by another expression: many times faster
    found, others = (
        _found(folded, with_month, _date_pattern(), _days),
        _found(folded, without, _DIGITS, _days_in_digits),
    )
    row, start, end, row_of_day, day = map(np.concatenate, zip(found[0], others[0], strict=True))
    order = np.argsort(row, kind="stable")
    return Dates(row[order], start[order], end[order], row_of_day, day), [*found[1], *others[1]]


def _found(
    folded: Sequence[str], places: Numbers, pattern: re.Pattern[str], days_of: Callable[[re.Match[str]], Sequence[int]]
) -> tuple[Dates, list[tuple[int, str]]]:
    texts = [folded[int(place)] for place in places]
    joined = _BETWEEN.join(texts)
    if joined.count(_BETWEEN) >= max(1, len(texts)):
        joined = _BETWEEN.join(one.replace(_BETWEEN, _IN_PLACE) for one in texts)
    matches = list(pattern.finditer(joined))
    spans = [match.span() for match in matches]
    days = list(map(days_of, matches))
    start, end = np.array(spans, np.int64).reshape(-1, 2).T
    begins = np.cumsum([0, *(len(one) + 1 for one in texts)])
    at = np.searchsorted(begins, start, "right") - 1
    row, counts = places[at], np.fromiter(map(len, days), np.int64, len(days))
    day = np.fromiter(chain.from_iterable(days), np.int64, counts.sum())
    rest = zip(places.tolist(), _without(joined, spans).split(_BETWEEN), strict=False)  # of no texts one is made
    return Dates(row, start - begins[at], end - begins[at], np.repeat(row, counts), day), list(rest)


def _days(match: re.Match[str]) -> Sequence[int]:
    a, b, month, month_first, c, d, one, two, iso_month, iso_day = match.groups()
    if month or month_first:
        number = calendar()[month or month_first]
        return [day for told in (a, b, c, d) if told and (day := _day(number, told))]
    return _in_digits(one, two, iso_month, iso_day)


def _days_in_digits(match: re.Match[str]) -> Sequence[int]:
    iso_month, iso_day, one, two = match.groups()
    return _in_digits(match[0][0] + one if two else None, two, iso_month, iso_day)


@lru_cache(maxsize=50_000)
def _in_digits(one: str | None, two: str | None, iso_month: str | None, iso_day: str | None) -> Sequence[int]:
    if iso_month and iso_day:
        days = (_day(int(iso_month), iso_day),)
    else:
        days = (_day(int(two), one), _day(int(one), two)) if one and two else ()
    return [day for day in days if day]


def _day(month: int, day: str) -> int:
    return month * 100 + int(day) if 1 <= month <= 12 and 1 <= int(day) <= 31 else 0


_DIGITS = re.compile(
    r"\d(?<!\w\d)(?:(?<=2)0\d\d-(\d\d)-(\d\d)\b|(\d?)[/.](\d{1,2})[/.](?:20)?\d\d\b)"
)  # begins with a digit: what is none is skipped at once


@cache
def _date_pattern() -> re.Pattern[str]:
    months = "|".join(sorted((name for name, number in calendar().items() if number), key=len, reverse=True))
    day = r"(\d{1,2})(?:st|nd|rd|th|er|o|º|ª|\.)?"
    return re.compile(
        rf"\b{day}(?:\s*(?:-|–|a|al|to|au|ate|bis|y|e|and)\s*{day})?\s+(?:de\s+|of\s+|d')?({months})\b"
        rf"|\b({months})\s+{day}(?:\s*(?:-|–|to)\s*{day})?\b(?!\s*%)"
        r"|\b(\d{1,2})[/.](\d{1,2})[/.](?:20)?\d\d\b|\b20\d\d-(\d\d)-(\d\d)\b"
    )


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with a space in place of each span."""
    kept, begin = [], 0
    for start, end in spans:
        kept.append(text[begin:start])
        begin = end
    return " ".join([*kept, text[begin:]])


# ---------------------------------------------------------------- figures

FACTORS = {
    **dict.fromkeys(["mil", "mille", "thousand", "k", "tausend"], 1_000),
    **dict.fromkeys(["million", "millions", "millon", "millones", "milhao", "milhoes", "mio", "m"], 1_000_000),
}
_FIGURE = re.compile(
    r"(\d(?<![\w.,/-]\d)(?:\d{0,2}(?:[.,'’ \u00a0\u202f]\d{3})+|\d*))(?:[.,](\d{1,2}))?(?![\w/-]|\s*[h:]\d|[.,]\d)\s*(\w+)?"
)  # begins with a digit, as ``_DIGITS``
_NO_DIGIT = re.compile(r"\D")


def find_figures(folded: Sequence[tuple[int, str]]) -> tuple[Numbers, Numbers]:
    """The numbers in digits of each (row, text) but years and the first three, thousands and millions written out: of
    each its row, and the number."""
    rows: list[int] = []
    numbers: list[int] = []
    for row, text in folded:
        for whole, part, after in _FIGURE.findall(text):
            number = int(whole if whole.isdecimal() else _NO_DIGIT.sub("", whole))
            factor = FACTORS.get(after, 1)
            if number > MAX_FIGURE:
                continue
            if factor > 1:
                number = int(float(f"{number}.{part}") * factor) if part else number * factor
            elif 1950 <= number <= 2100:
                continue
            if 3 < number <= MAX_FIGURE:
                rows.append(row)
                numbers.append(number)
    return np.array(rows, np.int64), np.array(numbers, np.int64)
