"""Which announcements speak of the same call: exact keys, scored pairs, opinions of models, and the answers of people.

The result depends on the items, answers and opinions alone, never on their order, nor on what was matched yesterday: history is
the register's. Comparing belongs to ``workbench``, deciding to ``deciding``, what was decided and still holds to
``outcomes``; ids, to ``register``.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from boi_pipeline.collector import uncollected
from boi_pipeline.matching import outcomes, score
from boi_pipeline.matching.contest import LEAST
from boi_pipeline.matching.deciding import Batch, decided
from boi_pipeline.matching.editions import EPOCH, EditionOf
from boi_pipeline.matching.facts import SANE_YEARS
from boi_pipeline.matching.groups import Conflict, ItemMatch, MatchRules
from boi_pipeline.matching.items import MatchItem
from boi_pipeline.matching.joining import Question
from boi_pipeline.matching.links import parts_of
from boi_pipeline.matching.overlaps import distinct
from boi_pipeline.matching.spread import spread
from boi_pipeline.matching.tokens import Numbers
from boi_pipeline.matching.workbench import Workbench
from boi_pipeline.records import Decision, MatchOpinion

TOGETHER = 50_000
"""Announcements decided about together, whole parts of them: bounds the memory."""
BATCHES = 8
"""As many at least where other processes help, so that none has to wait long for the last."""
AWAY = 1 << 32
"""From here on numbers stand for items that people spoke about and that are not here today: no row has them."""


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
    presumed: list[Question] = field(default_factory=list)  # what joined opportunities for a reason two calls may share
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


def match_on(
    bench: Workbench,
    answers: Iterable[Decision] = (),
    rules: MatchRules | None = None,
    opinions: Iterable[MatchOpinion] = (),
) -> MatchResult:
    """The same over a workbench that holds today's facts; what it decided before of what nothing touched still holds.

    ``opinions``: as ``opinions.match_advised`` asks for them.
    """
    rules = rules or MatchRules()
    compared_count = bench.compare(rules.max_shared)
    bench.hear()
    with uncollected():
        _decide(bench, [one for one in answers if one.action in ("same", "not_same")], list(opinions), rules)
        bench.let_go()
        result = _result(bench)
    result.compared_count = compared_count
    result.conflicts += [*_crowded(bench, rules), *_slips(bench), *_moved_links(bench, rules)]
    result.conflicts.sort(key=lambda conflict: (conflict.kind, conflict.item_ids, conflict.detail))
    return result


def _decide(bench: Workbench, answers: Sequence[Decision], opinions: Sequence[MatchOpinion], rules: MatchRules) -> None:
    """Decide about the parts that were touched, and keep it."""
    told = [*(one.item_ids for one in answers), *([one.item_id, one.other_item_id] for one in opinions)]
    rows = bench.numbers(name for names in told for name in names)
    away = {name: AWAY + place for place, name in enumerate({name for names in told for name in names})}
    spoken = pa.array([[rows.get(name, away[name]) for name in names] for names in told], pa.list_(pa.int64()))
    with bench.step() as connection:
        touched = outcomes.to_decide(connection, repr(rules), rows.values())
        with bench.given(touched):
            titles = bench.table(
                f"""select any_value(series) as series, list(n) as members from ({outcomes.TITLED}) where n in (from given)
                group by series, convener having count(*) > 1"""  # noqa: S608
            )
            scored = bench.scored()
        links = [
            (scored["a"].to_numpy(), scored["b"].to_numpy()),
            _linked(titles["members"].combine_chunks()),
            _linked(spoken),
        ]
        names, part = parts_of(*map(np.concatenate, zip(*links, strict=True)))
        together = min(TOGETHER, len(names) // BATCHES + 1) if bench.helpers else TOGETHER
        batches = (
            _batch(bench, rows, of_rows, scored, titles, (answers, opinions) if is_spoken_of else ((), ()), rules)
            for rows, of_rows, is_spoken_of in _batches(names, part, spoken.flatten().to_numpy(), together)
        )
        for found in spread(decided, batches, bench.helpers):
            outcomes.keep(connection, found)


def _linked(lists: pa.ListArray) -> tuple[Numbers, Numbers]:
    """Links between the first and each member of lists that have one."""
    return np.repeat(_first(lists), lists.value_lengths().to_numpy()), lists.flatten().to_numpy()


def _first(lists: pa.ListArray) -> Numbers:
    lengths = lists.value_lengths().to_numpy()
    return lists.flatten().to_numpy()[np.cumsum(lengths) - lengths]


def _batches(names: Numbers, part: Numbers, spoken: Numbers, together: int) -> Iterator[tuple[Numbers, Numbers, bool]]:
    """Whole parts, their rows and of each its part, ``together`` or a few more; and whether people spoke about
    these: such parts come first and all at once, since one answer may speak of several."""
    is_spoken_of = np.isin(part, part[np.isin(names, spoken)])
    if is_spoken_of.any():
        is_here = is_spoken_of & (names < AWAY)
        yield names[is_here], part[is_here], True
    names, part = names[~is_spoken_of], part[~is_spoken_of]
    ends, start = np.flatnonzero(np.diff(part, append=-1)) + 1, 0
    while start < len(names):
        stop = int(ends[np.searchsorted(ends, min(start + together, len(names)))])
        yield names[start:stop], part[start:stop], False
        start = stop


def _batch(
    bench: Workbench,
    rows: Numbers,
    part: Numbers,
    scored: pa.Table,
    titles: pa.Table,
    said: tuple[Sequence[Decision], Sequence[MatchOpinion]],
    rules: MatchRules,
) -> Batch:
    """All it takes to decide about some parts."""
    with bench.given(rows):
        sides = bench.sides()
    scored = scored.filter(pa.array(np.isin(scored["a"].to_numpy(), rows)))
    joins = scored["chance"].to_numpy() >= score.model().joins_from(rules.join_from)
    with bench.given(distinct(*(scored[side].to_numpy()[joins] for side in ("a", "b")))):
        unlike = bench.unlike(LEAST)
    titles = titles.filter(pa.array(np.isin(_first(titles["members"].combine_chunks()), rows)))
    return Batch(rows, part, sides, scored, unlike, titles, *said, rules)


def _pairs(bench: Workbench, table: str) -> list[Question]:
    """The surest first."""
    rows = bench.rows(
        f"from {table} select item_id, other_item_id, chance order by chance desc, item_id, other_item_id"
    )
    return [Question(*row) for row in rows]


def _result(bench: Workbench) -> MatchResult:
    """All that is decided, today's and what was kept."""
    instants: dict[int, datetime] = {}  # announcements of one crawl share it
    clusters: list[list[Seen]] = []
    reasons: list[list[ItemMatch]] = []
    place: dict[str, int] = {}  # first of a cluster → its place
    found = bench.table(
        """select item_id, epoch_us(first_seen_at), lead, coalesce(reason, 'alone'), matched_item_id
        from facts left join placed using (n) order by first_seen_at, item_id"""
    )
    for item_id, seen_us, lead, reason, other in zip(*(column.to_pylist() for column in found.columns), strict=True):
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
        questions=_pairs(bench, "questions"),
        presumed=_pairs(bench, "presumed"),
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
