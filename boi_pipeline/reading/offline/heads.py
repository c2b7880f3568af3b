"""The trained heads: what a vector of a notice says of its type and of its goals, as linear functions in one small file.

Training belongs to ``evaluation.train``, which writes ``heads.npz`` and nothing else does. Combining a head's opinion with
what rules find belongs to ``classify`` and ``goals``.
"""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from boi_pipeline.reading.offline.embedding import embedder, opening
from boi_pipeline.reading.quotes import TextView

VERSION = "e5-1"  # of model, training texts and heads together: raise it when the head file changes
FILE = Path(__file__).with_name("heads.npz")
NONE = "none"  # the class of what is no opportunity
FORMAT = 1


@dataclass(frozen=True)
class Opinion:
    """What the heads say of one text."""

    version: str  # of the heads: "e5-1"
    types: Mapping[str, float]  # type, or NONE → log-odds, up to one constant
    goals: Mapping[int, float]  # goal → log-odds against how often it is met


@dataclass(frozen=True)
class Heads:
    """The weights, and how much their word counts beside that of the rules."""

    version: str
    data_sha256: str  # of the training texts
    types: tuple[str, ...]
    mean: Any  # (384,) float32
    type_weights: Any  # (384, types)
    type_bias: Any
    goal_weights: Any  # (384, 17)
    goal_bias: Any
    type_mix: tuple[float, float]  # weight of the rules' log-score, of the head's log-odds
    open_mix: tuple[float, float, float]  # of the rules' log-odds, of the head's, constant: is it an opportunity?

    def opinion(self, vector: Any) -> Opinion:
        """What a vector says."""
        centred = vector - self.mean
        types, goals = centred @ self.type_weights + self.type_bias, centred @ self.goal_weights + self.goal_bias
        return Opinion(
            self.version,
            dict(zip(self.types, map(float, types), strict=True)),
            {goal: float(value) for goal, value in enumerate(goals, 1)},
        )

    def save(self, path: Path) -> None:
        """Write the head file: weights in half precision."""
        import numpy as np

        about = {
            "format": FORMAT,
            "version": self.version,
            "data_sha256": self.data_sha256,
            "types": self.types,
            "type_mix": self.type_mix,
            "open_mix": self.open_mix,
        }
        arrays = {name: getattr(self, name).astype(np.float16) for name in ("type_weights", "goal_weights")}
        arrays |= {name: getattr(self, name).astype(np.float32) for name in ("mean", "type_bias", "goal_bias")}
        with path.open("wb") as file:
            np.savez(file, about=np.array(json.dumps(about, sort_keys=True)), **arrays)


def load(path: Path = FILE) -> Heads:
    """The heads of a file. Raises ValueError for a file of another format."""
    import numpy as np  # rules alone do without

    with np.load(path, allow_pickle=False) as file:
        about = json.loads(str(file["about"]))
        if about["format"] != FORMAT:
            raise ValueError(f"{path}: format {about['format']}, expected {FORMAT}; run the training again")
        arrays = {name: file[name].astype(np.float32) for name in file.files if name != "about"}
    return Heads(
        about["version"],
        about["data_sha256"],
        tuple(about["types"]),
        type_mix=tuple(about["type_mix"]),
        open_mix=tuple(about["open_mix"]),
        **arrays,
    )


@functools.cache
def heads() -> Heads:
    """The shipped heads, loaded once a process."""
    return load()


def opinion_of(view: TextView) -> Opinion | None:
    """What the heads say of a text; None where the embedder is not installed or the text is empty."""
    embed = embedder()
    text = opening(view)
    return heads().opinion(embed(text)) if embed is not None and text.strip() else None
