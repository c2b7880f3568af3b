"""What every feed says of one approved text, made once, and which of them each topic has.

An entry stands for one approved text of one opportunity. Its identity is the page's address with the first 16 digits
of the approved snapshot's hash as fragment: publishing the same text again alerts nobody, a correction (a new
snapshot, approved anew) is a new entry that says so, and a withdrawn opportunity leaves the feeds. Only an opportunity's
newest text is in them. How an entry is written in a format is ``feeds``'.
"""

from dataclasses import dataclass
from datetime import datetime
from html import escape

from boi_pipeline.publishing.bulletin import Bulletin, PublishedItem
from boi_pipeline.publishing.closing import opened_at
from boi_pipeline.publishing.note import Note, note_of
from boi_pipeline.publishing.spanish import country_name
from boi_pipeline.publishing.text import one_line
from boi_pipeline.publishing.topics import Topic, terms_of, topics
from boi_pipeline.publishing.writer import site_root
from boi_pipeline.records import Edition

MAX_ENTRIES = 100
OFFICIAL = "Página oficial: "


@dataclass(frozen=True)
class Entry:
    """What all feeds say of one note. Instants are the ledger's: when the text first appeared, when it last changed."""

    guid: str
    url: str
    note: Note
    title: str
    text: str
    html: str  # the same as paragraphs, with a link
    categories: list[str]
    published_at: datetime
    updated_at: datetime


def _lines(bulletin: Bulletin, note: Note) -> list[str]:
    """The whole note as plain text, in its order; one fact a line."""
    country = country_name(bulletin.entity.country) or bulletin.entity.country
    lines = [f"La fuente indica ahora: {one.words}" for one in note.says_now]
    lines += [note.correction, *note.changes] if note.correction else []
    lines += [note.last_opened] if note.last_opened else []
    lines += [note.summary, f"¿Puedo aplicar desde {country}? {note.answer.label}. {note.answer.words}"]
    lines += [f"«{quote.text}»" for quote in note.answer.quotes]
    lines += note.covers
    lines += note.requirements
    lines += [f"{note.closing.chip}."] if note.closing.state == "forecasted" else []
    deadlines = [f"{one.stage}: {one.words}" for one in note.closing.deadlines]
    lines.append(f"Cierre. {'; '.join(deadlines) or note.closing.chip}.")
    lines += [f"{OFFICIAL}{note.link.href}"] if note.link else []
    lines += [f"Costo: {note.cost}", note.label]
    return [one for line in lines if (one := one_line(line))]


def _paragraph(line: str, note: Note) -> str:
    if note.link and line == OFFICIAL + note.link.href:
        href = escape(note.link.href)
        return f'<p>{OFFICIAL}<a href="{href}" rel="noopener nofollow noreferrer">{href}</a></p>'
    return f"<p>{escape(line)}</p>"


def _first_published(bulletin: Bulletin, item: PublishedItem) -> datetime:
    """When this text first appeared: a text that is published again is no news."""
    same = item.publication.snapshot_sha256
    texts = (one.publication for _, one in bulletin.history[item.code])
    return min(one.published_at for one in texts if one.snapshot_sha256 == same)


def _entry(bulletin: Bulletin, edition: Edition, item: PublishedItem, published_at: datetime) -> Entry:
    note = note_of(bulletin, edition, item)
    url = site_root(bulletin.entity) + note.path
    lines = _lines(bulletin, note)
    goals = [f"ODS {number}" for number, _ in note.goals]
    return Entry(
        guid=f"{url}#v-{item.publication.snapshot_sha256[:16]}",
        url=url,
        note=note,
        title=f"Corrección: {note.title}" if note.correction else note.title,
        text="\n".join(lines),
        html="".join(_paragraph(line, note) for line in lines),
        categories=[
            name for name in map(one_line, (note.type_label, *note.audiences, *goals, *note.objectives)) if name
        ],
        published_at=published_at,
        updated_at=max([published_at, *(one.seen_at for one in item.notes), *opened_at(bulletin, item)]),
    )


def entries_by_topic(bulletin: Bulletin) -> list[tuple[Topic, list[Entry]]]:
    """Every topic with its newest entries, at most ``MAX_ENTRIES``, newest first. Topics share their entries."""
    shown = [(edition, item, _first_published(bulletin, item)) for edition, item in bulletin.current.values()]
    shown.sort(key=lambda one: (one[1].publication.position, one[1].code))
    shown.sort(key=lambda one: one[2], reverse=True)
    made: dict[str, Entry] = {}
    found: dict[tuple[str, str] | None, list[Entry]] = {}
    for edition, item, published_at in shown:
        for term in (None, *sorted(terms_of(item.opportunity))):
            entries = found.setdefault(term, [])
            if len(entries) < MAX_ENTRIES:
                if item.code not in made:
                    made[item.code] = _entry(bulletin, edition, item, published_at)
                entries.append(made[item.code])
    return [(one, found.get(one.term, [])) for one in topics(bulletin.vocabularies)]
