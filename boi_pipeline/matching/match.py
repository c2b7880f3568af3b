"""Which announcements speak of the same call: exact keys, scored pairs, and the answers of people.

The result depends on the items and answers alone, never on their order, nor on what was matched yesterday: history is
the register's. What is compared belongs to ``candidates``, how alike two are to ``score``, what keeps apart to
``groups``, series to ``editions``; ids, to ``register``.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import numpy as np

from boi_pipeline.matching import score
from boi_pipeline.matching.contest import LEAST, contested
from boi_pipeline.matching.editions import EditionOf, EditionReason, Series, find_editions
from boi_pipeline.matching.facts import SANE_YEARS
from boi_pipeline.matching.groups import (
    Conflict,
    Edge,
    Groups,
    ItemMatch,
    KeyReason,
    MatchRules,
    Side,
    apply_answers,
    contradict,
)
from boi_pipeline.matching.items import MatchItem
from boi_pipeline.matching.workbench import Scored, Workbench
from boi_pipeline.records import Decision


class Seen(NamedTuple):
    """An announcement as far as identities ask about it."""

    item_id: str
    first_seen_at: datetime


@dataclass(frozen=True, slots=True)
class Cluster:
    """The announcements of one opportunity, the earliest first."""

    items: tuple[Seen, ...]

    @property
    def item_ids(self) -> tuple[str, ...]:
        return tuple(item.item_id for item in self.items)


@dataclass(frozen=True, slots=True)
class Question:
    """Two announcements that may be one call: too alike to pass over, not enough to join. A person answers."""

    item_id: str
    other_item_id: str
    chance: float


@dataclass
class MatchResult:
    """Every item in exactly one cluster; everything in an order of its own."""

    clusters: list[Cluster] = field(default_factory=list)
    matches: list[ItemMatch] = field(default_factory=list)
    relations: list[EditionOf] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    compared_count: int = field(default=0, compare=False)  # pairs whose chance was not kept from an earlier day


def match_items(
    items: Iterable[MatchItem], answers: Iterable[Decision] = (), rules: MatchRules | None = None
) -> MatchResult:
    """Join the items that speak of one call. ``answers`` are decisions; those that are not same/not_same are ignored.

    Raises ValueError where an item comes twice: hand in its newest notice only.
    """
    with Workbench() as bench:
        bench.load(items)
        return match_on(bench, answers, rules)


def match_on(bench: Workbench, answers: Iterable[Decision] = (), rules: MatchRules | None = None) -> MatchResult:
    """The same over a workbench that holds today's facts."""
    rules, bounds, answers = rules or MatchRules(), score.model(), list(answers)
    result = MatchResult()
    result.compared_count = bench.compare(rules.max_shared)
    scored = _settled(bench, list(bench.scored(LEAST, bounds.series)), bounds)
    series = list(_series(bench, scored, bounds.series))
    wanted = {n for pair in scored for n in (pair.a, pair.b)} | {n for _, _, members in series for n in members}
    wanted |= bench.numbers(item_id for answer in answers for item_id in answer.item_ids)
    sides = bench.sides(wanted)

    joined = {n for one in scored if one.chance >= bounds.merge for n in (one.a, one.b)}
    groups = Groups({one.item_id: one for one in sides.values()}, rules, bench.unlike(joined, LEAST))
    apply_answers(groups, answers, result.conflicts)
    edges, general = _edges(scored, sides, bounds.merge, rules, result.conflicts)
    for edge in edges:
        if not contradict(edge.a, edge.b, rules):
            groups.join_by(edge, result.conflicts)

    clusters = groups.clusters()
    named = [Series(reason, name, tuple(sides[n].item_id for n in members)) for reason, name, members in series]
    result.relations = find_editions(clusters, named, rules, result.conflicts)
    sure = [one for one in scored if not {sides[one.a].item_id, sides[one.b].item_id} & general]
    result.questions = _questions(sure, sides, groups, bounds.ask, rules)
    result.conflicts += [*_crowded(bench, rules), *_slips(bench), *_moved_links(scored, sides, rules)]
    result.conflicts.sort(key=lambda conflict: (conflict.kind, conflict.item_ids, conflict.detail))

    everyone = [tuple(Seen(one.item_id, one.first_seen_at) for one in cluster) for cluster in clusters]
    everyone += [(Seen(*row),) for row in bench.others(wanted)]
    everyone.sort(key=lambda cluster: (cluster[0].first_seen_at, cluster[0].item_id))
    result.clusters = [Cluster(cluster) for cluster in everyone]
    result.matches = [groups.match_of(one.item_id) for cluster in everyone for one in cluster]
    return result


def _settled(bench: Workbench, scored: list[Scored], scorer: score.Model) -> list[Scored]:
    """The pairs worth a decision, with their chance after their rivals were heard."""
    chances = np.array([one.chance for one in scored], dtype=np.float64)
    a, b = [one.a for one in scored], [one.b for one in scored]
    found = scorer.contest.chance(contested(a, b, chances, bench.content([*a, *b])))
    heard = [one._replace(chance=float(chance)) for one, chance in zip(scored, found, strict=True)]
    return [
        one
        for one in heard
        if one.chance >= scorer.ask
        or one.series_chance >= scorer.series
        or one.number
        or one.text
        or one.link
        or one.title
    ]


# ---------------------------------------------------------------- reasons to join


def _edges(
    scored: Sequence[Scored], sides: Mapping[int, Side], merge: float, rules: MatchRules, conflicts: list[Conflict]
) -> tuple[list[Edge], set[str]]:
    """Every pair that shares a key or scores as one call, the strongest first, but not the scores of the announcements
    that are like a crowd; and these announcements."""
    edges = [Edge(reason, one.chance, sides[one.a], sides[one.b]) for one in scored if (reason := _reason(one, merge))]
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


def _reason(one: Scored, merge: float) -> KeyReason | None:
    if one.number:
        return "number"
    if one.text:
        return "text"
    if one.link:
        return "link"
    if one.title:
        return "title_funder_date"
    return "score" if one.chance >= merge else None


def _questions(
    scored: Iterable[Scored], sides: Mapping[int, Side], groups: Groups, ask: float, rules: MatchRules
) -> list[Question]:
    """Of any two opportunities that may be one, the surest pair, unless a person has answered or something contradicts."""
    best: dict[tuple[str, str], Question] = {}
    for one in scored:
        a, b = sides[one.a], sides[one.b]
        first, second = sorted((groups.root(a.item_id), groups.root(b.item_id)))
        if one.chance < ask or first == second or contradict(a, b, rules) or groups.forbidden(a.item_id, b.item_id):
            continue
        earlier, later = sorted((a.item_id, b.item_id))
        question = Question(earlier, later, round(one.chance, 4))
        if (first, second) not in best or _sureness(question) < _sureness(best[first, second]):
            best[first, second] = question
    return sorted(best.values(), key=lambda one: (-one.chance, one.item_id, one.other_item_id))


def _sureness(question: Question) -> tuple[float, str, str]:
    return -question.chance, question.item_id, question.other_item_id


# ---------------------------------------------------------------- series


def _series(
    bench: Workbench, scored: Iterable[Scored], least: float
) -> Iterator[tuple[EditionReason, str, tuple[int, ...]]]:
    """(reason, name, rows) of what may be editions of one series: one title, one link, or all alike but the dates."""
    titles = bench.rows(
        """select any_value(series), list(n order by n) from facts where is_named
        group by series, coalesce(funder, 'source ' || source_id) having count(*) > 1"""
    )
    for name, members in titles:
        yield "title_funder", name, tuple(members)
    links: dict[int, set[int]] = defaultdict(set)
    for one in scored:
        if one.link:
            links[one.a].add(one.b)
        if one.series_chance >= least:
            yield "score", "", (one.a, one.b)
    for first, others in links.items():
        yield "link", "", (first, *sorted(others))


# ---------------------------------------------------------------- what a person should know


def _crowded(bench: Workbench, rules: MatchRules) -> Iterator[Conflict]:
    names = {"text": "el mismo texto", "link": "el mismo enlace", "number": "el mismo número"}
    for crowd in bench.crowds(rules.max_shared):
        key = " · ".join(crowd.key.split("\x1f"))
        detail = (
            f"{len(crowd.members)} anuncios comparten {names[crowd.kind]} ({key:.200}): no se unen por ello. "
            "Revise si la fuente repite un dato general."
        )
        yield Conflict("hub", tuple(sorted(bench.item_ids(crowd.members))), detail)


def _slips(bench: Workbench) -> Iterator[Conflict]:
    """What an announcement says that cannot be meant."""
    for item_id, day in bench.rows(
        "select item_id, absurd_deadline from facts where absurd_deadline is not null order by 1"
    ):
        detail = (
            f"El cierre {day} no puede ser (se esperaba un año entre {SANE_YEARS[0]} y {SANE_YEARS[1]}): no se usa para "
            "unir. Corrija la fecha al revisar o mire cómo escribe las fechas la fuente (`date_order`)."
        )
        yield Conflict("absurd_date", (item_id,), detail)
    for (item_id,) in bench.rows("select item_id from facts where series = '' order by 1"):
        yield Conflict(
            "empty_title",
            (item_id,),
            "El título no dice nada: no se une por él. Mire si cambió la página de la fuente.",
        )


def _moved_links(scored: Iterable[Scored], sides: Mapping[int, Side], rules: MatchRules) -> Iterator[Conflict]:
    """Sources that show texts they had already, in number, under other keys."""
    again: dict[str, set[str]] = defaultdict(set)
    for one in scored:
        a, b = sides[one.a], sides[one.b]
        if one.text and a.source_id == b.source_id and a.first_seen_at != b.first_seen_at:
            again[a.source_id].add(b.item_id)
    for source_id, items in sorted(again.items()):
        if len(items) >= rules.moved_links:
            detail = (
                f"{source_id} muestra {len(items)} textos que ya tenía con otra dirección o clave: cambió sus enlaces. "
                "Se reconocen por el texto; mire si `item_key` debe tomarse de otro dato."
            )
            yield Conflict("moved_links", tuple(sorted(items)), detail)
