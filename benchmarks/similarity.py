"""How alike two records are: named features of many pairs of texts, numbers, dates, sets and vectors at once.

Every feature is pure and symmetric: it depends on the two sides and on a fixed table of word weights, never on which other
records are there. It lies in [0, 1] and is nan where a side is missing or the feature says nothing of the pair; ``missing``
is the share of the two sides that is absent. Unless it ends in ``_apart`` or ``_only``, 1 is for equal sides. What a set of
features means belongs to a trained scorer; which pairs are looked at, and what equal keys mean, to ``match``.
"""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler, Prefix

from boi_pipeline.matching.keys import STOP_WORDS, fold

MAX_TEXT = 4_000  # characters of a text that are looked at
SOFT = 0.9  # Jaro-Winkler from which two words count as spellings of one
ABBREVIATION = 3  # letters of a word from which it may stand for a longer one that begins with it
STEM = 4  # characters of a code from which it may stand inside a longer one
NEAR_DAYS = 30.0  # days apart at which ``near`` is a half

Matrix = NDArray[np.float32]

_NUMBER = re.compile(r"(?<![^\W\d_])v?(\d+(?:[.,]\d+)*)(?![^\W_])")
_PIECE = re.compile(r"\w[\w./\-]*")
_NOT_WORD = re.compile(r"[\W_]+")

TEXT_FEATURES = {
    "words_contained": "weight of shared words, of the side with less weight",
    "words_shared": "weight of shared words, of the weight of all words",
    "words_cosine": "cosine of the two weighted word vectors",
    "words_soft": "weight of words with a counterpart, misspelt and abbreviated ones in part, of the side matched more",
    "words_soft_all": "the same of the side that is matched less",
    "rarest_only": "weight of the heaviest word without a counterpart, on the side where it is lighter",
    "rarest_any_only": "the same on the side where it is heavier",
    "codes_shared": "words of letters and digits found on both sides, of all; nan where either side has none",
    "codes_apart": "words of letters and digits without a counterpart, of the side matched more; nan as codes_shared",
    "numbers_shared": "numbers found on both sides, of all (4.0 is 4); nan where either side has none",
    "numbers_apart": "numbers without a counterpart, of the side with fewer; nan as numbers_shared",
    "numbers_one_only": "1 where one side alone has numbers or codes",
    "trigrams": "shared groups of three characters, spaces aside, of all (Dice)",
    "trigrams_contained": "the same, of the shorter side",
    "jaro_winkler": "of the whole texts: spelling, with weight on the beginning",
    "ratio": "of the whole texts: characters kept in order",
    "partial": "ratio of the shorter text in the best place of the longer",
    "sorted_words": "ratio of the texts with their words sorted",
    "word_set": "ratio of shared words against each side's words",
    "prefix": "length of the common beginning, of the shorter text",
    "first_word": "1 where the first words are one (a maker, a series)",
    "length": "characters of the shorter text, of the longer",
    "missing": "share of the two sides that is absent",
}


@dataclass(frozen=True)
class WordWeights:
    """A fixed table of how much a word tells, in [0, 1]; a word that is not in it weighs ``other``."""

    table: Mapping[str, float] = field(default_factory=dict)
    other: float = 1.0

    def of(self, word: str) -> float:
        return self.table.get(word, self.other)

    @classmethod
    def learned(cls, texts: Iterable[str | None]) -> Self:
        """Inverse document frequencies of ``texts``: for a table that is then kept, not for one that follows the data."""
        counts: Counter[str] = Counter()
        total = 0
        for text in texts:
            if text:
                counts.update(_parts(text).words)
                total += 1
        most = math.log(total + 1) or 1.0
        return cls({word: math.log((total + 1) / count) / most for word, count in counts.items()})


PLAIN = WordWeights(dict.fromkeys(STOP_WORDS, 0.1))


@dataclass(frozen=True)
class Features:
    """A matrix of pairs by features, with the features' names."""

    names: tuple[str, ...]
    values: Matrix

    def __getitem__(self, name: str) -> Matrix:
        return self.values[:, self.names.index(name)]

    def filled(self) -> Matrix:
        """The values with 0 for nan, for what cannot read nan; ``missing`` still tells an absent side."""
        return np.nan_to_num(self.values, nan=0.0)


def joined(**parts: Features) -> Features:
    """The features of several fields side by side, each named ``field.feature``."""
    names = tuple(f"{prefix}.{name}" for prefix, part in parts.items() for name in part.names)
    return Features(names, np.hstack([part.values for part in parts.values()]))


# ---------------------------------------------------------------- texts


@dataclass(frozen=True, slots=True)
class _Parts:
    text: str  # folded
    first: str
    words: frozenset[str]
    codes: frozenset[str]
    numbers: frozenset[str]
    letters: str  # without spaces
    trigrams: frozenset[str]


@lru_cache(maxsize=50_000)
def _parts(text: str) -> _Parts:
    text = text[:MAX_TEXT]
    folded = fold(text)
    words = folded.split()
    letters = "".join(words)
    codes = set()
    for piece in _PIECE.findall(text.casefold()):
        bare = _NOT_WORD.sub("", piece)
        if len(bare) > 2 and any(char.isdigit() for char in bare) and any(char.isalpha() for char in bare):
            codes.add(bare)
    numbers = {_number(found) for found in _NUMBER.findall(text.casefold())}
    grams = {letters[at : at + 3] for at in range(max(1, len(letters) - 2))} if letters else set()
    return _Parts(
        folded,
        words[0] if words else "",
        frozenset(words),
        frozenset(codes),
        frozenset(numbers),
        letters,
        frozenset(grams),
    )


def _number(text: str) -> str:
    """``4.0`` and ``4`` are one, so are ``1,000`` and ``1000``."""
    text = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", text).replace(",", ".")
    return (text.rstrip("0").rstrip(".") if text.count(".") == 1 else text).lstrip("0") or "0"


def text_features(left: Sequence[str | None], right: Sequence[str | None], weights: WordWeights = PLAIN) -> Features:
    """``TEXT_FEATURES`` of each pair of texts. A text without a letter or digit is missing."""
    _same_length(left, right)
    names = tuple(TEXT_FEATURES)
    values = np.full((len(left), len(names)), np.nan, dtype=np.float32)
    sides = [[_parts(text or "") for text in texts] for texts in (left, right)]
    present = np.array([[bool(side.text) for side in parts] for parts in sides], dtype=bool).reshape(2, len(left))
    values[:, names.index("missing")] = 1 - present.mean(axis=0)
    rows = np.flatnonzero(present.all(axis=0))
    if not len(rows):
        return Features(names, values)
    ours, theirs = ([parts[row] for row in rows] for parts in sides)
    for name, column in _spelling([one.text for one in ours], [one.text for one in theirs]).items():
        values[rows, names.index(name)] = column
    for row, one, other in zip(rows, ours, theirs, strict=True):
        for name, value in _words(one, other, weights).items():
            values[row, names.index(name)] = value
    return Features(names, values)


def _spelling(left: list[str], right: list[str]) -> dict[str, Any]:
    """What rapidfuzz says of the whole texts."""

    def each(scorer: Any, scale: float = 1.0) -> Any:
        return process.cpdist(left, right, scorer=scorer, dtype=np.float32) / scale

    lengths = np.array([[len(text) for text in texts] for texts in (left, right)], dtype=np.float32)
    there = process.cpdist(left, right, scorer=fuzz.partial_ratio, dtype=np.float32)
    back = process.cpdist(right, left, scorer=fuzz.partial_ratio, dtype=np.float32)
    return {
        "jaro_winkler": each(JaroWinkler.normalized_similarity),
        "ratio": each(fuzz.ratio, 100),
        "partial": np.maximum(there, back) / 100,
        "sorted_words": each(fuzz.token_sort_ratio, 100),
        "word_set": each(fuzz.token_set_ratio, 100),
        "prefix": each(Prefix.similarity) / lengths.min(axis=0),
        "length": lengths.min(axis=0) / lengths.max(axis=0),
    }


def _words(left: _Parts, right: _Parts, weights: WordWeights) -> dict[str, float]:
    """What the words of two texts say."""
    shared = left.words & right.words
    common = math.fsum(weights.of(word) for word in shared)
    sides = []
    for own, other in ((left, right), (right, left)):
        rest = sorted(own.words - shared)
        found = _counterparts(rest, sorted(other.words - shared), other.letters)
        heavy = [weights.of(word) for word in rest]
        left_over = [weight * (1 - part) for weight, part in zip(heavy, found, strict=True)]
        total = common + math.fsum(heavy)
        sides.append((total, _share(total - math.fsum(left_over), total), max(left_over, default=0.0)))
    (one, soft, rare), (two, soft_other, rare_other) = sides
    squares = [math.fsum(weights.of(word) ** 2 for word in words) for words in (left.words, right.words, shared)]
    grams = len(left.trigrams & right.trigrams)
    values = {
        "words_contained": _share(common, min(one, two)),
        "words_shared": _share(common, one + two - common),
        "words_cosine": _share(squares[2], math.sqrt(squares[0] * squares[1])),
        "words_soft": np.maximum(soft, soft_other),
        "words_soft_all": np.minimum(soft, soft_other),
        "rarest_only": min(rare, rare_other),
        "rarest_any_only": max(rare, rare_other),
        "numbers_one_only": float(bool(left.numbers | left.codes) != bool(right.numbers | right.codes)),
        "trigrams": 2 * grams / (len(left.trigrams) + len(right.trigrams)),
        "trigrams_contained": grams / min(len(left.trigrams), len(right.trigrams)),
        "first_word": float(left.first == right.first),
    }
    if left.codes and right.codes:
        kept = [_codes_kept(left.codes, right), _codes_kept(right.codes, left)]
        values["codes_shared"] = sum(kept) / (len(left.codes) + len(right.codes))
        values["codes_apart"] = 1 - max(kept[0] / len(left.codes), kept[1] / len(right.codes))
    if left.numbers and right.numbers:
        both = len(left.numbers & right.numbers)
        values["numbers_shared"] = both / len(left.numbers | right.numbers)
        values["numbers_apart"] = 1 - both / min(len(left.numbers), len(right.numbers))
    return values


def _counterparts(words: list[str], others: list[str], letters: str) -> list[float]:
    """How far each word is among ``others``: misspelt, abbreviated, or written without a space. Digits must be equal."""
    if not words:
        return []
    best = [0.0] * len(words)
    if others:
        scores = process.cdist(words, others, scorer=JaroWinkler.normalized_similarity, dtype=np.float32)
        best = [float(score) if score >= SOFT else 0.0 for score in scores.max(axis=1)]
    for at, word in enumerate(words):
        if any(char.isdigit() for char in word):
            best[at] = float(len(word) >= STEM and word in letters)
        elif best[at] < SOFT and any(_abbreviates(word, other) for other in others):
            best[at] = SOFT
    return best


def _abbreviates(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= ABBREVIATION and long.startswith(short)


def _codes_kept(codes: frozenset[str], other: _Parts) -> int:
    return sum(
        code in other.codes
        or (len(code) >= STEM and (code in other.letters or any(_inside(code, one) for one in other.codes)))
        for code in codes
    )


def _inside(code: str, other: str) -> bool:
    return len(other) >= STEM and (code.startswith(other) or other.startswith(code))


def _share(part: float, whole: float) -> float:
    return min(1.0, part / whole) if whole else math.nan


# ---------------------------------------------------------------- numbers, dates, sets, names, vectors


def number_features(left: Sequence[float | None], right: Sequence[float | None]) -> Features:
    """``near``: the smaller of the larger (their distance in log scale); ``same``: less than half a per cent apart.

    A number below 0 is missing; 0 equals 0 alone.
    """
    one, two = (
        np.array([np.nan if x is None or x < 0 else x for x in side], dtype=np.float64) for side in (left, right)
    )
    low, high = np.minimum(one, two), np.maximum(one, two)
    with np.errstate(invalid="ignore", divide="ignore"):
        near = np.where(high == 0, 1.0, low / high)
    near[np.isnan(low) | np.isnan(high)] = np.nan
    return _columns(one, two, near=near, same=_where(near, near > 0.995))


def date_features(left: Sequence[date | None], right: Sequence[date | None]) -> Features:
    """``near``: 1 on one day, a half ``NEAR_DAYS`` apart, on to 0; ``same``: one day; ``same_year``."""
    days = [
        np.array([np.nan if x is None else x.toordinal() for x in side], dtype=np.float64) for side in (left, right)
    ]
    years = [np.array([np.nan if x is None else x.year for x in side], dtype=np.float64) for side in (left, right)]
    near = NEAR_DAYS / (NEAR_DAYS + np.abs(days[0] - days[1]))
    return _columns(
        *days, near=near, same=_where(near, days[0] == days[1]), same_year=_where(near, years[0] == years[1])
    )


def set_features(left: Sequence[Collection[str] | None], right: Sequence[Collection[str] | None]) -> Features:
    """``shared``: members on both sides of all; ``contained``: of the smaller set. An empty set is missing."""
    sets = [[frozenset(x) if x else None for x in side] for side in (left, right)]
    _same_length(left, right)
    there = [np.array([np.nan if x is None else 1.0 for x in side], dtype=np.float64) for side in sets]
    shared, contained = (np.full(len(left), np.nan) for _ in range(2))
    for row, (one, two) in enumerate(zip(*sets, strict=True)):
        if one and two:
            shared[row] = len(one & two) / len(one | two)
            contained[row] = len(one & two) / min(len(one), len(two))
    return _columns(*there, shared=shared, contained=contained)


def name_features(left: Sequence[str | None], right: Sequence[str | None]) -> Features:
    """``same``: two names of a closed list, or two keys, are equal."""
    _same_length(left, right)
    there = [np.array([np.nan if not x else 1.0 for x in side], dtype=np.float64) for side in (left, right)]
    equal = np.array([one == two for one, two in zip(left, right, strict=True)], dtype=np.float64)
    return _columns(*there, same=_where(there[0] * there[1], equal))


def vector_features(left: Sequence[Any], right: Sequence[Any]) -> Features:
    """``cosine`` of two vectors of length one (or None), below 0 taken as 0."""
    _same_length(left, right)
    there = [np.array([np.nan if x is None else 1.0 for x in side], dtype=np.float64) for side in (left, right)]
    cosine = np.array(
        [np.nan if a is None or b is None else float(np.dot(a, b)) for a, b in zip(left, right, strict=True)],
        dtype=np.float64,
    )
    return _columns(*there, cosine=np.clip(cosine, 0, 1))


def _same_length(left: Sequence[Any], right: Sequence[Any]) -> None:
    if len(left) != len(right):
        raise ValueError(f"{len(left)} left sides and {len(right)} right sides: a pair has both")


def _where(known: Any, value: Any) -> Any:
    return np.where(np.isnan(known), np.nan, value)


def _columns(left: Any, right: Any, **columns: Any) -> Features:
    _same_length(left, right)
    columns["missing"] = (np.isnan(left).astype(np.float64) + np.isnan(right)) / 2
    return Features(tuple(columns), np.column_stack(list(columns.values())).astype(np.float32))
