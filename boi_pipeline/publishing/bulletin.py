"""What every public output is rendered from: the approved snapshots of the editions, and what became of them.

Here: the typed input of the renderers, and its making from the ledger's records. Nothing here writes a file, and
nothing that a person did not approve can get in: ``bulletin_of`` refuses it.
"""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from boi_pipeline.entity import Entity, EntityFile, Vocabulary
from boi_pipeline.publishing.handed import Attached, Results, System
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
    sha256_hex,
)

SITE_CHANNEL, ARTICLE_CHANNEL = "site", "article"
_CODE = re.compile(r"[A-Z]{2,6}-\d{4}-\d{1,9}")
_WEEK_ID = re.compile(r"\d{4}-W\d{2}")
_EDITION_ID = re.compile(r"\d{4}-\d{2}-\d{2}(?:-\d{1,3})?")


class BulletinError(ValueError):
    """A record that may not be published: which one, what was expected."""


@dataclass(frozen=True)
class PublishedItem:
    """One publication with the snapshot a person approved and what the source says since."""

    publication: Publication
    opportunity: PublicOpportunity
    approved_on: date  # on the entity's calendar
    notes: list[SourceNote] = field(default_factory=list)
    previous_edition_code: str | None = None  # of the newest published edition of the series before this one
    next_edition_code: str | None = None
    last_opened_on: date | None = None  # of the series, while none of its editions is open
    see_also: list[str] = field(default_factory=list)  # published codes that were cut from this one, or it from them
    last_verified_on: date | None = None  # when the source was last seen to say so
    is_withdrawn: bool = False  # taken down after its text was approved: only its code is shown
    turned_at: datetime | None = None  # newest approval, or turn of its source; what calendars count changes by

    @property
    def code(self) -> str:
        return self.publication.code


@dataclass(frozen=True)
class PublishedEdition:
    """An edition with its publications on the site, in their order."""

    edition: Edition
    items: list[PublishedItem]


@dataclass(frozen=True)
class PickedItem:
    """A publication in a week's article, with the reason a person gave for picking it."""

    item: PublishedItem
    why: str

    @property
    def code(self) -> str:
        return self.item.code


@dataclass(frozen=True)
class PublishedWeek:
    """The edition of a week with what a person picked for its article, in their order."""

    edition: Edition
    items: list[PickedItem]


@dataclass(frozen=True)
class Tombstone:
    """A publication that a person took down: its code stays, nothing of its text does."""

    code: str
    withdrawn_at: datetime
    title: str | None = None


@dataclass(frozen=True)
class Bulletin:
    """Everything the site and the feeds are rendered from. Equal bulletins give equal bytes.

    What waits for a new approval (a source edited after approval) is not here: nothing of it is public.
    """

    entity: EntityFile
    vocabularies: Mapping[str, Vocabulary]
    as_of: datetime  # UTC
    editions: list[PublishedEdition] = field(default_factory=list)
    redirects: list[tuple[str, str]] = field(default_factory=list)  # (merged code, surviving code)
    merged_at: Mapping[str, datetime] = field(default_factory=dict)  # merged code → when
    withdrawn: list[Tombstone] = field(default_factory=list)
    weeks: list[PublishedWeek] = field(default_factory=list)
    system: System | None = None  # what is known of the machine
    open_data: Attached | None = None  # files that the site carries; none while they may hold what was withdrawn
    dashboard: Attached | None = None
    results: Results | None = None  # what was achieved; none while that may tell of what was withdrawn

    def __post_init__(self) -> None:
        if self.as_of.tzinfo is None:
            raise BulletinError("as_of: expected an instant with its UTC offset")
        for edition in self.editions:
            if not _EDITION_ID.fullmatch(edition.edition.edition_id):
                raise BulletinError(f"edition {edition.edition.edition_id!r}: expected an id such as 2026-11-23")
        for week in self.weeks:
            if not _WEEK_ID.fullmatch(week.edition.edition_id):
                raise BulletinError(f"week {week.edition.edition_id!r}: expected an id such as 2026-W48")
        items = (item.code for shown in (*self.editions, *self.weeks) for item in shown.items)
        merged = (code for pair in self.redirects for code in pair)
        for code in (*items, *merged, *(stone.code for stone in self.withdrawn)):
            if not _CODE.fullmatch(code):
                raise BulletinError(f"code {code!r}: expected a public code such as BOI-2026-00412")

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.entity.timezone)

    @cached_property
    def notes_made(self) -> dict[tuple[str, str], Any]:
        """(edition_id, publication_id) → the note that ``note.note_of`` made, for whoever asks next."""
        return {}

    @cached_property
    def today(self) -> date:
        """The entity's calendar day at ``as_of``."""
        return self.as_of.astimezone(self.zone).date()

    @cached_property
    def tombstones(self) -> dict[str, Tombstone]:
        """Code → tombstone."""
        return {stone.code: stone for stone in self.withdrawn}

    @cached_property
    def newest_first(self) -> list[PublishedEdition]:
        """Editions from the newest to the oldest."""
        return sorted(self.editions, key=lambda one: (one.edition.edition_date, one.edition.seq), reverse=True)

    @cached_property
    def newest_weeks_first(self) -> list[PublishedWeek]:
        """Weeks from the newest to the oldest, by the week and not by the day it closed."""
        return sorted(self.weeks, key=lambda one: one.edition.edition_id, reverse=True)

    @cached_property
    def history(self) -> dict[str, list[tuple[Edition, PublishedItem]]]:
        """Code → its publications, newest first, without those that were withdrawn."""
        found: dict[str, list[tuple[Edition, PublishedItem]]] = {}
        for edition in self.newest_first:
            for item in sorted(edition.items, key=lambda one: one.publication.position):
                if item.code not in self.tombstones and not item.is_withdrawn:
                    found.setdefault(item.code, []).append((edition.edition, item))
        return found

    @cached_property
    def destinations(self) -> dict[str, str]:
        """Merged code → the code whose page a reader is sent to.

        Chains are followed to their end. A merged code whose survivor has no page keeps its own.
        """
        step = dict(self.redirects)
        found = {}
        for start in sorted(step):
            code, passed = start, {start}
            while code in step and step[code] not in passed:
                code = step[code]
                passed.add(code)
            if code != start and (code in self.history or code in self.tombstones):
                found[start] = code
        return found

    @cached_property
    def current(self) -> dict[str, tuple[Edition, PublishedItem]]:
        """Code → its newest publication, for the codes that have a page of their own; newest editions first."""
        return {code: shown[0] for code, shown in self.history.items() if code not in self.destinations}

    def corrected_on(self, edition: Edition, item: PublishedItem) -> date | None:
        """The day another approved text of a publication went out, after its edition; None where its text stands."""
        newest, latest = self.history[item.code][0] if item.code in self.history else (edition, item)
        later = newest.seq > edition.seq
        differs = latest.publication.snapshot_sha256 != item.publication.snapshot_sha256
        return newest.edition_date if later and differs else None

    def label(self, vocabulary: str, code: str | int | None) -> str:
        """What people read for a term; a term or vocabulary nobody knows is shown as it is."""
        known = self.vocabularies.get(vocabulary)
        return known.label(code) if known else str(code or "")


# ---------------------------------------------------------------- from the ledger's records


def _opportunities(snapshots: Iterable[Snapshot]) -> dict[str, PublicOpportunity]:
    found = {}
    for snapshot in snapshots:
        if sha256_hex(snapshot.content) != snapshot.snapshot_sha256:
            raise BulletinError(
                f"snapshot {snapshot.snapshot_sha256} of {snapshot.opportunity_id}: its content has another hash; "
                "it is not what was approved. Verify the ledger"
            )
        found[snapshot.snapshot_sha256] = PublicOpportunity.model_validate_json(snapshot.content)
    return found


def _approvals(decisions: list[Decision]) -> tuple[dict[str, Decision], dict[str, Decision], set[str]]:
    """Of decisions in their order: snapshot → its approval, opportunity → its last withdrawal, snapshots undone.

    A withdrawal undoes every approval before it, by the ledger's order and by no clock. Of several approvals of one
    text the first that stands counts, so that a date once published stays.
    """
    approved: dict[str, Decision] = {}
    withdrawn: dict[str, Decision] = {}
    undone: set[str] = set()
    for decision in decisions:
        sha, identifier = decision.snapshot_sha256, decision.opportunity_id
        if decision.action == "approve" and sha and (sha not in approved or sha in undone):
            approved[sha] = decision
            undone.discard(sha)
        elif decision.action == "withdraw" and identifier:
            withdrawn[identifier] = decision
            undone |= {one for one, approval in approved.items() if approval.opportunity_id == identifier}
    return approved, withdrawn, undone


def _reasons(decisions: list[Decision], closed: list[Edition]) -> dict[tuple[str, str], str]:
    """(week, opportunity) → why a person picked it, as it stood when the week closed."""
    weeks = {one.edition_id: one for one in closed}
    found: dict[tuple[str, str], str] = {}
    for decision in decisions:
        if decision.picked is None or decision.opportunity_id is None:
            continue
        (week, position), key = decision.picked, (decision.picked[0], decision.opportunity_id)
        edition = weeks.get(week)
        if edition and decision.seq < edition.seq and decision.decided_at <= edition.closed_at:
            found.pop(key, None)
            if position is not None:
                found[key] = decision.reason
    return found


def _survivors(merged: Iterable[Redirect]) -> dict[str, str]:
    """Merged opportunity → the one it lives on in, chains followed."""
    step = {one.from_opportunity_id: one.to_opportunity_id for one in sorted(merged, key=lambda one: one.seq)}
    found = {}
    for start in step:
        place, passed = start, {start}
        while place in step and step[place] not in passed:
            place = step[place]
            passed.add(place)
        found[start] = place
    return found


@dataclass(frozen=True)
class _Pages:
    """Which other pages a publication leads to: by what was merged, was cut, or is another edition of its series."""

    survivors: dict[str, str]  # merged opportunity → the one it lives on in
    code_of: dict[str, str]  # opportunity → the code it was published under
    previous: dict[str, str]  # opportunity of today → its previous edition
    following: dict[str, str]
    cuts: list[tuple[str, str]]

    @classmethod
    def of(cls, publications: list[Publication], redirects: list[Redirect], relations: Iterable[Relation]) -> "_Pages":
        survivors = _survivors(one for one in redirects if one.kind == "merged")
        # where an edition lives on under another code, its page is that of the code that was published
        code_of = {survivors.get(one.opportunity_id, one.opportunity_id): one.code for one in publications}
        code_of |= {one.opportunity_id: one.code for one in publications}
        series = [one for one in relations if one.relation == "previous_edition_of"]
        return cls(
            survivors,
            code_of,
            previous={one.related_opportunity_id: one.opportunity_id for one in series},
            following={one.opportunity_id: one.related_opportunity_id for one in series},
            cuts=[(one.from_opportunity_id, one.to_opportunity_id) for one in redirects if one.kind == "split"],
        )

    def living(self, opportunity_id: str) -> str:
        """The opportunity of today."""
        return self.survivors.get(opportunity_id, opportunity_id)

    def neighbours(self, opportunity_id: str) -> dict[str, Any]:
        """The fields of a ``PublishedItem`` that lead to other pages."""
        living = self.living(opportunity_id)
        other_parts = {
            self.living(other) for cut in self.cuts for part, other in (cut, cut[::-1]) if self.living(part) == living
        } - {living}
        return {
            "previous_edition_code": self.code_of.get(self.previous.get(living, "")),
            "next_edition_code": self.code_of.get(self.following.get(living, "")),
            "see_also": sorted(self.code_of[one] for one in other_parts if one in self.code_of),
        }


def _newest_approvals(decisions: list[Decision], as_of: datetime) -> dict[str, datetime]:
    """Opportunity → when it was last approved, as of an instant."""
    found: dict[str, datetime] = {}
    for one in decisions:
        if one.action == "approve" and one.opportunity_id and one.decided_at <= as_of:
            found[one.opportunity_id] = max(one.decided_at, found.get(one.opportunity_id, one.decided_at))
    return found


def _refuse_unapproved(
    publication: Publication, editions: Container[str], snapshots: Container[str], approvals: Container[str]
) -> None:
    """Raise BulletinError for a publication without its edition, its snapshot or a person's approval of it."""
    sha = publication.snapshot_sha256
    if publication.edition_id not in editions:
        raise BulletinError(f"publication {publication.publication_id}: its edition is not in the ledger")
    if sha not in snapshots:
        raise BulletinError(f"publication {publication.publication_id}: its snapshot {sha} is not in the ledger")
    if sha not in approvals:
        raise BulletinError(f"publication {publication.publication_id}: nobody approved its snapshot {sha}")


def bulletin_of(
    entity: Entity,
    as_of: datetime,
    *,
    editions: Iterable[Edition],
    publications: Iterable[Publication],
    snapshots: Iterable[Snapshot],
    decisions: Iterable[Decision],
    identities: Iterable[Identity] = (),
    redirects: Iterable[Redirect] = (),
    relations: Iterable[Relation] = (),
    notes: Iterable[SourceNote] = (),
    last_verified: Mapping[str, date] | None = None,
    last_opened: Mapping[str, date] | None = None,
    source_turned: Mapping[str, datetime] | None = None,
) -> Bulletin:
    """The bulletin of an entity from its ledger's records, as of an instant (UTC).

    Only publications of the channels ``site`` and ``article`` are used. ``last_verified``, ``last_opened`` (of a series
    that is not open) and ``source_turned`` (when its source last moved a deadline, or was back) go by the opportunity_id
    of today, which is where what was merged lives on. Give every decision there is: a withdrawal counts even when it
    came after ``as_of``. An opportunity of which no publication stands becomes a tombstone. A page edited after approval
    changes nothing here: only ``notes`` say what the source says now.

    Raises BulletinError for a publication without its edition or its snapshot, with an altered snapshot, or without a
    person's approval of exactly that snapshot; and for one of an article that no person picked.
    """
    shown = _opportunities(snapshots)
    decided = sorted(decisions, key=lambda one: one.seq)
    approvals, withdrawals, undone = _approvals(decided)
    renewed = _newest_approvals(decided, as_of)
    redirects = sorted(redirects, key=lambda one: one.seq)
    publications = sorted(publications, key=lambda one: one.seq)
    pages = _Pages.of(publications, redirects, relations)
    said: dict[str, list[SourceNote]] = {}
    for note in notes:
        said.setdefault(note.opportunity_id, []).append(note)

    def item_of(publication: Publication) -> PublishedItem:
        sha, identifier = publication.snapshot_sha256, publication.opportunity_id
        living = pages.living(identifier)
        turns = [one[place] for one, place in ((renewed, identifier), (source_turned or {}, living)) if place in one]
        return PublishedItem(
            publication=publication,
            opportunity=shown[sha],
            approved_on=entity.today(approvals[sha].decided_at),
            notes=sorted(said.get(identifier, []), key=lambda one: (one.seen_at, one.kind), reverse=True),
            last_opened_on=(last_opened or {}).get(living),
            last_verified_on=(last_verified or {}).get(living),
            is_withdrawn=sha in undone,
            turned_at=max(turns, default=None),
            **pages.neighbours(identifier),
        )

    closed = sorted(editions, key=lambda one: one.seq)
    reasons = _reasons(decided, closed)
    by_edition: dict[str, list[PublishedItem]] = {one.edition_id: [] for one in closed}
    by_week: dict[str, list[PickedItem]] = {one.edition_id: [] for one in closed}
    for publication in publications:
        if publication.channel not in (SITE_CHANNEL, ARTICLE_CHANNEL):
            continue
        _refuse_unapproved(publication, by_edition, shown, approvals)
        item = item_of(publication)
        if publication.channel == SITE_CHANNEL:
            by_edition[publication.edition_id].append(item)
        elif (why := reasons.get((publication.edition_id, publication.opportunity_id))) is not None:
            by_week[publication.edition_id].append(PickedItem(item, why))
        else:
            raise BulletinError(f"publication {publication.publication_id}: nobody picked it for its week")

    on_site = [item for items in by_edition.values() for item in items]
    standing = {item.code for item in on_site if not item.is_withdrawn}
    down = {item.code: withdrawals[item.publication.opportunity_id].decided_at for item in on_site if item.is_withdrawn}
    codes = {one.opportunity_id: one.code for one in identities}
    merged = [one for one in redirects if one.kind == "merged" and one.from_opportunity_id in codes]
    return Bulletin(
        entity=entity.file,
        vocabularies=entity.vocabularies,
        as_of=as_of,
        editions=[
            PublishedEdition(edition, sorted(by_edition[edition.edition_id], key=lambda one: one.publication.position))
            for edition in closed
            if by_edition[edition.edition_id]
        ],
        redirects=[
            (codes[one.from_opportunity_id], codes[one.to_opportunity_id])
            for one in merged
            if one.to_opportunity_id in codes
        ],
        merged_at={codes[one.from_opportunity_id]: one.at for one in merged},
        withdrawn=[Tombstone(code, at) for code, at in sorted(down.items()) if code not in standing],
        weeks=[
            PublishedWeek(edition, sorted(by_week[edition.edition_id], key=lambda one: one.item.publication.position))
            for edition in closed
            if by_week[edition.edition_id]
        ],
    )
