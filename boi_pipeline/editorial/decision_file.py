"""Files of decisions: what a person decided elsewhere, applied through the same functions a person uses.

The sample entity's editors live in such a file. Each entry is applied once ever, on or after its date, however often
the file is read and wherever a reading was cut. What the acts mean belongs to ``review``.
"""

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator
from ulid import ULID

from boi_pipeline.editorial import review, weekly
from boi_pipeline.editorial.ledger import Ledger
from boi_pipeline.editorial.review import ReviewError
from boi_pipeline.records import Action, Decision, IdentityItem, PublicOpportunity, Redirect, canonical_json
from scrapers.yamlfile import ConfigError, parse_yaml, validate

_PAIRS = ("same", "not_same")
_WITH_CHANGES = ("approve", "amend", "clear_flag", "pick")


class DecisionEntry(BaseModel):
    """One decision in a file. ``item`` names the opportunity by any announcement of it (``source_id/item_key``)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    date: date
    action: Action
    item: str | None = None
    items: list[str] = Field(default_factory=list)
    role: str = Field(default="editor", min_length=1)
    reason: str = ""
    changed: dict[str, Any] = Field(default_factory=dict)
    seconds_spent: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _whole(self) -> "DecisionEntry":
        if self.action in _PAIRS and (len(set(self.items)) < 2 or self.item):
            raise ValueError(
                f"{self.action} compares announcements: expected items: with two or more of them, no item:"
            )
        if self.action not in _PAIRS and (not self.item or self.items):
            raise ValueError(f"{self.action} is about one opportunity: expected item: with one announcement, no items:")
        if self.changed and self.action not in _WITH_CHANGES:
            raise ValueError(f"{self.action} changes no field: changed: goes with {', '.join(_WITH_CHANGES)}")
        flags = self.changed.get("red_flags")
        if self.action == "clear_flag" and (
            list(self.changed) != ["red_flags"] or not isinstance(flags, list) or not flags
        ):
            raise ValueError("clear_flag names the flags it clears: expected changed: {red_flags: [name, …]}")
        if self.action == "pick" and (
            set(self.changed) != {"week", "position"}
            or not isinstance(self.changed["week"], str)
            or self.changed["position"] not in range(1, weekly.MAX_PICKS + 1)
        ):
            raise ValueError("pick names week and place: expected changed: {week: 2026-W48, position: 1}")
        if self.action == "amend" and not self.changed:
            raise ValueError("amend changes fields: expected changed: {field: value, …}")
        return self

    @property
    def decision_id(self) -> str:
        """The id of the decision this entry becomes: a ULID of its date and of a hash of all it says."""
        moment = datetime.combine(self.date, time(), UTC)
        digest = hashlib.sha256(canonical_json(self).encode("utf-8")).digest()
        return str(ULID.from_bytes(int(moment.timestamp() * 1000).to_bytes(6, "big") + digest[:10]))


class _DecisionFile(BaseModel):
    decisions: list[DecisionEntry]


@dataclass(frozen=True)
class Held:
    """An entry that was not applied, and why (Spanish)."""

    entry: DecisionEntry
    reason: str


@dataclass
class Applied:
    """What became of a file's entries."""

    applied: list[Decision] = field(default_factory=list)  # now
    already: list[Decision] = field(default_factory=list)  # by an earlier run
    waiting: list[Held] = field(default_factory=list)  # for their date
    refused: list[Held] = field(default_factory=list)  # tried again by the next run


def load_decision_file(path: Path) -> list[DecisionEntry]:
    """Read a YAML list of decisions, in the order they were taken. Raises ConfigError naming file, line and key."""
    try:
        data = parse_yaml(path.read_text(encoding="utf-8"), path)
    except OSError as error:
        raise ConfigError(path, None, "", f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(path, None, "", f"is not UTF-8 (byte {error.start})") from None
    if data is None:
        return []
    if not isinstance(data, list):
        raise ConfigError(path, 1, "", "expected a list of decisions: - {date: …, action: …, item: …, role: …}")
    return validate({"decisions": data}, _DecisionFile, path).decisions


def apply_decision_file(
    ledger: Ledger,
    entries: Sequence[DecisionEntry],
    lookup: Callable[[str], PublicOpportunity | None],
    at: datetime,
    zone: tzinfo = UTC,
    open_calls: Collection[str] = (),
) -> Applied:
    """Apply the entries whose date has come at ``at`` in ``zone``, in order, each once ever.

    ``lookup`` gives the public fields of the opportunity an item belongs to, as they are at ``at``; None where it is
    not known (a withdrawal or a pick then finds its opportunity in the register). ``open_calls``: the opportunities
    that are open at ``at``; of what is not, a pick takes only what was published in its week.
    """
    outcome = Applied()
    taken = {decision.decision_id: decision for decision in ledger.rows(Decision)}
    today = at.astimezone(zone).date()
    for entry in entries:
        if entry.decision_id in taken:
            outcome.already.append(taken[entry.decision_id])
        elif entry.date > today:
            outcome.waiting.append(Held(entry, f"Su fecha, {entry.date}, aún no ha llegado."))
        else:
            try:
                decision = _apply(ledger, entry, lookup, at, open_calls)
            except ReviewError as error:
                outcome.refused.append(Held(entry, str(error)))
            else:
                taken[decision.decision_id] = decision
                outcome.applied.append(decision)
    return outcome


def _apply(
    ledger: Ledger,
    entry: DecisionEntry,
    lookup: Callable[[str], PublicOpportunity | None],
    at: datetime,
    open_calls: Collection[str],
) -> Decision:
    said = review.Said(entry.role, at, entry.reason, entry.seconds_spent, decision_id=entry.decision_id)
    if entry.action in _PAIRS:
        answer = review.answer_same if entry.action == "same" else review.answer_not_same
        return answer(ledger, entry.items, said)
    item = entry.item or ""
    shown = lookup(item)
    if entry.action == "withdraw":
        opportunity_id = shown.opportunity_id if shown else registered_opportunity(ledger, item)
        return review.withdraw(ledger, opportunity_id, said)
    if entry.action == "pick":
        written = weekly.pick(
            ledger,
            entry.changed["week"],
            shown.opportunity_id if shown else registered_opportunity(ledger, item),
            entry.reason,
            entry.role,
            at,
            position=entry.changed["position"],
            open_calls=open_calls,
            seconds_spent=entry.seconds_spent,
            decision_id=entry.decision_id,
        )
        return next(decision for decision in written if decision.decision_id == entry.decision_id)
    if shown is None:
        raise ReviewError(f"{item}: no hay ninguna oportunidad con este anuncio; revise el identificador o la fuente.")
    if entry.action == "clear_flag":
        return review.clear_flag(ledger, shown, said, entry.changed["red_flags"])
    if entry.action in ("approve", "amend"):
        act = review.approve if entry.action == "approve" else review.amend
        return act(ledger, shown, said, entry.changed)
    act = review.reject if entry.action == "reject" else review.feature
    return act(ledger, shown, said)


def registered_opportunity(ledger: Ledger, item_id: str) -> str:
    """The opportunity an announcement belongs to by the register, merges followed. Raises ReviewError."""
    placed = ledger.rows(IdentityItem, item_id=item_id)
    if not placed:
        raise ReviewError(f"{item_id}: este anuncio no está en el registro; revise el identificador.")
    merged = {row.from_opportunity_id: row.to_opportunity_id for row in ledger.rows(Redirect) if row.kind == "merged"}
    opportunity_id = placed[-1].opportunity_id
    while opportunity_id in merged:
        opportunity_id = merged[opportunity_id]
    return opportunity_id
