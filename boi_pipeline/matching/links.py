"""What links connect. Which links there are belongs to who asks."""

import numpy as np

from boi_pipeline.matching.tokens import Numbers


def parts_of(a: Numbers, b: Numbers) -> tuple[Numbers, Numbers]:
    """Every name that a link (a, b) has, and its part: the least name that it is connected to. In the order of parts."""
    names, ends = np.unique(np.concatenate([a, b]), return_inverse=True)
    a, b = ends.reshape(2, -1)
    part = np.arange(len(names))
    while (part[a] != part[b]).any():
        # two parts that a link connects become one, named by the lesser of the two
        least = np.minimum(part[a], part[b])
        for side in (a, b):
            np.minimum.at(part, part[side], least)
        while (above := part[part]).tobytes() != part.tobytes():
            part = above
    order = np.argsort(part, kind="stable")
    return names[order], names[part[order]]
