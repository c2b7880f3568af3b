"""Joining announcements under constraints: what contradicts a join, and what people and models said.

Keys, a model's opinions and scores propose; a contradiction (another year or cycle, another number, two entries of one
round-up) keeps apart, and so does an opinion; a person's answer is above them all. Finding proposals belongs to ``candidates`` and ``score``.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Literal, NamedTuple

from boi_pipeline.records import Decision, Verdict

KeyReason = Literal["number", "text", "link", "title_funder_date", "model", "score"]
Reason = Literal["alone", "number", "text", "link", "title_funder_date", "model", "score", "person"]
Pair = tuple[str, str]
"""Two item ids, sorted."""
STRENGTH: dict[KeyReason, int] = {"number": 0, "text": 1, "link": 2, "title_funder_date": 3, "model": 4, "score": 5}
PRESUMED: frozenset[KeyReason] = frozenset({"link", "title_funder_date", "score"})
"""Reasons that two calls may share: sister calls have one page or one form."""
WEIGHED: frozenset[KeyReason] = frozenset({"model", "score"})
"""Reasons that have weighed what the whole announcements say, not one thing that they share."""


@dataclass(frozen=True, slots=True)
class MatchRules:
    """The bounds of matching."""

    cycle_days: int = 60  # closing dates further apart than this belong to two cycles of a call
    max_shared: int = 20  # a key that more items share says nothing about any of them
    max_cluster: int = 60  # keys do not build a larger opportunity than this
    max_series: int = 200  # a series of more opportunities than this is a general title
    max_alike: int = 20  # an announcement that scores as the same call as more others is too general to score
    same_title: float = 0.6  # share of words two titles of one source have in common when they name one call
    moved_links: int = 10  # texts one source shows under other keys, from which it has changed its links
    link_from: float = 0.25  # the chance below which a link in common is asked about
    join_from: float | None = None  # the chance from which two announcements are one call; None: the scorer's own
    ask_from: float | None = None  # the same of what is asked about


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something matching would not decide, or that a person should know; ``detail`` (Spanish) says what to do."""

    kind: Literal["hub", "large_cluster", "contradictory_answers", "absurd_date", "empty_title", "moved_links"]
    item_ids: tuple[str, ...]
    detail: str


class ItemMatch(NamedTuple):
    """Why an item is where it is: the strongest thing that joined it, and to which item. A Match without its id."""

    item_id: str
    reason: Reason
    matched_item_id: str | None = None


class Scored(NamedTuple):
    """A pair worth a decision: rows of the facts, the earlier first, the chance that it is one call, the keys it shares."""

    a: int
    b: int
    chance: float  # after the contest, or both
    series_chance: float  # of two editions of one series
    number: bool
    text: bool
    link: bool
    title: bool  # and the convener and closing day


class Side(NamedTuple):
    """One announcement as far as joins and editions ask about it; columns of ``facts.Facts``."""

    item_id: str
    seen_us: int  # when it was first seen: microseconds since 1970
    source_id: str
    parent_key: str | None
    text_sha256: str
    language: str
    words: Sequence[str]
    is_moved: bool  # its title tells of another closing day, or calls it to mind
    years: Sequence[int]
    cycle: int | None
    deadlines: Sequence[date]  # earliest first
    close_date: date | None  # the last of them: asked for most of all
    number: str | None
    is_general_number: bool
    is_told: bool = True  # whether its text is long enough to speak against a link


class Edge(NamedTuple):
    """A reason to join two announcements, and the chance that they are one call."""

    reason: KeyReason
    chance: float
    a: Side
    b: Side

    @property
    def place(self) -> tuple[int, float, bool, int, str, str]:
        """Strongest first: by key, then the surest, then the closest in time."""
        # a page without year or date belongs to the edition that was current when it was first seen
        reason, chance, a, b = self
        unsure = not ((a.years or a.close_date) and (b.years or b.close_date))
        sure = -round(chance, 6) if reason in WEIGHED else 0.0
        return STRENGTH[reason], sure, unsure, abs(a.seen_us - b.seen_us), a.item_id, b.item_id


# ---------------------------------------------------------------- contradictions


def another_cycle(a: Side, b: Side, rules: MatchRules) -> bool:
    """Whether two announcements, if of one series, are of different years or cycles of it."""
    if a.cycle is not None and b.cycle is not None and a.cycle != b.cycle:
        return True
    ranges = len(a.years) > 1 and len(b.years) > 1
    if a.years and b.years and a.years != b.years and (ranges or set(a.years).isdisjoint(b.years)):
        return True
    if a.close_date and b.close_date:
        if a.close_date == b.close_date:
            return False
        # a retelling may know one stage only
        apart = min(abs((one - other).days) for one in a.deadlines for other in b.deadlines)
        return apart > rules.cycle_days and not _same_specific_number(a, b)
    return _year_excludes(a.years, b.years, b.close_date) or _year_excludes(b.years, a.years, a.close_date)


def _year_excludes(years: Sequence[int], other_years: Sequence[int], other_close: date | None) -> bool:
    # a call "for 2027" closes in 2026 or 2027
    return bool(years and not other_years and other_close and not years[0] - 1 <= other_close.year <= years[-1])


def contradict(a: Side, b: Side, rules: MatchRules, reason: KeyReason = "score") -> bool:
    """Whether something about two announcements says that they are different calls, whatever they share. Titles speak
    against a key more often than against what has weighed them."""
    if another_cycle(a, b, rules):
        return True
    if a.number and b.number and a.number != b.number:
        return True
    same_source = a.source_id == b.source_id
    if same_source and a.parent_key is not None and a.parent_key == b.parent_key:
        return True
    if (a.number and b.number) or a.text_sha256 == b.text_sha256:
        return False
    if reason in WEIGHED and (a.is_moved or b.is_moved or not same_source):
        return False
    dates_differ = bool(a.close_date and b.close_date and a.close_date != b.close_date)
    if a.language != b.language:
        return same_source and dates_differ
    if same_source:
        return _common_words(a, b) < rules.same_title
    return dates_differ and bool(a.words and b.words) and set(a.words).isdisjoint(b.words)


def _same_specific_number(a: Side, b: Side) -> bool:
    return bool(a.number and a.number == b.number and not a.is_general_number)


def _common_words(a: Side, b: Side) -> float:
    words, others = set(a.words), set(b.words)
    together = words | others
    return len(words & others) / len(together) if together else 1.0


# ---------------------------------------------------------------- joining


class Groups:
    """Items joined so far, and who must stay apart. Names from answers may be of items that are not here today."""

    def __init__(
        self, sides: dict[str, Side], rules: MatchRules, unlike: frozenset[tuple[str, str]] = frozenset()
    ) -> None:
        """``unlike``: (item, item), sorted, of what was compared and found to be different calls."""
        self._sides = sides
        self._rules = rules
        self._unlike = unlike
        self._parent: dict[str, str] = {}
        self._members: dict[str, list[str]] = {}
        self._foes: dict[str, set[str]] = defaultdict(set)  # item → items a person, or a model, called different
        self._by_model: set[tuple[str, str]] = set()  # of them what only a model did, both ways
        self._apart: dict[str, set[str]] = defaultdict(set)  # root → items that must not come in
        self._why: dict[str, ItemMatch] = {}

    def root(self, name: str) -> str:
        """The name of the group an item is in."""
        if (up := self._parent.get(name)) is None or self._parent.get(up) is None:
            return name if up is None else up
        path = []
        while (up := self._parent.get(name, name)) != name:
            path.append(name)
            name = up
        for passed in path:
            self._parent[passed] = name
        return name

    def keep_apart(self, a: str, b: str, *, by_model: bool = False) -> None:
        """What a person, or a model, called different."""
        for one, other in ((a, b), (b, a)):
            if by_model and other not in self._foes[one]:
                self._by_model.add((one, other))
            self._foes[one].add(other)
            self._apart[self.root(one)].add(other)

    def forbidden(self, a: str, b: str, *, by_people: bool = False) -> tuple[str, str] | None:
        """The pair called different that joining would put together; ``by_people``: that a person did."""
        if not self._apart:
            return None
        here, there = self.root(a), self.root(b)
        inside = self._apart[here].intersection(self._of(there)) if here in self._apart else ()
        if not inside:
            return None
        pairs = ((one, enemy) for enemy in inside for one in self._of(here) if enemy in self._foes[one])
        return min((pair for pair in pairs if not by_people or pair not in self._by_model), default=None)

    def join_by(self, edge: Edge, conflicts: list[Conflict]) -> bool:
        """Join two groups unless a person, a model, the bound or a contradiction between any two of them forbids it;
        whether they were joined."""
        if contradict(edge.a, edge.b, self._rules, edge.reason):
            return False
        a, b = edge.a.item_id, edge.b.item_id
        root_a, root_b = self.root(a), self.root(b)
        if root_a == root_b or self.forbidden(a, b):
            return False
        here, there = self._of(root_a), self._of(root_b)
        if len(here) + len(there) > self._rules.max_cluster:
            detail = (
                f"Unir estos anuncios haría una oportunidad de más de {self._rules.max_cluster}: quedan aparte. "
                "Responda «misma» si lo son."
            )
            conflicts.append(Conflict("large_cluster", tuple(sorted((a, b))), detail))
            return False
        by_score, is_large = edge.reason == "score", len(here) + len(there) > 2
        for one in here:
            for other in there:
                if by_score and ((one, other) if one < other else (other, one)) in self._unlike:
                    return False
                if (
                    is_large
                    and one in self._sides
                    and other in self._sides
                    and contradict(self._sides[one], self._sides[other], self._rules, edge.reason)
                ):
                    return False
        self.join(a, b, edge.reason)
        return True

    def join(self, a: str, b: str, reason: Reason) -> None:
        """Join two groups, whatever stands against it."""
        for one, other in ((a, b), (b, a)):
            if one not in self._why:
                self._why[one] = ItemMatch(one, reason, other)
        root_a, root_b = self.root(a), self.root(b)
        if root_a == root_b:
            return
        big, small = (root_a, root_b) if len(self._of(root_a)) >= len(self._of(root_b)) else (root_b, root_a)
        self._members[big] = self._of(big) + self._of(small)
        self._members.pop(small, None)
        self._parent[small] = big
        if small in self._apart:
            self._apart[big] |= self._apart.pop(small)

    def clusters(self) -> list[list[Side]]:
        """Today's items by group, groups and items with the earliest first."""
        found: dict[str, list[Side]] = defaultdict(list)
        for name, one in self._sides.items():
            found[self.root(name)].append(one)
        return list(found.values())

    def match_of(self, item_id: str) -> ItemMatch:
        """Why an item is where it is."""
        return self._why.get(item_id) or ItemMatch(item_id, "alone")

    def _of(self, root: str) -> list[str]:
        return self._members.get(root) or [root]


def apply_answers(groups: Groups, answers: Iterable[Decision], conflicts: list[Conflict]) -> None:
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


def apply_opinions(groups: Groups, said: Mapping[Pair, Verdict]) -> None:
    """Keep apart what a model calls different, but where a person has said otherwise. What it calls the same is a reason
    to join among others."""
    for (a, b), verdict in said.items():
        if verdict == "different" and groups.root(a) != groups.root(b):
            groups.keep_apart(a, b, by_model=True)
