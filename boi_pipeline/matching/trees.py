"""Boosted trees as they ship: arrays in a JSON file, read with numpy alone, so that nothing is needed at run time.

Training them (LightGBM) belongs to ``boi_pipeline.evaluation.matching``; what they are given, to ``score`` and ``contest``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
CHUNK = 512
"""Rows looked at together: what is known of them stays in the processor's cache."""


@dataclass(frozen=True)
class Trees:
    """Regression trees whose leaves add up to log odds. Of tree t, node n: children below zero are leaves (-1 - leaf)."""

    names: tuple[str, ...]  # of the features, in the order of the columns
    feature: npt.NDArray[np.int64]  # (trees, nodes)
    threshold: Array  # (trees, nodes); at most: left
    left: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]
    value: Array  # (trees, leaves), from left to right; at most 64

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
        )

    @classmethod
    def mean(cls, parts: "Sequence[Trees]") -> Self:
        """Trees whose log odds are the mean of these, all of the same features and shape of leaves."""
        nodes, leaves = (max(getattr(one, name).shape[1] for one in parts) for name in ("feature", "value"))

        def of(name: str, size: int, empty: float) -> npt.NDArray[Any]:
            arrays = [getattr(one, name) for one in parts]
            return np.vstack([np.pad(x, ((0, 0), (0, size - x.shape[1])), constant_values=empty) for x in arrays])

        return cls(
            names=parts[0].names,
            feature=of("feature", nodes, 0),
            threshold=of("threshold", nodes, 0),
            left=of("left", nodes, -1),
            right=of("right", nodes, -1),
            value=of("value", leaves, 0) / len(parts),
        )

    def kept(self) -> dict[str, Any]:
        """As plain values, exact."""
        return {"names": list(self.names), **{name: getattr(self, name).tolist() for name in _ARRAYS}}

    def chance(self, x: Array) -> Array:
        """The chance of each row of x, shape (rows, features).

        All trees are asked at once: a leaf that a row cannot reach loses its bit, and the first that is left is where it
        ends (QuickScorer; Lucchese and others 2015).
        """
        asked = self._asked
        first = (np.arange(len(self.value)) * self.value.shape[1])[:, None]
        total = np.zeros(len(x))
        for start in range(0, len(x), CHUNK):
            columns = np.ascontiguousarray(x[start : start + CHUNK].T)
            # minus one is every bit
            is_left = -(columns[asked.feature] <= asked.threshold[:, None]).astype(asked.beyond.dtype)
            reached = is_left[asked.question[0]] | asked.beyond[0]
            for question, beyond in zip(asked.question[1:], asked.beyond[1:], strict=True):
                reached &= is_left[question] | beyond
            leaf = np.bitwise_count(~reached & (reached - 1))  # the zeros below the lowest bit
            # sum() adds one tree after another but where there is one row, which it adds in pairs: it gets company
            told = self.value.ravel()[np.broadcast_to(leaf + first, (len(first), max(2, leaf.shape[1])))]
            total[start : start + CHUNK] = told.sum(axis=0)[: leaf.shape[1]]
        return 1 / (1 + np.exp(-np.clip(total, -30, 30)))

    @cached_property
    def _asked(self) -> "_Asked":
        kind = next(
            kind for kind in (np.uint8, np.uint16, np.uint32, np.uint64) if self.value.shape[1] <= kind(0).nbytes * 8
        )
        beyond = np.full(self.feature.shape, np.iinfo(kind).max, kind)

        def leaves(tree: int, node: int) -> int:
            """The bits of the leaves below a node."""
            if node < 0:
                return 1 << (-1 - node)
            left, right = (leaves(tree, int(below[tree, node])) for below in (self.left, self.right))
            if left != right:  # a tree of one leaf has nothing to ask
                beyond[tree, node] &= ~kind(left)
            return left | right

        for tree in range(len(self.feature)):
            leaves(tree, 0)
        both = np.column_stack([self.feature.ravel().astype(np.float64), self.threshold.ravel()])
        questions, place = np.unique(both, axis=0, return_inverse=True)
        return _Asked(
            questions[:, 0].astype(np.int64), questions[:, 1], place.reshape(self.feature.shape).T, beyond.T[:, :, None]
        )


@dataclass(frozen=True)
class _Asked:
    """The distinct questions of all trees, and what an answer rules out."""

    feature: npt.NDArray[np.int64]  # of each question
    threshold: Array
    question: npt.NDArray[np.int64]  # (nodes, trees)
    beyond: npt.NDArray[Any]  # (nodes, trees, 1): the leaves that can still be reached on the right, a bit each


_ARRAYS = ("feature", "threshold", "left", "right", "value")


def from_lightgbm(dumped: Mapping[str, Any], names: Sequence[str]) -> Trees:
    """The trees of LightGBM's ``dump_model`` (numbers only, no missing values)."""
    made = [_flat(one["tree_structure"]) for one in dumped["tree_info"]]
    nodes = max(len(tree[0]) for tree in made) or 1
    leaves = max(len(tree[1]) for tree in made)
    feature, threshold = np.zeros((len(made), nodes), np.int64), np.zeros((len(made), nodes))
    left, right = np.full((len(made), nodes), -1, np.int64), np.full((len(made), nodes), -1, np.int64)
    value = np.zeros((len(made), leaves))
    for t, (inner, outer) in enumerate(made):
        for n, (split, limit, below, above) in enumerate(inner):
            feature[t, n], threshold[t, n], left[t, n], right[t, n] = split, limit, below, above
        value[t, : len(outer)] = outer
    return Trees(tuple(names), feature, threshold, left, right, value)


def _flat(root: Mapping[str, Any]) -> tuple[list[list[Any]], list[float]]:
    """Inner nodes (feature, threshold, left, right) and leaves."""
    inner: list[list[Any]] = []
    leaves: list[float] = []

    def place(node: Mapping[str, Any]) -> int:
        if "leaf_value" in node:
            leaves.append(node["leaf_value"])
            return -len(leaves)
        number = len(inner)
        inner.append([node["split_feature"], node["threshold"], 0, 0])
        inner[number][2] = place(node["left_child"])
        inner[number][3] = place(node["right_child"])
        return number

    number = place(root)
    if number < 0:  # a tree of one leaf: both ways lead there
        inner.append([0, 0.0, number, number])
    return inner, leaves
