"""Which of several likely partners an announcement belongs to.

Sister calls (one funder, one closing day, another field or country) look alike to any retelling of one of them. What
tells them apart is the comparison: a retelling belongs to the sister it is most like, and above all to the one whose
*own* words, those the other sister does not say, it repeats. Chances of pairs are ``score``'s; here they are weighed
against those of the rivals.
"""

from collections.abc import Callable, Sequence
from threading import Lock

import numpy as np

from boi_pipeline.matching import overlaps
from boi_pipeline.matching.overlaps import Lists
from boi_pipeline.matching.parts import in_parts
from boi_pipeline.matching.tokens import Numbers
from boi_pipeline.matching.trees import Array

LEAST = 0.05
"""Pairs less likely than this take no part."""
HEARD = 0.05
"""Rivals weaker than this are not compared word by word."""
FEATURES = (
    "likely", "rival", "rival_of_either", "lead", "friend", "friends", "pressed", "contrast", "contrast_of_either",
    "contested",
)  # fmt: skip
CHUNK = 50_000
"""Pairs weighed together: bounds the memory."""
WHOLE = 1 << 20
"""What chances are multiplied by: sums of whole numbers are the same in any order."""


def contested(
    a: Sequence[int] | Numbers,
    b: Sequence[int] | Numbers,
    chances: Array,
    content: Callable[[Numbers], Lists],
    count: int | None = None,
) -> Array:
    """What each pair faces, shape (pairs, ``FEATURES``): its log odds; the strongest rival of one side and of the
    weaker-pressed side; by how much it leads; the best announcement that is like both; how many are, and how many like
    one of the two alone; how much the two share of what they do not share with their strongest rival, from -1 (only the
    rival's) to 1 (only their own); whether any rival is.

    A rival of (a, b) is another likely partner of a that is unlike b, or of b that is unlike a. Only the first ``count``
    pairs are asked about; the others are here as rivals. ``content`` is asked for everything
    of the texts of the announcements it is needed of that stays the same in another language.
    """
    field = _Field(np.asarray(a, np.int64), np.asarray(b, np.int64), chances)
    count = len(chances) if count is None else count
    if not count:
        return np.zeros((0, len(FEATURES)))
    one_at_a_time = Lock()

    def read(numbers: Numbers) -> Lists:
        with one_at_a_time:
            return content(numbers)

    return np.vstack(in_parts(count, lambda part: field.faced(np.arange(part.start, part.stop), read), CHUNK))


class _Field:
    """Pairs and, of each announcement, its likely partners: those of one are together, in ``there``."""

    def __init__(self, a: Numbers, b: Numbers, chances: Array) -> None:
        self._a, self._b, self._chances = a, b, chances
        likely = np.nonzero(chances >= LEAST)[0]
        here, there = np.concatenate([a[likely], b[likely]]), np.concatenate([b[likely], a[likely]])
        order = np.lexsort((there, here))
        self._there, self._likely = there[order], np.concatenate([chances[likely]] * 2)[order]
        self._names, self._starts, self._counts = np.unique(here[order], return_index=True, return_counts=True)
        self._keys = _key(here[order], self._there)  # ascending

    def faced(self, places: Numbers, content: Callable[[Numbers], Lists]) -> Array:
        """The features of the pairs at these places."""
        chances = self._chances[places]
        rivals, contrasts = np.zeros((2, len(places))), np.zeros((2, len(places)))
        friend, friends, pressed = np.zeros((3, len(places)))
        known = np.nonzero(chances >= LEAST)[0]
        a, b = self._a[places[known]], self._b[places[known]]
        needed: list[tuple[int, Numbers, Numbers]] = []
        for side, (here, there) in enumerate(((a, b), (b, a))):
            pair, partner, likely = self._partners(here, there)
            alike = self._alike(partner, there[pair])
            shared, strength = np.minimum(likely, alike), likely * (1 - alike)
            np.maximum.at(friend, known[pair], shared)
            friends[known] = _sums(pair, shared, len(known))  # the same from either side
            pressed[known] += _sums(pair, strength, len(known))
            np.maximum.at(rivals[side], known[pair], strength)
            strongest = np.nonzero((strength == rivals[side][known[pair]]) & (strength >= HEARD))[0]
            needed.append((side, pair[strongest], partner[strongest]))
        asked = (rows for _, pair, partner in needed for rows in (a[pair], b[pair], partner))
        told = content(overlaps.distinct(*asked))
        for side, pair, partner in needed:
            here, there = (a, b) if side == 0 else (b, a)
            found = contrasts[side]
            found[known[pair]] = np.inf
            # of rivals equally strong the one it is most like counts, whatever their order
            np.minimum.at(found, known[pair], overlaps.contrasts(told, here[pair], there[pair], partner))
        is_heard = rivals >= HEARD
        faced, odds = rivals.max(axis=0), np.log(_odds(chances))
        is_contested = (faced >= HEARD).astype(np.float64)
        lead = chances - faced
        lowest = np.where(is_heard, contrasts, 1.0).min(axis=0)
        columns = (
            odds, faced, rivals.min(axis=0), lead, friend, friends, pressed,
            lowest * is_contested, contrasts.max(axis=0) * is_contested, is_contested,
        )  # fmt: skip
        return np.column_stack(columns)

    def _partners(self, here: Numbers, there: Numbers) -> tuple[Numbers, Numbers, Array]:
        """Of every pair (here, there) each other likely partner of ``here``: (place of the pair, partner, chance)."""
        row = np.searchsorted(self._names, here)
        count = self._counts[row]
        pair = np.repeat(np.arange(len(here)), count)
        first = np.repeat(np.cumsum(count) - count, count)
        at = np.repeat(self._starts[row], count) + np.arange(len(pair)) - first
        others = self._there[at] != there[pair]
        return pair[others], self._there[at][others], self._likely[at][others]

    def _alike(self, one: Numbers, other: Numbers) -> Array:
        """The chance of each pair; 0 where it is none of ours."""
        if not len(one):
            return np.zeros(0)
        key = _key(one, other)
        at = np.minimum(np.searchsorted(self._keys, key), len(self._keys) - 1)
        return np.where(self._keys[at] == key, self._likely[at], 0.0)


def _sums(place: Numbers, values: Array, count: int) -> Array:
    return np.bincount(place, np.rint(values * WHOLE), count) / WHOLE


def _key(here: Numbers, there: Numbers) -> Numbers:
    return here << 32 | there


def _odds(chances: Array) -> Array:
    return np.clip(chances, 1e-4, 1 - 1e-4) / np.clip(1 - chances, 1e-4, 1)
