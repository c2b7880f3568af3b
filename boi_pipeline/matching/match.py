"""Which announcements speak of the same call: exact keys, scored pairs, and the answers of people.

The result depends on the items and answers alone, never on their order, nor on what was matched yesterday: history is
the register's. Comparing belongs to ``workbench``, deciding to ``joining``, what was decided and still holds to
``outcomes``; ids, to ``register``.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from boi_pipeline.collector import uncollected
from boi_pipeline.matching import outcomes, score
from boi_pipeline.matching.contest import LEAST
from boi_pipeline.matching.editions import EPOCH, EditionOf
from boi_pipeline.matching.facts import SANE_YEARS
from boi_pipeline.matching.groups import Conflict, ItemMatch, MatchRules
from boi_pipeline.matching.items import MatchItem
from boi_pipeline.matching.joining import Name, Question, decide, parts_of
from boi_pipeline.matching.workbench import Workbench
from boi_pipeline.records import Decision

TOGETHER = 50_000
"""Announcements decided about together, whole parts of them: bounds the memory."""


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
    items: Iterable[MatchItem],
    answers: Iterable[Decision] = (),
    rules: MatchRules | None = None,
) -> MatchResult:
    """Join the items that speak of one call. ``answers`` are decisions; those that are not same/not_same are ignored.

    Raises ValueError where an item comes twice: hand in its newest notice only.
    """
    with Workbench() as bench:
        bench.load(items)
        return match_on(bench, answers, rules)


def match_on(bench: Workbench, answers: Iterable[Decision] = (), rules: MatchRules | None = None) -> MatchResult:
    """The same over a workbench that holds today's facts; what it decided before of what nothing touched still holds."""
    rules = rules or MatchRules()
    compared_count = bench.compare(rules.max_shared)
    bench.hear()
    with uncollected():
        _decide(bench, [one for one in answers if one.action in ("same", "not_same")], rules)
        result = _result(bench)
    result.compared_count = compared_count
    result.conflicts += [*_crowded(bench, rules), *_slips(bench), *_moved_links(bench, rules)]
    result.conflicts.sort(key=lambda conflict: (conflict.kind, conflict.item_ids, conflict.detail))
    return result


def _decide(bench: Workbench, answers: Sequence[Decision], rules: MatchRules) -> None:
    """Decide about the parts that were touched, and keep it."""
    scorer = score.model()
    rows = bench.numbers(name for one in answers for name in one.item_ids)
    spoken = [[rows.get(name, name) for name in one.item_ids] for one in answers]
    with bench.step() as connection:
        touched = outcomes.to_decide(connection, repr(rules), rows.values())
        with bench.given(touched):
            pairs = bench.rows("select a, b from heard where a in (from given) and b in (from given)")
            titles = bench.rows(
                f"""select any_value(series), list(n) from ({outcomes.TITLED}) where n in (from given)
                group by series, convener having count(*) > 1"""  # noqa: S608
            )
        parts = parts_of([*pairs, *(members for _, members in titles), *spoken])
        for batch, is_spoken_of in _batches(parts, {name for names in spoken for name in names}):
            part_of = {n: part for members in batch if members for part in [min(members)] for n in members}
            with bench.given(part_of):
                sides, scored = bench.sides(), bench.scored()
            with bench.given({n for one in scored if one.chance >= scorer.merge for n in (one.a, one.b)}):
                unlike = bench.unlike(LEAST)
            titled = [(name, members) for name, members in titles if members[0] in sides]
            decided = decide(sides, scored, titled, unlike, answers if is_spoken_of else (), scorer, rules)
            outcomes.keep(connection, decided, {one.item_id: n for n, one in sides.items()}, part_of)


def _batches(parts: Iterable[Sequence[Name]], spoken: set[Name]) -> Iterator[tuple[list[list[int]], bool]]:
    """Whole parts, the rows of each, about as many as are decided together; and whether people spoke about these: such
    parts come first and all at once, since one answer may speak of several."""
    batch: list[list[int]] = []
    others: list[list[int]] = []
    for part in parts:
        rows = [name for name in part if isinstance(name, int)]
        (others if spoken.isdisjoint(part) else batch).append(rows)
    if batch:
        yield batch, True
    batch, size = [], 0
    for rows in others:
        batch.append(rows)
        size += len(rows)
        if size >= TOGETHER:
            yield batch, False
            batch, size = [], 0
    if batch:
        yield batch, False


def _result(bench: Workbench) -> MatchResult:
    """All that is decided, today's and what was kept."""
    instants: dict[int, datetime] = {}  # announcements of one crawl share it
    clusters: list[list[Seen]] = []
    reasons: list[list[ItemMatch]] = []
    place: dict[str, int] = {}  # first of a cluster → its place
    for item_id, seen_us, lead, reason, other in bench.rows(
        """select item_id, epoch_us(first_seen_at), lead, coalesce(reason, 'alone'), matched_item_id
        from facts left join placed using (n) order by first_seen_at, item_id"""
    ):
        if (seen_at := instants.get(seen_us)) is None:
            seen_at = instants[seen_us] = EPOCH + timedelta(microseconds=seen_us)
        seen, match = Seen(item_id, seen_at), ItemMatch(item_id, reason, other)
        if lead is None or (known := place.setdefault(lead, len(clusters))) == len(clusters):
            clusters.append([seen])
            reasons.append([match])
        else:
            clusters[known].append(seen)
            reasons[known].append(match)
    return MatchResult(
        clusters=[Cluster(tuple(members)) for members in clusters],
        matches=[match for members in reasons for match in members],
        relations=[
            EditionOf(*row) for row in bench.rows("select older, newer, reason from editions order by older, newer")
        ],
        questions=[
            Question(*row)
            for row in bench.rows(
                "select item_id, other_item_id, chance from questions order by chance desc, item_id, other_item_id"
            )
        ],
        conflicts=[
            Conflict(kind, tuple(item_ids), detail)
            for kind, item_ids, detail in bench.rows("select kind, item_ids, detail from conflicts")
        ],
    )


# ---------------------------------------------------------------- what a person should know


def _crowded(bench: Workbench, rules: MatchRules) -> Iterator[Conflict]:
    names = {"text": "el mismo texto", "link": "el mismo enlace", "number": "el mismo número"}
    for crowd in bench.crowds(rules.max_shared):
        key = " · ".join(crowd.key.split("\x1f"))
        detail = (
            f"{len(crowd.members)} anuncios comparten {names[crowd.kind]} ({key:.200}): no se unen por ello. "
            "Revise si la fuente repite un dato general."
        )
        yield Conflict("hub", tuple(bench.item_ids(crowd.members)), detail)


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


def _moved_links(bench: Workbench, rules: MatchRules) -> Iterator[Conflict]:
    """Sources that show texts they had already, in number, under other keys."""
    for source_id, items in bench.rows(
        """select y.source_id, list(distinct y.item_id order by y.item_id)
        from (from pairs where same_text) p join facts x on x.n = p.a join facts y on y.n = p.b
        where x.source_id = y.source_id and x.first_seen_at <> y.first_seen_at
        group by 1 having count(distinct y.item_id) >= ? order by 1""",
        [rules.moved_links],
    ):
        detail = (
            f"{source_id} muestra {len(items)} textos que ya tenía con otra dirección o clave: cambió sus enlaces. "
            "Se reconocen por el texto; mire si `item_key` debe tomarse de otro dato."
        )
        yield Conflict("moved_links", tuple(items), detail)
