"""The words of many titles as concepts: Python is asked about each distinct word once.

What one title tells belongs to ``words``; how words are counted, to ``tokens``.
"""

from collections.abc import Sequence
from itertools import chain

import numpy as np
import pyarrow as pa

from boi_pipeline.matching.tokens import Numbers, first_of, lists, tokens_of
from boi_pipeline.matching.words import TitleWords, longer_names, title_words, told_in_title

_KINDS = ("telling", "common", "variants")


def title_columns(titles: Sequence[Sequence[str]]) -> dict[str, pa.Array]:
    """``telling``, ``common`` and ``variants`` of each title (``words.TitleWords``), given its words, as lists."""
    found, rows = tokens_of(titles), len(titles)
    told = [told_in_title(word) for word in found.distinct]
    longer = np.fromiter((word in longer_names() for word in found.distinct), np.bool_, len(found.distinct))
    # countries of several words depend on what follows: such titles are looked at one by one
    odd = np.unique(found.row[longer[found.word]])
    found = found.keep(~np.isin(found.row, odd))
    apart = [title_words(titles[int(row)]) for row in odd]
    known: dict[str, int] = {"": 0}
    columns: dict[str, pa.Array] = {}
    for name in _KINDS:
        number = np.fromiter((known.setdefault(_as(name, one), len(known)) for one in told), np.int64, len(told))
        here = number[found.word]
        first = first_of(found.row[here > 0], here[here > 0])
        row, value = (np.concatenate(parts) for parts in zip(
            (found.row[here > 0][first], here[here > 0][first]), _of(odd, apart, name, known), strict=True
        ))  # fmt: skip
        order = np.argsort(row, kind="stable")
        columns[name] = lists(row[order], pa.array(list(known), pa.string()).take(pa.array(value[order])), rows)
    return columns


def _as(name: str, told: tuple[str, str]) -> str:
    """The concept of a word where it is of this list."""
    kind, concept = told
    is_of = kind == "common" if name == "common" else kind != "common" and (name == "telling" or kind == "variant")
    return concept if is_of else ""


def _of(rows: Numbers, titles: Sequence[TitleWords], name: str, known: dict[str, int]) -> tuple[Numbers, Numbers]:
    each: list[tuple[str, ...]] = [getattr(one, name) for one in titles]
    numbers = [known.setdefault(concept, len(known)) for concept in chain.from_iterable(each)]
    return np.repeat(rows, np.fromiter(map(len, each), np.int64, len(each))), np.array(numbers, np.int64)
