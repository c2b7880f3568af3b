"""The weekly five: calls that a person picks, with a reason for the public, among those on the site.

A pick is a decision (``pick``) about one opportunity and one ISO week: ``reason`` says to the public why it was
chosen, ``changed`` holds week and position. The newest pick of an opportunity counts until its week closes; no model
and no rule picks. Closing a week belongs to ``week_edition``. Errors are read by editors: in Spanish.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from ulid import ULID

from boi_pipeline.editorial.edition import SITE
from boi_pipeline.editorial.ledger import Ledger, Transaction
from boi_pipeline.editorial.ranking import Candidate, Ranked, rank
from boi_pipeline.editorial.review import ReviewError, snapshot_content
from boi_pipeline.records import Decision, Edition, Publication, PublicOpportunity, Snapshot, canonical_json
from boi_pipeline.weeks import week_days as iso_days

MAX_PICKS = 5
MIN_WHY_WORDS = 5
MAX_WHY = 600
_UNDONE_BY = frozenset({"withdraw", "reject"})
_Wanted = tuple[str, str, str | None]  # opportunity, why, decision id


@dataclass(frozen=True)
class Pick:
    """One call as it stands in a week's list."""

    opportunity_id: str
    position: int  # from 1
    why: str
    role: str
    decided_at: datetime


@dataclass(frozen=True)
class OnSite:
    """What the site shows of an opportunity: its newest publication, which a person's approval still backs."""

    opportunity_id: str
    code: str
    snapshot_sha256: str
    published_on: tuple[date, ...]  # the days of its editions, oldest first


@dataclass(frozen=True)
class CallToday:
    """What the tables say of a published opportunity today."""

    opportunity_id: str
    is_open: bool
    days_left: int | None
    authority: Literal["official", "aggregator"]


@dataclass(frozen=True)
class WeekCandidate:
    """A call that may be picked, with its place by the published rules and what was decided so far."""

    ranked: Ranked
    snapshot: PublicOpportunity
    published_on: date  # its newest day on the site
    is_this_week: bool
    is_open: bool
    picked: Pick | None


def week_days(week: str) -> tuple[date, date]:
    """Monday and Sunday of an ISO 8601 week such as ``2026-W48``. Raises ReviewError for anything else."""
    try:
        return iso_days(week)
    except ValueError:
        raise ReviewError(f"{week:.40}: no es una semana; se espera, por ejemplo, 2026-W48.") from None


def picks_of(decisions: Iterable[Decision], week: str) -> list[Pick]:
    """A week's list as decisions leave it: the newest pick of each opportunity, in their order."""
    newest: dict[str, tuple[int | None, Decision]] = {}
    for decision in sorted(decisions, key=lambda one: one.seq):
        if decision.picked and decision.picked[0] == week and decision.opportunity_id:
            newest[decision.opportunity_id] = (decision.picked[1], decision)
    standing = [(position, one) for position, one in newest.values() if position is not None]
    standing.sort(key=lambda pair: (pair[0], pair[1].seq))
    return [
        Pick(one.opportunity_id or "", place, one.reason, one.role, one.decided_at)
        for place, (_, one) in enumerate(standing, 1)
    ]


def on_site(
    editions: Iterable[Edition], publications: Iterable[Publication], decisions: Iterable[Decision]
) -> dict[str, OnSite]:
    """Opportunity → what the site shows of it, without what a person withdrew or rejected since its approval."""
    days = {one.edition_id: one.edition_date for one in editions}
    approved: dict[str, set[str]] = {}
    for decision in sorted(decisions, key=lambda one: one.seq):
        if decision.action == "approve" and decision.opportunity_id and decision.snapshot_sha256:
            approved.setdefault(decision.opportunity_id, set()).add(decision.snapshot_sha256)
        elif decision.action in _UNDONE_BY and decision.opportunity_id:
            approved.pop(decision.opportunity_id, None)
    shown: dict[str, list[Publication]] = {}
    for publication in sorted(publications, key=lambda one: one.seq):
        if publication.channel == SITE:
            shown.setdefault(publication.opportunity_id, []).append(publication)
    return {
        identifier: OnSite(
            identifier, rows[-1].code, rows[-1].snapshot_sha256, tuple(sorted(days[one.edition_id] for one in rows))
        )
        for identifier, rows in shown.items()
        if rows[-1].snapshot_sha256 in approved.get(identifier, ())
    }


def pick_week(
    ledger: Ledger,
    week: str,
    chosen: Sequence[tuple[str, str]],
    role: str,
    at: datetime,
    *,
    open_calls: Collection[str] = (),
) -> list[Decision]:
    """Make ``chosen`` (opportunity_id, why) the week's list, in this order; what is not in it leaves the list.

    Only calls on the site go in: published in that week, or before it and in ``open_calls``. What stays as it was is
    not written again. Raises ReviewError, writing nothing, where a call may not go in, a why is missing, there are
    more than five, or the week is closed.
    """
    with ledger.transaction() as turn:
        return _write(turn, week, [(one, why, None) for one, why in chosen], role, at, open_calls)


def pick(
    ledger: Ledger,
    week: str,
    opportunity_id: str,
    why: str,
    role: str,
    at: datetime,
    *,
    position: int | None = None,
    open_calls: Collection[str] = (),
    seconds_spent: int | None = None,
    decision_id: str | None = None,
) -> list[Decision]:
    """Put one call into the week's list, at ``position`` (the others move down) or last; give what was written.

    A call that is in the list moves, and its why is replaced. ``decision_id`` names a decision that may be taken only
    once: taken already, it is given back as it was. Raises ReviewError as ``pick_week`` does.
    """
    with ledger.transaction() as turn:
        if taken := turn.rows(Decision, decision_id=decision_id) if decision_id else []:
            return taken
        now = picks_of(turn.rows(Decision), week)
        wanted: list[_Wanted] = [
            (one.opportunity_id, one.why, None) for one in now if one.opportunity_id != opportunity_id
        ]
        if position is not None and not 1 <= position <= MAX_PICKS:
            raise ReviewError(f"El puesto {position} no existe: son {MAX_PICKS}.")
        place = len(wanted) if position is None else min(position - 1, len(wanted))
        if position is None and (before := [one.position for one in now if one.opportunity_id == opportunity_id]):
            place = before[0] - 1
        wanted.insert(place, (opportunity_id, why, decision_id))
        return _write(turn, week, wanted, role, at, open_calls, seconds_spent)


def drop(ledger: Ledger, week: str, opportunity_id: str, role: str, at: datetime) -> list[Decision]:
    """Take one call out of the week's list. Raises ReviewError where it is not in it, or the week is closed."""
    with ledger.transaction() as turn:
        now = picks_of(turn.rows(Decision), week)
        if opportunity_id not in {one.opportunity_id for one in now}:
            raise ReviewError(f"{opportunity_id}: no está entre las elegidas de la semana {week}.")
        kept = [(one.opportunity_id, one.why, None) for one in now if one.opportunity_id != opportunity_id]
        return _write(turn, week, kept, role, at, ())


def week_candidates(
    ledger: Ledger,
    week: str,
    at: datetime,
    calls: Iterable[CallToday],
) -> list[WeekCandidate]:
    """The calls that may be picked for a week, ordered and explained by the entity's published rules."""
    today = {call.opportunity_id: call for call in calls}
    decisions = ledger.rows(Decision)
    shown = on_site(ledger.rows(Edition, as_of=at), ledger.rows(Publication, as_of=at), decisions)
    snapshots = {row.snapshot_sha256: row for row in ledger.rows(Snapshot)}
    picked = {one.opportunity_id: one for one in picks_of(decisions, week)}
    found: dict[str, tuple[PublicOpportunity, OnSite, bool]] = {}
    ranked = []
    for identifier, site in sorted(shown.items()):
        call = today.get(identifier)
        is_open = bool(call and call.is_open)
        if not _may_go_in(site, week, is_open):
            continue
        facts = snapshot_content(snapshots[site.snapshot_sha256])
        found[identifier] = (facts, site, is_open)
        ranked.append(
            Candidate(
                opportunity_id=identifier,
                code=site.code,
                opportunity_type=facts.opportunity_type,
                days_left=call.days_left if call else None,
                home_eligible=facts.home_eligible,
                funding_level=facts.funding_level,
                authority=call.authority if call else "aggregator",
            )
        )
    return [
        WeekCandidate(
            ranked=one,
            snapshot=facts,
            published_on=site.published_on[-1],
            is_this_week=_is_of(site, week),
            is_open=is_open,
            picked=picked.get(one.candidate.opportunity_id),
        )
        for one in rank(ranked)
        for facts, site, is_open in [found[one.candidate.opportunity_id]]
    ]


# ---------------------------------------------------------------- keeping


def _write(
    turn: Transaction,
    week: str,
    wanted: Sequence[_Wanted],
    role: str,
    at: datetime,
    open_calls: Collection[str],
    seconds_spent: int | None = None,
) -> list[Decision]:
    """Write what the list needs to become ``wanted``; of what is in it already, only order and reasons can change."""
    week_days(week)
    if turn.rows(Edition, edition_id=week):
        raise ReviewError(f"La semana {week} ya está cerrada: sus elegidas no cambian.")
    if len(wanted) > MAX_PICKS:
        raise ReviewError(f"Son {len(wanted)} y caben {MAX_PICKS}: saque antes alguna de la semana {week}.")
    if len({one for one, _, _ in wanted}) != len(wanted):
        raise ReviewError("Una convocatoria está dos veces en la lista.")
    decisions = turn.rows(Decision)
    now = {one.opportunity_id: one for one in picks_of(decisions, week)}
    shown = on_site(turn.rows(Edition, as_of=at), turn.rows(Publication, as_of=at), decisions)
    due: list[Decision] = []

    def decide(opportunity_id: str, position: int | None, why: str, by: str, decision_id: str | None = None) -> None:
        site = shown.get(opportunity_id)
        due.append(
            Decision(
                seq=0,
                decision_id=decision_id or str(ULID.from_datetime(at)),
                action="pick",
                opportunity_id=opportunity_id,
                role=by,
                decided_at=at,
                reason=why,
                changed=canonical_json({"week": week, "position": position}),
                seconds_spent=seconds_spent,
                snapshot_sha256=site.snapshot_sha256 if site else None,
            )
        )

    for identifier in sorted(set(now) - {one for one, _, _ in wanted}):
        decide(identifier, None, "", role)
    for position, (identifier, given, decision_id) in enumerate(wanted, 1):
        before, why = now.get(identifier), " ".join(given.split())
        is_same = before is not None and before.why == why
        if not is_same:
            _require(identifier, why, shown, week, open_calls)
        if before is None or not is_same or before.position != position or decision_id:
            # who only moves a call down did not write its reason
            decide(identifier, position, why, before.role if before and is_same else role, decision_id)
    return [row for row in turn.append(due) if isinstance(row, Decision)]


def _require(
    opportunity_id: str, why: str, shown: Mapping[str, OnSite], week: str, open_calls: Collection[str]
) -> None:
    site = shown.get(opportunity_id)
    if site is None:
        raise ReviewError(
            f"{opportunity_id}: no está aprobada y publicada en el sitio; solo se elige entre lo publicado."
        )
    if not _may_go_in(site, week, opportunity_id in open_calls):
        raise ReviewError(
            f"{site.code}: no se publicó en la semana {week} y ya no está abierta; elija una abierta o de esa semana."
        )
    if len(why.split()) < MIN_WHY_WORDS:
        raise ReviewError(f"{site.code}: diga en una frase completa por qué la elige; el público la lee.")
    if len(why) > MAX_WHY:
        raise ReviewError(f"{site.code}: el motivo tiene {len(why)} caracteres; se esperan a lo sumo {MAX_WHY}.")


def _may_go_in(site: OnSite, week: str, is_open: bool) -> bool:
    _, sunday = week_days(week)
    return _is_of(site, week) or (is_open and site.published_on[0] <= sunday)


def _is_of(site: OnSite, week: str) -> bool:
    monday, sunday = week_days(week)
    return any(monday <= day <= sunday for day in site.published_on)
