"""What texts tell that stays the same in another language: stems, figures, days, countries, names; column by column.

Many texts are looked at together (``tokens``); each row depends on its own text alone. What a word means belongs to
``words``; comparing two announcements, to ``score``.
"""

import re
import zlib
from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np
import pyarrow as pa

from boi_pipeline.matching import words
from boi_pipeline.matching.keys import fold
from boi_pipeline.matching.tokens import (
    Numbers,
    Tokens,
    distinct_of,
    first_of,
    lists,
    tokens,
    tokens_of,
    within,
    written_words,
)
from boi_pipeline.matching.words import NUMBER_WORDS, TEXT_HEAD, calendar, countries, fold_text

MAX_NAMES = 40
MAX_FIGURES = 20
MAX_FIGURE = 2**53
"""No sum is larger: longer rows of digits are something else."""
MAX_WORDS = 200_000
"""Words whose meaning is kept in memory."""
SKETCH = 16
"""Hashes kept of a text's word triples: the smallest ones, so that equal texts keep equal ones."""

_WORD = np.dtype(
    [
        ("stem", np.int64),  # -1: tells nothing
        ("is_usual", np.bool_),
        ("hash", np.int64),
        ("number", np.int64),  # 0: none
        ("factor", np.int64),
        ("country", np.int64),  # place in ``_codes``; -1: none
        ("people", np.int64),
        ("begins_name", np.bool_),  # a country of several words may begin with it
        ("is_month", np.bool_),
        ("has_digit", np.bool_),
    ]
)


def contents(texts: Sequence[str]) -> dict[str, pa.Array]:
    """Of the head of each text, as lists: ``rare`` and ``usual``, stems that few and many announcements have; ``figures``,
    amounts and counts, in digits or in words; ``days``, month * 100 + day of every date; ``places``, ISO codes of the
    countries and their people; ``sketch``."""
    rows = len(texts)
    folded = [fold_text(text[:TEXT_HEAD]) for text in texts]
    found = tokens(folded)
    told = _told_of(found)
    with_digit, with_month = (
        np.bincount(found.row[told[name]], minlength=rows) > 0 for name in ("has_digit", "is_month")
    )
    days: list[tuple[int, int]] = []
    dates: list[tuple[int, int, int]] = []
    figures: list[tuple[int, int]] = []
    for row in np.flatnonzero(with_digit).tolist():
        text = folded[row]
        told_days, spans = _dates(text) if with_month[row] else _dates_in_digits(text)
        if spans:
            days += [(row, day) for day in told_days]
            dates += [(row, *span) for span in spans]
            text = _without(text, spans)
        figures += [(row, number) for number in _figures(text)]
    if dates:
        is_kept = ~_inside(found, dates)
        found, told = found.keep(is_kept), told[is_kept]
    has_stem = told["stem"] >= 0
    columns = {}
    for name, which in (("rare", has_stem & ~told["is_usual"]), ("usual", has_stem & told["is_usual"])):
        columns[name] = _numbers(*distinct_of(found.row[which], told["stem"][which]), rows)
    columns["figures"] = _figure_lists(found, told, figures, rows)
    columns["days"] = _numbers(*distinct_of(*_pairs(days)), rows)
    columns["places"] = _places(found, told, rows)
    columns["sketch"] = _sketches(found.row, told["hash"], rows)
    return columns


def title_stems(words: Sequence[Sequence[str]]) -> pa.Array:
    """The stems of the folded words of each title, as in ``contents``: what another text of the same call should say too."""
    found = tokens_of(words)
    stem = _told_of(found)["stem"]
    return _numbers(*distinct_of(found.row[stem >= 0], stem[stem >= 0]), len(words))


def stems_of(text: str) -> set[str]:
    """The stems of a text's head, dates aside."""
    folded = fold_text(text[:TEXT_HEAD])
    return {stem for word in re.findall(r"\w+", _without(folded, _dates(folded)[1])) if (stem := words.stem(word))}


# ---------------------------------------------------------------- words


def _told_of(found: Tokens) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    """What each word tells, as rows of ``_WORD``."""
    return _told_words().of(found.distinct)[found.word]


class _ToldWords:
    """What words tell, kept from one batch to the next: most are met again."""

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._place: dict[str, int] = {}
        self._rows = np.zeros(0, _WORD)

    def of(self, words: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.void]]:
        """A row of ``_WORD`` for each of these distinct words."""
        if len(self._place) > MAX_WORDS:
            self._forget()
        new = [word for word in words if word not in self._place]
        self._place.update(zip(new, range(len(self._place), len(self._place) + len(new)), strict=True))
        self._rows = np.append(self._rows, np.fromiter(map(_told, new), _WORD, len(new)))
        return self._rows[np.fromiter(map(self._place.__getitem__, words), np.int64, len(words))]


_told_words = cache(_ToldWords)


def _told(word: str) -> tuple[int, bool, int, int, int, int, int, bool, bool, bool]:
    found, frequent, code = words.stem(word), words.frequent(), _codes()
    is_empty = found is None or found in frequent["common"]
    return (
        -1 if found is None or is_empty else zlib.crc32(found.encode()),
        found in frequent["usual"],
        zlib.crc32(word.encode()),
        NUMBER_WORDS.get(word, 0),
        _FACTORS.get(word, 1),
        code.get(countries().get(word, ""), -1),
        code.get(words.peoples().get(word, ""), -1),
        word in words.longer_names(),
        calendar().get(word, 0) > 0,
        any(map(str.isdecimal, word)),
    )


@cache
def _codes() -> dict[str, int]:
    """ISO code of a country → its place among all, in their order."""
    return {code: place for place, code in enumerate(sorted({*countries().values(), *words.peoples().values()}))}


def _places(found: Tokens, told: np.ndarray[tuple[int], np.dtype[np.void]], rows: int) -> pa.Array:
    longer: list[tuple[int, int]] = []
    for place in np.flatnonzero(told["begins_name"]).tolist():
        row = found.row[place]
        following = [
            found.distinct[word] for word in found.word[place : place + 3][found.row[place : place + 3] == row]
        ]
        for size in (2, 3):
            if code := countries().get(" ".join(following[:size])):
                longer.append((row, _codes()[code]))
    known = [(found.row[which], told[name][which]) for name in ("country", "people") for which in [told[name] >= 0]]
    row, code = (np.concatenate(parts) for parts in zip(*known, _pairs(longer), strict=True))
    row, code = distinct_of(row, code)
    return lists(row, pa.array(list(_codes()), pa.string()).take(pa.array(code)), rows)


def _sketches(row: Numbers, hashes: Numbers, rows: int) -> pa.Array:
    """The smallest hashes of word triples: the share two texts have in common tells how much of their triples they
    share (bottom-k sketch; Broder 1997)."""
    is_triple = row[2:] == row[:-2]
    triple = (hashes[:-2] * 31 + hashes[1:-1] * 961 + hashes[2:] * 29_791) & 0xFFFFFFFF
    of_row, triple = distinct_of(row[2:][is_triple], triple[is_triple])
    kept = within(of_row, SKETCH)
    return _numbers(of_row[kept], triple[kept], rows)


def _numbers(row: Numbers, value: Numbers, rows: int) -> pa.Array:
    return lists(row, pa.array(value, pa.int64()), rows)


def _pairs(found: Sequence[tuple[int, int]]) -> tuple[Numbers, Numbers]:
    row, value = np.array(found, np.int64).reshape(-1, 2).T
    return row, value


# ---------------------------------------------------------------- names


def names(titles: Sequence[str], texts: Sequence[str]) -> pa.Array:
    """Of each announcement, words written with a capital and never without one, known to no lexicon, spelt alike in all
    languages: what stays the same in translation."""
    found = written_words([f"{title}\n{text[:TEXT_HEAD]}" for title, text in zip(titles, texts, strict=True)])
    known: dict[str, int] = {}
    spelt: dict[str, int] = {}
    small, alike, name = (np.full(len(found.distinct), -1, np.int64) for _ in range(3))
    for place, word in enumerate(found.distinct):
        spelling = spelt.setdefault(word.casefold(), len(spelt))
        if word[0].islower():
            small[place] = spelling
        elif len(word) >= 3 and word[0].isupper() and (bare := _name(word)):
            alike[place], name[place] = spelling, known.setdefault(bare, len(known))
    is_small, is_name = small[found.word] >= 0, name[found.word] >= 0
    written_small = np.sort(found.row[is_small] << 32 | small[found.word][is_small])
    asked = found.row[is_name] << 32 | alike[found.word][is_name]
    at = np.searchsorted(written_small, asked)
    is_always = np.append(written_small, -1)[at] != asked
    row, value = found.row[is_name][is_always], name[found.word][is_name][is_always]
    first = first_of(row, value)
    first = first[within(row[first], MAX_NAMES)]
    return lists(row[first], pa.array(list(known), pa.string()).take(pa.array(value[first])), len(titles))


@lru_cache(maxsize=200_000)
def _name(word: str) -> str | None:
    bare = fold(word).replace(" ", "")
    return None if len(bare) < 3 or words.is_known(bare) else words.alike(bare)


# ---------------------------------------------------------------- dates

Spans = list[tuple[int, int]]


def _dates(folded: str) -> tuple[set[int], Spans]:
    """month * 100 + day of every date of a text, and where they stand; both orders of a date in digits."""
    days, spans = set[int](), Spans()
    for match in _date_pattern().finditer(folded):
        a, b, month, month_first, c, d, one, two, iso_month, iso_day = match.groups()
        spans.append(match.span())
        if month or month_first:
            number = calendar()[month or month_first]
            days.update(_day(number, day) for day in (a, b, c, d) if day)
        else:
            days.update(_in_digits(one, two, iso_month, iso_day))
    return days - {0}, spans


def _dates_in_digits(folded: str) -> tuple[set[int], Spans]:
    """The same of a text without the name of a month: many times faster."""
    days, spans = set[int](), Spans()
    for match in _DIGITS.finditer(folded):
        iso_month, iso_day, one, two = match.groups()
        spans.append(match.span())
        days.update(_in_digits(match[0][0] + one if two else None, two, iso_month, iso_day))
    return days - {0}, spans


def _in_digits(one: str | None, two: str | None, iso_month: str | None, iso_day: str | None) -> tuple[int, ...]:
    if iso_month and iso_day:
        return (_day(int(iso_month), iso_day),)
    return (_day(int(two), one), _day(int(one), two)) if one and two else ()


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


def _without(text: str, spans: Spans) -> str:
    """The text with a space in place of each span."""
    kept, begin = [], 0
    for start, end in spans:
        kept.append(text[begin:start])
        begin = end
    return " ".join([*kept, text[begin:]])


def _inside(found: Tokens, spans: Sequence[tuple[int, int, int]]) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Whether each word stands inside one of the spans (row, start, end), which ascend."""
    row, start, end = np.array(spans, np.int64).T
    at = found.row << 32 | found.start
    last = np.searchsorted(row << 32 | start, at, "right") - 1
    return (last >= 0) & (at < (row << 32 | end)[last])


# ---------------------------------------------------------------- figures

_FACTORS = {
    **dict.fromkeys(["mil", "mille", "thousand", "k", "tausend"], 1_000),
    **dict.fromkeys(["million", "millions", "millon", "millones", "milhao", "milhoes", "mio", "m"], 1_000_000),
}
_FIGURE = re.compile(
    r"(\d(?<![\w.,/-]\d)(?:\d{0,2}(?:[.,'’ \u00a0\u202f]\d{3})+|\d*))(?:[.,](\d{1,2}))?(?![\w/-]|\s*[h:]\d|[.,]\d)\s*(\w+)?"
)  # begins with a digit, as ``_DIGITS``
_NO_DIGIT = re.compile(r"\D")


def _figures(folded: str) -> set[int]:
    """The numbers of a text in digits but years and the first three; thousands and millions written out."""
    found = set[int]()
    for whole, part, after in _FIGURE.findall(folded):
        number = int(whole if whole.isdecimal() else _NO_DIGIT.sub("", whole))
        factor = _FACTORS.get(after, 1)
        if factor > 1 and part:
            found.add(int(float(f"{number}.{part}") * factor))
        elif factor > 1 or not 1950 <= number <= 2100:
            found.add(number * factor)
    return {number for number in found if 3 < number <= MAX_FIGURE}


def _figure_lists(
    found: Tokens, told: "np.ndarray[tuple[int], np.dtype[np.void]]", figures: Sequence[tuple[int, int]], rows: int
) -> pa.Array:
    """The smallest figures of each row: those in digits, and those in words."""
    place = np.flatnonzero(told["number"])
    number = told["number"][place]
    # past the last word is none: it stands for itself, and no number is a factor
    after = np.minimum(place + 1, len(found.row) - 1)
    number = number * np.where(found.row[after] == found.row[place], told["factor"][after], 1)
    in_words = number > 3
    row, value = (
        np.concatenate(parts)
        for parts in zip(_pairs(figures), (found.row[place][in_words], number[in_words]), strict=True)
    )
    order = np.lexsort((value, row))
    row, value = row[order], value[order]
    if len(row):
        is_new = np.append(True, (row[1:] != row[:-1]) | (value[1:] != value[:-1]))
        row, value = row[is_new], value[is_new]
    kept = within(row, MAX_FIGURES)
    return _numbers(row[kept], value[kept], rows)
