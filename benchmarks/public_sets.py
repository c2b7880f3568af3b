"""Public sets of records with known matches, from files that packages bring: pairs of records, labels, and the split.

Nothing is downloaded. Amazon-Google comes with the package ``zingg`` 0.3.4 (group ``models``), as the Leipzig group published
it: both tables and the perfect mapping. DBLP-ACM is the 851 labelled pairs of ``py_entitymatching`` (evaluation/public_sets).
The Magellan candidates of the literature are in no registry, so Amazon-Google's are made the same way: pairs whose titles
share a quarter of their words, split 3 : 1 : 1 by a hash of the pair. Abt-Buy comes with no package: its files are read from
a folder one has. Scoring them belongs to ``public_scorers``.
"""

import csv
import hashlib
import importlib.util
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.figures import ROOT
from boi_pipeline.matching.keys import STOP_WORDS, fold

Record = dict[str, str]
SHARED = 0.24  # of the words of two titles, for a pair to be a candidate
SHARED_NAMES = 0.2  # the same of Abt-Buy: as many candidates, to 34, as those of the literature


@dataclass(frozen=True)
class Pairs:
    """Pairs of records, whether each is one thing, and the part each is in."""

    left: list[Record]
    right: list[Record]
    same: np.ndarray
    part: np.ndarray

    @property
    def test(self) -> np.ndarray:
        """Whether each pair is in the test split."""
        return self.part == "test"

    def learned(self) -> list[Record]:
        """The records of the pairs outside the test split, each once."""
        seen = {
            tuple(one.items()): one
            for side in (self.left, self.right)
            for one, part in zip(side, self.part, strict=True)
            if part != "test"
        }
        return list(seen.values())


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
    return _candidates(_table(folder / "Amazon.csv"), _table(folder / "GoogleProducts.csv"), gold, SHARED)


def _candidates(ones: Sequence[Record], others: Sequence[Record], gold: set[tuple[str, str]], shared: float) -> Pairs:
    """Every pair whose titles share enough of their words; the matches of ``gold`` that do not are no pair here."""
    words = [told_words(row["title"]) for row in others]
    having: dict[str, set[int]] = defaultdict(set)
    for at, there in enumerate(words):
        for word in there:
            having[word].add(at)
    found = []
    for one in ones:
        own = told_words(one["title"])
        for at in sorted({at for word in own for at in having[word]}):
            if len(own & words[at]) >= shared * len(own | words[at]):
                ids = one["id"], others[at]["id"]
                found.append((one, others[at], ids in gold, part_of(*ids)))
    return _pairs(found)


# ---------------------------------------------------------------- Abt-Buy


def abt_buy(folder: Path | None) -> Pairs | None:
    """Candidates of both tables in a folder as the Leipzig group publishes it: names as titles, and prices."""
    if folder is None or not (folder / "Abt.csv").is_file():
        return None
    gold = {(row["idAbt"], row["idBuy"]) for row in _table(folder / "abt_buy_perfectMapping.csv")}
    abt, buy = (
        [{"id": row["id"], "title": row["name"], "price": row["price"]} for row in _table(folder / f"{name}.csv")]
        for name in ("Abt", "Buy")
    )
    return _candidates(abt, buy, gold, SHARED_NAMES)


def told_words(text: str) -> frozenset[str]:
    """The words of a text that are not stop words."""
    return frozenset(word for word in fold(text).split() if word not in STOP_WORDS)


def price_of(row: Record) -> float | None:
    """The number of ``gbp 19.99`` and ``$1,299.00`` too; 0 says that there is none."""
    for word in row["price"].replace(",", "").replace("$", " ").split():
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
