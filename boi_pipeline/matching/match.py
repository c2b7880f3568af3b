"""Which announcements speak of the same call: exact keys, one rule, and the answers of people.

The result depends on the items and answers alone, never on their order, nor on what was matched yesterday: history is
the register's. Keys join; contradictions (another year or cycle, another number, two entries of one round-up) keep
apart; a person's answer is above both. How values become keys belongs to ``keys``; ids, to ``register``.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Literal

from boi_pipeline.matching.items import MatchItem
from boi_pipeline.matching.keys import NumberKey, TitleKey, canonical_link, funder_key, number_key, title_key
from boi_pipeline.records import Decision

KeyReason = Literal["number", "link", "text", "title_funder_date"]
Reason = Literal["alone", "number", "link", "text", "title_funder_date", "person"]
_STRENGTH: dict[KeyReason, int] = {"number": 0, "text": 1, "link": 2, "title_funder_date": 3}


@dataclass(frozen=True, slots=True)
class MatchRules:
    """The bounds of matching."""

    cycle_days: int = 60  # closing dates further apart than this belong to two cycles of a call
    max_shared: int = 20  # a key that more items share says nothing about any of them
    max_cluster: int = 60  # keys do not build a larger opportunity than this
    max_series: int = 200  # a series of more opportunities than this is a general title
    same_title: float = 0.6  # share of words two titles of one source have in common when they name one call


@dataclass(frozen=True, slots=True)
class Cluster:
    """The announcements of one opportunity, the earliest first."""

    items: tuple[MatchItem, ...]

    @property
    def item_ids(self) -> tuple[str, ...]:
        return tuple(item.item_id for item in self.items)


@dataclass(frozen=True, slots=True)
class ItemMatch:
    """Why an item is where it is: the strongest thing that joined it, and to which item. A Match without its id."""

    item_id: str
    reason: Reason
    matched_item_id: str | None = None


@dataclass(frozen=True, slots=True)
class EditionOf:
    """Two clusters, each named by its earliest item, are editions of one series; ``older`` came before ``newer``."""

    older: str
    newer: str
    reason: Literal["title_funder", "link"]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something matching would not decide; ``detail`` (Spanish) says what a person can do."""

    kind: Literal["hub", "large_cluster", "contradictory_answers"]
    item_ids: tuple[str, ...]
    detail: str


@dataclass
class MatchResult:
    """Every item in exactly one cluster; clusters, matches and relations in an order of their own."""

    clusters: list[Cluster] = field(default_factory=list)
    matches: list[ItemMatch] = field(default_factory=list)
    relations: list[EditionOf] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


def match_items(
    items: Iterable[MatchItem], answers: Iterable[Decision] = (), rules: MatchRules | None = None
) -> MatchResult:
    """Join the items that speak of one call. ``answers`` are decisions; those that are not same/not_same are ignored.

    Raises ValueError where an item comes twice: hand in its newest notice only.
    """
    rules = rules or MatchRules()
    facts = sorted((_facts(item) for item in items), key=lambda one: (one.item.first_seen_at, one.item.item_id))
    by_id = {one.item.item_id: one for one in facts}
    if len(by_id) < len(facts):
        raise ValueError("an item comes twice; expected each with its newest notice only")
    result = MatchResult()
    groups = _Groups(by_id, rules)
    _apply_answers(groups, answers, result.conflicts)
    blocks = list(_blocks(facts, rules, result.conflicts))
    for edge in _edges(blocks):
        if edge.a.item.item_id != edge.b.item.item_id and not _contradict(edge.a, edge.b, rules):
            groups.join_by_key(edge, result.conflicts)
    clusters = groups.clusters()
    result.clusters = [Cluster(tuple(one.item for one in cluster)) for cluster in clusters]
    result.matches = [groups.match_of(one.item.item_id) for cluster in clusters for one in cluster]
    result.relations = _relations(clusters, blocks, rules, result.conflicts)
    result.conflicts.sort(key=lambda conflict: (conflict.kind, conflict.item_ids, conflict.detail))
    return result


# ---------------------------------------------------------------- what is known of an item


@dataclass(frozen=True, eq=False, slots=True)
class _Facts:
    item: MatchItem
    title: TitleKey
    words: frozenset[str]
    funder: str | None
    number: NumberKey | None
    links: tuple[str, ...]
    language: str


def _facts(item: MatchItem) -> _Facts:
    title = title_key(item.title)
    # an official page is the link others point to; the page of a round-up is of no one call
    own = item.url if item.authority == "official" and item.parent_key is None else None
    links = sorted({link for link in (canonical_link(item.apply_url), canonical_link(own)) if link})
    return _Facts(
        item,
        title,
        frozenset(title.words),
        funder_key(item.funder_name),
        number_key(item.opportunity_number),
        tuple(links),
        item.language.split("-")[0].lower(),
    )


def _another_cycle(a: _Facts, b: _Facts, rules: MatchRules) -> bool:
    """Whether two announcements, if of one series, are of different years or cycles of it."""
    if a.title.cycle is not None and b.title.cycle is not None and a.title.cycle != b.title.cycle:
        return True
    years_a, years_b = a.title.years, b.title.years
    ranges = len(years_a) > 1 and len(years_b) > 1
    if years_a and years_b and years_a != years_b and (ranges or not set(years_a) & set(years_b)):
        return True
    close_a, close_b = a.item.close_date, b.item.close_date
    if close_a and close_b:
        return abs((close_a - close_b).days) > rules.cycle_days and not _same_specific_number(a, b)
    return _year_excludes(years_a, years_b, close_b) or _year_excludes(years_b, years_a, close_a)


def _year_excludes(years: tuple[int, ...], other_years: tuple[int, ...], other_close: date | None) -> bool:
    # a call "for 2027" closes in 2026 or 2027
    return bool(years and not other_years and other_close and not years[0] - 1 <= other_close.year <= years[-1])


def _contradict(a: _Facts, b: _Facts, rules: MatchRules) -> bool:
    """Whether something about two announcements says that they are different calls, whatever key they share."""
    if _another_cycle(a, b, rules):
        return True
    if a.number and b.number and a.number.text != b.number.text:
        return True
    same_source = a.item.source_id == b.item.source_id
    if same_source and a.item.parent_key is not None and a.item.parent_key == b.item.parent_key:
        return True
    if (a.number and b.number) or a.item.text_sha256 == b.item.text_sha256:
        return False
    dates_differ = bool(a.item.close_date and b.item.close_date and a.item.close_date != b.item.close_date)
    if a.language != b.language:
        return same_source and dates_differ
    if same_source:
        return _common_words(a, b) < rules.same_title
    return dates_differ and bool(a.words and b.words) and not a.words & b.words


def _same_specific_number(a: _Facts, b: _Facts) -> bool:
    return bool(a.number and b.number and a.number.text == b.number.text and not a.number.general)


def _common_words(a: _Facts, b: _Facts) -> float:
    together = a.words | b.words
    return len(a.words & b.words) / len(together) if together else 1.0


# ---------------------------------------------------------------- keys that join


@dataclass(frozen=True, eq=False, slots=True)
class _Block:
    reason: KeyReason
    key: tuple[str, ...]
    members: tuple[_Facts, ...]  # two or more


@dataclass(frozen=True, eq=False, slots=True)
class _Edge:
    reason: KeyReason
    a: _Facts
    b: _Facts


def _keys(one: _Facts) -> Iterator[tuple[KeyReason, tuple[str, ...]]]:
    yield "text", (one.item.text_sha256,)
    for link in one.links:
        yield "link", (link,)
    if one.number and not one.number.general:
        yield "number", (one.number.text,)
    elif one.number and one.funder:
        yield "number", (one.number.text, one.funder)
    series = one.title.series
    if series and one.funder and one.item.close_date:
        yield "title_funder_date", (series, one.funder, one.item.close_date.isoformat())


def _blocks(facts: Sequence[_Facts], rules: MatchRules, conflicts: list[Conflict]) -> Iterator[_Block]:
    found: dict[tuple[KeyReason, tuple[str, ...]], list[_Facts]] = defaultdict(list)
    for one in facts:
        for key in _keys(one):
            found[key].append(one)
    names = {"text": "el mismo texto", "link": "el mismo enlace", "number": "el mismo número"}
    for (reason, key), members in found.items():
        if len(members) > rules.max_shared:
            shared = names.get(reason, "el mismo título, convocante y cierre")
            conflicts.append(
                Conflict(
                    "hub",
                    tuple(sorted(one.item.item_id for one in members)),
                    f"{len(members)} anuncios comparten {shared} ({' · '.join(key):.200}): no se unen por ello. "
                    "Revise si la fuente repite un dato general.",
                )
            )
        elif len(members) > 1:
            yield _Block(reason, key, tuple(members))


def _edges(blocks: Iterable[_Block]) -> list[_Edge]:
    """Every pair of every block: the strongest key first, then the surest and the closest in time."""
    edges = [_Edge(block.reason, a, b) for block in blocks for a, b in combinations(block.members, 2)]

    def place(edge: _Edge) -> tuple[int, bool, float, str, str]:
        a, b = edge.a.item, edge.b.item
        # a page without year or date belongs to the edition that was current when it was first seen
        unsure = not all(one.title.years or one.item.close_date for one in (edge.a, edge.b))
        apart = abs((a.first_seen_at - b.first_seen_at).total_seconds())
        return _STRENGTH[edge.reason], unsure, apart, a.item_id, b.item_id

    return sorted(edges, key=place)


# ---------------------------------------------------------------- joining


class _Groups:
    """Items joined so far, and who must stay apart. Names from answers may be of items that are not here today."""

    def __init__(self, facts: dict[str, _Facts], rules: MatchRules) -> None:
        self._facts = facts
        self._rules = rules
        self._parent: dict[str, str] = {}
        self._members: dict[str, list[str]] = {}
        self._foes: dict[str, set[str]] = defaultdict(set)  # item → items a person called different
        self._apart: dict[str, set[str]] = defaultdict(set)  # root → items that must not come in
        self._why: dict[str, ItemMatch] = {}

    def root(self, name: str) -> str:
        path = []
        while (up := self._parent.get(name, name)) != name:
            path.append(name)
            name = up
        for passed in path:
            self._parent[passed] = name
        return name

    def keep_apart(self, a: str, b: str) -> None:
        for one, other in ((a, b), (b, a)):
            self._foes[one].add(other)
            self._apart[self.root(one)].add(other)

    def forbidden(self, a: str, b: str) -> tuple[str, str] | None:
        """The pair a person called different that joining would put together."""
        here, there = self.root(a), self.root(b)
        inside = self._apart[here].intersection(self._of(there)) if here in self._apart else ()
        if not inside:
            return None
        return min((one, enemy) for enemy in inside for one in self._of(here) if enemy in self._foes[one])

    def join_by_key(self, edge: _Edge, conflicts: list[Conflict]) -> None:
        a, b = edge.a.item.item_id, edge.b.item.item_id
        root_a, root_b = self.root(a), self.root(b)
        if root_a == root_b or self.forbidden(a, b):
            return
        here, there = self._of(root_a), self._of(root_b)
        if len(here) + len(there) > self._rules.max_cluster:
            detail = (
                f"Unir estos anuncios haría una oportunidad de más de {self._rules.max_cluster}: quedan aparte. "
                "Responda «misma» si lo son."
            )
            conflicts.append(Conflict("large_cluster", tuple(sorted((a, b))), detail))
            return
        for one in here:
            for other in there:
                if (
                    one in self._facts
                    and other in self._facts
                    and _contradict(self._facts[one], self._facts[other], self._rules)
                ):
                    return
        self.join(a, b, edge.reason)

    def join(self, a: str, b: str, reason: Reason) -> None:
        for one, other in ((a, b), (b, a)):
            self._why.setdefault(one, ItemMatch(one, reason, other))
        root_a, root_b = self.root(a), self.root(b)
        if root_a == root_b:
            return
        big, small = (root_a, root_b) if len(self._of(root_a)) >= len(self._of(root_b)) else (root_b, root_a)
        self._members[big] = self._of(big) + self._of(small)
        self._members.pop(small, None)
        self._parent[small] = big
        if small in self._apart:
            self._apart[big] |= self._apart.pop(small)

    def clusters(self) -> list[list[_Facts]]:
        """Today's items by cluster, clusters and items with the earliest first."""
        found: dict[str, list[_Facts]] = defaultdict(list)
        for name, one in self._facts.items():
            found[self.root(name)].append(one)
        return list(found.values())

    def match_of(self, item_id: str) -> ItemMatch:
        return self._why.get(item_id) or ItemMatch(item_id, "alone")

    def _of(self, root: str) -> list[str]:
        return self._members.get(root) or [root]


def _apply_answers(groups: _Groups, answers: Iterable[Decision], conflicts: list[Conflict]) -> None:
    """Bind what people said, the newest answer about a pair; where answers cannot all hold, apart is the safe side."""
    newest: dict[tuple[str, str], Decision] = {}
    for decision in sorted(answers, key=lambda one: one.seq):
        if decision.action in ("same", "not_same"):
            for a, b in combinations(sorted(set(decision.item_ids)), 2):
                newest[a, b] = decision
    for (a, b), decision in newest.items():
        if decision.action == "not_same":
            groups.keep_apart(a, b)
    wanted = [(decision.seq, pair) for pair, decision in newest.items() if decision.action == "same"]
    for _, (a, b) in sorted(wanted, key=lambda one: (-one[0], one[1])):
        if forbidden := groups.forbidden(a, b):
            detail = (
                f"Se respondió que {a} y {b} son la misma, pero eso uniría {forbidden[0]} con {forbidden[1]}, "
                "que se respondió que son distintas: quedan aparte. Responda de nuevo sobre alguna de las dos."
            )
            conflicts.append(Conflict("contradictory_answers", tuple(sorted({a, b, *forbidden})), detail))
        else:
            groups.join(a, b, "person")


# ---------------------------------------------------------------- editions of a series


def _relations(
    clusters: Sequence[list[_Facts]], blocks: Iterable[_Block], rules: MatchRules, conflicts: list[Conflict]
) -> list[EditionOf]:
    """Each cluster's nearest earlier edition, by title and convener, or by a link that outlives its editions."""
    place_of = {one.item.item_id: place for place, cluster in enumerate(clusters) for one in cluster}
    by_title: dict[tuple[str, str], set[int]] = defaultdict(set)
    for place, cluster in enumerate(clusters):
        for one in cluster:
            if series := one.title.series:
                by_title[series, one.funder or f"source {one.item.source_id}"].add(place)
    found: dict[tuple[int, int], Literal["title_funder", "link"]] = {}
    for (title, _), places in by_title.items():
        if len(places) > rules.max_series:
            ids = tuple(sorted(clusters[place][0].item.item_id for place in places))
            detail = f"{len(places)} oportunidades llevan el título «{title:.200}»: no se ordenan como ediciones."
            conflicts.append(Conflict("hub", ids, detail))
            continue
        for pair in _editions(sorted(places), clusters, rules):
            found.setdefault(pair, "title_funder")
    for block in blocks:
        if block.reason == "link":
            places = sorted({place_of[one.item.item_id] for one in block.members})
            for older, newer in _editions(places, clusters, rules):
                if _can_be_one_series(clusters[older], clusters[newer]):
                    found.setdefault((older, newer), "link")
    relations = [
        EditionOf(clusters[older][0].item.item_id, clusters[newer][0].item.item_id, reason)
        for (older, newer), reason in found.items()
    ]
    return sorted(relations, key=lambda one: (one.older, one.newer))


def _editions(places: Sequence[int], clusters: Sequence[list[_Facts]], rules: MatchRules) -> Iterator[tuple[int, int]]:
    if len(places) < 2:
        return
    ordered = sorted(places, key=lambda place: (_when(clusters[place]), clusters[place][0].item.item_id))
    for index, newer in enumerate(ordered):
        for older in reversed(ordered[:index]):
            if any(_another_cycle(a, b, rules) for a in clusters[older] for b in clusters[newer]):
                yield older, newer
                break


def _when(cluster: Sequence[_Facts]) -> date:
    """When an edition was, for putting editions in order: its close, else its year, else when it was first seen."""
    if closes := [one.item.close_date for one in cluster if one.item.close_date]:
        return max(closes)
    if years := [one.title.years[-1] for one in cluster if one.title.years]:
        return date(max(years), 12, 31)
    return cluster[0].item.first_seen_at.date()


def _can_be_one_series(older: Sequence[_Facts], newer: Sequence[_Facts]) -> bool:
    return any(a.language != b.language or a.words & b.words for a in older for b in newer)
