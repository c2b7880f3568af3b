"""Everything a person needs to see of one opportunity before deciding: notice, reading, evidence in context, history.

Gathered from the warehouse and the ledger, as plain values for a terminal, a desk or ``--json``. How it looks belongs to
``screen``.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from boi_pipeline.editorial.amendments import EDITABLE_FIELDS, missing_fields
from boi_pipeline.editorial.ledger import Ledger
from boi_pipeline.publishing.bulletin import Bulletin, PublishedEdition, PublishedItem
from boi_pipeline.publishing.note import Note, note_of
from boi_pipeline.publishing.text import outward_link
from boi_pipeline.records import Decision, Edition, Publication, PublicOpportunity, Snapshot
from boi_pipeline.reviewing.queue import Standing, standing_of
from boi_pipeline.reviewing.shown import Shown, changes_of, find, remember
from boi_pipeline.reviewing.words import NOTHING, Words
from boi_pipeline.stages.editing import held_back
from boi_pipeline.stages.run import Run
from boi_pipeline.stages.tables import warehouse_rows

AROUND = 160
"""How many characters of the notice are shown on each side of a quote."""


@dataclass(frozen=True)
class Context:
    """A quote within the text around it."""

    before: str
    quote: str
    after: str
    url: str
    kind: str  # stated, inferred
    method: str  # rule, model, llm
    confidence: float


@dataclass(frozen=True)
class FieldShown:
    """One public field: its value in words and what proves it."""

    name: str
    label: str
    value: str
    evidence: list[Context] = field(default_factory=list)
    is_carried: bool = False  # a person wrote it at an earlier approval
    is_missing: bool = False  # a person has to give it
    is_unclear: bool = False  # the reader was too unsure to say


@dataclass(frozen=True)
class Change:
    """What the source says now that it did not say when it was approved."""

    label: str
    old: str
    new: str
    old_quote: str
    new_quote: str


@dataclass(frozen=True)
class Sheet:
    """One opportunity, ready to be decided about."""

    code: str
    mark: str  # to give back with the decision
    title: str
    standing: Standing  # why it waits, or where it stands
    fields: list[FieldShown]
    changes: list[Change]
    flags: list[dict[str, Any]]  # label, is_cleared
    conflicts: list[dict[str, Any]]
    states: list[dict[str, Any]]
    links: list[dict[str, str]]  # what it is for, address, domain
    items: list[dict[str, Any]]
    relations: list[dict[str, Any]]
    questions: list[dict[str, Any]]
    opinions: list[dict[str, Any]]  # of a model, that two of its announcements are one call
    versions: list[dict[str, Any]]
    decisions: list[dict[str, Any]]
    publications: list[dict[str, Any]]
    held_back: list[str]
    draft: list[tuple[str, str]]  # how the note will read: heading, words
    notice_id: str
    notice: str  # its whole text


def sheet_of(run: Run, ledger: Ledger, code: str) -> tuple[Shown, Sheet]:
    """What is shown of an opportunity, by its public code. Raises ReviewError. What was shown is remembered."""
    shown = find(run, ledger, code)
    remember(run, shown)
    words, record = Words(run.entity), shown.record
    identifier = record.opportunity_id
    (reading,) = warehouse_rows(
        run,
        "select o.lead_notice_id, o.unclear_fields, n.text from intermediate.int_opportunities o "
        "join staging.stg_notices n on n.notice_id = o.lead_notice_id where o.opportunity_id = ?",
        identifier,
    )
    proofs = _contexts(run, identifier)
    missing = set(missing_fields(record))
    replaced = {name for name, value in record if name != "evidence" and value != getattr(shown.machine, name)}
    return shown, Sheet(
        code=record.code,
        mark=shown.mark,
        title=record.title_es or record.title,
        standing=standing_of(run, ledger, shown),
        fields=[
            FieldShown(
                name=name,
                label=words.label(name),
                value=words.of(name, getattr(record, name)),
                evidence=[] if name in replaced else proofs.get(name, []),
                is_carried=name in shown.carried,
                is_missing=name in missing,
                is_unclear=name in reading["unclear_fields"],
            )
            for name in EDITABLE_FIELDS
        ],
        changes=_changes(run, ledger, shown, words),
        flags=[
            {
                "flag": flag,
                "label": words.of("red_flags", flag),
                "is_cleared": flag not in shown.standing_flags,
                "evidence": proofs.get("red_flags", []),
            }
            for flag in record.red_flags
        ],
        conflicts=_of(run, "marts.field_conflicts", identifier, "field"),
        states=_of(run, "marts.opportunity_states", identifier, "since_at"),
        links=_links(record),
        items=_of(run, "marts.opportunity_items", identifier, "item_id"),
        relations=_relations(run, identifier),
        questions=warehouse_rows(
            run,
            "from marts.match_questions where opportunity_id = ? or other_opportunity_id = ? order by all",
            identifier,
            identifier,
        ),
        opinions=warehouse_rows(
            run,
            "from marts.match_opinions where opportunity_id = ? and is_together and verdict = 'same' order by all",
            identifier,
        ),
        versions=_of(run, "marts.opportunity_versions", identifier, "changed_at, field"),
        decisions=[_decision(one, words) for one in shown.history],
        publications=[
            {"edition": one.edition_id, "channel": one.channel, "state": one.state}
            for one in ledger.rows(Publication, opportunity_id=identifier)
        ],
        held_back=held_back(run).get(identifier, []),
        draft=draft_of(run, record),
        notice_id=reading["lead_notice_id"],
        notice=reading["text"],
    )


def draft_of(run: Run, record: PublicOpportunity) -> list[tuple[str, str]]:
    """How the note will read when it is published: the headings and words of its page, in their order."""
    note = preview(run, record)
    channels = [(f"Texto de {one.channel}", one.text) for one in record.channel_texts]
    parts = [
        (note.type_label or "Sin tipo", note.title),
        ("Resumen", note.summary or NOTHING),
        ("¿Puedo aplicar?", note.answer.words),
        ("Cubre", " ".join(note.covers) or NOTHING),
        ("Requisitos", " ".join(note.requirements) or NOTHING),
        ("Apertura", note.closing.chip if note.closing.state == "forecasted" else NOTHING),
        ("Cierre", "; ".join(one.words for one in note.closing.deadlines) or note.closing.chip),
        ("Cómo aplicar", " ".join(f"{number}. {step}" for number, step in enumerate(note.steps, 1)) or NOTHING),
        ("Enlace oficial", f"{note.link.href} ({note.link.domain})" if note.link else NOTHING),
        ("Costo", note.cost),
        ("ODS", "; ".join(f"{goal} {label}" for goal, label in note.goals) or NOTHING),
        ("Plan", "; ".join(note.objectives) or NOTHING),
        ("Etiqueta", note.label),
    ]
    return [*parts, *channels]


def preview(run: Run, record: PublicOpportunity) -> Note:
    """The note of a record as it would be published today. Nothing of it is approved."""
    today = run.entity.today(run.as_of)
    edition = Edition(seq=1, edition_id=today.isoformat(), edition_date=today, closed_at=run.as_of, label="")
    publication = Publication(
        seq=1,
        publication_id=f"{edition.edition_id}/site/{record.code}",
        edition_id=edition.edition_id,
        opportunity_id=record.opportunity_id,
        code=record.code,
        channel="site",
        position=1,
        snapshot_sha256="",
        published_at=run.as_of,
    )
    item = PublishedItem(publication, record, approved_on=today)
    bulletin = Bulletin(
        run.entity.file, run.entity.vocabularies, run.as_of, editions=[PublishedEdition(edition, [item])]
    )
    return note_of(bulletin, edition, item)


def _contexts(run: Run, opportunity_id: str) -> dict[str, list[Context]]:
    """Field → the quotes that count for it, in the text of their notice; of a red flag, those of any page."""
    rows = warehouse_rows(
        run,
        "select e.field, e.quote, e.start_offset, e.end_offset, e.kind, e.method, e.confidence, e.url, e.notice_id "
        "from marts.field_evidence e where e.opportunity_id = ? and (e.is_used or e.field = 'red_flags') "
        "order by e.field, e.confidence desc, e.start_offset, e.notice_id",
        opportunity_id,
    )
    texts = {
        row["notice_id"]: row["text"]
        for row in warehouse_rows(
            run,
            "select notice_id, text from staging.stg_notices where notice_id in (select unnest(?))",
            sorted({row["notice_id"] for row in rows}),
        )
    }
    found: dict[str, list[Context]] = {}
    for row in rows:
        text, start, end = texts[row["notice_id"]], row["start_offset"], row["end_offset"]
        context = Context(
            before=text[max(0, start - AROUND) : start],
            quote=text[start:end],
            after=text[end : end + AROUND],
            url=row["url"],
            kind=row["kind"],
            method=row["method"],
            confidence=row["confidence"],
        )
        known = found.setdefault(row["field"], [])
        if all(one.quote != context.quote for one in known):
            known.append(context)
    return found


def _changes(run: Run, ledger: Ledger, shown: Shown, words: Words) -> list[Change]:
    snapshots = ledger.rows(Snapshot, opportunity_id=shown.record.opportunity_id)
    approval = shown.approval
    then = next((one for one in snapshots if approval and one.snapshot_sha256 == approval.snapshot_sha256), None)
    before = _quotes(PublicOpportunity.model_validate_json(then.content)) if then else {}
    now = _quotes(shown.machine)
    return [
        Change(
            label=words.label(one.field),
            old=words.of(one.field, one.old),
            new=words.of(one.field, one.new),
            old_quote=before.get(one.field, ""),
            new_quote=now.get(one.field, ""),
        )
        for one in changes_of(shown, snapshots)
    ]


def _quotes(record: PublicOpportunity) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for one in record.evidence:
        found.setdefault(one.field, []).append(one.quote)
    return {name: " … ".join(quotes) for name, quotes in found.items()}


def _of(run: Run, table: str, opportunity_id: str, order: str) -> list[dict[str, Any]]:
    return warehouse_rows(run, f"from {table} where opportunity_id = ? order by {order}", opportunity_id)


def _relations(run: Run, opportunity_id: str) -> list[dict[str, Any]]:
    return warehouse_rows(
        run,
        "select r.relation, r.reason, one.code, other.code as related_code, other.title as related_title "
        "from staging.stg_relations r join staging.stg_identities one using (opportunity_id) "
        "join marts.opportunities other on other.opportunity_id = r.related_opportunity_id "
        "where r.opportunity_id = ? or r.related_opportunity_id = ? order by all",
        opportunity_id,
        opportunity_id,
    )


def _links(record: PublicOpportunity) -> list[dict[str, str]]:
    """Where a reader would be sent, with the domain that is really opened; a link that may not go out says so."""

    def told(purpose: str, url: str) -> dict[str, str]:
        link = outward_link(url)
        return {"for": purpose, "url": url, "domain": link.domain if link else "no se publica: no es un enlace seguro"}

    links = [("Aplicar", record.apply_url), ("Página leída", record.source_url)]
    return [told(purpose, url) for purpose, url in links if url]


def _decision(decision: Decision, words: Words) -> dict[str, Any]:
    changed: dict[str, Any] = json.loads(decision.changed)
    proposed: dict[str, Any] = json.loads(decision.proposed)
    return {
        "seq": decision.seq,
        "action": decision.action,
        "role": decision.role,
        "at": decision.decided_at,
        "reason": decision.reason,
        "seconds_spent": decision.seconds_spent,
        "edit_share": decision.edit_share,
        "changed": _told(changed, proposed, words),
    }


def _told(changed: dict[str, Any], proposed: dict[str, Any], words: Words) -> Iterable[str]:
    return [
        f"{words.label(name)}: «{words.of(name, proposed.get(name))}» → «{words.of(name, value)}»"
        for name, value in changed.items()
        if name != "digital_source_type"
    ]
