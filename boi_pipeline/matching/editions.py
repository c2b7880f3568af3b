"""Which opportunities are editions of one series: each the next of the one before.

Editions share a title and convener, a link that outlives them, or all but the dates; and something says that they are
of different years or cycles. Whether two announcements are one call belongs to ``match``.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple

from boi_pipeline.matching.groups import Conflict, MatchRules, Side, another_cycle

EditionReason = Literal["title_funder", "link", "score"]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ORDER: Mapping[EditionReason, int] = {"title_funder": 0, "link": 1, "score": 2}


@dataclass(frozen=True, slots=True)
class EditionOf:
    """Two clusters, each named by its earliest item, are editions of one series; ``older`` came before ``newer``."""

    older: str
    newer: str
    reason: EditionReason


class Series(NamedTuple):
    """Announcements that may be of one series, and why."""

    reason: EditionReason
    name: str
    item_ids: tuple[str, ...]


def find_editions(
    clusters: Sequence[Sequence[Side]], series: Iterable[Series], rules: MatchRules, conflicts: list[Conflict]
) -> list[EditionOf]:
    """Each cluster's nearest earlier edition. A title that too many opportunities bear is reported, not ordered."""
    place_of = {one.item_id: place for place, cluster in enumerate(clusters) for one in cluster}
    earlier: dict[int, dict[int, EditionReason]] = defaultdict(dict)  # newer → older → why
    for one in sorted(series, key=lambda one: (_ORDER[one.reason], one.name, one.item_ids)):
        places = sorted({place_of[item_id] for item_id in one.item_ids})
        if len(places) < 2:
            continue
        if len(places) > rules.max_series:
            ids = tuple(sorted(clusters[place][0].item_id for place in places))
            detail = f"{len(places)} oportunidades llevan el título «{one.name:.200}»: no se ordenan como ediciones."
            conflicts.append(Conflict("hub", ids, detail))
            continue
        for older, newer in _consecutive(places, clusters, rules):
            if one.reason != "link" or _can_be_one_series(clusters[older], clusters[newer]):
                earlier[newer].setdefault(older, one.reason)
    found = [_nearest(newer, olders, clusters) for newer, olders in earlier.items()]
    return sorted(found, key=lambda one: (one.older, one.newer))


def _nearest(newer: int, olders: Mapping[int, EditionReason], clusters: Sequence[Sequence[Side]]) -> EditionOf:
    """Of several earlier editions the latest; by title and convener before by link or likeness alone."""
    strongest = min(_ORDER[reason] for reason in olders.values())
    best = max(
        (older for older, reason in olders.items() if _ORDER[reason] == strongest),
        key=lambda older: (_when(clusters[older]), clusters[older][0].item_id),
    )
    return EditionOf(clusters[best][0].item_id, clusters[newer][0].item_id, olders[best])


def _consecutive(
    places: Sequence[int], clusters: Sequence[Sequence[Side]], rules: MatchRules
) -> Iterator[tuple[int, int]]:
    ordered = sorted(places, key=lambda place: (_when(clusters[place]), clusters[place][0].item_id))
    for index, newer in enumerate(ordered):
        for older in reversed(ordered[:index]):
            if any(another_cycle(a, b, rules) for a in clusters[older] for b in clusters[newer]):
                yield older, newer
                break


def _when(cluster: Sequence[Side]) -> date:
    """When an edition was, for putting editions in order: its close, else its year, else when it was first seen."""
    if closes := [one.close_date for one in cluster if one.close_date]:
        return max(closes)
    if years := [one.years[-1] for one in cluster if one.years]:
        return date(max(years), 12, 31)
    return (EPOCH + timedelta(microseconds=cluster[0].seen_us)).date()


def _can_be_one_series(older: Sequence[Side], newer: Sequence[Side]) -> bool:
    return any(a.language != b.language or not set(a.words).isdisjoint(b.words) for a in older for b in newer)
