"""An attacker who reads all that is published of outcomes, and knows how it is made: what can he be sure of?

A count is safe when the same is published of another world, in which that count is another. Worlds are put beside each
other as kinds of reporters, which nothing adds up with each other, and go through the project's own SQL at once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product
from typing import Any

import duckdb
import pyarrow as pa

from boi_pipeline.warehouse.contract import Project

COUNTS = ("referred_count", "answered_count", "applied_count", "awarded_count", "people_count")
CHAIN = ("int_outcome_cells", "int_outcome_counts", "int_outcome_folds")
FACT = "marts.fct_outcome"
_SCHEMA = pa.schema(
    [
        ("outcome_row_id", pa.string()),
        ("outcome_date", pa.date32()),
        *((name, pa.string()) for name in ("opportunity_id", "source_id", "funder_id", "reported_by")),
        *((name, pa.int64()) for name in COUNTS),
        ("award_amount", pa.decimal128(18, 2)),
        ("currency", pa.string()),
        ("home_award_amount", pa.decimal128(18, 2)),
        ("rate", pa.decimal128(18, 6)),
        ("rate_date", pa.date32()),
        ("rate_source", pa.string()),
    ]
)

Counts = tuple[int | None, ...]
World = tuple[Counts, ...]
"""The counts of each call, as one reporter tells them."""
Place = tuple[int, int]
"""A call, and one of its counts."""


@dataclass(frozen=True)
class Seen:
    """What is published of a world, and what its maker knows is withheld."""

    rows: tuple[tuple[Any, ...], ...]
    withheld: frozenset[Place]


def look(project: Project, worlds: list[World], planted: Mapping[str, tuple[str, str]] | None = None) -> list[Seen]:
    """Send worlds through the SQL. ``planted``: model → (words of its SQL, what stands there instead)."""
    rows = [
        {
            "outcome_row_id": f"{number}#{call}",
            "outcome_date": date(2026, 3, 1 + call),
            "opportunity_id": f"call-{call}",
            "source_id": "s",
            "funder_id": "f",
            "reported_by": f"{number:06d}",
            "award_amount": 100,
            "currency": "USD",
            "home_award_amount": 100,
            **dict(zip(COUNTS, counts, strict=True)),
        }
        for number, world in enumerate(worlds)
        for call, counts in enumerate(world)
    ]
    with duckdb.connect() as connection:
        connection.execute("create schema staging; create schema intermediate; create schema marts; set threads to 1")
        connection.execute("create table staging.stg_terms (vocabulary varchar, code varchar, label varchar)")
        connection.register("given", pa.Table.from_pylist(rows, schema=_SCHEMA))
        connection.execute("create table intermediate.int_outcomes as from given")
        for table in [*(f"intermediate.{name}" for name in CHAIN), FACT]:
            sql = project.by_table[table].sql
            if table in (planted or {}):
                old, new = (planted or {})[table]
                assert old in sql, f"{table} no longer says {old!r}"
                sql = sql.replace(old, new)
            connection.execute(f"create table {table} as {sql}")
        told = connection.execute(
            f"select reported_by, opportunity_id, {', '.join(COUNTS)}, withheld_count, withheld_fields, award_amount, home_award_amount "
            f"from {FACT} order by all"
        ).fetchall()
        hidden = connection.execute(
            "select reported_by, opportunity_id, position from intermediate.int_outcome_counts where is_withheld"
        ).fetchall()
    published: dict[str, list[tuple[Any, ...]]] = {}
    for reporter, *row in told:
        published.setdefault(reporter, []).append(tuple(row))
    withheld: dict[str, set[Place]] = {}
    for reporter, call, position in hidden:
        withheld.setdefault(reporter, set()).add((int(call.removeprefix("call-")), position - 1))
    keys = [f"{number:06d}" for number in range(len(worlds))]
    return [Seen(tuple(published.get(key, ())), frozenset(withheld.get(key, ()))) for key in keys]


def leaks(project: Project, world: World, planted: Mapping[str, tuple[str, str]] | None = None) -> list[str]:
    """What the attacker learns of a world: counts of one to four people that are told, or that can be nothing else."""
    (seen,) = look(project, [world], planted)
    found = [
        f"{COUNTS[place]} of {row[0]} is told: {count}"
        for row in seen.rows
        for place, count in enumerate(row[1:6])
        if count is not None and 1 <= count <= 4
    ]
    found += list(_differences(world, seen))
    sensitive = [place for place in _sensitive(world) if place in seen.withheld]
    others = {place: list(_others(world, place, seen.withheld)) for place in sensitive}
    looks = iter(look(project, [one for worlds in others.values() for one in worlds], planted))
    for place, worlds in others.items():
        same = [next(looks).rows == seen.rows for _ in worlds]
        if not any(same):
            call, count = place
            found.append(f"{COUNTS[count]} of call-{call} can only be {world[call][count]}")
    return found


def _sensitive(world: World) -> Iterator[Place]:
    """Counts of few people, and counts that few people are left out of."""
    for call, counts in enumerate(world):
        for place, count in enumerate(counts):
            wholes = [one for one in counts[:place] if one is not None]
            if count is not None and (1 <= count <= 4 or any(1 <= abs(one - count) <= 4 for one in wholes)):
                yield call, place


def _differences(world: World, seen: Seen) -> Iterator[str]:
    """Few people between two counts that are told, of a call or of all calls together."""
    calls = {row[0]: row[1:6] for row in seen.rows}
    for outer, inner in combinations(range(len(COUNTS)), 2):
        for name, counts in calls.items():
            if name != "unknown" and _few(counts[outer], counts[inner]):
                yield f"{name}: {COUNTS[outer]} less {COUNTS[inner]}"
        told = [[counts[place] for counts in calls.values()] for place in (outer, inner)]
        whole, part = ([counts[place] for counts in world] for place in (outer, inner))
        if any(one is None or other is None or one < other for one, other in zip(whole, part, strict=True)):
            continue  # nobody knows the true difference, or it is none of people
        sums = [sum(one or 0 for one in column) for column in told]
        if sums == [sum(whole), sum(part)] and _few(*sums):  # type: ignore[arg-type]
            yield f"all calls: {COUNTS[outer]} less {COUNTS[inner]}"


def _few(outer: int | None, inner: int | None) -> bool:
    return outer is not None and inner is not None and 1 <= abs(outer - inner) <= 4


def _others(world: World, place: Place, withheld: frozenset[Place]) -> Iterator[World]:
    """Worlds in which a count is another: alone, with one other that makes up for it, or with all that are summed with it."""
    call, count = place
    value = world[call][count] or 0
    company = [one for one in sorted(withheld) if one[1] == count and one[0] != call]
    for other in range(max(0, value - 4), value + 5):
        if other == value:
            continue
        yield _changed(world, {place: other})
        for mate in company:
            made_up = (world[mate[0]][count] or 0) - (other - value)
            if made_up >= 0:
                yield _changed(world, {place: other, mate: made_up})
    steps = (-3, 3) if len(company) < 5 else ()
    for shifts in product(steps, repeat=len(company) + 1):
        changes = {one: (world[one[0]][count] or 0) + step for one, step in zip([place, *company], shifts, strict=True)}
        if min(changes.values()) >= 0:
            yield _changed(world, changes)


def _changed(world: World, changes: Mapping[Place, int]) -> World:
    return tuple(
        tuple(changes.get((call, place), count) for place, count in enumerate(counts))
        for call, counts in enumerate(world)
    )
