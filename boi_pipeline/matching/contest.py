"""Which of several likely partners an announcement belongs to.

Sister calls (one funder, one closing day, another field or country) look alike to any retelling of one of them. What
tells them apart is the comparison: a retelling belongs to the sister it is most like, and above all to the one whose
*own* words, those the other sister does not say, it repeats. Chances of pairs are ``score``'s; here they are weighed
against those of the rivals.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from boi_pipeline.matching.trees import Array

LEAST = 0.05
"""Pairs less likely than this take no part."""
HEARD = 0.05
"""Rivals weaker than this are not compared word by word."""
FEATURES = ("likely", "rival", "rival_of_either", "lead", "friend", "contrast", "contrast_of_either", "contested")

Content = frozenset[object]
"""Everything of a text that stays the same in another language: stems, figures, days, places, names."""


def contested(a: Sequence[int], b: Sequence[int], chances: Array, content: Mapping[int, Content]) -> Array:
    """What each pair faces, shape (pairs, ``FEATURES``): its log odds; the strongest rival of one side and of the
    weaker-pressed side; by how much it leads; the best announcement that is like both; how much the two share of what
    they do not share with their strongest rival, from -1 (only the rival's) to 1 (only their own); whether any rival is.

    A rival of (a, b) is another likely partner of a that is unlike b, or of b that is unlike a.
    """
    of: dict[int, list[tuple[int, float]]] = defaultdict(list)
    known: dict[tuple[int, int], float] = {}
    for one, other, chance in zip(a, b, chances.tolist(), strict=True):
        if chance >= LEAST:
            of[one].append((other, chance))
            of[other].append((one, chance))
            known[(one, other) if one < other else (other, one)] = chance
    found = np.zeros((len(chances), len(FEATURES)))
    odds = np.log(np.clip(chances, 1e-4, 1 - 1e-4) / np.clip(1 - chances, 1e-4, 1))
    for place, (one, other, chance) in enumerate(zip(a, b, chances.tolist(), strict=True)):
        if chance < LEAST:
            found[place, 0], found[place, 3] = odds[place], chance
            continue
        rivals, contrasts, friend = [0.0, 0.0], [0.0, 0.0], 0.0
        for side, (here, there) in enumerate(((one, other), (other, one))):
            # ``here`` chooses between ``there`` and its other likely partners
            for partner, likely in of[here]:
                if partner == there:
                    continue
                alike = known.get((partner, there) if partner < there else (there, partner), 0.0)
                friend = max(friend, min(likely, alike))
                strength = likely * (1 - alike)
                if strength > rivals[side]:
                    rivals[side] = strength
                    if strength >= HEARD:
                        contrasts[side] = contrast(content[here], content[there], content[partner])
        faced = max(rivals)
        lowest = min(contrasts[side] if rivals[side] >= HEARD else 1.0 for side in (0, 1))
        highest = max(contrasts)
        is_contested = float(faced >= HEARD)
        found[place] = (
            odds[place], faced, min(rivals), chance - faced, friend,
            lowest * is_contested, highest * is_contested, is_contested,
        )  # fmt: skip
    return found


def contrast(told: Content, own: Content, rival: Content) -> float:
    """Of what only one of two texts says, how much more ``told`` has of ``own`` than of ``rival``: -1 … 1."""
    mine, theirs = len(told & (own - rival)), len(told & (rival - own))
    return (mine - theirs) / (mine + theirs + 1)
