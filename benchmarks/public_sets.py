"""The pairwise scorer on public sets of records with known matches: trained on their train split, told of the test split once.

``python -m benchmarks public_sets``. Nothing is downloaded. Amazon-Google comes with the package ``zingg`` 0.3.4 (group
``models``), as the Leipzig group published it: both tables and the perfect mapping. DBLP-ACM is the 865 labelled pairs of
``py_entitymatching`` (evaluation/public_sets). The Magellan candidates of the literature are in no registry, so
Amazon-Google's are made the same way: pairs whose titles share a quarter of their words, split 3 : 1 : 1 by a hash of the pair.
"""

import csv
import hashlib
import importlib.util
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.figures import ROOT, seconds, show
from boi_pipeline.matching.keys import STOP_WORDS, fold
from boi_pipeline.matching.similarity import Features, WordWeights, joined, number_features, text_features

Record = dict[str, str]
FOLDS = 5
SHARED = 0.24  # of the words of two titles, for a pair to be a candidate
ROUNDS = 250
TREES = {
    "objective": "binary",
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 15,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "feature_fraction": 0.4,
    "lambda_l2": 2.0,
    "seed": 0,
    "deterministic": True,
    "num_threads": 1,
    "verbose": -1,
}


@dataclass(frozen=True)
class Pairs:
    """Pairs of records, whether each is one thing, and the part each is in."""

    left: list[Record]
    right: list[Record]
    same: np.ndarray
    part: np.ndarray

    def learned(self) -> list[Record]:
        """The records of the pairs outside the test split, each once."""
        seen = {
            tuple(one.items()): one
            for side in (self.left, self.right)
            for one, part in zip(side, self.part, strict=True)
            if part != "test"
        }
        return list(seen.values())


@dataclass(frozen=True)
class PublicSet:
    """One public set: what reads it (None where it is absent), its features, and what is asked of it."""

    name: str
    read: Callable[[], Pairs | None]
    features: Callable[[Pairs], Features]
    least: float
    known: str
    absent: str = ""


def measure_public_sets() -> None:
    """Print the F1 of each set, and why one is left out."""
    if importlib.util.find_spec("lightgbm") is None:
        show("pairwise scorer on public sets", "—", "—", "not measured: lightgbm (group `models`) is not installed")
        return
    for one in SETS:
        pairs = one.read()
        if pairs is None:
            show(f"{one.name}, F1 of the test split", "—", f"≥ {one.least}", f"not measured: {one.absent}")
            continue
        started = time.perf_counter()
        features = one.features(pairs)
        took = time.perf_counter() - started
        outside, found, threshold = score(features.values, pairs)
        show(
            f"{one.name}, F1 of the test split",
            f"{found:.3f}",
            f"≥ {one.least} {'kept' if found >= one.least else 'MISSED'}",
            one.known,
        )
        test = pairs.part == "test"
        show(
            "  pairs, of them in the test split",
            f"{len(test)}, {test.sum()}",
            "—",
            f"{pairs.same.sum()} matches, {pairs.same[test].sum()} of them there",
        )
        show("  F1 of 5 folds of the rest", f"{outside:.3f}", "—", f"chose the threshold {threshold:.2f}")
        show("  features of a pair", seconds(took / len(test)), "—", f"{len(features.names)} features, one core")


def score(values: np.ndarray, pairs: Pairs) -> tuple[float, float, float]:
    """F1 of the folds outside the test split, F1 of the test split, and the threshold that the folds chose."""
    import lightgbm  # pyright: ignore[reportMissingImports]

    def fitted(rows: np.ndarray) -> Any:
        return lightgbm.train(TREES, lightgbm.Dataset(values[rows], pairs.same[rows]), ROUNDS)

    test = pairs.part == "test"
    rest = np.flatnonzero(~test)
    fold_of = np.random.default_rng(0).permutation(len(rest)) % FOLDS
    guess = np.zeros(len(rest))
    for number in range(FOLDS):
        guess[fold_of == number] = fitted(rest[fold_of != number]).predict(values[rest[fold_of == number]])
    outside, threshold = best_threshold(pairs.same[rest], guess)
    chosen = fitted(rest).predict(values[test]) >= threshold
    return outside, f1(pairs.same[test].astype(bool), chosen), threshold


def f1(same: np.ndarray, chosen: np.ndarray) -> float:
    return float(2 * (same & chosen).sum() / (same.sum() + chosen.sum()))


def best_threshold(same: np.ndarray, guess: np.ndarray) -> tuple[float, float]:
    """The best F1 and a threshold that gives it, halfway to the next guess."""
    order = np.argsort(-guess, kind="stable")
    scores = 2 * np.cumsum(same[order]) / (np.arange(1, len(same) + 1) + same.sum())
    at = int(scores.argmax())
    below = guess[order[at + 1]] if at + 1 < len(order) else 0.0
    return float(scores[at]), float((guess[order[at]] + below) / 2)


def part_of(*ids: str) -> str:
    """``train``, ``valid`` or ``test`` as 3 : 1 : 1, by a hash of the pair."""
    return ("train", "train", "train", "valid", "test")[
        int(hashlib.sha256("\t".join(ids).encode()).hexdigest(), 16) % 5
    ]


def _table(path: Path) -> list[Record]:
    with path.open(encoding="utf-8", errors="replace", newline="") as lines:
        return list(csv.DictReader(lines))


def _pairs(found: Sequence[tuple[Record, Record, bool, str]]) -> Pairs:
    left, right, same, part = zip(*found, strict=True)
    return Pairs(list(left), list(right), np.array(same, dtype=np.int64), np.array(part))


# ---------------------------------------------------------------- Amazon-Google


def amazon_google() -> Pairs | None:
    """Candidates of the two tables in ``zingg``, found without importing it (its import starts Java)."""
    spec = importlib.util.find_spec("zingg")
    folder = Path(spec.origin).parent / "examples" / "amazon-google" if spec and spec.origin else None
    if folder is None or not (folder / "Amazon.csv").is_file():
        return None
    gold = {
        (row["idAmazon"], row["idGoogleBase"]) for row in _table(folder / "Amzon_GoogleProducts_perfectMapping.csv")
    }
    amazon, google = _table(folder / "Amazon.csv"), _table(folder / "GoogleProducts.csv")
    words = [_title_words(row) for row in google]
    having: dict[str, set[int]] = defaultdict(set)
    for at, there in enumerate(words):
        for word in there:
            having[word].add(at)
    found = []
    for one in amazon:
        own = _title_words(one)
        for at in sorted({at for word in own for at in having[word]}):
            if len(own & words[at]) >= SHARED * len(own | words[at]):
                ids = one["id"], google[at]["id"]
                found.append((one, google[at], ids in gold, part_of(*ids)))
    return _pairs(found)


def _title_words(row: Record) -> frozenset[str]:
    return frozenset(word for word in fold(row["title"]).split() if word not in STOP_WORDS)


def _product_features(pairs: Pairs) -> Features:
    """Title, maker, both as one text, and price; the descriptions are left out, as in the literature."""
    weights = WordWeights.learned(f"{row['title']} {row['manufacturer']}" for row in pairs.learned())

    def texts(read: Callable[[Record], str]) -> Features:
        return text_features([read(row) for row in pairs.left], [read(row) for row in pairs.right], weights)

    def whole(row: Record) -> str:
        maker, title = row["manufacturer"], row["title"]
        return f"{maker} {title}" if maker and not title.startswith(maker.split()[0]) else title

    return joined(
        title=texts(lambda row: row["title"]),
        maker=texts(lambda row: row["manufacturer"]),
        whole=texts(whole),
        price=number_features([_price(row) for row in pairs.left], [_price(row) for row in pairs.right]),
    )


def _price(row: Record) -> float | None:
    """The number of ``gbp 19.99`` too; 0 says that there is none."""
    for word in row["price"].replace(",", "").split():
        try:
            return float(word) or None
        except ValueError:
            continue
    return None


# ---------------------------------------------------------------- DBLP-ACM


def dblp_acm() -> Pairs | None:
    """The labelled pairs, each pair of texts once."""
    path = ROOT / "evaluation" / "public_sets" / "dblp_acm.csv"
    if not path.is_file():
        return None
    fields = ("title", "authors", "year")
    found = []
    for row in _table(path):
        one, other = ({field: row[f"{side}_{field}"] for field in fields} for side in ("dblp", "acm"))
        found.append((one, other, row["same"] == "1", part_of(*one.values(), *other.values())))
    return _pairs(found)


def _paper_features(pairs: Pairs) -> Features:
    """Title, authors, both as one text (some pairs have them the wrong way round), and year."""
    weights = WordWeights.learned(f"{row['title']} {row['authors']}" for row in pairs.learned())

    def texts(*names: str) -> Features:
        one, two = ([" ".join(row[name] for name in names) for row in side] for side in (pairs.left, pairs.right))
        return text_features(one, two, weights)

    years = [[float(row["year"]) if row["year"] else None for row in side] for side in (pairs.left, pairs.right)]
    return joined(
        title=texts("title"), authors=texts("authors"), whole=texts("title", "authors"), year=number_features(*years)
    )


SETS = (
    PublicSet("Amazon-Google", amazon_google, _product_features, 0.70, "features and trees 0.67, Ditto 0.76", "zingg 0.3.4 is not installed"),
    PublicSet("DBLP-ACM", dblp_acm, _paper_features, 0.98, "features and trees 0.98, Ditto 0.99", "its file is absent"),
    PublicSet("Abt-Buy", lambda: None, _product_features, 0.75, "", "no package of a registry within reach has its tables"),
)  # fmt: skip


if __name__ == "__main__":
    measure_public_sets()
