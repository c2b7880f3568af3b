"""The archive: a page an edition, as it was published, and the lists of editions. Other pages are ``pages``'s."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby

from markupsafe import Markup

from boi_pipeline.publishing import spanish, structured
from boi_pipeline.publishing.bulletin import Bulletin, PublishedEdition
from boi_pipeline.publishing.note import Note, edition_words
from boi_pipeline.publishing.writer import EDITIONS, Writer, edition_path

NAMED = 30  # of a year's editions, in its structured data: a page stays below 100 kB with an edition each day


def newest_codes(bulletin: Bulletin) -> list[str]:
    """The codes of the newest day's editions that have a page to show, in their order, each once."""
    days = [
        one
        for one in bulletin.newest_first
        if one.edition.edition_date == bulletin.newest_first[0].edition.edition_date
    ]
    ordered = (item for one in reversed(days) for item in sorted(one.items, key=lambda item: item.publication.position))
    return list(dict.fromkeys(item.code for item in ordered if item.code in bulletin.current))


@dataclass(frozen=True)
class _Row:
    """One line of an edition's page: the note as it was published that day, or that it was withdrawn."""

    note: Note | None
    code: str
    now: str | None  # what became of it since


@dataclass(frozen=True)
class _Listed:
    """An edition as a list names it."""

    path: str
    words: str
    day: date
    count: int


def _rows(writer: Writer, edition: PublishedEdition) -> list[_Row]:
    bulletin, rows = writer.bulletin, []
    for item in sorted(edition.items, key=lambda one: one.publication.position):
        if item.code in bulletin.tombstones or item.is_withdrawn:
            rows.append(_Row(None, item.code, None))
            continue
        now = None
        if item.code in bulletin.destinations:
            now = f"Ahora es parte de la nota {bulletin.destinations[item.code]}."
        elif corrected := bulletin.corrected_on(edition.edition, item):
            now = f"Corregida el {spanish.long_date(corrected)}: la nota muestra el texto nuevo."
        rows.append(_Row(writer.note(edition.edition, item), item.code, now))
    return rows


def archive_pages(writer: Writer) -> None:
    """The list of editions: one page a year, the newest year first."""
    listed = [
        _Listed(
            edition_path(one.edition.edition_id),
            edition_words(one.edition),
            one.edition.edition_date,
            len(one.items),
        )
        for one in writer.bulletin.newest_first
    ]
    years = {year: list(part) for year, part in groupby(listed, key=lambda one: one.day.year)}
    paths = {year: EDITIONS if place == 0 else f"{EDITIONS}{year}/" for place, year in enumerate(years)}
    for year, shown in years.items() or [(None, [])]:
        months = [
            (spanish.month_name(month), list(part))
            for month, part in groupby(shown, key=lambda one: one.day.replace(day=1))
        ]
        path = paths[year] if year else EDITIONS
        writer.page(
            "editions.html",
            path,
            dated=True,
            data=structured.list_data(
                writer.bulletin,
                path,
                f"Ediciones de {year}" if len(paths) > 1 else "Ediciones",
                "Todas las ediciones, por mes.",
                [(f"Edición del {one.words}", one.path) for one in shown[:NAMED]],
            ),
            months=months,
            year=year,
            years=paths,
        )


def _edition_data(bulletin: Bulletin, edition_id: str, words: str, rows: list[_Row]) -> Markup:
    return structured.list_data(
        bulletin,
        edition_path(edition_id),
        f"Edición del {words}",
        f"Oportunidades internacionales publicadas el {words}.",
        [(row.note.title, row.note.path) for row in rows if row.note],
        crumbs=[("Ediciones", EDITIONS)],
    )


def edition_pages(writer: Writer) -> None:
    """A page for each edition."""
    bulletin, ordered = writer.bulletin, writer.bulletin.newest_first
    words = {one.edition.edition_id: edition_words(one.edition) for one in ordered}
    for place, edition in enumerate(ordered):
        newer = ordered[place - 1].edition if place else None
        older = ordered[place + 1].edition if place + 1 < len(ordered) else None
        shown = edition.edition
        rows = _rows(writer, edition)
        writer.page(
            "edition.html",
            edition_path(shown.edition_id),
            late={"data": partial(_edition_data, bulletin, shown.edition_id, words[shown.edition_id], rows)},
            changed=shown.closed_at.date().isoformat(),
            edition=shown,
            words={one.edition_id: words[one.edition_id] for one in (newer, shown, older) if one},
            rows=rows,
            newer=newer,
            older=older,
        )
