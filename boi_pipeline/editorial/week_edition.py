"""Closing a week: the edition of exactly what a person picked, with the texts that the site shows; for ever.

What may be picked belongs to ``weekly``; what the article looks like, to ``publishing``.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from boi_pipeline.editorial.edition import Entry, plan
from boi_pipeline.editorial.ledger import Ledger
from boi_pipeline.editorial.weekly import MAX_PICKS, on_site, picks_of, week_days
from boi_pipeline.records import Decision, Edition, Publication


@dataclass
class WeekResult:
    """What closing gave. ``edition`` is None where there is none, and ``reason`` says why (Spanish)."""

    week: str
    edition: Edition | None = None
    publications: list[Publication] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    reason: str = ""
    already_closed: bool = False


def close_week(
    ledger: Ledger,
    week: str,
    as_of: datetime,
    channels: Sequence[str],
    *,
    day: date,
    open_calls: Collection[str] | None = None,
) -> WeekResult:
    """Close a week with what was picked by ``as_of``, in one transaction: its edition and its planned publications.

    ``day`` is the calendar day it closes on. Each publication carries the snapshot that the site shows. What was
    withdrawn or rejected since it was picked stays out. A call that is not in ``open_calls`` is told of, and goes: a
    person picked it. Closing again gives the edition there is. Raises ReviewError where ``week`` is no week.
    """
    monday, _ = week_days(week)
    with ledger.transaction() as turn:
        if found := turn.rows(Edition, edition_id=week):
            rows = sorted(turn.rows(Publication, edition_id=week), key=lambda row: (row.channel, row.position))
            reason = f"La semana {week} ya estaba cerrada; no cambia."
            return WeekResult(week, found[0], rows, reason=reason, already_closed=True)
        if day < monday:
            return WeekResult(week, reason=f"La semana {week} empieza el {monday}: aún no se puede cerrar.")
        picks = picks_of(turn.rows(Decision, as_of), week)
        if not picks:
            return WeekResult(
                week,
                reason=f"Nadie eligió convocatorias para la semana {week}: no hay artículo. Se eligen con boi week pick.",
            )
        result = WeekResult(week)
        shown = on_site(turn.rows(Edition, as_of), turn.rows(Publication, as_of), turn.rows(Decision))
        going = [shown[one.opportunity_id] for one in picks if one.opportunity_id in shown]
        codes = {row.opportunity_id: row.code for row in turn.rows(Publication)}
        for one in picks:
            if one.opportunity_id not in shown:
                code = codes.get(one.opportunity_id, one.opportunity_id)
                result.warnings.append(f"{code}: se eligió y ya no está aprobada en el sitio; no va en el artículo.")
        if not going:
            result.reason = f"Ninguna de las elegidas para la semana {week} sigue publicada: no hay artículo."
            return result
        if len(going) < MAX_PICKS:
            result.warnings.append(f"La semana {week} tiene {len(going)}; se esperan {MAX_PICKS}.")
        if open_calls is not None:
            closed = [one.code for one in going if one.opportunity_id not in open_calls]
            result.warnings += [f"{code}: ya no está abierta según la fuente; el artículo lo dice." for code in closed]
        edition = Edition(seq=0, edition_id=week, edition_date=day, closed_at=as_of, label=week)
        entries = [Entry(one.opportunity_id, one.code, one.snapshot_sha256) for one in going]
        result.edition, result.publications = plan(turn, edition, entries, channels)
        return result
