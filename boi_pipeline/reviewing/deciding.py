"""Taking a decision about what a person was shown: refused where it is no longer so, else kept by ``editorial.review``.

The one way in for whoever has a person in front of it, terminal or desk. What an act means belongs to
``editorial.review``; what a withdrawal makes of the public files, to ``stages.taking_down``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from boi_pipeline.editorial import review
from boi_pipeline.editorial.amendments import ReviewError, check_terms
from boi_pipeline.editorial.ledger import Ledger
from boi_pipeline.editorial.review import Said
from boi_pipeline.records import Decision, IdentityItem, canonical_json
from boi_pipeline.reviewing.shown import MARK, Shown, find, opportunity_of, remembered
from boi_pipeline.reviewing.words import Words
from boi_pipeline.stages.run import Run
from boi_pipeline.stages.tables import warehouse_rows

Act = Literal["approve", "amend", "reject", "feature", "clear-flag"]
NEEDS_REASON = frozenset({"reject", "clear-flag", "withdraw"})


@dataclass(frozen=True)
class Deed:
    """A decision to take about one opportunity."""

    act: Act
    said: Said
    changed: Mapping[str, Any] = field(default_factory=dict)  # of approve and amend
    flags: Sequence[str] = ()  # of clear-flag


def decide(run: Run, ledger: Ledger, code: str, mark: str, deed: Deed) -> Decision:
    """Take a decision about the opportunity that a person was shown under ``mark``.

    Raises ReviewError where what was shown is no longer so, naming what changed, where somebody decided since, or
    where ``editorial.review`` refuses it. Then nothing is kept.
    """
    shown = find(run, ledger, code)
    _require_same(run, shown, mark)
    if deed.act in NEEDS_REASON and not deed.said.reason.strip():
        raise ReviewError(f"{shown.code}: diga por qué (--reason): la razón queda en el libro.")
    check_terms(shown.code, deed.changed, run.entity.vocabularies)
    _require_ahead(shown, deed.changed, run.entity.today(run.as_of))
    said = replace(deed.said, seen_seq=shown.seq)
    if deed.act == "approve":
        return review.approve(ledger, shown.record, said, deed.changed)
    if deed.act == "amend":
        return review.amend(ledger, shown.record, said, deed.changed)
    if deed.act == "clear-flag":
        return review.clear_flag(ledger, shown.record, said, deed.flags)
    act = review.reject if deed.act == "reject" else review.feature
    return act(ledger, shown.record, said)


def withdraw(ledger: Ledger, code: str, said: Said) -> Decision:
    """Take a publication down, whatever its sources say today and whoever decided since. Raises ReviewError."""
    if not said.reason.strip():
        raise ReviewError(f"{code}: diga por qué se retira (--reason): la razón queda en el libro.")
    return review.withdraw(ledger, opportunity_of(ledger, code), said)


def answer(run: Run, ledger: Ledger, codes: Sequence[str], said: Said, *, same: bool) -> Decision:
    """Say whether opportunities, named by their codes or by announcements of them, are one call.

    A code stands for the announcement that the question was about, else for the one it was minted of; two
    announcements of one opportunity may be named to part them. Raises ReviewError.
    """
    items = _items(run, ledger, codes)
    act = review.answer_same if same else review.answer_not_same
    return act(ledger, items, said)


def _items(run: Run, ledger: Ledger, names: Sequence[str]) -> list[str]:
    placed = {one.item_id: one.opportunity_id for one in ledger.rows(IdentityItem)}
    if strange := [name for name in names if "/" in name and name not in placed]:
        raise ReviewError(
            f"{', '.join(strange)}: este anuncio no está en el registro; vea los suyos en boi review show."
        )
    opportunities = {name: opportunity_of(ledger, name) for name in names if "/" not in name}
    asked = {
        row[side]
        for row in warehouse_rows(run, "select item_id, other_item_id from marts.match_questions order by all")
        for side, other in (("item_id", "other_item_id"), ("other_item_id", "item_id"))
        if {placed.get(row[side]), placed.get(row[other])} <= set(opportunities.values())
    }
    found = []
    for name in names:
        if name not in opportunities:
            found.append(name)
            continue
        own = sorted(item for item, place in placed.items() if place == opportunities[name])
        # any announcement of it will do: they are one call already
        found.append(next((item for item in own if item in asked), own[0]))
    return found


def _require_same(run: Run, shown: Shown, mark: str) -> None:
    """Refuse a decision about something else than what is shown now; say what changed where it is known."""
    given, _, seq = mark.partition("-")
    if len(given) != MARK or not seq.isdigit():
        raise ReviewError(
            f"{shown.code}: diga qué vio (--seen): la marca al pie de `boi review show {shown.code}`, por ejemplo "
            "0123456789ab-0."
        )
    if int(seq) < shown.seq:
        newer = shown.history[-1]
        raise ReviewError(
            f"{shown.code}: desde que la vio alguien decidió sobre ella: {newer.action} ({newer.role}). "
            f"Véala de nuevo: boi review show {shown.code}."
        )
    if given != shown.mark.partition("-")[0]:
        raise ReviewError(
            f"{shown.code}: cambió desde que la vio. {_changed(run, mark, shown)}"
            f"Véala de nuevo: boi review show {shown.code}."
        )


def _require_ahead(shown: Shown, changed: Mapping[str, Any], today: date) -> None:
    """Refuse closes that are all past in place of one to come: in January the old year is soon typed."""
    typed = [one["close_date"] for one in changed.get("deadlines") or []]
    known = [one.close_date for one in shown.record.deadlines]
    if typed and max(typed) < today and (not known or max(known) >= today):
        raise ReviewError(
            f"{shown.code}: el cierre que escribió ya pasó ({max(typed)}). Revise el año; si ya cerró, "
            "rechácela o retírela."
        )


def _changed(run: Run, mark: str, shown: Shown) -> str:
    before = remembered(run, mark)
    if before is None:
        return ""
    words = Words(run.entity)
    told = [
        f"{words.label(name)}: antes «{words.of(name, getattr(before, name))}», ahora «{words.of(name, value)}»."
        for name, value in shown.record
        if name != "evidence" and canonical_json(getattr(before, name)) != canonical_json(value)
    ]
    return "".join(f"{one} " for one in told or ["Cambiaron las citas que la prueban."])
