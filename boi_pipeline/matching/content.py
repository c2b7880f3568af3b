"""What texts tell that stays the same in another language: stems, figures, days, countries, names; column by column.

Many texts are looked at together (``tokens``); each row depends on its own text alone. What a word means belongs to
``words``; days and figures, to ``quantities``; comparing two announcements, to ``score``.
"""

import re
import zlib
from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np
import pyarrow as pa

from boi_pipeline.matching import words
from boi_pipeline.matching.keys import fold
from boi_pipeline.matching.quantities import FACTORS, Dates, find_dates, find_figures
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
MAX_WORDS = 200_000
"""Words whose meaning is kept in memory."""
SKETCH = 16
"""Hashes kept of a text's word triples: the smallest ones, so that equal texts keep equal ones."""

_WORD = np.dtype(
    [
        ("stem", np.int64),  # -1: tells nothing; odd: a concept of the lexicon
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
    dates, rest = find_dates(folded, np.flatnonzero(with_digit & with_month), np.flatnonzero(with_digit & ~with_month))
    if len(dates.row):
        is_kept = ~_inside(found, dates)
        found, told = found.keep(is_kept), told[is_kept]
    has_stem = told["stem"] >= 0
    columns = {}
    for name, which in (("rare", has_stem & ~told["is_usual"]), ("usual", has_stem & told["is_usual"])):
        columns[name] = _numbers(*distinct_of(found.row[which], told["stem"][which]), rows)
    columns["figures"] = _figure_lists(found, told, find_figures(rest), rows)
    columns["days"] = _numbers(*distinct_of(dates.row_of_day, dates.day), rows)
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
    _, ((_, rest),) = find_dates([fold_text(text[:TEXT_HEAD])], np.zeros(1, np.int64), np.zeros(0, np.int64))
    return {stem for word in re.findall(r"\w+", rest) if (stem := words.stem(word))}


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
        -1 if found is None or is_empty else zlib.crc32(found.encode()) & ~1 | words.is_concept(word),
        found in frequent["usual"],
        zlib.crc32(word.encode()),
        NUMBER_WORDS.get(word, 0),
        FACTORS.get(word, 1),
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


def _inside(found: Tokens, dates: Dates) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Whether each word stands inside a date."""
    at = found.row << 32 | found.start
    last = np.searchsorted(dates.row << 32 | dates.start, at, "right") - 1
    return (last >= 0) & (at < (dates.row << 32 | dates.end)[last])


def _figure_lists(
    found: Tokens, told: "np.ndarray[tuple[int], np.dtype[np.void]]", figures: tuple[Numbers, Numbers], rows: int
) -> pa.Array:
    """The smallest figures of each row: those in digits, and those in words."""
    place = np.flatnonzero(told["number"])
    number = told["number"][place]
    # past the last word is none: it stands for itself, and no number is a factor
    after = np.minimum(place + 1, len(found.row) - 1)
    number = number * np.where(found.row[after] == found.row[place], told["factor"][after], 1)
    in_words = number > 3
    row, value = (
        np.concatenate(parts) for parts in zip(figures, (found.row[place][in_words], number[in_words]), strict=True)
    )
    order = np.lexsort((value, row))
    row, value = row[order], value[order]
    if len(row):
        is_new = np.append(True, (row[1:] != row[:-1]) | (value[1:] != value[:-1]))
        row, value = row[is_new], value[is_new]
    kept = within(row, MAX_FIGURES)
    return _numbers(row[kept], value[kept], rows)


def _numbers(row: Numbers, value: Numbers, rows: int) -> pa.Array:
    return lists(row, pa.array(value, pa.int64()), rows)


def _pairs(found: Sequence[tuple[int, int]]) -> tuple[Numbers, Numbers]:
    row, value = np.array(found, np.int64).reshape(-1, 2).T
    return row, value


# ---------------------------------------------------------------- names


def names(titles: Sequence[str], texts: Sequence[str]) -> dict[str, pa.Array]:
    """The names in each announcement: words written with a capital and never without one, known to no lexicon, spelt alike
    in all languages: what stays the same in translation. Those of the whole are ``names``, those that its title says
    ``title_names``."""
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
    row, value, start = row[first], value[first], found.start[is_name][is_always][first]
    told, in_title = (
        pa.array(list(known), pa.string()),
        start < np.fromiter(map(len, titles), np.int64, len(titles))[row],
    )
    return {
        "names": lists(row, told.take(pa.array(value)), len(titles)),
        "title_names": lists(row[in_title], told.take(pa.array(value[in_title])), len(titles)),
    }


@lru_cache(maxsize=200_000)
def _name(word: str) -> str | None:
    bare = fold(word).replace(" ", "")
    return None if len(bare) < 3 or words.is_known(bare) else words.alike(bare)
