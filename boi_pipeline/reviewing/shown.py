"""The public record as a person sees it now, and the mark that tells whether it is still the same.

What was read, with what people amended, and what a person wrote at an earlier approval of what the machine still says.
How it is explained belongs to ``sheet``; deciding, to ``deciding``.
"""

import json
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from boi_pipeline.editorial.ledger import Ledger
from boi_pipeline.editorial.review import FieldChange, ReviewError, changes_since_approval, cleared_flags, snapshot_hash
from boi_pipeline.records import Decision, Identity, PublicOpportunity, Redirect, Snapshot, canonical_json
from boi_pipeline.stages.editing import public_records
from boi_pipeline.stages.run import Run
from scrapers.files import write_text

MARK = 12
"""How many characters of the record's hash a mark has."""
KEPT = 500
"""How many records that were shown are kept, to tell what changed since."""


@dataclass(frozen=True)
class Shown:
    """One opportunity as a person sees it before deciding."""

    machine: PublicOpportunity  # what was read, with what people amended
    record: PublicOpportunity  # the same, with what a person wrote when approving it before
    history: tuple[Decision, ...]  # what was decided about it, oldest first
    carried: frozenset[str] = frozenset()  # fields that come from an earlier approval

    @property
    def code(self) -> str:
        return self.record.code

    @property
    def seq(self) -> int:
        """The newest decision about it; 0 where there is none."""
        return self.history[-1].seq if self.history else 0

    @cached_property
    def mark(self) -> str:
        """What a decision gives back: it changes with the record and with what others decide."""
        return f"{snapshot_hash(self.record)[:MARK]}-{self.seq}"

    @property
    def standing_flags(self) -> list[str]:
        """The red flags that nobody cleared on the grounds that stand."""
        return sorted(set(self.record.red_flags) - cleared_flags(self.history, self.record))

    @property
    def approval(self) -> Decision | None:
        """The newest approval, whether it still stands or not."""
        return next((one for one in reversed(self.history) if one.action == "approve"), None)


def shown_of(run: Run, ledger: Ledger, opportunity_ids: Collection[str] | None = None) -> dict[str, Shown]:
    """Opportunity → as it is shown now; all of them, or those named that the tables know."""
    histories: dict[str, list[Decision]] = {}
    for decision in ledger.rows(Decision):
        if decision.opportunity_id:
            histories.setdefault(decision.opportunity_id, []).append(decision)
    return {
        identifier: _shown(machine, tuple(histories.get(identifier, ())))
        for identifier, machine in public_records(run, opportunity_ids).items()
    }


def find(run: Run, ledger: Ledger, code: str) -> Shown:
    """The opportunity with a public code, merges followed. Raises ReviewError."""
    opportunity_id = opportunity_of(ledger, code)
    found = shown_of(run, ledger, [opportunity_id]).get(opportunity_id)
    if found is None:
        raise ReviewError(
            f"{code}: hoy no se lee como una convocatoria en ninguna fuente; solo se puede retirar (boi review withdraw)."
        )
    return found


def opportunity_of(ledger: Ledger, code: str) -> str:
    """The opportunity a public code leads to, merges followed. Raises ReviewError."""
    minted = ledger.rows(Identity, code=code.strip().upper())
    if not minted:
        raise ReviewError(
            f"{code:.40}: no hay ninguna oportunidad con este código. Vea los códigos con boi review list."
        )
    merged = {one.from_opportunity_id: one.to_opportunity_id for one in ledger.rows(Redirect) if one.kind == "merged"}
    place = minted[0].opportunity_id
    while place in merged:
        place = merged[place]
    return place


def changes_of(shown: Shown, snapshots: Iterable[Snapshot]) -> list[FieldChange]:
    """What the source says now of link, eligibility, money and text that it did not when it was approved."""
    approval = shown.approval
    content = {one.snapshot_sha256: one for one in snapshots}
    if approval is None or approval.snapshot_sha256 not in content:
        return []
    return changes_since_approval(approval, content[approval.snapshot_sha256], shown.machine)


def _shown(machine: PublicOpportunity, history: tuple[Decision, ...]) -> Shown:
    plain = Shown(machine, machine, history)
    if plain.approval is None:
        return plain
    proposed, changed = json.loads(plain.approval.proposed), json.loads(plain.approval.changed)
    now = json.loads(canonical_json(machine))
    kept: dict[str, Any] = {name: value for name, value in changed.items() if now.get(name) == proposed.get(name)}
    if not kept:
        return plain
    evidence = [one for one in machine.evidence if one.field not in kept]
    record = PublicOpportunity.model_validate(machine.model_dump() | kept | {"evidence": evidence})
    return replace(plain, record=record, carried=frozenset(kept) - {"digital_source_type"})


# ---------------------------------------------------------------- what was shown, to tell what changed since


def remember(run: Run, shown: Shown) -> None:
    """Keep what a person was shown, so that a refusal can say what changed. It may be lost without harm."""
    folder = run.home.folder / "review"
    path = folder / f"{snapshot_hash(shown.record)[:MARK]}.json"
    if path.is_file():
        return
    with suppress(OSError):  # a run that begins clears what is half written, and somebody else may tidy up too
        folder.mkdir(parents=True, exist_ok=True)
        write_text(path, canonical_json(shown.record), "review")
        old = sorted(folder.glob("*.json"), key=lambda one: one.stat().st_mtime)
        for one in old[:-KEPT]:
            one.unlink(missing_ok=True)


def remembered(run: Run, mark: str) -> PublicOpportunity | None:
    """What a person was shown under a mark, where it is still kept."""
    path = run.home.folder / "review" / f"{mark.partition('-')[0]}.json"
    return PublicOpportunity.model_validate_json(path.read_text(encoding="utf-8")) if path.is_file() else None
