"""The stages after people decide: decisions, the day's edition, the bulletin.

Functions that know neither Dagster nor the command line; they hand the ledger's and the warehouse's rows to
``editorial`` and ``publishing``. What comes before a person decides belongs to the stages before it.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boi_pipeline.records import (
    Decision,
    Edition,
    Identity,
    Publication,
    PublicOpportunity,
    Redirect,
    Relation,
    Snapshot,
    SourceNote,
)
from boi_pipeline.stages.run import Run
from boi_pipeline.stages.tables import asking, existing, warehouse_path, warehouse_rows
from scrapers.files import swapped_folder
from scrapers.tabular import read_records

if TYPE_CHECKING:
    from boi_pipeline.editorial.decision_file import Applied
    from boi_pipeline.editorial.edition import ApprovedCall, EditionResult
    from boi_pipeline.editorial.ledger import Ledger
    from boi_pipeline.editorial.review import ReviewState
    from boi_pipeline.editorial.weekly import CallToday
    from boi_pipeline.publishing.bulletin import Bulletin


def public_records(run: Run, only: Collection[str] | None = None) -> dict[str, PublicOpportunity]:
    """Opportunity → the public record a person would see now: what was read, with what people amended since.

    Of all, or of ``only`` these. What no reader could say and no note can do without is empty. The quotes of a field
    that a person amended are not there: they prove another value.
    """
    with run.ledger() as ledger:
        decisions = ledger.rows(Decision, as_of=run.as_of)
    amended: dict[str, dict[str, Any]] = {}
    for decision in decisions:
        if decision.action == "amend" and decision.opportunity_id:
            amended.setdefault(decision.opportunity_id, {}).update(json.loads(decision.changed))
    query = "select opportunity_id, public_json from intermediate.int_public"
    rows = (
        warehouse_rows(run, f"{query} order by all")
        if only is None
        else warehouse_rows(run, f"{query} where opportunity_id in (select unnest(?)) order by all", sorted(only))
    )
    return {row["opportunity_id"]: _amended(row["public_json"], amended.get(row["opportunity_id"], {})) for row in rows}


def _amended(public_json: str, changed: dict[str, Any]) -> PublicOpportunity:
    read = json.loads(public_json)
    evidence = [quote for quote in read["evidence"] if quote["field"] not in changed]
    return PublicOpportunity.model_validate(read | changed | {"evidence": evidence})


def take_decisions(run: Run) -> "Applied | None":
    """Take the decisions of the entity's file whose day has come, through the functions a person uses; once ever."""
    from boi_pipeline.editorial.decision_file import apply_decision_file, load_decision_file

    path = run.entity.decisions_path
    if path is None:
        return None
    entries = load_decision_file(path)
    records = public_records(run)
    owner = {
        row["item_id"]: row["opportunity_id"]
        for row in warehouse_rows(run, "select item_id, opportunity_id from intermediate.int_items")
    }
    with run.ledger() as ledger:
        return apply_decision_file(
            ledger,
            entries,
            lambda item: records.get(owner.get(item, "")),
            run.as_of,
            run.entity.zone,
            open_calls(run, ledger) if any(entry.action == "pick" for entry in entries) else (),
        )


def close_edition(run: Run) -> "EditionResult":
    """Close the day's edition with what was approved, in one transaction of the ledger."""
    from boi_pipeline.editorial.edition import close_edition

    with run.ledger() as ledger:
        return close_edition(
            ledger,
            run.entity.today(run.as_of),
            run.as_of,
            _approved_calls(run, ledger),
            run.entity.file.edition,
            run.entity.is_working_day,
            run.entity.file.channels.daily,
        )


def close_corrections(run: Run) -> "EditionResult":
    """Close a further edition of the day with what was published and approved anew since; any day of the week."""
    from boi_pipeline.editorial.edition import close_corrections

    with run.ledger() as ledger:
        return close_corrections(
            ledger,
            run.entity.today(run.as_of),
            run.as_of,
            _approved_calls(run, ledger),
            run.entity.file.channels.daily,
        )


def _approved_calls(run: Run, ledger: "Ledger") -> "list[ApprovedCall]":
    from boi_pipeline.editorial.edition import ApprovedCall
    from boi_pipeline.editorial.review import review_state

    aside = held_back(run, approved=True)
    rows = warehouse_rows(
        run,
        "select o.opportunity_id, o.authority, o.is_vanished, s.status, s.otherwise_status, s.opening_date, s.days_left, "
        "c.since_at as cancelled_at from intermediate.int_opportunities o join intermediate.int_status s using (opportunity_id) "
        "left join intermediate.int_cancellations c using (opportunity_id) order by all",
    )
    states = review_state(ledger.rows(Decision, as_of=run.as_of), ledger.rows(Snapshot))
    published = {one.opportunity_id for one in ledger.rows(Publication)}
    # what was published under an id that has since been merged is not new under the other
    merged = {one.from_opportunity_id: one.to_opportunity_id for one in ledger.rows(Redirect) if one.kind == "merged"}
    known = {merged[one] for one in published if one in merged}
    return [
        ApprovedCall(
            opportunity_id=row["opportunity_id"],
            snapshot_sha256=approved,
            is_open=status_for_people(row, state) in ("open", "forecasted") and not row["is_vanished"],
            is_undated_forecast=status_for_people(row, state) == "forecasted" and row["opening_date"] is None,
            days_left=row["days_left"],
            authority=row["authority"],
            quarantined=row["opportunity_id"] in aside,
        )
        for row in rows
        if (state := states.get(row["opportunity_id"]))
        and (approved := state.snapshot_sha256)
        and row["opportunity_id"] not in known - published
    ]


def status_for_people(row: Mapping[str, Any], state: "ReviewState | None") -> str:
    """The status of a call whose cancellation a person may have overruled, by approving it with these words on its page.

    ``row`` has ``status``, ``otherwise_status`` and, of ``int_cancellations``, ``cancelled_at``.
    """
    overruled = (
        row["status"] == "cancelled"
        and state is not None
        and state.status == "approved"
        and state.decided_at is not None
        and state.decided_at >= row["cancelled_at"]
    )
    return row["otherwise_status"] if overruled else row["status"]


def calls_today(run: Run, ledger: "Ledger") -> "list[CallToday]":
    """What the tables say today of what was published; of what was merged, what they say of where it lives on."""
    from boi_pipeline.editorial.review import review_state
    from boi_pipeline.editorial.weekly import CallToday

    rows = warehouse_rows(
        run,
        "select l.opportunity_id, o.authority, o.is_vanished, s.status, s.otherwise_status, s.days_left, "
        "c.since_at as cancelled_at from intermediate.int_survivors l "
        "join intermediate.int_opportunities o on o.opportunity_id = l.survivor_id "
        "join intermediate.int_status s on s.opportunity_id = l.survivor_id "
        "left join intermediate.int_cancellations c on c.opportunity_id = l.survivor_id order by l.opportunity_id",
    )
    states = review_state(ledger.rows(Decision, as_of=run.as_of), ledger.rows(Snapshot))
    published = {one.opportunity_id for one in ledger.rows(Publication)}
    return [
        CallToday(
            row["opportunity_id"],
            status_for_people(row, states.get(row["opportunity_id"])) == "open" and not row["is_vanished"],
            row["days_left"],
            row["authority"],
        )
        for row in rows
        if row["opportunity_id"] in published
    ]


def open_calls(run: Run, ledger: "Ledger") -> set[str]:
    """The published opportunities that are open today."""
    return {call.opportunity_id for call in calls_today(run, ledger) if call.is_open}


def held_back(run: Run, *, approved: bool = False) -> dict[str, list[str]]:
    """Opportunity → what the checks that hold it back say to do.

    ``approved``: without the checks that look only at what nobody approved; the tables may be older than the approval,
    and the text they speak of is not the one that goes out.
    """
    from boi_pipeline.warehouse.publication import quarantined_opportunities

    aside = quarantined_opportunities(warehouse_path(run))
    ended = {
        (model.table, check.name)
        for model in (run.project.models if approved and aside else ())
        for check in model.checks
        if "review_status <> 'approved'" in (check.where or "")
    }
    found: dict[str, list[str]] = {}
    for one in aside:
        if (one.table, one.check) not in ended:
            found.setdefault(one.opportunity_id, []).append(one.advice)
    return found


@dataclass(frozen=True)
class SiteSummary:
    """What the bulletin's renderers wrote."""

    folder: Path
    file_count: int
    edition_count: int
    opportunity_count: int


def bulletin(run: Run) -> "Bulletin":
    """Everything the public may see as of the run's instant: approved snapshots, and what the sources say since."""
    from boi_pipeline.publishing.bulletin import bulletin_of
    from boi_pipeline.stages.enclosures import with_enclosures

    with asking(run) as ask:
        notes = [SourceNote.model_validate(row) for row in ask("from marts.source_notes order by all")]
        seen = ask("select opportunity_id, last_verified_at, last_opened_date from marts.opportunities")
        turns = ask("select opportunity_id, turned_at from intermediate.int_turns")
    with run.ledger() as ledger:
        decisions = ledger.rows(Decision)  # a withdrawal counts at once, whatever the day that is rendered
        shown = bulletin_of(
            run.entity,
            run.as_of,
            editions=ledger.rows(Edition, as_of=run.as_of),
            publications=ledger.rows(Publication, as_of=run.as_of),
            snapshots=ledger.rows(Snapshot, as_of=run.as_of),
            decisions=decisions,
            identities=ledger.rows(Identity),
            redirects=ledger.rows(Redirect, as_of=run.as_of),
            relations=read_records(existing(run.home.matches / "relations.parquet"), Relation),
            notes=notes,
            last_verified={row["opportunity_id"]: run.entity.today(row["last_verified_at"]) for row in seen},
            last_opened={row["opportunity_id"]: found for row in seen if (found := row["last_opened_date"])},
            source_turned={row["opportunity_id"]: row["turned_at"] for row in turns},
        )
    return with_enclosures(run, shown, decisions)


def render_bulletin(run: Run) -> SiteSummary:
    """Render site and feeds from the approved snapshots and swap them in whole; unchanged pages are taken over."""
    from boi_pipeline.publishing.everything import render_everything
    from boi_pipeline.publishing.standing import Standing

    shown = bulletin(run)
    with swapped_folder(run.home.site, "site") as folder:
        files = render_everything(shown, folder, Standing(run.home.site, run.home.site_pages))
    _mark_on_disk(run, shown)
    return SiteSummary(run.home.site, len(files), len(shown.editions), len(shown.history))


@dataclass(frozen=True)
class OutboxSummary:
    """What there is to post by hand."""

    folder: Path
    file_count: int
    post_count: int  # posts and e-mails
    done_count: int  # of these, sent
    problems: list[str]  # posts that must not go out as they are (Spanish)


def render_outbox(run: Run) -> OutboxSummary:
    """Write what people post by hand, as publications stand in the ledger now, and swap it in whole."""
    from boi_pipeline.publishing.outbox import batches, write_outbox

    with run.ledger() as ledger:
        publications = ledger.rows(Publication)
    shown = bulletin(run)
    made = batches(shown, publications)
    with swapped_folder(run.home.outbox, "outbox") as folder:
        files = write_outbox(shown, made, folder)
    return OutboxSummary(
        folder=run.home.outbox,
        file_count=len(files),
        post_count=sum(one.count for one in made),
        done_count=sum(one.done_count for one in made),
        problems=[problem for one in made for problem in one.problems],
    )


def _mark_on_disk(run: Run, shown: "Bulletin") -> None:
    from boi_pipeline.editorial.edition import mark_sent

    notes = [one.publication.publication_id for edition in shown.editions for one in edition.items]
    picked = [one.item.publication.publication_id for week in shown.weeks for one in week.items]
    with run.ledger() as ledger:
        # just after: the day's tables, made again, are to see the ledger as they saw it
        mark_sent(ledger, run.as_of + timedelta(microseconds=1), notes + picked)
