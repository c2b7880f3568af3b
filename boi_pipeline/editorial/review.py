"""What a person does with an opportunity: approve, reject, amend, feature, withdraw, clear a flag, say same or not.

Each act is one decision, kept in one transaction together with the snapshot it binds; nothing is overwritten, the
newest verdict counts. What the decisions of an opportunity add up to is ``review_state``. What may be changed belongs
to ``amendments``; closing an edition to ``edition``; files of decisions to ``decision_file``. Errors are read by
editors: they are in Spanish.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from ulid import ULID

from boi_pipeline.editorial.amendments import ReviewError, apply_changes, contradictions, edit_share, missing_fields
from boi_pipeline.editorial.ledger import Ledger, Transaction
from boi_pipeline.personal_data import holds_personal_data
from boi_pipeline.records import (
    FACTS,
    Action,
    Decision,
    Identity,
    PublicOpportunity,
    Snapshot,
    canonical_json,
    sha256_hex,
)

APPROVAL_GROUPS = frozenset({"link", "eligibility", "money", "text"})
_ROLE = re.compile(r"[a-zñáéíóúü]{3,24}(?:[_-][a-zñáéíóúü]{2,24})?")

Status = Literal["drafted", "approved", "rejected", "withdrawn"]
_VERDICTS: dict[str, Status] = {"approve": "approved", "reject": "rejected", "withdraw": "withdrawn"}


@dataclass(frozen=True)
class ReviewState:
    """What the decisions about one opportunity add up to."""

    opportunity_id: str
    status: Status = "drafted"
    snapshot_sha256: str | None = None  # of the approved snapshot, while approved
    decided_at: datetime | None = None  # of the newest verdict
    role: str | None = None
    reason: str = ""
    seq: int = 0  # of the newest verdict
    featured: bool = False  # since the last rejection or withdrawal
    cleared_flags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class FieldChange:
    """A public field whose value at the source is no longer the one that was approved."""

    field: str
    group: str
    old: Any
    new: Any


def snapshot_hash(opportunity: PublicOpportunity) -> str:
    """sha256 of the canonical JSON of the public fields: what a decision is bound to."""
    return sha256_hex(canonical_json(opportunity))


def snapshot_content(snapshot: Snapshot) -> PublicOpportunity:
    """The public fields a snapshot holds. Raises ReviewError where its content does not give its hash."""
    if sha256_hex(snapshot.content) != snapshot.snapshot_sha256:
        raise ReviewError(f"La instantánea {snapshot.snapshot_sha256} está dañada: su contenido no da su huella.")
    return PublicOpportunity.model_validate_json(snapshot.content)


# ---------------------------------------------------------------- what a person does


@dataclass(frozen=True)
class Said:
    """What a person says with a decision, whatever the decision is.

    ``decision_id`` names a decision that may be taken only once: taken already, it is returned as it was.
    ``seen_seq`` is the newest decision about the opportunity that the person saw (0: none); somebody's later one then
    refuses this one.
    """

    role: str
    at: datetime
    reason: str = ""
    seconds: int | None = None  # spent on it
    decision_id: str | None = None
    seen_seq: int | None = None


def approve(
    ledger: Ledger, snapshot: PublicOpportunity, said: Said, changed: Mapping[str, Any] | None = None
) -> Decision:
    """Approve the public fields as seen, with the person's changes; public output is rendered from what is kept here.

    Raises ReviewError while a red flag is not cleared, where somebody decided since, where what no note can do without
    is missing, or where the changes do not make a valid record.
    """
    check_words(snapshot.code, said.role, said.reason)
    with ledger.transaction() as turn:
        if taken := _taken(turn, said.decision_id):
            return taken
        _require_identity(turn, snapshot.opportunity_id)
        history = _unmoved(turn, snapshot.opportunity_id, said.seen_seq)
        if standing := sorted(set(snapshot.red_flags) - cleared_flags(history, snapshot)):
            raise ReviewError(
                f"{snapshot.code}: tiene señales de alerta sin despejar ({', '.join(standing)}). "
                "Revise la fuente y, si procede, despéjelas una por una (clear_flag) antes de aprobar."
            )
        approved, proposed, written = apply_changes(snapshot, changed or {})
        if missing := missing_fields(approved):
            raise ReviewError(
                f"{snapshot.code}: falta {', '.join(missing)}; la nota no puede salir sin ello. Escríbalo."
            )
        if faults := contradictions(approved):
            raise ReviewError(f"{snapshot.code}: {'; '.join(faults)}. Búsquelo en la página y corríjalo al aprobar.")
        content = canonical_json(approved)
        sha256 = sha256_hex(content)
        if not turn.rows(Snapshot, snapshot_sha256=sha256):
            turn.append(
                [Snapshot(seq=0, snapshot_sha256=sha256, opportunity_id=approved.opportunity_id, content=content)]
            )
        return _keep(
            turn,
            "approve",
            said,
            opportunity_id=approved.opportunity_id,
            proposed=canonical_json(proposed),
            changed=canonical_json(written),
            snapshot_sha256=sha256,
            edit_share=edit_share(snapshot, approved),
        )


def reject(ledger: Ledger, snapshot: PublicOpportunity, said: Said) -> Decision:
    """Decide that an opportunity is not published. Raises ReviewError where it is not in the register."""
    return _decide(ledger, "reject", snapshot.opportunity_id, said, seen=snapshot)


def withdraw(ledger: Ledger, opportunity_id: str, said: Said) -> Decision:
    """Take an opportunity out of every public output now, whatever its sources say today."""
    return _decide(ledger, "withdraw", opportunity_id, said)


def feature(ledger: Ledger, snapshot: PublicOpportunity, said: Said) -> Decision:
    """Put an opportunity before the others of its edition; it still needs its approval."""
    return _decide(ledger, "feature", snapshot.opportunity_id, said, seen=snapshot)


def amend(ledger: Ledger, snapshot: PublicOpportunity, said: Said, changed: Mapping[str, Any]) -> Decision:
    """Correct public fields without approving them. Raises ReviewError where nothing or nothing valid is changed."""
    if not changed:
        raise ReviewError(f"{snapshot.code}: la corrección no cambia ningún campo.")
    amended, proposed, written = apply_changes(snapshot, changed)
    return _decide(
        ledger,
        "amend",
        snapshot.opportunity_id,
        said,
        seen=amended,
        proposed=proposed,
        changed=written,
        share=edit_share(snapshot, amended),
    )


def clear_flag(ledger: Ledger, snapshot: PublicOpportunity, said: Said, flags: Sequence[str]) -> Decision:
    """Say that red flags were looked into and do not hold; ``changed`` keeps their names under ``red_flags``.

    It holds while the grounds of the flag are the ones seen: see ``cleared_flags``. Raises ReviewError where a flag
    is not one of the opportunity's, or without a reason.
    """
    if unknown := sorted(set(flags) - set(snapshot.red_flags)):
        raise ReviewError(f"{snapshot.code}: no tiene las señales {', '.join(unknown)}; nada que despejar.")
    if not flags or not said.reason.strip():
        raise ReviewError(f"{snapshot.code}: diga qué señales despeja y por qué.")
    return _decide(
        ledger,
        "clear_flag",
        snapshot.opportunity_id,
        said,
        seen=snapshot,
        proposed={"red_flags": sorted(snapshot.red_flags), "grounds": _grounds(snapshot)},
        changed={"red_flags": sorted(set(flags))},
    )


def answer_same(ledger: Ledger, item_ids: Sequence[str], said: Said) -> Decision:
    """Say that announcements speak of the same call; binds until a newer answer about the same items."""
    return _answer(ledger, "same", item_ids, said)


def answer_not_same(ledger: Ledger, item_ids: Sequence[str], said: Said) -> Decision:
    """Say that announcements speak of different calls, each pair of them; binds until a newer answer."""
    return _answer(ledger, "not_same", item_ids, said)


# ---------------------------------------------------------------- what decisions add up to


def review_state(decisions: Iterable[Decision], snapshots: Iterable[Snapshot]) -> dict[str, ReviewState]:
    """Per opportunity with any decision: its newest verdict and, while approved, the hash of its approved snapshot.

    Raises ReviewError where an approved snapshot is missing: the ledger is damaged, or was read in two halves.
    """
    known = {snapshot.snapshot_sha256 for snapshot in snapshots}
    states: dict[str, ReviewState] = {}
    for decision in sorted(decisions, key=lambda one: one.seq):
        if decision.opportunity_id is None:
            continue
        before = states.get(decision.opportunity_id) or ReviewState(decision.opportunity_id)
        states[decision.opportunity_id] = _after(before, decision)
    for state in states.values():
        if state.snapshot_sha256 is not None and state.snapshot_sha256 not in known:
            raise ReviewError(
                f"{state.opportunity_id}: falta la instantánea aprobada {state.snapshot_sha256}. "
                "Restaure el registro desde una copia."
            )
    return states


def cleared_flags(decisions: Iterable[Decision], snapshot: PublicOpportunity) -> set[str]:
    """The red flags a person cleared on the grounds that still stand: the same link, convener and quotes."""
    grounds = json.loads(canonical_json(_grounds(snapshot)))
    cleared: set[str] = set()
    for decision in decisions:
        if decision.action != "clear_flag" or decision.opportunity_id != snapshot.opportunity_id:
            continue
        if json.loads(decision.proposed).get("grounds") == grounds:
            cleared.update(json.loads(decision.changed)["red_flags"])
    return cleared


def changes_since_approval(decision: Decision, snapshot: Snapshot, current: PublicOpportunity) -> list[FieldChange]:
    """What the machine says today of link, eligibility, money and text that it did not say when it was approved.

    A field a person rewrote is compared with what the machine had proposed, so that only the source can change it.
    Dates are not here: they show at once as a source note (architecture §9).
    """
    proposed_then = {**snapshot_content(snapshot).model_dump(), **json.loads(decision.proposed)}
    then = PublicOpportunity.model_validate(proposed_then)
    changes = []
    for name, fact in FACTS.items():
        if fact.group not in APPROVAL_GROUPS or name not in PublicOpportunity.model_fields:
            continue
        old, new = getattr(then, name), getattr(current, name)
        if old != new:
            changes.append(FieldChange(name, fact.group, old, new))
    if then.title != current.title:
        changes.append(FieldChange("title", "text", then.title, current.title))
    return changes


def _grounds(snapshot: PublicOpportunity) -> dict[str, Any]:
    return {
        "apply_url": snapshot.apply_url,
        "funder_name": snapshot.funder_name,
        "quotes": sorted({one.quote for one in snapshot.evidence if one.field in ("red_flags", "application_fee")}),
    }


def _after(state: ReviewState, decision: Decision) -> ReviewState:
    featured, cleared = state.featured, state.cleared_flags
    if decision.action == "feature":
        featured = True
    if decision.action == "clear_flag":
        cleared = cleared | set(json.loads(decision.changed)["red_flags"])
    verdict = _VERDICTS.get(decision.action)
    if verdict is None:
        return ReviewState(
            state.opportunity_id,
            state.status,
            state.snapshot_sha256,
            state.decided_at,
            state.role,
            state.reason,
            state.seq,
            featured,
            cleared,
        )
    return ReviewState(
        state.opportunity_id,
        verdict,
        decision.snapshot_sha256 if verdict == "approved" else None,
        decision.decided_at,
        decision.role,
        decision.reason,
        decision.seq,
        featured and verdict == "approved",
        cleared,
    )


# ---------------------------------------------------------------- keeping


def _decide(
    ledger: Ledger,
    action: Action,
    opportunity_id: str,
    said: Said,
    *,
    seen: PublicOpportunity | None = None,
    proposed: Mapping[str, Any] | None = None,
    changed: Mapping[str, Any] | None = None,
    share: float | None = None,
) -> Decision:
    check_words(seen.code if seen else opportunity_id, said.role, said.reason)
    with ledger.transaction() as turn:
        if taken := _taken(turn, said.decision_id):
            return taken
        _require_identity(turn, opportunity_id)
        _unmoved(turn, opportunity_id, said.seen_seq)
        return _keep(
            turn,
            action,
            said,
            opportunity_id=opportunity_id,
            proposed=canonical_json(proposed or {}),
            changed=canonical_json(changed or {}),
            snapshot_sha256=snapshot_hash(seen) if seen else None,
            edit_share=share,
        )


def _answer(ledger: Ledger, action: Action, item_ids: Sequence[str], said: Said) -> Decision:
    items = sorted(set(item_ids))
    if len(items) < 2:
        raise ReviewError("Una respuesta «misma» o «distinta» compara al menos dos anuncios.")
    check_words(" / ".join(items), said.role, said.reason)
    with ledger.transaction() as turn:
        return _taken(turn, said.decision_id) or _keep(turn, action, said, item_ids=items)


def _taken(turn: Transaction, decision_id: str | None) -> Decision | None:
    found = turn.rows(Decision, decision_id=decision_id) if decision_id else []
    return found[0] if found else None


def check_words(about: str, role: str, reason: str) -> None:
    """What is kept of the person is a role; what is kept for ever names nobody. Raises ReviewError."""
    if not _ROLE.fullmatch(role):
        raise ReviewError(
            f"{about}: «{role}» no es un papel. Escriba qué papel decide, en una palabra y en minúsculas (editor, "
            "coordinator), nunca el nombre ni el correo de una persona."
        )
    if holds_personal_data(reason):
        raise ReviewError(
            f"{about}: la razón lleva un correo, teléfono o número de documento de una persona, y nunca se borra. Quítelo."
        )


def _unmoved(turn: Transaction, opportunity_id: str, seen_seq: int | None) -> list[Decision]:
    """The decisions about an opportunity. Raises ReviewError where there is a newer one than the person saw."""
    history = turn.rows(Decision, opportunity_id=opportunity_id)
    if seen_seq is not None and history and history[-1].seq > seen_seq:
        newer = history[-1]
        raise ReviewError(
            f"Otra persona decidió sobre ella mientras usted la veía: {newer.action} ({newer.role}"
            f"{', «' + newer.reason + '»' if newer.reason else ''}). Vuelva a verla y decida de nuevo."
        )
    return history


def _require_identity(turn: Transaction, opportunity_id: str) -> None:
    if not turn.rows(Identity, opportunity_id=opportunity_id):
        raise ReviewError(f"{opportunity_id}: no está en el registro de oportunidades; ejecute antes la recolección.")


def _keep(turn: Transaction, action: Action, said: Said, **what: Any) -> Decision:
    decision = Decision(
        seq=0,
        decision_id=said.decision_id or _new_id(said.at),
        action=action,
        role=said.role,
        decided_at=said.at,
        reason=said.reason,
        seconds_spent=said.seconds,
        **what,
    )
    (kept,) = turn.append([decision])
    assert isinstance(kept, Decision)  # noqa: S101 — append returns what it was given, numbered
    return kept


def _new_id(at: datetime) -> str:
    return str(ULID.from_datetime(at))
