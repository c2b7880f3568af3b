"""How accurate the SDG tags are: the public benchmark's own runner, and Spanish texts of our own (``evaluation/sdg_es.yml``).

``python -m boi_pipeline.reading.evaluation.sdg_benchmark`` prints the figures. What is measured is the reader's own
``rank_goals``; the benchmark's texts are used for nothing else.
"""

import argparse
import contextlib
import io
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from boi_pipeline.entity import load_entity
from boi_pipeline.reading.evaluation.score import macro_interval
from boi_pipeline.reading.evaluation.train import plain_notice
from boi_pipeline.reading.offline.embedding import embedder
from boi_pipeline.reading.offline.goals import GOALS, rank_goals
from boi_pipeline.reading.offline.heads import VERSION, opinion_of
from boi_pipeline.reading.offline.page import Page
from boi_pipeline.reading.offline.reader import RulesReader
from boi_pipeline.reading.reader import ReadingContext, context_of
from boi_pipeline.settings import ROOT
from scrapers.notice import clean_text
from scrapers.yamlfile import ConfigError

SPANISH = ROOT / "evaluation" / "sdg_es.yml"
# The goals a goal is easily taken for: a Spanish text of one is a hard negative of the other.
NEIGHBOURS: Mapping[int, tuple[int, ...]] = {
    1: (10, 8), 2: (15, 12), 3: (6, 1), 4: (8, 5), 5: (10, 16), 6: (14, 3), 7: (13, 9), 8: (9, 1), 9: (8, 7),
    10: (1, 5), 11: (13, 9), 12: (14, 11), 13: (11, 7), 14: (15, 6), 15: (2, 14), 16: (17, 10), 17: (16, 9),
}  # fmt: skip

Classify = Callable[[str], list[int]]


class BenchmarkMissingError(RuntimeError):
    """The benchmark's package is not installed."""


class SpanishText(NamedTuple):
    """A text of ``sdg_es.yml``: its goal, and further ones a careful person would accept."""

    text: str
    goal: int
    also: tuple[int, ...]


def classifier(context: ReadingContext, language: str, embeddings: bool) -> Classify:
    """Text → the goals the reader finds it addresses, the best supported first."""

    def goals(text: str) -> list[int]:
        page = Page(plain_notice(" ".join(clean_text(text).split()), language), context)
        return [ranked.goal for ranked in rank_goals(page, opinion_of(page.view) if embeddings else None)]

    return goals


def run_benchmark(classify: Classify, goals: Sequence[int] = GOALS) -> dict[str, Any]:
    """Macro accuracy (percent), F1 and accuracy by goal of the public benchmark. Raises BenchmarkMissingError."""
    try:
        from sdgclassification.benchmark import Benchmark  # pyright: ignore[reportMissingTypeStubs]
    except ImportError:
        raise BenchmarkMissingError("sdgclassification-benchmark is not installed: make models") from None
    benchmark = Benchmark(classify, sdgs=list(goals))
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        benchmark.run()
    rows = benchmark.stats.to_dataframe().to_dict("records")
    by_goal = {
        int(row["sdg"]): round(float(row["accuracy"]), 1) for row in rows if str(row["sdg"]).isdigit() and row["n"]
    }
    average = next(row for row in rows if str(row["sdg"]) == "Average")
    counted = [(float(row["accuracy"]) / 100, int(row["n"])) for row in rows if str(row["sdg"]).isdigit() and row["n"]]
    return {
        "texts": int(sum(row["n"] for row in rows if str(row["sdg"]).isdigit())),
        "interval": macro_interval(counted),
        "accuracy": round(float(average["accuracy"]), 1),
        "precision": round(float(average["precision"]), 1),
        "recall": round(float(average["recall"]), 1),
        "f1": round(float(average["f1"]), 3),
        "by_goal": by_goal,
    }


def spanish_texts(path: Path = SPANISH) -> list[SpanishText]:
    """The Spanish texts. Raises ConfigError."""
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    if not isinstance(data, dict):
        raise ConfigError(path, 1, "", "expected texts under the number of their goal")
    return [
        SpanishText(one["text"], int(goal), tuple(one.get("also", ()))) for goal, texts in data.items() for one in texts
    ]


def run_spanish(classify: Classify, path: Path = SPANISH) -> dict[str, Any]:
    """Of the Spanish texts: first goal right (macro over goals), and macro accuracy against texts of neighbouring goals."""
    texts = spanish_texts(path)
    found = [classify(one.text) for one in texts]
    first: list[float] = []
    binary: dict[int, float] = {}
    sizes: list[tuple[float, int]] = []
    for goal in GOALS:
        own = [goals for one, goals in zip(texts, found, strict=True) if one.goal == goal]
        near = [
            goals
            for one, goals in zip(texts, found, strict=True)
            if one.goal in NEIGHBOURS[goal] and goal not in one.also
        ]
        first.append(sum(goals[:1] == [goal] for goals in own) / len(own))
        told = sum(goal in goals for goals in own) / len(own)
        kept = sum(goal not in goals for goals in near) / len(near)
        binary[goal] = round(50 * (told + kept), 1)
        sizes.append((told, len(own)))
    return {
        "texts": len(texts),
        "first_goal": round(100 * sum(first) / len(first), 1),
        "first_interval": macro_interval([(share, own) for share, (_, own) in zip(first, sizes, strict=True)]),
        "accuracy": round(sum(binary.values()) / len(binary), 1),
        "by_goal": binary,
    }


def measure(benchmark: bool = True) -> dict[str, Any]:
    """Every figure: rules alone and, where the extra is installed, with embeddings. Raises BenchmarkMissingError."""
    context = context_of(load_entity(ROOT / "entities" / "bogota"))
    readers = {RulesReader.version: False}
    if embedder() is not None:
        readers[f"{RulesReader.version}+{VERSION}"] = True
    return {
        version: {
            **({"benchmark": run_benchmark(classifier(context, "en", embeddings))} if benchmark else {}),
            "spanish": run_spanish(classifier(context, "es", embeddings)),
        }
        for version, embeddings in readers.items()
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description="Accuracy of the SDG tags.")
    parser.add_argument("--spanish-only", action="store_true", help="leave the public benchmark out")
    asked = parser.parse_args(arguments)
    try:
        figures = measure(benchmark=not asked.spanish_only)
    except BenchmarkMissingError as error:
        sys.exit(str(error))
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
