"""Closing an edition: which approved opportunities go out on a day, and what became of each publication.

The edition and its planned publications are one transaction; every file made afterwards is a function of them. An
edition that exists is never changed: what was approved anew since is a correction, published again in a later one. What a person approves belongs to ``review``; rendering, to ``publishing``.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from typing import Literal

from boi_pipeline.editorial.ledger import Ledger, LedgerError, Transaction
from boi_pipeline.editorial.ranking import Candidate, Ranked, rank
from boi_pipeline.editorial.review import ReviewState, review_state, snapshot_content
from boi_pipeline.entity import EditionRules
from boi_pipeline.records import Decision, Edition, Publication, PublicationState, PublicationStateName, Snapshot
from boi_pipeline.weeks import week_label

SITE = "site"

_NEXT: dict[PublicationStateName, frozenset[PublicationStateName]] = {
    "planned": frozenset(
        {"sending", "sent"}
    ),  # at once: the site, which we write ourselves, and what is posted by hand
    "sending": frozenset({"sent", "failed", "uncertain"}),
    "failed": frozenset({"sending", "sent"}),  # tried again, or posted by hand
    "uncertain": frozenset({"sent", "failed"}),  # a person looked
    "sent": frozenset(),
}


@dataclass(frozen=True)
class ApprovedCall:
    """An approved opportunity as the tables see it today: what an edition must know besides the approved snapshot."""

    opportunity_id: str
    snapshot_sha256: str
    is_open: bool  # today or on a day to come, by the source: a call that closed or vanished is not published as new
    days_left: int | None
    authority: Literal["official", "aggregator"]
    is_undated_forecast: bool = False  # its source says that it is not open yet, and not when it opens
    quarantined: bool = False  # a check with row scope holds it back


@dataclass(frozen=True)
class NotIncluded:
    """An approved opportunity that this edition does not take, and why (Spanish)."""

    opportunity_id: str
    kind: Literal["not_approved", "flagged", "closed", "quarantined", "not_open", "published", "full"]
    reason: str


@dataclass
class EditionResult:
    """What closing gave. ``edition`` is None where there is none, and ``reason`` says why (Spanish)."""

    edition: Edition | None = None
    publications: list[Publication] = field(default_factory=list)
    ranking: list[Ranked] = field(default_factory=list)  # of those that could go, in order; empty when closed before
    not_included: list[NotIncluded] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    reason: str = ""
    already_closed: bool = False
    corrections: list[str] = field(default_factory=list)  # codes published again, with another approved text


@dataclass(frozen=True)
class Entry:
    """What goes out of one opportunity."""

    opportunity_id: str
    code: str
    snapshot_sha256: str
    is_open: bool = True


def close_edition(
    ledger: Ledger,
    day: date,
    as_of: datetime,
    approved: Iterable[ApprovedCall],
    rules: EditionRules,
    is_working_day: Callable[[date], bool],
    channels: Sequence[str] = (SITE,),
) -> EditionResult:
    """Close the edition of ``day`` with what was approved by ``as_of``, in one transaction.

    It takes approved, flagless or cleared, open, never published opportunities: featured first, then by the ranking,
    at most ``rules.maximum``; after them, beyond that number, the corrections: what was published and has another
    approved text since. A withdrawal or rejection counts even when it came after ``as_of``. Closing a day again gives
    the edition there is and changes nothing.
    """
    calls = sorted(approved, key=lambda call: call.opportunity_id)
    with ledger.transaction() as turn:
        if found := turn.rows(Edition, edition_id=day.isoformat()):
            return _closed_before(turn, found[0])
        if not is_working_day(day):
            return EditionResult(reason=f"El {day.isoformat()} no es día hábil: no hay edición.")
        result = EditionResult()
        candidates, corrections = _candidates(turn, as_of, calls, result)
        result.ranking = rank([candidate for candidate, _ in candidates.values()])
        chosen, waiting = result.ranking[: rules.maximum], result.ranking[rules.maximum :]
        for one in waiting:
            reason = f"La edición ya tiene {rules.maximum}; espera a la siguiente."
            result.not_included.append(NotIncluded(one.candidate.opportunity_id, "full", reason))
        if not chosen and not corrections:
            result.reason = f"Nada aprobado por publicar al {day.isoformat()}: no hay edición."
            return result
        if not chosen:
            result.warnings.append(f"La edición del {day.isoformat()} solo lleva correcciones.")
        elif len(chosen) < rules.minimum:
            result.warnings.append(
                f"La edición del {day.isoformat()} tiene {len(chosen)}; el mínimo previsto es {rules.minimum}."
            )
        fresh = [
            Entry(one.candidate.opportunity_id, one.candidate.code, candidates[one.candidate.opportunity_id][1])
            for one in chosen
        ]
        return _kept(turn, day, day.isoformat(), as_of, fresh, corrections, channels, result)


def close_corrections(
    ledger: Ledger,
    day: date,
    as_of: datetime,
    approved: Iterable[ApprovedCall],
    channels: Sequence[str] = (SITE,),
) -> EditionResult:
    """Publish what waits to be corrected in a further edition of ``day``, whether it is a working day or not.

    Its id is the day's with the next free number from 2: the day's own edition, closed or not, stays as it is. Asked
    again with nothing new to correct, it changes nothing and says so.
    """
    with ledger.transaction() as turn:
        result = EditionResult()
        _, corrections = _candidates(turn, as_of, sorted(approved, key=lambda call: call.opportunity_id), result)
        if not corrections:
            result.reason = "No hay correcciones por publicar: nada publicado tiene otro texto aprobado desde entonces."
            return result
        taken = {one.edition_id for one in turn.rows(Edition)}
        name = next(name for number in count(2) if (name := f"{day.isoformat()}-{number}") not in taken)
        return _kept(turn, day, name, as_of, [], corrections, channels, result)


def _kept(
    turn: Transaction,
    day: date,
    edition_id: str,
    as_of: datetime,
    fresh: Sequence[Entry],
    corrections: Sequence[Entry],
    channels: Sequence[str],
    result: EditionResult,
) -> EditionResult:
    edition = Edition(seq=0, edition_id=edition_id, edition_date=day, closed_at=as_of, label=week_label(day))
    result.edition, result.publications = plan(turn, edition, [*fresh, *corrections], channels)
    result.corrections = [entry.code for entry in corrections]
    return result


def plan(
    turn: Transaction, edition: Edition, entries: Sequence[Entry], channels: Sequence[str]
) -> tuple[Edition, list[Publication]]:
    """Keep an edition with a planned publication of each entry on each channel; both as they were numbered."""
    planned = [
        Publication(
            seq=0,
            publication_id=f"{edition.edition_id}/{channel}/{entry.code}",
            edition_id=edition.edition_id,
            opportunity_id=entry.opportunity_id,
            code=entry.code,
            channel=channel,
            position=position,
            snapshot_sha256=entry.snapshot_sha256,
            published_at=edition.closed_at,
        )
        for channel in channels
        for position, entry in enumerate(entries, 1)
        if entry.is_open or channel == SITE  # nobody is sent to what has closed, but its note is put right
    ]
    kept = turn.append([edition, *planned])
    (numbered,) = (row for row in kept if isinstance(row, Edition))
    return numbered, [row for row in kept if isinstance(row, Publication)]


def mark(
    ledger: Ledger,
    publication_ids: Collection[str],
    state: PublicationStateName,
    at: datetime,
    detail: str = "",
    address: str | None = None,
) -> int:
    """Bring publications to a state; those that are in it stay as they are, unless another ``address`` is told of them.

    Returns how many changed.

    Raises LedgerError, changing nothing, where one is unknown or cannot go from its state to this one.
    """
    wanted = set(publication_ids)
    with ledger.transaction() as turn:
        known = {row.publication_id: row for row in turn.rows(Publication) if row.publication_id in wanted}
        if missing := sorted(wanted - set(known)):
            raise LedgerError(f"no such publications: {', '.join(missing)}")
        due = [
            row
            for name in sorted(wanted)
            if (row := known[name]).state != state or (address is not None and row.address != address)
        ]
        for row in due:
            if row.state != state and state not in _NEXT[row.state]:
                allowed = ", ".join(sorted(_NEXT[row.state])) or "nothing"
                raise LedgerError(f"{row.publication_id}: cannot go from {row.state} to {state}; expected {allowed}")
        turn.append(
            PublicationState(
                seq=0, publication_id=row.publication_id, state=state, at=at, detail=detail, address=address
            )
            for row in due
        )
        return len(due)


def mark_sent(ledger: Ledger, at: datetime, on_disk: Collection[str]) -> int:
    """Say of pages of the site, by publication_id, that they are out: once they are on disk. Returns how many were new."""
    wanted = set(on_disk)
    planned = [row.publication_id for row in ledger.rows(Publication) if row.state == "planned"]
    new = wanted.intersection(planned)
    return mark(ledger, new, "sent", at) if new else 0


def _closed_before(turn: Transaction, edition: Edition) -> EditionResult:
    publications = turn.rows(Publication, edition_id=edition.edition_id)
    return EditionResult(
        edition=edition,
        publications=sorted(publications, key=lambda row: (row.channel, row.position)),
        reason=f"La edición del {edition.edition_id} ya estaba cerrada; no cambia.",
        already_closed=True,
    )


def _candidates(
    turn: Transaction, as_of: datetime, calls: Sequence[ApprovedCall], result: EditionResult
) -> tuple[dict[str, tuple[Candidate, str]], list[Entry]]:
    """What may go out: opportunity → its candidacy and snapshot where it is new, and the corrections by code."""
    snapshots = {row.snapshot_sha256: row for row in turn.rows(Snapshot)}
    by_then = review_state(turn.rows(Decision, as_of), snapshots.values())
    by_now = review_state(turn.rows(Decision), snapshots.values())
    out = {row.opportunity_id: row.snapshot_sha256 for row in turn.rows(Publication, channel=SITE)}
    found: dict[str, tuple[Candidate, str]] = {}
    corrections: list[Entry] = []
    for call in calls:
        state = by_then.get(call.opportunity_id) or ReviewState(call.opportunity_id)
        refusal = _refusal(call, state, by_now.get(call.opportunity_id, state), out.get(call.opportunity_id))
        if refusal is None:
            snapshot = snapshot_content(snapshots[call.snapshot_sha256])
            if standing := sorted(set(snapshot.red_flags) - state.cleared_flags):
                refusal = NotIncluded(
                    call.opportunity_id, "flagged", f"Señales de alerta sin despejar: {', '.join(standing)}."
                )
            elif call.opportunity_id in out:
                corrections.append(
                    Entry(call.opportunity_id, snapshot.code, call.snapshot_sha256, is_open=call.is_open)
                )
            else:
                candidate = Candidate(
                    opportunity_id=call.opportunity_id,
                    code=snapshot.code,
                    opportunity_type=snapshot.opportunity_type,
                    days_left=call.days_left,
                    home_eligible=snapshot.home_eligible,
                    funding_level=snapshot.funding_level,
                    authority=call.authority,
                    featured=state.featured,
                )
                found[call.opportunity_id] = (candidate, call.snapshot_sha256)
        if refusal is not None:
            result.not_included.append(refusal)
    return found, sorted(corrections, key=lambda one: one.code)


def _refusal(call: ApprovedCall, state: ReviewState, now: ReviewState, out: str | None) -> NotIncluded | None:
    """Why a call does not go out; ``out`` is the text of it that was published last."""

    def refuse(
        kind: Literal["not_approved", "closed", "quarantined", "not_open", "published"], reason: str
    ) -> NotIncluded:
        return NotIncluded(call.opportunity_id, kind, reason)

    if state.status != "approved" or now.status != "approved":
        return refuse("not_approved", f"No está aprobada a la hora de cierre ({now.status}).")
    if state.snapshot_sha256 != call.snapshot_sha256:
        return refuse("not_approved", "Lo aprobado no es esta versión de la ficha.")
    if out == call.snapshot_sha256:
        return refuse("published", "Ya se publicó en una edición anterior.")
    if call.quarantined:
        return refuse("quarantined", "Una verificación la retiene en cuarentena.")
    if not call.is_open and out is None:
        return refuse("closed", "Ya no está abierta según la fuente.")
    if call.is_undated_forecast and out is None:
        return refuse("not_open", "Su fuente dice que aún no abre, y no dice cuándo. Sale cuando abra.")
    return None
