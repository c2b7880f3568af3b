"""What becomes of announcements that something connects: joined by keys and chances, ordered as editions, or asked about.

Pure: the same announcements, pairs, answers and opinions give the same decisions in any order. Finding the pairs belongs to
``workbench``, constraints to ``groups``, series to ``editions``.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from boi_pipeline.matching.editions import EditionOf, Series, find_editions
from boi_pipeline.matching.groups import (
    PRESUMED,
    Conflict,
    Edge,
    Groups,
    ItemMatch,
    KeyReason,
    MatchRules,
    Pair,
    Scored,
    Side,
    apply_answers,
    apply_opinions,
    contradict,
)
from boi_pipeline.matching.score import Model
from boi_pipeline.records import Decision, MatchOpinion, Verdict

Rows = Mapping[int, Side]
"""Row of the facts → its announcement."""


@dataclass(frozen=True, slots=True)
class Question:
    """Two announcements that may be one call: too alike to pass over, not enough to join. A person answers."""

    item_id: str
    other_item_id: str
    chance: float  # of two that share a link, at least that from which a person is asked


@dataclass
class Decided:
    """Every announcement's match beside the first of its cluster; and what else came of them."""

    matches: list[tuple[str, ItemMatch]] = field(default_factory=list)
    relations: list[EditionOf] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    presumed: list[Question] = field(default_factory=list)  # what joined opportunities for a ``PRESUMED`` reason
    conflicts: list[Conflict] = field(default_factory=list)


def decide(
    sides: Rows,
    scored: Sequence[Scored],
    titles: Iterable[tuple[str, Sequence[int]]],
    unlike: frozenset[tuple[str, str]],
    answers: Iterable[Decision],
    opinions: Iterable[MatchOpinion],
    bounds: Model,
    rules: MatchRules,
) -> Decided:
    """Decide about announcements (``sides``, the earliest first) that nothing connects to any other.

    ``titles``: what bears one title and convener. ``unlike``: pairs that were compared and found to be different calls.
    """
    found = Decided()
    groups = Groups({one.item_id: one for one in sides.values()}, rules, unlike)
    apply_answers(groups, answers, found.conflicts)
    said: Mapping[Pair, Verdict] = {(one.item_id, one.other_item_id): one.verdict for one in opinions}
    apply_opinions(groups, said)
    merge = bounds.joins_from(rules.join_from)
    edges, general = _edges(scored, sides, merge, said, rules, found.conflicts)
    for edge in edges:
        if groups.join_by(edge, found.conflicts) and edge.reason in PRESUMED:
            found.presumed.append(Question(*_pair(edge.a.item_id, edge.b.item_id), round(edge.chance, 4)))
    clusters = groups.clusters()
    found.relations = find_editions(clusters, _series(scored, sides, titles, bounds.series), rules, found.conflicts)
    least = bounds.asks_from(rules.ask_from)
    unsure = [one for one in scored if one.chance >= least or _is_doubted(one, sides, rules)]
    if general:
        unsure = [one for one in unsure if general.isdisjoint((sides[one.a].item_id, sides[one.b].item_id))]
    found.questions = _questions(unsure, sides, groups, merge, bounds.ask, said, rules)
    found.matches = [(cluster[0].item_id, groups.match_of(one.item_id)) for cluster in clusters for one in cluster]
    return found


# ---------------------------------------------------------------- reasons to join


def _edges(
    scored: Sequence[Scored],
    sides: Rows,
    merge: float,
    said: Mapping[Pair, Verdict],
    rules: MatchRules,
    conflicts: list[Conflict],
) -> tuple[list[Edge], set[str]]:
    """Every pair that shares a key, is the same to a model or scores as one call, the strongest first, but not the scores of
    the announcements that are like a crowd; and these announcements."""
    edges = [
        Edge(reason, one.chance, sides[one.a], sides[one.b])
        for one in scored
        if (reason := _reason(one, sides, merge, said, rules))
    ]
    alike: dict[str, set[str]] = defaultdict(set)
    for edge in edges:
        if edge.reason == "score":
            alike[edge.a.item_id].add(edge.b.item_id)
            alike[edge.b.item_id].add(edge.a.item_id)
    general = {item_id: others for item_id, others in alike.items() if len(others) > rules.max_alike}
    for item_id, others in general.items():
        detail = (
            f"{item_id} se parece a {len(others)} anuncios: es demasiado general para unirlo por ello. "
            "Revise si la fuente publica una página de todas sus convocatorias."
        )
        conflicts.append(Conflict("hub", tuple(sorted({item_id, *others})), detail))
    kept = [
        edge
        for edge in edges
        if edge.reason != "score" or (edge.a.item_id not in general and edge.b.item_id not in general)
    ]
    return sorted(kept, key=lambda edge: edge.place), set(general)


def _reason(
    one: Scored, sides: Rows, merge: float, said: Mapping[Pair, Verdict], rules: MatchRules
) -> KeyReason | None:
    """The strongest reason to join a pair: its score where titles speak against its key alone."""
    key: KeyReason | None = (
        "number" if one.number
        else "text" if one.text
        else "link" if one.link and not _is_doubted(one, sides, rules)
        else "title_funder_date" if one.title
        else None
    )  # fmt: skip
    weighed: KeyReason | None = "score" if one.chance >= merge else None
    if said and said.get(_pair(sides[one.a].item_id, sides[one.b].item_id)) == "same":
        weighed = "model"
    if key and not (weighed and contradict(sides[one.a], sides[one.b], rules, key)):
        return key
    return weighed


def _is_doubted(one: Scored, sides: Rows, rules: MatchRules) -> bool:
    """Whether a link in common is none to join by, since all else speaks against it: sister calls share a form, and a page of
    several calls is linked from each. Of two sources that tell next to nothing the link counts, whatever the chance."""
    a, b = sides[one.a], sides[one.b]
    return one.link and one.chance < rules.link_from and (a.source_id == b.source_id or (a.is_told and b.is_told))


def _questions(
    unsure: Iterable[Scored],
    sides: Rows,
    groups: Groups,
    merge: float,
    ask: float,
    said: Mapping[Pair, Verdict],
    rules: MatchRules,
) -> list[Question]:
    """Of any two opportunities that may be one, the surest pair, unless a person or a model has answered or something
    contradicts. What would be joined but for something else that a model said is asked about too."""
    best: dict[tuple[str, str], Question] = {}
    for one in unsure:
        a, b = sides[one.a], sides[one.b]
        here, there = groups.root(a.item_id), groups.root(b.item_id)
        if here == there:
            continue
        first, second = (here, there) if here < there else (there, here)
        pair = _pair(a.item_id, b.item_id)
        verdict = said.get(pair)
        is_torn = verdict == "same" or (verdict is None and _reason(one, sides, merge, said, rules) is not None)
        if contradict(a, b, rules) or groups.forbidden(*pair, by_people=is_torn):
            continue
        question = Question(*pair, round(max(one.chance, ask) if one.link else one.chance, 4))
        if (first, second) not in best or _sureness(question) < _sureness(best[first, second]):
            best[first, second] = question
    return sorted(best.values(), key=lambda one: (-one.chance, one.item_id, one.other_item_id))


def _pair(a: str, b: str) -> Pair:
    return (a, b) if a < b else (b, a)


def _sureness(question: Question) -> tuple[float, str, str]:
    return -question.chance, question.item_id, question.other_item_id


def _series(
    scored: Iterable[Scored], sides: Rows, titles: Iterable[tuple[str, Sequence[int]]], least: float
) -> Iterator[Series]:
    """What may be editions of one series: one title, one link, or all alike but the dates."""
    for name, members in titles:
        yield Series("title_funder", name, tuple(sorted(sides[n].item_id for n in members)))
    links: dict[str, set[str]] = defaultdict(set)
    for one in scored:
        a, b = sides[one.a].item_id, sides[one.b].item_id
        if one.link:
            links[a].add(b)
        if one.series_chance >= least:
            yield Series("score", "", (a, b))
    for first, others in links.items():
        yield Series("link", "", (first, *sorted(others)))
