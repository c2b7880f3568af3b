"""The pages of the site and what each template is given. Words are in ``note`` and the templates, colours in ``colours``.

A page function writes every page of its kind through the ``Writer``; ``site`` lists them. Editions are ``archive``'s,
search and lists are ``search``'s and ``explore``'s.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from markupsafe import Markup

from boi_pipeline.publishing import spanish, structured
from boi_pipeline.publishing.archive import newest_codes
from boi_pipeline.publishing.article import article_of
from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.publishing.calendar import calendar_path
from boi_pipeline.publishing.cards import card_alt, card_path
from boi_pipeline.publishing.note import Note, page_path
from boi_pipeline.publishing.structured_note import note_data
from boi_pipeline.publishing.text import clip
from boi_pipeline.publishing.topics import terms_of, topics
from boi_pipeline.publishing.writer import Picture, Writer, edition_path

CLOSING_WINDOW = timedelta(days=30)
LISTED_CLOSING = 6
LISTED_RECENT = 6
WEEK = timedelta(days=7)
HOME, HOW = "", "como-funciona/"


@dataclass(frozen=True)
class Mention:
    """Another note as a page names it."""

    path: str
    title: str


def _mention(note: Note | None) -> Mention | None:
    return Mention(note.path, note.title) if note else None


def _closing_soon(bulletin: Bulletin, notes: Iterable[Note]) -> list[Note]:
    last = bulletin.today + CLOSING_WINDOW
    return sorted(
        (note for note in notes if note.closing.is_open and note.closing.day and note.closing.day <= last),
        key=lambda note: (note.closing.day, note.code),
    )


def home_page(writer: Writer) -> None:
    """What is new today, what closes soon, what came before."""
    bulletin, notes = writer.bulletin, writer.notes
    latest = bulletin.newest_first[0] if bulletin.editions else None
    shown = [notes[code] for code in newest_codes(bulletin)]
    weeks = bulletin.newest_weeks_first
    soon = _closing_soon(bulletin, notes.values())
    today = {note.code for note in shown}
    before = [note for note in notes.values() if note.code not in today]
    week = [note for note in before if bulletin.current[note.code][0].edition_date > bulletin.today - WEEK]
    writer.page(
        "home.html",
        HOME,
        dated=True,
        data=structured.site_data(bulletin),
        edition=latest.edition if latest else None,
        edition_words=spanish.weekday_date(latest.edition.edition_date) if latest else "",
        is_today=bool(latest and latest.edition.edition_date == bulletin.today),
        notes=shown,
        soon=soon[:LISTED_CLOSING],
        recent=(week or before)[:LISTED_RECENT],
        is_this_week=bool(week),
        open_count=sum(note.closing.is_open for note in notes.values()),
        soon_count=len(soon),
        total_count=len(notes),
        edition_count=len(bulletin.editions),
        article=article_of(bulletin, weeks[0], writer.note) if weeks else None,
    )


def note_pages(writer: Writer) -> None:
    """A page for each opportunity that stands."""
    bulletin, notes = writer.bulletin, writer.notes
    form = bulletin.entity.outcome_form
    lists = {topic.term: Mention(topic.page, topic.label) for topic in topics(bulletin.vocabularies) if topic.term}
    for code, note in notes.items():
        item, terms = note.item, terms_of(note.item.opportunity)
        previous, following = (
            notes.get(bulletin.destinations.get(other, other)) if other else None
            for other in (item.previous_edition_code, item.next_edition_code)
        )
        writer.page(
            "note.html",
            note.path,
            changed=max(note.published_at, bulletin.current[code][0].closed_at).date().isoformat(),
            answers_to=form.origin if form else None,
            note=note,
            calendar=calendar_path(code) if not note.closing.is_over and note.closing.deadlines else None,
            late={"data": partial(_note_data, bulletin, note), "card": partial(_card, bulletin, note)},
            previous=_mention(previous),
            following=_mention(following),
            related=[_mention(other) for other in _notes_of(bulletin, item.see_also, notes)],
            lists=[mention for term, mention in lists.items() if term in terms],
        )


def _note_data(bulletin: Bulletin, note: Note) -> Markup:
    above = (f"Edición del {note.edition_words}", edition_path(note.edition_id))
    return note_data(bulletin, note, [above])


def _card(bulletin: Bulletin, note: Note) -> Picture:
    return Picture(card_path(note.code), card_alt(bulletin, note))


def _notes_of(bulletin: Bulletin, codes: Iterable[str], notes: dict[str, Note]) -> list[Note]:
    """The notes that stand today for codes, merged ones followed, each once."""
    living = dict.fromkeys(bulletin.destinations.get(code, code) for code in codes)
    return [notes[code] for code in living if code in notes]


def moved_and_withdrawn_pages(writer: Writer) -> None:
    """What stands at the address of a merged code, and of one that was taken down."""
    bulletin = writer.bulletin
    for old, new in bulletin.destinations.items():
        target = bulletin.current.get(new)
        title = clip(target[1].opportunity.title_es, 200) if target else new
        writer.page(
            "moved.html",
            page_path(old),
            listed=False,
            heading=f"{old} ahora es {new}",
            words=f"{old} y {new} son la misma convocatoria.",
            title=title,
            target=page_path(new),
        )
    for code, stone in bulletin.tombstones.items():
        if code not in bulletin.destinations:
            when = spanish.long_date(stone.withdrawn_at.astimezone(bulletin.zone).date())
            writer.page("withdrawn.html", page_path(code), listed=False, code=code, stone=stone, when=when)


def how_page(writer: Writer) -> None:
    """How the bulletin is made."""
    name, words = "Cómo funciona", "De dónde sale la información, quién decide y cómo se prueba cada dato."
    writer.page("how.html", HOW, data=structured.page_data(writer.bulletin, HOW, name, words, kind="AboutPage"))


def missing_page(writer: Writer) -> None:
    """404.html."""
    writer.missing_page()
