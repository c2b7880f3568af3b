"""The bulletin's feeds for everything and for each topic: RSS 2.0, Atom 1.0, JSON Feed 1.1 and CommonGrants.

Here: how the entries of ``entries`` are written in each format (RSS 2.0 of the RSS Advisory Board, RFC 4287, JSON Feed
1.1, CommonGrants' list answer). Each entry is written once and shared by all files. No date is the clock's: a feed in
which nothing has changed keeps its bytes. How the text was made stands in every entry, in words and for machines: IPTC's
DigitalSourceType as an element of IPTC's own namespace, and in the ``_boi`` extension of JSON Feed.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import lxml.etree
from lxml.builder import ElementMaker

from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.publishing.disk import Disk
from boi_pipeline.publishing.entries import Entry, entries_by_topic
from boi_pipeline.publishing.grants import grants_record
from boi_pipeline.publishing.information import TRANSPARENCY
from boi_pipeline.publishing.text import one_line
from boi_pipeline.publishing.topics import Topic
from boi_pipeline.publishing.writer import site_root
from boi_pipeline.records import instant

LANGUAGE = "es"
ATOM = "http://www.w3.org/2005/Atom"
IPTC_EXTENSION = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
SPACES = {"atom": ATOM, "iptc": IPTC_EXTENSION}
_rss = ElementMaker(nsmap=SPACES)
_atom = ElementMaker(namespace=ATOM, nsmap={None: ATOM, "iptc": IPTC_EXTENSION})
_link = ElementMaker(namespace=ATOM, nsmap=SPACES).link
_made_how = ElementMaker(namespace=IPTC_EXTENSION, nsmap=SPACES).DigitalSourceType


@dataclass(frozen=True)
class _Head:
    """What a feed says of itself."""

    bulletin: Bulletin
    topic: Topic
    root: str
    page: str  # the address of the page that lists the same
    title: str
    description: str
    updated_at: datetime

    def url(self, kind: str) -> str:
        return self.root + self.topic.path(kind)


def _head(bulletin: Bulletin, topic: Topic, entries: list[Entry]) -> _Head:
    entity = bulletin.entity
    name = one_line(entity.bulletin)
    told = one_line(f"Oportunidades internacionales para {entity.city}, aprobadas por una persona.")
    # an empty feed has changed when the bulletin began, if it ever did
    began = min((one.edition.closed_at for one in bulletin.editions), default=bulletin.as_of)
    return _Head(
        bulletin=bulletin,
        topic=topic,
        root=site_root(entity),
        page=site_root(entity) + topic.page,
        title=f"{name}: {topic.label}" if topic.term else name,
        description=f"{told} Tema: {topic.label}." if topic.term else told,
        updated_at=max((one.updated_at for one in entries), default=began),
    )


def _xml(element: Any) -> bytes:
    lxml.etree.indent(element, space=" ")
    return lxml.etree.tostring(element, xml_declaration=True, encoding="UTF-8") + b"\n"


# ---------------------------------------------------------------- RSS 2.0


def _rss_item(entry: Entry) -> Any:
    return _rss.item(
        _rss.title(entry.title),
        _rss.link(entry.url),
        _rss.description(entry.html),
        *(_rss.category(name) for name in entry.categories),
        _rss.guid(entry.guid, isPermaLink="false"),
        _rss.pubDate(format_datetime(entry.published_at)),
        _made_how(entry.note.digital_source),
    )


def _rss_feed(head: _Head, items: list[Any]) -> bytes:
    channel = _rss.channel(
        _rss.title(head.title),
        _rss.link(head.page),
        _rss.description(head.description),
        _link(href=head.url("rss"), rel="self", type="application/rss+xml"),
        _rss.language(LANGUAGE),
        _rss.lastBuildDate(format_datetime(head.updated_at)),
        _rss.docs("https://www.rssboard.org/rss-specification"),
        *items,
    )
    return _xml(_rss.rss(channel, version="2.0"))


# ---------------------------------------------------------------- Atom 1.0


def _atom_entry(entry: Entry) -> Any:
    outward = entry.note.link
    return _atom.entry(
        _atom.id(entry.guid),
        _atom.title(entry.title, type="text"),
        _atom.link(href=entry.url, rel="alternate", type="text/html", hreflang=LANGUAGE),
        *([_atom.link(href=outward.href, rel="related")] if outward else []),
        _atom.published(instant(entry.published_at)),
        _atom.updated(instant(entry.updated_at)),
        *(_atom.category(term=name) for name in entry.categories),
        _atom.summary(entry.note.summary, type="text"),
        _atom.content(entry.html, type="html"),
        _made_how(entry.note.digital_source),
    )


def _atom_feed(head: _Head, entries: list[Any]) -> bytes:
    feed: Any = _atom.feed(
        _atom.id(head.url("atom")),
        _atom.title(head.title, type="text"),
        _atom.subtitle(head.description, type="text"),
        _atom.link(href=head.url("atom"), rel="self", type="application/atom+xml"),
        _atom.link(href=head.page, rel="alternate", type="text/html", hreflang=LANGUAGE),
        _atom.updated(instant(head.updated_at)),
        _atom.author(_atom.name(one_line(head.bulletin.entity.name)), _atom.uri(head.root)),
        *entries,
    )
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", LANGUAGE)
    return _xml(feed)


# ---------------------------------------------------------------- JSON


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _json_list(opening: dict[str, Any], items: list[str]) -> bytes:
    """An object with its items, each on a line of its own."""
    lines = ",\n".join(items)
    return f'{_json(opening)[:-1]},"items":[\n{lines}\n]}}\n'.encode()


def _json_item(entry: Entry) -> str:
    note = entry.note
    made = {
        "about": entry.url.removesuffix(note.path) + TRANSPARENCY,
        "digital_source_type": note.digital_source,
        "label": note.label,
        "code": note.code,
    }
    item = {
        "id": entry.guid,
        "url": entry.url,
        "title": entry.title,
        "summary": note.summary,
        "content_html": entry.html,
        "content_text": entry.text,
        "date_published": instant(entry.published_at),
        "date_modified": instant(entry.updated_at),
        "tags": entry.categories,
        "language": LANGUAGE,
        **({"external_url": note.link.href} if note.link else {}),
        "_boi": made,
    }
    return _json(item)


def _json_feed(head: _Head, items: list[str]) -> bytes:
    opening = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": head.title,
        "home_page_url": head.page,
        "feed_url": head.url("json"),
        "description": head.description,
        "language": LANGUAGE,
        "authors": [{"name": one_line(head.bulletin.entity.name), "url": head.root}],
    }
    return _json_list(opening, items)


def _grants_list(_: _Head, records: list[str]) -> bytes:
    count = len(records)
    page = {"page": 1, "pageSize": max(1, count), "totalItems": count, "totalPages": min(1, count)}
    opening = {"status": 200, "message": "Success", "paginationInfo": page}
    return _json_list(opening, records)


# ---------------------------------------------------------------- all of them


def render_feeds(bulletin: Bulletin, disk: Disk) -> list[Path]:
    """Write every topic's feeds; give their paths, sorted. Equal bulletins give equal bytes."""
    formats: dict[str, tuple[Callable[[Entry], Any], Callable[[_Head, list[Any]], bytes]]] = {
        "rss": (_rss_item, _rss_feed),
        "atom": (_atom_entry, _atom_feed),
        "json": (_json_item, _json_feed),
        "commongrants": (lambda entry: _json(grants_record(bulletin, entry)), _grants_list),
    }
    made: dict[tuple[str, str], Any] = {}
    written = []
    for topic, entries in entries_by_topic(bulletin):
        head = _head(bulletin, topic, entries)
        for kind, (write, join) in formats.items():
            for entry in entries:
                if (kind, entry.guid) not in made:
                    made[kind, entry.guid] = write(entry)
            written.append(disk.put(topic.path(kind), join(head, [made[kind, entry.guid] for entry in entries])))
    return sorted(written)
