"""Boosted trees as they ship: arrays in a JSON file, read with numpy alone, so that nothing is needed at run time.

Training them (LightGBM) belongs to ``boi_pipeline.evaluate_matching``; what they are given, to ``score`` and ``contest``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Trees:
    """Regression trees whose leaves add up to log odds. Of tree t, node n: children below zero are leaves (-1 - leaf)."""

    names: tuple[str, ...]  # of the features, in the order of the columns
    feature: npt.NDArray[np.int64]  # (trees, nodes)
    threshold: Array  # (trees, nodes); at most: left
    left: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]
    value: Array  # (trees, leaves)
    depth: int

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """From the mapping that ``kept`` gives."""
        return cls(
            names=tuple(kept["names"]),
            feature=np.array(kept["feature"], dtype=np.int64),
            threshold=np.array(kept["threshold"], dtype=np.float64),
            left=np.array(kept["left"], dtype=np.int64),
            right=np.array(kept["right"], dtype=np.int64),
            value=np.array(kept["value"], dtype=np.float64),
            depth=kept["depth"],
        )

    def kept(self) -> dict[str, Any]:
        """As plain values, exact."""
        return {
            "names": list(self.names),
            **{name: getattr(self, name).tolist() for name in _ARRAYS},
            "depth": self.depth,
        }

    def chance(self, x: Array) -> Array:
        """The chance of each row of x, shape (rows, features)."""
        total = np.zeros(len(x))
        rows = np.arange(len(x))
        for tree in range(len(self.feature)):
            node = np.zeros(len(x), dtype=np.int64)
            for _ in range(self.depth):
                inner = np.maximum(node, 0)
                goes_left = x[rows, self.feature[tree][inner]] <= self.threshold[tree][inner]
                node = np.where(node < 0, node, np.where(goes_left, self.left[tree][inner], self.right[tree][inner]))
            total += self.value[tree][-1 - node]
        return 1 / (1 + np.exp(-np.clip(total, -30, 30)))


_ARRAYS = ("feature", "threshold", "left", "right", "value")


def from_lightgbm(dumped: Mapping[str, Any], names: Sequence[str]) -> Trees:
    """The trees of LightGBM's ``dump_model`` (numbers only, no missing values)."""
    made = [_flat(one["tree_structure"]) for one in dumped["tree_info"]]
    nodes = max(len(tree[0]) for tree in made) or 1
    leaves = max(len(tree[1]) for tree in made)
    feature, threshold = np.zeros((len(made), nodes), np.int64), np.zeros((len(made), nodes))
    left, right = np.full((len(made), nodes), -1, np.int64), np.full((len(made), nodes), -1, np.int64)
    value = np.zeros((len(made), leaves))
    for t, (inner, outer, _) in enumerate(made):
        for n, (split, limit, below, above) in enumerate(inner):
            feature[t, n], threshold[t, n], left[t, n], right[t, n] = split, limit, below, above
        value[t, : len(outer)] = outer
    return Trees(tuple(names), feature, threshold, left, right, value, max(tree[2] for tree in made))


def _flat(root: Mapping[str, Any]) -> tuple[list[list[Any]], list[float], int]:
    """Inner nodes (feature, threshold, left, right), leaves, depth."""
    inner: list[list[Any]] = []
    leaves: list[float] = []

    def place(node: Mapping[str, Any]) -> tuple[int, int]:
        if "leaf_value" in node:
            leaves.append(node["leaf_value"])
            return -len(leaves), 0
        number = len(inner)
        inner.append([node["split_feature"], node["threshold"], 0, 0])
        inner[number][2], one = place(node["left_child"])
        inner[number][3], other = place(node["right_child"])
        return number, 1 + max(one, other)

    number, depth = place(root)
    if number < 0:  # a tree of one leaf: both ways lead there
        inner.append([0, 0.0, number, number])
        depth = 1
    return inner, leaves, depth
