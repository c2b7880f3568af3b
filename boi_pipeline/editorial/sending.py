"""Sending publications: who may begin, what a crash left under way, what a person found out, how often it was tried.

All of it is in the ledger: a publication that is ``sending`` belongs to whoever brought it there, and to nobody else.
Which states follow each other belongs to ``edition``; what is sent and how, to ``delivery``.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from boi_pipeline.editorial.edition import mark
from boi_pipeline.editorial.ledger import Ledger, LedgerError, Transaction
from boi_pipeline.editorial.review import check_words
from boi_pipeline.records import Decision, Edition, Publication, PublicationState, PublicationStateName

INTERRUPTED = "El proceso terminó a mitad del envío: no se sabe si llegó."
_UNSENT = frozenset({"planned", "failed"})
_VERDICTS = frozenset({"approve", "reject", "withdraw"})


@dataclass(frozen=True)
class Sending:
    """A publication with what was done to send it."""

    publication: Publication
    attempts: int  # how often a sending began
    at: datetime | None  # of its newest state; None while it is planned
    detail: str  # of its newest state, in Spanish


def sendings(ledger: Ledger) -> list[Sending]:
    """Every publication in the ledger's order, with its attempts."""
    states: dict[str, list[PublicationState]] = {}
    for state in ledger.rows(PublicationState):
        states.setdefault(state.publication_id, []).append(state)
    found = []
    for one in ledger.rows(Publication):
        passed = states.get(one.publication_id, [])
        newest = passed[-1] if passed else None
        attempts = sum(state.state == "sending" for state in passed)
        found.append(Sending(one, attempts, newest.at if newest else None, newest.detail if newest else ""))
    return found


def told_of(one: Sending) -> tuple[str, str, str]:
    """(publication_id, state, why)."""
    return one.publication.publication_id, one.publication.state, one.detail


def troubled(ledger: Ledger, today: date, window_days: int) -> list[tuple[str, str, str]]:
    """What a person must look at: all that is uncertain, and what failed and is still to go out."""
    recent = recent_editions(ledger, today, window_days)
    found = [
        one
        for one in sendings(ledger)
        if one.publication.state == "uncertain"
        or (one.publication.state == "failed" and one.publication.edition_id in recent)
    ]
    held = standing_refusals(ledger, [one.publication for one in found if one.publication.state == "failed"])
    return [told_of(one) for one in found if one.publication.publication_id not in held]


def state_counts(ledger: Ledger, today: date, window_days: int, channels: Collection[str]) -> dict[str, int]:
    """State → publications in it: what waits and is still to go out, and all that is uncertain.

    What was withdrawn, or corrected by a later edition, waits for nothing any more.
    """
    recent = recent_editions(ledger, today, window_days)
    told = [
        one
        for one in ledger.rows(Publication)
        if one.channel in channels
        and (one.state == "uncertain" or (one.state in _UNSENT | {"sending"} and one.edition_id in recent))
    ]
    held = standing_refusals(ledger, [one for one in told if one.state in _UNSENT])
    return dict(sorted(Counter(one.state for one in told if one.publication_id not in held).items()))


def recent_editions(ledger: Ledger, today: date, window_days: int) -> set[str]:
    """The editions of today and of the ``window_days`` before."""
    return {one.edition_id for one in ledger.rows(Edition) if 0 <= (today - one.edition_date).days <= window_days}


def claim(ledger: Ledger, publication_ids: Collection[str], at: datetime) -> dict[str, str]:
    """Bring publications to ``sending`` in one transaction, all or none: of two who try, one may send.

    Returns publication_id → why it must not be sent (Spanish), by the ledger as it is now; empty when all are claimed.
    Raises LedgerError for one that is unknown.
    """
    with ledger.transaction() as turn:
        editions = sorted({name.partition("/")[0] for name in publication_ids})
        known = {row.publication_id: row for one in editions for row in turn.rows(Publication, edition_id=one)}
        if missing := sorted(set(publication_ids) - set(known)):
            raise LedgerError(f"no such publications: {', '.join(missing)}")
        wanted = [known[name] for name in sorted(set(publication_ids))]
        refused = {row.publication_id: why for row in wanted if (why := _refusal(turn, row))}
        if not refused:
            turn.append(
                PublicationState(seq=0, publication_id=row.publication_id, state="sending", at=at) for row in wanted
            )
        return refused


def standing_refusals(ledger: Ledger, publications: Collection[Publication]) -> dict[str, str]:
    """publication_id → why it must not be sent by the ledger as it is now (Spanish); looks only."""
    return {row.publication_id: why for row in publications if (why := _refusal(ledger, row))}


def interrupted(ledger: Ledger, at: datetime) -> list[str]:
    """Bring what is still ``sending`` to ``uncertain``, and return it: for the start of a run that is the only one.

    Whoever was sending ended without a word. It may have gone out: only a person can tell.
    """
    left = [row.publication_id for row in ledger.rows(Publication) if row.state == "sending"]
    if left:
        mark(ledger, left, "uncertain", at, INTERRUPTED)
    return left


def resolve(
    ledger: Ledger,
    publication_ids: Sequence[str],
    state: PublicationStateName,
    role: str,
    at: datetime,
    reason: str,
    address: str | None = None,
) -> int:
    """Keep what a person found out, or that it was posted by hand, and at which ``address``. Returns how many changed.

    Raises LedgerError, changing nothing, for one that is unknown or where the state cannot follow; ReviewError for a name
    in the place of a role, and for personal data.
    """
    check_words(", ".join(publication_ids), role, reason)
    told = f"{role}: {reason}" if reason else role
    return mark(ledger, publication_ids, state, at, told, address)


def _refusal(turn: Ledger | Transaction, row: Publication) -> str | None:
    if row.state not in _UNSENT:
        return f"Ya está en el estado «{row.state}»."
    decided = turn.rows(Decision, opportunity_id=row.opportunity_id)
    verdicts = [one for one in decided if one.action in _VERDICTS]
    if not any(one.action == "approve" and one.snapshot_sha256 == row.snapshot_sha256 for one in verdicts):
        return "Nadie aprobó este texto."
    if verdicts[-1].action != "approve":
        return "El equipo la retiró o la rechazó."
    if any(one.action == "withdraw" and one.seq > row.seq for one in verdicts):
        return "El equipo la retiró después de planearla."
    if any(
        other.seq > row.seq and other.channel == row.channel and other.snapshot_sha256 != row.snapshot_sha256
        for other in turn.rows(Publication, opportunity_id=row.opportunity_id)
    ):
        return "Una corrección posterior ocupa su lugar."
    return None
