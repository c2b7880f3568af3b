"""The words of many texts at once, as arrays: which words there are, and where each stands.

Python is asked about each distinct word once, however often it is written; all that is counted, sorted or compared
afterwards is numbers. What a word means belongs to ``words``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
MARKS = "'’-"
"""What may stand inside a written word."""
_WORD, _MARK, _HEAD = 1, 2, 4
"""Found by ``\\w``; one of ``MARKS``; what a written word may begin with."""
_SMALL = 0x3000
"""Most texts have no letters beyond."""
_LAST = 0x110000


@dataclass(frozen=True, eq=False, slots=True)
class Tokens:
    """Words in the order they stand in."""

    row: Numbers  # of each, its text
    word: Numbers  # of each, its place in ``distinct``
    start: Numbers  # of each, the place of its first letter in its text
    distinct: list[str]

    def keep(self, which: Flags) -> "Tokens":
        """Some of them."""
        return Tokens(self.row[which], self.word[which], self.start[which], self.distinct)


def tokens(texts: Sequence[str]) -> Tokens:
    """The words of every text: what ``\\w+`` finds."""
    codes, begins = _letters(texts)
    return _tokens(codes, begins, *_runs(_kinds(codes) & _WORD != 0))


def written_words(texts: Sequence[str]) -> Tokens:
    """The words of every text as they are written: what ``[^\\W\\d_][\\w'’-]*`` finds."""
    codes, begins = _letters(texts)
    kinds = _kinds(codes)
    first, last = _runs(kinds & (_WORD | _MARK) != 0)
    headless = np.flatnonzero(kinds[first] & _HEAD == 0)
    if len(headless):
        heads = np.append(np.flatnonzero(kinds & _HEAD), len(codes))
        first[headless] = heads[np.searchsorted(heads, first[headless])]  # a word begins with its first letter
        has_head = first < last
        first, last = first[has_head], last[has_head]
    return _tokens(codes, begins, first, last)


def tokens_of(words: Sequence[Sequence[str]]) -> Tokens:
    """The same of words that are known, text by text; each starts at its place among them."""
    counts = np.fromiter(map(len, words), np.int64, len(words))
    found = pa.array(list(chain.from_iterable(words)), pa.string()).dictionary_encode()
    row = np.repeat(np.arange(len(words)), counts)
    start = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    return Tokens(row, found.indices.to_numpy().astype(np.int64), start, found.dictionary.to_pylist())


def _letters(texts: Sequence[str]) -> tuple[npt.NDArray[np.uint32], Numbers]:
    """The code points of all texts, one after another with a line's end between, and where each text begins."""
    codes = np.frombuffer("\n".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    return codes, np.cumsum(lengths + 1) - lengths - 1


def _runs(inside: Flags) -> tuple[Numbers, Numbers]:
    """Where each run of true values begins, and the place after its end."""
    edges = np.flatnonzero(np.diff(inside, prepend=False, append=False))
    return edges[::2], edges[1::2]


def _tokens(codes: npt.NDArray[np.uint32], begins: Numbers, first: Numbers, last: Numbers) -> Tokens:
    # the words and what stands between them, in turn: so no letter has to be copied to count what is the same
    edges = np.column_stack([first, last]).ravel()
    pieces = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), max(0, len(edges) - 1), [None, pa.py_buffer(edges * codes.itemsize), pa.py_buffer(codes)]
    ).dictionary_encode()
    piece = pieces.indices.to_numpy()[::2]
    is_word = np.zeros(len(pieces.dictionary), np.bool_)
    is_word[piece] = True
    written = pieces.dictionary.filter(pa.array(is_word)).to_pylist()
    counts = np.diff(np.searchsorted(first, begins), append=len(first))
    row = np.repeat(np.arange(len(begins)), counts)
    word = (np.cumsum(is_word) - 1)[piece]
    return Tokens(row, word, first - begins[row], [one.decode("utf-32-le") for one in written])


def _kinds(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint8]:
    """What may be made of each letter: ``_WORD``, ``_MARK``, ``_HEAD``."""
    size = _SMALL if not len(codes) or codes.max() < _SMALL else _LAST
    return _kind_table(size)[codes]


@cache
def _kind_table(size: int) -> npt.NDArray[np.uint8]:
    """The same of every code point below ``size``."""
    letters = list(map(chr, range(size)))
    is_word, is_digit = (np.fromiter(map(asked, letters), np.bool_, size) for asked in (str.isalnum, str.isdecimal))
    found = is_word * _WORD + (is_word & ~is_digit) * _HEAD
    found[ord("_")] = _WORD
    found[[ord(mark) for mark in MARKS]] = _MARK
    return found.astype(np.uint8)


# ---------------------------------------------------------------- lists of each row


def distinct_of(row: Numbers, value: Numbers) -> tuple[Numbers, Numbers]:
    """Every (row, value) once, in their order; values from 0 to 2³² - 1."""
    keys = row << 32 | value
    keys.sort(kind="stable")  # rows mostly ascend already: merging is faster
    if len(keys):
        keys = keys[np.append(True, keys[1:] != keys[:-1])]
    return keys >> 32, keys & 0xFFFFFFFF


def first_of(row: Numbers, value: Numbers) -> Numbers:
    """The places where a value is first met in its row; rows ascend."""
    _, places = np.unique(row << 32 | value, return_index=True)
    places.sort()
    return places


def within(row: Numbers, most: int) -> Flags:
    """Whether each is among the first ``most`` of its row; rows ascend."""
    if not len(row):
        return np.zeros(0, np.bool_)
    is_first = np.append(True, row[1:] != row[:-1])
    begins = np.flatnonzero(is_first)
    return np.arange(len(row)) - begins[np.cumsum(is_first) - 1] < most


def lists(row: Numbers, values: pa.Array, rows: int) -> pa.ListArray:
    """A list for each of ``rows``, of the values whose rows ascend."""
    offsets = np.zeros(rows + 1, np.int32)
    np.cumsum(np.bincount(row, minlength=rows), out=offsets[1:])
    return pa.ListArray.from_arrays(offsets, values)


def lists_of(each: Sequence[Sequence[object]], kind: pa.DataType) -> pa.ListArray:
    """The same of values that come row by row."""
    offsets = np.zeros(len(each) + 1, np.int32)
    np.cumsum(np.fromiter(map(len, each), np.int32, len(each)), out=offsets[1:])
    return pa.ListArray.from_arrays(offsets, pa.array(list(chain.from_iterable(each)), kind))
