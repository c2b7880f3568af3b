"""The bulletin's feeds, RSS 2.0 and JSON Feed 1.1, as pure functions of a Bulletin.

An entry stands for one approved text of one opportunity. Its identity is the page's address with the first 16 digits
of the approved snapshot's hash as fragment: publishing the same text again alerts nobody, a correction (a new
snapshot, approved anew) is a new entry, and a withdrawn opportunity leaves the feed. Only an opportunity's newest text
is in it.
"""

import json
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

from feedgen.feed import FeedGenerator

from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.publishing.note import Note, note_of
from boi_pipeline.publishing.spanish import country_name
from boi_pipeline.publishing.text import one_line, plain
from boi_pipeline.publishing.writer import JSON_FEED, RSS, site_root

MAX_ENTRIES = 100
LANGUAGE = "es"


@dataclass(frozen=True)
class _Entry:
    """What both feeds say of one note."""

    guid: str
    url: str
    note: Note
    text: str
    categories: list[str]


def _text(bulletin: Bulletin, note: Note) -> str:
    """The whole note as plain text, in its order; one fact a line."""
    country = country_name(bulletin.entity.country) or bulletin.entity.country
    lines = [f"La fuente indica ahora: {one.words}" for one in note.says_now]
    lines += [note.correction, *note.changes] if note.correction else []
    lines += [note.last_opened] if note.last_opened else []
    lines += [note.summary, f"¿Puedo aplicar desde {country}? {note.answer.label}. {note.answer.words}"]
    lines += [f"«{quote.text}»" for quote in note.answer.quotes]
    lines += note.covers
    lines += note.requirements
    deadlines = [f"{one.stage}: {one.words}" for one in note.closing.deadlines]
    lines.append(f"Cierre. {'; '.join(deadlines) or note.closing.chip}.")
    lines += [f"Página oficial: {note.link.href}"] if note.link else []
    lines += [f"Costo: {note.cost}", note.label]
    return plain("\n".join(line for line in lines if line))


def _entries(bulletin: Bulletin) -> list[_Entry]:
    shown = sorted(bulletin.current.values(), key=lambda one: (one[1].publication.position, one[1].code))
    shown.sort(key=lambda one: one[1].publication.published_at, reverse=True)
    entries = []
    for edition, item in shown[:MAX_ENTRIES]:
        note = note_of(bulletin, edition, item)
        url = site_root(bulletin.entity) + note.path
        goals = [f"ODS {number}" for number, _ in note.goals]
        entries.append(
            _Entry(
                guid=f"{url}#v-{note.item.publication.snapshot_sha256[:16]}",
                url=url,
                note=note,
                text=_text(bulletin, note),
                categories=[one_line(name) for name in (note.type_label, *note.audiences, *goals, *note.objectives)],
            )
        )
    return entries


def _description(bulletin: Bulletin) -> str:
    return one_line(f"Oportunidades internacionales para {bulletin.entity.city}, aprobadas por una persona.")


def _rss(bulletin: Bulletin, entries: list[_Entry]) -> bytes:
    root = site_root(bulletin.entity)
    feed = FeedGenerator()
    feed.title(one_line(bulletin.entity.bulletin))
    feed.link(href=root + RSS, rel="self", type="application/rss+xml")
    feed.link(href=root, rel="alternate")  # last: RSS's own <link> is the last one given
    feed.description(_description(bulletin))
    feed.language(LANGUAGE)
    feed.generator("")
    feed.lastBuildDate(bulletin.as_of)
    for entry in entries:
        made = feed.add_entry(order="append")
        made.guid(entry.guid, permalink=False)
        made.title(entry.note.title)
        made.link(href=entry.url)
        made.description(entry.text)
        made.published(entry.note.published_at)
        for name in entry.categories:
            made.category(term=name)
    return feed.rss_str(pretty=True)


def _json_feed(bulletin: Bulletin, entries: list[_Entry]) -> str:
    root = site_root(bulletin.entity)
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": one_line(bulletin.entity.bulletin),
        "home_page_url": root,
        "feed_url": root + JSON_FEED,
        "description": _description(bulletin),
        "language": LANGUAGE,
        "authors": [{"name": one_line(bulletin.entity.name), "url": root}],
        "items": [
            {
                "id": entry.guid,
                "url": entry.url,
                "title": entry.note.title,
                "summary": entry.note.summary,
                "content_text": entry.text,
                "date_published": entry.note.published_at.astimezone(UTC).isoformat(timespec="seconds"),
                "tags": entry.categories,
                "language": LANGUAGE,
                **({"external_url": entry.note.link.href} if entry.note.link else {}),
            }
            for entry in entries
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"


def render_feeds(bulletin: Bulletin, folder: Path) -> list[Path]:
    """Write ``feed.xml`` and ``feed.json`` into ``folder``; give both paths. Equal bulletins give equal bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = _entries(bulletin)
    rss, json_feed = folder / RSS, folder / JSON_FEED
    rss.write_bytes(_rss(bulletin, entries))
    json_feed.write_text(_json_feed(bulletin, entries), encoding="utf-8", newline="\n")
    return [json_feed, rss]
