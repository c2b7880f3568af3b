"""The order in which candidates are proposed: published rules, whole points, every point explained in Spanish.

No model ranks, and no rule looks at anything but the fields named here. Who is approved, and what an edition takes,
belongs to ``review`` and ``edition``.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from boi_pipeline.records import HomeEligible

MAX_DAYS = 10_000  # where no closing date is known: after all that have one


@dataclass(frozen=True)
class RankingRules:
    """The points of each rule; what the site publishes as «cómo ordenamos»."""

    days: tuple[tuple[int, int], ...] = ((2, 5), (14, 30), (45, 20), (120, 10))  # (up to so many days left, points)
    days_beyond: int = 5
    days_unknown: int = 5
    home_eligible: dict[str, int] = field(default_factory=lambda: {"yes": 30, "unclear": 10, "no": 0})
    funding_level: dict[str, int] = field(default_factory=lambda: {"full": 20, "partial": 10, "unknown": 5, "none": 0})
    authority: dict[str, int] = field(default_factory=lambda: {"official": 10, "aggregator": 0})
    repeated_type: int = -15  # for each one of the same type already placed before it


@dataclass(frozen=True)
class Candidate:
    """What the rules look at."""

    opportunity_id: str
    code: str
    opportunity_type: str
    days_left: int | None  # to the next deadline; None: no closing date
    home_eligible: HomeEligible
    funding_level: str | None
    authority: Literal["official", "aggregator"]
    featured: bool = False


@dataclass(frozen=True)
class Points:
    """One rule's points for one candidate, and why (Spanish)."""

    rule: Literal["days_left", "home_eligible", "funding_level", "authority", "diversity"]
    points: int
    why: str


@dataclass(frozen=True)
class Ranked:
    """A candidate in its place."""

    candidate: Candidate
    position: int  # from 1
    score: int
    points: tuple[Points, ...]

    @property
    def explanation(self) -> str:
        """The whole score in one Spanish sentence."""
        told = "; ".join(f"{one.why} ({one.points:+d})" for one in self.points)
        first = "Destacada por el equipo editorial. " if self.candidate.featured else ""
        return f"{first}{self.score} puntos: {told}."


def rank(candidates: Iterable[Candidate], rules: RankingRules | None = None) -> list[Ranked]:
    """Candidates in order: featured by a person first, then by points; the same for any order of arrival.

    Places are given one by one, since a type already placed costs points to the next of its type. Equal points: the
    one that closes first, then the oldest code.
    """
    rules = rules or RankingRules()
    queues: dict[str, deque[Ranked]] = defaultdict(deque)
    own = [Ranked(one, 0, sum(part.points for part in points), points) for one, points in _each(candidates, rules)]
    for ranked in sorted(own, key=_place):
        queues[ranked.candidate.opportunity_type].append(ranked)
    placed: list[Ranked] = []
    types: Counter[str] = Counter()
    while queues:
        # the cost is the same for all of a type, so only the first of each type can be next
        best = min((_with_diversity(queue[0], types, rules) for queue in queues.values()), key=_place)
        kind = best.candidate.opportunity_type
        placed.append(Ranked(best.candidate, len(placed) + 1, best.score, best.points))
        types[kind] += 1
        queues[kind].popleft()
        if not queues[kind]:
            del queues[kind]
    return placed


def explained(rules: RankingRules | None = None) -> list[str]:
    """The rules in Spanish, a sentence each, with every point they give: what the site publishes."""
    rules = rules or RankingRules()
    days = [f"hasta {limit} días, {points}" for limit, points in rules.days]
    beyond = f"más de {rules.days[-1][0]} días, {rules.days_beyond}"
    spread = "; ".join([*days, beyond, f"sin fecha, {rules.days_unknown}"])

    def told(question: str, points: dict[str, int], answers: dict[str, str]) -> str:
        return f"{question}: " + "; ".join(f"{words}, {points.get(code, 0)}" for code, words in answers.items()) + "."

    return [
        f"Días hasta el cierre: {spread}.",
        told(
            "Si se puede aplicar desde aquí", rules.home_eligible, {"yes": "sí", "unclear": "por confirmar", "no": "no"}
        ),
        told(
            "Financiación",
            rules.funding_level,
            {"full": "completa", "partial": "parcial", "unknown": "no se sabe", "none": "ninguna"},
        ),
        told("Quién la anuncia", rules.authority, {"official": "la fuente oficial", "aggregator": "solo un agregador"}),
        f"Variedad: −{abs(rules.repeated_type)} por cada convocatoria del mismo tipo que ya esté antes.",
        "Si hay empate, va primero la que cierra antes. Luego, la de código más antiguo.",
        "El equipo puede destacar una convocatoria: entonces va antes que las demás.",
    ]


def _each(candidates: Iterable[Candidate], rules: RankingRules) -> Iterator[tuple[Candidate, tuple[Points, ...]]]:
    for one in candidates:
        yield one, tuple(_own_points(one, rules))


def _place(ranked: Ranked) -> tuple[bool, int, int, str, str]:
    one = ranked.candidate
    days = MAX_DAYS if one.days_left is None else one.days_left
    return not one.featured, -ranked.score, days, one.code, one.opportunity_id


def _with_diversity(ranked: Ranked, types: Counter[str], rules: RankingRules) -> Ranked:
    before = types[ranked.candidate.opportunity_type]
    if not before:
        return ranked
    cost = rules.repeated_type * before
    points = (*ranked.points, Points("diversity", cost, f"ya hay {before} del mismo tipo antes"))
    return Ranked(ranked.candidate, 0, ranked.score + cost, points)


def _own_points(one: Candidate, rules: RankingRules) -> list[Points]:
    home: dict[str, str] = {
        "yes": "se puede aplicar desde aquí",
        "unclear": "está por confirmar si se puede aplicar desde aquí",
        "no": "no se puede aplicar desde aquí",
    }
    funding = {
        "full": "financiación completa",
        "partial": "financiación parcial",
        "none": "sin financiación",
        "unknown": "no dice si lo financia todo o una parte",
    }
    authority = {"official": "anunciada por la fuente oficial", "aggregator": "vista solo en un agregador"}
    level = one.funding_level or "unknown"
    return [
        _days_points(one.days_left, rules),
        Points("home_eligible", rules.home_eligible.get(one.home_eligible, 0), home[one.home_eligible]),
        Points("funding_level", rules.funding_level.get(level, 0), funding.get(level, level)),
        Points("authority", rules.authority.get(one.authority, 0), authority[one.authority]),
    ]


def _days_points(days_left: int | None, rules: RankingRules) -> Points:
    if days_left is None:
        return Points("days_left", rules.days_unknown, "sin fecha de cierre")
    told = {0: "cierra hoy", 1: "cierra mañana"}.get(days_left, f"cierra en {days_left} días")
    for limit, points in rules.days:
        if days_left <= limit:
            return Points("days_left", points, told)
    return Points("days_left", rules.days_beyond, told)
