"""The deadlines of what was published, each as one calendar event, and how events change.

Here: which events there are, when they are, what they say and how they are counted and written (RFC 5545 VEVENT). Which
events a calendar holds is ``calendar``'s.

- An event starts at the deadline's instant, in UTC, and takes no time. Every calendar shows UTC on its owner's own clock;
  the clock of the source and the home clock stand in the words. No time zone rules travel along that a program could
  misread, and AoE, which few programs know, is an instant like any other.
- A deadline without an hour is an all-day event, on the earlier of both calendars' days as on the note's page.
- The UID is of the code and the deadline's number. SEQUENCE counts the seconds from the code's first publication to the
  newest record that changed what is said: approvals, publications, what the source says, withdrawals. Records only become
  more, so it rises with each change and never falls. DTSTAMP and LAST-MODIFIED are that record's instant, never the clock's.
- What the source moved lies on the new day, as on the note's page, and says so; what it closed or no longer publishes is
  cancelled. A deadline that nobody stands by any more (withdrawn, merged, taken out by a correction) is cancelled, says
  nothing of the old text and lies on the day that happened, so that no calendar goes on showing its date.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from icalendar import Event, vUri

from boi_pipeline.publishing import spanish
from boi_pipeline.publishing.bulletin import Bulletin, PublishedItem
from boi_pipeline.publishing.closing import DeadlineWords, as_day, newest_note, opened_at
from boi_pipeline.publishing.note import Note, page_path
from boi_pipeline.publishing.text import clip, one_line
from boi_pipeline.publishing.topics import terms_of
from boi_pipeline.publishing.writer import site_root
from boi_pipeline.records import Edition, PublicDeadline, PublicOpportunity

MAX_NAME = 250
LINE = 75  # octets
Term = tuple[str, str]
NoteMaker = Callable[[Edition, PublishedItem], Note]


def _folded(line: str) -> bytes:
    """A content line in parts of at most 75 octets (RFC 5545 §3.1), cut between characters and in no escape.

    The library's own, character by character, took half of the time of a bulletin's calendars.
    """
    octets, parts, start, room = line.encode(), [], 0, LINE
    while len(octets) - start > room:
        end = start + room
        while octets[end] & 0xC0 == 0x80:
            end -= 1
        slashes = end - len(octets[start:end].rstrip(b"\\")) - start
        end -= slashes % 2
        parts.append(octets[start:end])
        start, room = end, LINE - 1  # what goes on begins with a space
    return b"\r\n ".join([*parts, octets[start:]]) + b"\r\n"


@dataclass(frozen=True)
class DeadlineEvent:
    """One deadline as calendars show it."""

    code: str
    key: str  # of the deadline among those of its code
    host: str
    terms: list[Term]
    starts: date | datetime  # UTC
    day: date  # at home: for order
    is_coming: bool
    is_cancelled: bool
    summary: str
    lines: list[str]
    url: str
    categories: list[str]
    digital_source: str | None
    created_at: datetime
    changed_at: datetime

    @property
    def sequence(self) -> int:
        """Whole seconds from the first publication to the last change."""
        return max(0, int((self.changed_at - self.created_at).total_seconds()))

    def content(self) -> bytes:
        """The VEVENT, folded, each line ended by CRLF."""
        event = Event()
        event.add("uid", f"{self.code.lower()}-{self.key}@{self.host}")
        event.add("sequence", self.sequence)
        for name, at in (
            ("dtstamp", self.changed_at),
            ("created", self.created_at),
            ("last-modified", self.changed_at),
        ):
            event.add(name, at.astimezone(UTC))
        event.add("dtstart", self.starts)
        event.add("summary", one_line(self.summary))
        event.add("description", "\n".join(one_line(line) for line in self.lines if line.strip()))
        event.add("status", "CANCELLED" if self.is_cancelled else "CONFIRMED")
        event.add("transp", "TRANSPARENT")  # a deadline keeps nobody busy
        event.add("class", "PUBLIC")
        event.add("url", self.url)
        if self.categories:
            event.add("categories", self.categories)
        if self.digital_source:
            event["X-DIGITAL-SOURCE-TYPE"] = vUri(self.digital_source, params={"VALUE": "URI"})
        return b"".join(map(_folded, filter(None, event.content_lines())))


def _keyed(facts: PublicOpportunity) -> dict[str, PublicDeadline]:
    """The deadlines by the numbers that their events are known by; a number written twice is told apart."""
    found: dict[str, PublicDeadline] = {}
    for deadline in facts.deadlines:
        key, times = str(deadline.seq), 1
        while key in found:
            times += 1
            key = f"{deadline.seq}-{times}"
        found[key] = deadline
    return found


def _moved(note: Note) -> tuple[PublicDeadline, date] | None:
    """The deadline that the source has moved, and where to: the one it had, else the last."""
    newest = newest_note(note.item)
    day = as_day(newest.new_value) if newest and newest.kind in ("extended", "shortened") else None
    if newest is None or day is None:
        return None
    before = as_day(newest.old_value)
    records = [one.record for one in note.closing.deadlines]
    return next((one for one in records if one.close_date == before), records[-1]), day


class _Events:
    """The events of one bulletin."""

    def __init__(self, bulletin: Bulletin, note: NoteMaker) -> None:
        self.bulletin, self.note = bulletin, note
        self.root = site_root(bulletin.entity)
        self.host = urlsplit(self.root).hostname or ""
        self.country = spanish.country_name(bulletin.entity.country) or bulletin.entity.country
        self.merged = dict(bulletin.redirects)
        self.items: dict[str, list[PublishedItem]] = {}
        for edition in bulletin.editions:
            for item in edition.items:
                self.items.setdefault(item.code, []).append(item)

    def all(self) -> Iterator[DeadlineEvent]:
        bulletin = self.bulletin
        for code in sorted(self.items):
            target = bulletin.destinations.get(code, code)
            if stone := bulletin.tombstones.get(target):
                when = spanish.long_date(stone.withdrawn_at.astimezone(bulletin.zone).date())
                told = f"El equipo retiró esta nota el {when}. No la use."
                at = max([stone.withdrawn_at, *self.merged_at(code)])
                yield from self.gone(code, self.keys(code), at, f"Nota retirada: {code}", told, target)
            elif target != code:
                at = max(self.merged_at(code), default=bulletin.current[target][1].publication.published_at)
                told = f"Ahora es parte de la nota {target}. Mire allí sus fechas."
                yield from self.gone(code, self.keys(code), at, f"Nota unida a otra: {code}", told, target)
            else:
                yield from self.standing(*bulletin.current[code])

    def merged_at(self, code: str) -> Iterator[datetime]:
        """When a code became part of another, and that one of the next."""
        passed: set[str] = set()
        while code in self.merged and code not in passed:
            passed.add(code)
            if at := self.bulletin.merged_at.get(code):
                yield at
            code = self.merged[code]

    def created_at(self, code: str) -> datetime:
        return min(item.publication.published_at for item in self.items[code])

    def keys(self, code: str) -> set[str]:
        """Every deadline that was ever published under a code."""
        return {key for item in self.items[code] for key in _keyed(item.opportunity)}

    def changed_at(self, item: PublishedItem) -> datetime:
        turns = [item.turned_at] if item.turned_at else []
        opened = opened_at(self.bulletin, item)
        return max([item.publication.published_at, *turns, *opened, *(one.seen_at for one in item.notes)])

    def gone(
        self, code: str, keys: set[str], at: datetime, summary: str, words: str, target: str
    ) -> Iterator[DeadlineEvent]:
        """Deadlines that nobody stands by since ``at``."""
        items = self.items[code]
        day = at.astimezone(self.bulletin.zone).date()
        for key in sorted(keys):
            yield DeadlineEvent(
                code=code,
                key=key,
                host=self.host,
                terms=sorted({term for item in items for term in terms_of(item.opportunity)}),
                starts=day,
                day=day,
                is_coming=False,
                is_cancelled=True,
                summary=summary,
                lines=[words],
                url=self.root + page_path(target),
                categories=[],
                digital_source=None,
                created_at=self.created_at(code),
                changed_at=max([at, *map(self.changed_at, items)]),
            )

    def standing(self, edition: Edition, item: PublishedItem) -> Iterator[DeadlineEvent]:
        """The deadlines of a note as it stands, and those that its corrections took out."""
        keyed, at = _keyed(item.opportunity), item.publication.published_at
        if removed := self.keys(item.code) - set(keyed):
            told = "Una corrección de la nota quitó esta fecha de cierre. Mire en la nota las que valen."
            yield from self.gone(item.code, removed, at, f"Fecha retirada: {item.code}", told, item.code)
        if not keyed:
            return
        note = self.note(edition, item)
        moved = _moved(note)
        for key, deadline in keyed.items():
            words = next(one for one in note.closing.deadlines if one.record is deadline)
            yield self.event(note, key, words, moved[1] if moved and moved[0] is deadline else None)

    def event(self, note: Note, key: str, one: DeadlineWords, moved: date | None) -> DeadlineEvent:
        bulletin, item, at = self.bulletin, note.item, one.record.close_at
        is_over = note.closing.state == "reported" and not one.is_past
        if moved:
            starts, day, is_coming = moved, moved, moved >= bulletin.today
        elif at is not None and one.record.close_time is not None:
            starts = at.astimezone(UTC).replace(microsecond=0)
            day, is_coming = at.astimezone(bulletin.zone).date(), not one.is_past
        else:
            starts, day, is_coming = one.day, one.day, not one.is_past
        kind = "Cierre" if one.record.stage == "application" else one.stage
        named = "Nueva fecha de cierre" if moved else note.closing.chip if is_over else kind
        goals = (f"ODS {number}" for number, _ in note.goals)
        return DeadlineEvent(
            code=item.code,
            key=key,
            host=self.host,
            terms=sorted(terms_of(item.opportunity)),
            starts=starts,
            day=day,
            is_coming=is_coming and not is_over,
            is_cancelled=is_over,
            summary=f"{named}: {clip(note.title, MAX_NAME)}",
            lines=[
                *(f"La fuente indica ahora: {says.words}" for says in note.says_now),
                *(("Confirme la fecha en la página oficial.",) if moved or is_over else ()),
                f"{note.closing.chip}." if note.closing.state == "forecasted" else "",
                f"{'Antes de ese aviso: ' if moved else ''}{one.stage}: {one.words}.",
                *((note.correction, *note.changes) if note.correction else ()),
                one.remark or "",
                note.summary,
                f"¿Puedo aplicar desde {self.country}? {note.answer.label}.",
                f"Página oficial: {note.link.href}" if note.link else "",
                f"Nota completa: {self.root}{note.path}",
                note.label,
            ],
            url=self.root + note.path,
            categories=[name for name in map(one_line, (note.type_label, *note.audiences, *goals)) if name],
            digital_source=note.digital_source,
            created_at=self.created_at(item.code),
            changed_at=self.changed_at(item),
        )


def events_of(bulletin: Bulletin, note: NoteMaker) -> list[DeadlineEvent]:
    """Every deadline that was ever published, as it stands now, by day, code and number. ``note`` makes a publication's note."""
    return sorted(_Events(bulletin, note).all(), key=lambda one: (one.day, one.code, one.key))
