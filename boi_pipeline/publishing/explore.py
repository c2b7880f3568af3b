"""Lists of what is open, for whoever searches without scripts: by type, audience, level, goal and closing month.

A list stands at ``explorar/<group>/<term>/``, the call that closes first on top, some forty a page. Groups and terms are
those of ``topics``, so that a list and its feed are named alike; months are listed while something closes in them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby

from markupsafe import Markup

from boi_pipeline.publishing import spanish, structured
from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.publishing.note import Note
from boi_pipeline.publishing.text import clip
from boi_pipeline.publishing.topics import EXPLORE, Topic, terms_of, topics
from boi_pipeline.publishing.writer import Writer

A_PAGE = 40
MAX_TITLE, MAX_PLACE = 140, 80
CLOSING, UNDATED = "cierre", "sin-fecha"
_NAME = "Explorar las convocatorias abiertas"
_WORDS = "Listas por tipo, público, nivel de estudios, ODS y mes de cierre."


@dataclass(frozen=True)
class Row:
    """An open call as a list shows it."""

    path: str
    title: str
    type_code: str
    type_label: str
    place: str
    answer_code: str
    answer_label: str
    day: date | None


@dataclass(frozen=True)
class Term:
    """One list: where it stands, how it is called and what is on it, the soonest first. ``topic``: what it can be followed by."""

    path: str
    words: str
    notes: list[Note]
    topic: Topic | None = None


@dataclass(frozen=True)
class Listed:
    """A list as others name it."""

    path: str
    words: str
    count: int


@dataclass(frozen=True)
class Section:
    """The lists of one group, as pages name them."""

    slug: str
    label: str
    terms: list[Listed]


def _soonest_first(notes: Iterable[Note]) -> list[Note]:
    shown = [note for note in notes if note.closing.is_open]
    return sorted(shown, key=lambda note: (note.closing.day is None, note.closing.day or date.max, note.code))


def _by_topic(writer: Writer, shown: list[Note]) -> list[tuple[str, str, list[Term]]]:
    """(slug, heading, terms) of each group of topics. Every term has its list, also while it is empty."""
    of_term: dict[tuple[str, str], list[Note]] = {}
    for note in shown:
        for term in terms_of(note.item.opportunity):
            of_term.setdefault(term, []).append(note)
    found: dict[str, tuple[str, str, list[Term]]] = {}
    for topic in topics(writer.bulletin.vocabularies):
        if topic.group and topic.term:
            _, _, terms = found.setdefault(topic.group.slug, (topic.group.slug, topic.group.label, []))
            terms.append(Term(topic.page, topic.label, of_term.get(topic.term, []), topic))
    return list(found.values())


def _by_month(shown: list[Note]) -> list[Term]:
    """A list for each month in which something closes, and one for what closes on no day."""
    found = []
    for month, part in groupby(shown, key=lambda note: note.closing.day.replace(day=1) if note.closing.day else None):
        words = f"Cierran en {spanish.month_name(month)}" if month else "Sin fecha de cierre"
        found.append(Term(f"{EXPLORE}{CLOSING}/{f'{month:%Y-%m}' if month else UNDATED}/", words, list(part)))
    return found


def groups(writer: Writer) -> list[tuple[str, str, list[Term]]]:
    """(slug, heading, lists) of every group there is something to say of."""
    shown = _soonest_first(writer.notes.values())
    found = [*_by_topic(writer, shown), (CLOSING, "Por mes de cierre", _by_month(shown))]
    return [one for one in found if one[2]]


def sections(writer: Writer) -> list[Section]:
    """Every list with its count, by group: what other pages link to."""
    return [
        Section(slug, label, [Listed(term.path, term.words, len(term.notes)) for term in terms])
        for slug, label, terms in groups(writer)
    ]


def _row(note: Note) -> Row:
    return Row(
        path=note.path,
        title=clip(note.title, MAX_TITLE),
        type_code=note.type_code,
        type_label=note.type_label,
        place=clip(note.place or "", MAX_PLACE),
        answer_code=note.answer.code,
        answer_label=note.answer.label,
        day=note.closing.day,
    )


def _list_data(bulletin: Bulletin, path: str, words: str, about: str, rows: list[Row]) -> Markup:
    listed = [(row.title, row.path) for row in rows]
    return structured.list_data(bulletin, path, words, about, listed, crumbs=[(_NAME, EXPLORE)])


def _term_pages(writer: Writer, heading: str, term: Term) -> None:
    """A list, some forty rows a page; the first page stands at its address."""
    parts = [term.notes[start : start + A_PAGE] for start in range(0, len(term.notes), A_PAGE)] or [[]]
    paths = [term.path if number == 1 else f"{term.path}{number}/" for number in range(1, len(parts) + 1)]
    feeds = (
        [(words, term.topic.path(kind)) for words, kind in (("RSS", "rss"), ("calendario", "ics"))]
        if term.topic
        else []
    )
    description = (
        f"{term.words}: convocatorias internacionales abiertas, de la que cierra antes a la que cierra después."
    )
    for number, (path, part) in enumerate(zip(paths, parts, strict=True), 1):
        rows = [_row(note) for note in part]
        writer.page(
            "list.html",
            path,
            late={"data": partial(_list_data, writer.bulletin, path, term.words, description, rows)},
            sheet=writer.static("search.css"),
            heading=heading,
            name=term.words,
            about=description,
            rows=rows,
            total=len(term.notes),
            number=number,
            pages=len(parts),
            newer=paths[number - 2] if number > 1 else None,
            older=paths[number] if number < len(paths) else None,
            feeds=feeds,
        )


def explore_pages(writer: Writer) -> None:
    """The page of all lists, and every list."""
    writer.page(
        "explore.html",
        EXPLORE,
        data=structured.page_data(writer.bulletin, EXPLORE, _NAME, _WORDS),
        sheet=writer.static("search.css"),
        name=_NAME,
        about=_WORDS,
        sections=sections(writer),
    )
    for _, heading, terms in groups(writer):
        for term in terms:
            _term_pages(writer, heading, term)
