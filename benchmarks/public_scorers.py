"""What scorers of pairs make of the public sets, each told of the test split once, with the threshold its other pairs chose.

``python -m benchmarks public_sets``. Ours here is ``similarity`` and trees; its peers are one ratio of rapidfuzz, Splink, and
the features that the product compares calls with. Needs the group ``models``.
"""

import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import lightgbm
import numpy as np
import pyarrow as pa
from rapidfuzz import fuzz

from benchmarks.figures import seconds, show
from benchmarks.public_sets import Pairs, Record, abt_buy, amazon_google, dblp_acm, price_of, told_words
from benchmarks.similarity import Features, WordWeights, joined, number_features, text_features
from boi_pipeline.evaluation.matching import fit
from boi_pipeline.matching import score
from boi_pipeline.matching.facts import facts_table
from boi_pipeline.matching.items import MatchItem
from boi_pipeline.matching.keys import fold

FOLDS = 5
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
RATIOS = (fuzz.ratio, fuzz.WRatio, fuzz.token_sort_ratio, fuzz.token_set_ratio)
WORD_SHARES = (0.8, 0.6, 0.45, 0.3)  # levels of Splink's comparison of two titles
DAY = datetime(2026, 11, 25, tzinfo=UTC)

Fit = Callable[[np.ndarray, np.ndarray], Callable[[np.ndarray], np.ndarray]]


@dataclass(frozen=True)
class PublicSet:
    """One public set: what reads it (None where it is absent), how its pairs are scored, and what is asked of it."""

    name: str
    read: Callable[[Path | None], Pairs | None]
    absent: str
    least: float
    known: str  # of the literature, on its own candidates
    features: Callable[[Pairs], Features]
    text: Callable[[Record], str]  # what one ratio is given
    splink: Callable[[Pairs], np.ndarray]
    product: Callable[[Pairs], np.ndarray] | None = None


@dataclass(frozen=True)
class Found:
    """F1 of the pairs outside the test split, the threshold that is best there, and the test split's F1 with it."""

    outside: float
    threshold: float
    test: float

    @classmethod
    def of(cls, pairs: Pairs, guess: np.ndarray) -> "Found":
        """Read the test split of a guess for every pair."""
        rest = ~pairs.test
        outside, threshold = best_threshold(pairs.same[rest], guess[rest])
        return cls(outside, threshold, f1(pairs.same[pairs.test].astype(bool), guess[pairs.test] >= threshold))


def measure_public_sets(leipzig: Path | None = None) -> None:
    """Print the F1 of each set's test split, ours and its peers'. ``leipzig``: a folder with the files of Abt-Buy."""
    for one in SETS:
        pairs = one.read(leipzig)
        if pairs is None:
            show(f"{one.name}, F1 of the test split", "—", f"≥ {one.least}", f"not measured: {one.absent}")
            continue
        started = time.perf_counter()
        features = one.features(pairs)
        took = time.perf_counter() - started
        found = Found.of(pairs, learned_guess(features.values, pairs, trees))
        goal = f"≥ {one.least} {'kept' if found.test >= one.least else 'MISSED'}"
        show(f"{one.name}, F1 of the test split", f"{found.test:.3f}", goal, f"of the literature: {one.known}")
        show("  pairs, of them in the test split", f"{len(pairs.same)}, {pairs.test.sum()}", "—", _matches(pairs))
        show("  one pair's features", seconds(took / len(pairs.same)), "—", f"{len(features.names)}, one core")
        show("  F1 of the rest, in 5 folds", f"{found.outside:.3f}", "—", f"threshold {found.threshold:.2f}")
        name, found = best_ratio(pairs, one.text)
        _peer(f"  one ratio of rapidfuzz: {name}", found)
        _peer("  Splink, m learnt from the rest's matches", Found.of(pairs, one.splink(pairs)))
        if one.product:
            values = one.product(pairs)
            _peer("  the product's features, logistic", Found.of(pairs, learned_guess(values, pairs, logistic)))


def _peer(name: str, found: Found) -> None:
    show(name, f"{found.test:.3f}", "—", f"of the rest {found.outside:.3f}")


def _matches(pairs: Pairs) -> str:
    return f"{pairs.same.sum()} matches, {pairs.same[pairs.test].sum()} of them there"


def f1(same: np.ndarray, chosen: np.ndarray) -> float:
    """F1 of the pairs chosen."""
    return float(2 * (same & chosen).sum() / (same.sum() + chosen.sum()))


def best_threshold(same: np.ndarray, guess: np.ndarray) -> tuple[float, float]:
    """The best F1 and a threshold that gives it, halfway to the next guess. Equal guesses go together."""
    order = np.argsort(-guess, kind="stable")
    scores = 2 * np.cumsum(same[order]) / (np.arange(1, len(same) + 1) + same.sum())
    ordered = guess[order]
    scores[:-1][ordered[:-1] == ordered[1:]] = -1
    at = int(scores.argmax())
    below = ordered[at + 1] if at + 1 < len(order) else ordered[at]
    return float(scores[at]), float((ordered[at] + below) / 2)


# ---------------------------------------------------------------- learning


def learned_guess(values: np.ndarray, pairs: Pairs, learn: Fit) -> np.ndarray:
    """A guess for every pair: of the test split by a model of all the rest, of the rest by models of its other folds."""
    rest = np.flatnonzero(~pairs.test)
    fold_of = np.random.default_rng(0).permutation(len(rest)) % FOLDS
    guess = np.zeros(len(pairs.same))
    for number in range(FOLDS):
        own, others = rest[fold_of == number], rest[fold_of != number]
        guess[own] = learn(values[others], pairs.same[others])(values[own])
    guess[pairs.test] = learn(values[rest], pairs.same[rest])(values[pairs.test])
    return guess


def trees(values: np.ndarray, same: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Boosted trees."""
    model = lightgbm.train(TREES, lightgbm.Dataset(values, same), ROUNDS)
    return lambda unseen: np.asarray(model.predict(unseen))


def logistic(values: np.ndarray, same: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """The logistic regression of the product."""
    weights, bias = fit(values.astype(np.float64), same.astype(np.float64))
    return lambda unseen: unseen @ weights + bias


# ---------------------------------------------------------------- peers


def best_ratio(pairs: Pairs, text: Callable[[Record], str]) -> tuple[str, Found]:
    """The ratio of rapidfuzz that is best outside the test split, alone: its name and what it finds."""
    sides = [(fold(text(one)), fold(text(other))) for one, other in zip(pairs.left, pairs.right, strict=True)]
    rest = ~pairs.test
    tried = {ratio: np.array([ratio(one, other) for one, other in sides]) for ratio in RATIOS}
    best = max(RATIOS, key=lambda ratio: best_threshold(pairs.same[rest], tried[ratio][rest])[0])
    return best.__name__, Found.of(pairs, tried[best])


def splink_guess(pairs: Pairs, columns: dict[str, Callable[[Record], Any]], comparisons: list[Any]) -> np.ndarray:
    """Splink's match weight of every pair: u from all pairs of records, m from the matches outside the test split."""
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    sides = [_Side.of(records) for records in (pairs.left, pairs.right)]
    logging.getLogger("splink").setLevel(logging.ERROR)
    with duckdb.connect() as connection:
        api = DuckDBAPI(connection=connection)
        tables = []
        for name, side in zip(("one", "other"), sides, strict=True):
            read = {column: [value(record) for record in side.records] for column, value in columns.items()}
            rows = pa.table({"unique_id": list(range(len(side.records))), "pair_ids": side.pairs, **read})
            connection.register("given", rows)
            connection.execute(f"create table {name} as select * from given")
            tables.append(api.register(name, dataset_display_name=name))
        candidates = block_on("pair_ids", arrays_to_explode=["pair_ids"])
        settings = SettingsCreator(
            link_type="link_only", comparisons=comparisons, blocking_rules_to_generate_predictions=[candidates]
        )
        linker = Linker(tables, settings, log_level=logging.ERROR)
        linker.training.estimate_u_using_random_sampling(
            max_pairs=1e7
        )  # more than there are: nothing is left to chance
        matches = {
            (sides[0].row[at], sides[1].row[at]) for at in np.flatnonzero((pairs.same == 1) & ~pairs.test).tolist()
        }
        one, other = (list(ids) for ids in zip(*sorted(matches), strict=True))
        labels = pa.table({"unique_id_l": one, "unique_id_r": other})
        connection.register("given", labels)
        connection.execute(
            "create table labels as select *, 'one' as source_dataset_l, 'other' as source_dataset_r from given"
        )
        linker.training.estimate_m_from_pairwise_labels(api.register("labels"))
        predicted = linker.inference.predict().physical_name
        weights = connection.sql(f"select unique_id_l, unique_id_r, match_weight from {predicted}").fetchall()
    weight = {(one, other): value for one, other, value in weights}
    return np.array([weight[ids] for ids in zip(sides[0].row, sides[1].row, strict=True)])


@dataclass(frozen=True)
class _Side:
    """The records of one side, each once; the pairs each is in; and each pair's record."""

    records: list[Record]
    pairs: list[list[int]]
    row: list[int]

    @classmethod
    def of(cls, records: Sequence[Record]) -> "_Side":
        rows: dict[tuple[str, ...], int] = {}
        side = cls([], [], [])
        for number, record in enumerate(records):
            row = rows.setdefault(tuple(record.values()), len(rows))
            if row == len(side.records):
                side.records.append(record)
                side.pairs.append([])
            side.pairs[row].append(number)
            side.row.append(row)
        return side


def _levels(column: str, conditions: Sequence[str]) -> Any:
    """A Splink comparison of a column by conditions of SQL, strictest first."""
    import splink.comparison_level_library as levels
    from splink.comparison_library import CustomComparison

    told = [levels.CustomLevel(condition) for condition in conditions]
    return CustomComparison(
        output_column_name=column, comparison_levels=[levels.NullLevel(column), *told, levels.ElseLevel()]
    )


# ---------------------------------------------------------------- Amazon-Google


def _maker_and_title(row: Record) -> str:
    maker, title = row["manufacturer"], row["title"]
    return f"{maker} {title}" if maker and not title.startswith(maker.split()[0]) else title


def _named_features(pairs: Pairs) -> Features:
    """Name and price: one shop tells no maker, and the other's is in the name."""
    weights = WordWeights.learned(row["title"] for row in pairs.learned())
    names = ([row["title"] for row in side] for side in (pairs.left, pairs.right))
    prices = ([price_of(row) for row in side] for side in (pairs.left, pairs.right))
    return joined(name=text_features(*names, weights), price=number_features(*prices))


def _product_features(pairs: Pairs) -> Features:
    """Title, maker, both as one text, and price; the descriptions are left out, as in the literature."""
    weights = WordWeights.learned(f"{row['title']} {row['manufacturer']}" for row in pairs.learned())

    def texts(read: Callable[[Record], str]) -> Features:
        return text_features([read(row) for row in pairs.left], [read(row) for row in pairs.right], weights)

    return joined(
        title=texts(lambda row: row["title"]),
        maker=texts(lambda row: row["manufacturer"]),
        whole=texts(_maker_and_title),
        price=number_features([price_of(row) for row in pairs.left], [price_of(row) for row in pairs.right]),
    )


_PRODUCT_COLUMNS: dict[str, Callable[[Record], Any]] = {
    "words": lambda row: sorted(told_words(row["title"])) or None,
    "maker": lambda row: fold(row["manufacturer"]) or None,
    "price": price_of,
}


def _splink_products(pairs: Pairs) -> np.ndarray:
    """Of three ways tried outside the test split the best: shared words of the titles, not their spelling nor both."""
    return splink_guess(pairs, _PRODUCT_COLUMNS, _product_comparisons())


def _product_comparisons() -> list[Any]:
    from splink.comparison_library import JaroWinklerAtThresholds

    both, any_ = "list_intersect(words_l, words_r)", "list_distinct(list_concat(words_l, words_r))"
    apart = "abs(price_l - price_r) / greatest(price_l, price_r)"
    return [
        _levels("words", [f"len({both}) / len({any_}) >= {share}" for share in WORD_SHARES]),
        JaroWinklerAtThresholds("maker", [0.95, 0.88]),
        _levels("price", [f"{apart} < {share}" for share in (0.005, 0.1, 0.3)]),
    ]


def _splink_names(pairs: Pairs) -> np.ndarray:
    """As products, without a maker."""
    words, _, price = _product_comparisons()
    return splink_guess(pairs, {name: _PRODUCT_COLUMNS[name] for name in ("words", "price")}, [words, price])


def _as_announcements(pairs: Pairs) -> np.ndarray:
    """``score.features`` of the products as announcements: the maker as the convener, the price as the amount."""
    sides = [_Side.of(records) for records in (pairs.left, pairs.right)]
    items = [
        _as_announcement(name, number, record)
        for name, side in zip(("amazon", "google"), sides, strict=True)
        for number, record in enumerate(side.records)
    ]
    facts = facts_table(items).append_column("n", pa.array(range(len(items)), pa.int32()))
    first = len(sides[0].records)
    candidates = pa.table({"at": range(len(pairs.same)), "a": sides[0].row, "b": [first + row for row in sides[1].row]})
    with duckdb.connect() as connection:
        connection.register("facts", facts)
        connection.register("candidates", candidates)
        measured = score.measure(connection, "candidates", {"at": "p.at"}).sort_by("at")
    return np.column_stack(list(score.features(measured).values()))


def _as_announcement(source: str, number: int, row: Record) -> MatchItem:
    price = price_of(row)
    return MatchItem(
        item_id=f"{source}-{number}",
        source_id=source,
        title=row["title"],
        text_sha256=hashlib.sha256(row["description"].encode()).hexdigest(),
        first_seen_at=DAY,
        language="en",
        funder_name=row["manufacturer"] or None,
        text=row["description"],
        currency="USD" if price else None,
        amounts=(price,) if price else (),
    )


# ---------------------------------------------------------------- DBLP-ACM


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


def _splink_papers(pairs: Pairs) -> np.ndarray:
    from splink.comparison_library import ExactMatch, JaroWinklerAtThresholds

    fields = ("title", "authors", "year")
    columns = {field: lambda row, field=field: fold(row[field]) or None for field in fields}
    comparisons = [JaroWinklerAtThresholds(field, [0.95, 0.9, 0.8]) for field in fields[:2]]
    return splink_guess(pairs, columns, [*comparisons, ExactMatch("year")])


SETS = (
    PublicSet(
        name="Amazon-Google",
        read=lambda _: amazon_google(),
        absent="zingg 0.3.4 is not installed",
        least=0.70,
        known="features and trees 0.67, Ditto 0.76",
        features=_product_features,
        text=lambda row: row["title"],
        splink=_splink_products,
        product=_as_announcements,
    ),
    PublicSet(
        name="DBLP-ACM",
        read=lambda _: dblp_acm(),
        absent="its file is absent",
        least=0.98,
        known="features and trees 0.98, Ditto 0.99",
        features=_paper_features,
        text=lambda row: f"{row['title']} {row['authors']}",
        splink=_splink_papers,
    ),
    PublicSet(
        name="Abt-Buy",
        read=abt_buy,
        absent="no package has its tables: give --abt-buy FOLDER, with the files of the Leipzig group",
        least=0.75,
        known="features and trees 0.44, Ditto 0.89, with the descriptions",
        features=_named_features,
        text=lambda row: row["title"],
        splink=_splink_names,
    ),
)
