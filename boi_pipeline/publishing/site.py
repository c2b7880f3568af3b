"""The bulletin's static site: pages in Spanish, written as a pure function of a Bulletin.

Here: which pages there are, where they stand and what each template is given. Words are in ``note`` and the
templates, colours in ``colours``. The caller swaps folders; nothing here reads a clock, the network or another page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from boi_pipeline.entity import EntityFile
from boi_pipeline.palette import palette
from boi_pipeline.publishing import spanish, structured
from boi_pipeline.publishing.bulletin import Bulletin, PublishedEdition
from boi_pipeline.publishing.colours import token_css
from boi_pipeline.publishing.note import Note, note_of, page_path
from boi_pipeline.publishing.text import clip, plain

CLOSING_WINDOW = timedelta(days=30)
LISTED_CLOSING = 6
LISTED_RECENT = 6
CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
HOME, EDITIONS, HOW = "", "ediciones/", "como-funciona/"
RSS, JSON_FEED = "feed.xml", "feed.json"


def edition_path(edition_id: str) -> str:
    """Where an edition's page is, under the site's root: ``ediciones/2026-11-23/``."""
    return f"{EDITIONS}{edition_id}/"


@dataclass(frozen=True)
class Links:
    """How one page names the others: relative, so that the site opens from any folder, host or sub-path."""

    root: str
    index: str = "index.html"  # a folder opened from a disk has no default page

    def page(self, path: str) -> str:
        """The page that stands at ``path`` under the root (``""`` is home)."""
        return f"{self.root}{path}{self.index}" or "./"

    def file(self, path: str) -> str:
        """A file under the root."""
        return f"{self.root}{path}"


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("boi_pipeline.publishing"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value,
        keep_trailing_newline=True,
    )
    made.globals.update(count=spanish.count, short_date=spanish.short_date, month=spanish.month_abbreviation)
    return made


def site_root(entity: EntityFile) -> str:
    """The public address of the site, with its final slash."""
    return entity.site_url.rstrip("/") + "/"


class _Writer:
    """Writes the pages of one bulletin and remembers which."""

    def __init__(self, bulletin: Bulletin, folder: Path) -> None:
        self.bulletin, self.folder = bulletin, folder
        self.written: list[Path] = []
        self.mapped: list[tuple[str, str | None]] = []  # (path, last change) for the sitemap
        self.stylesheet = ""
        self.icon = ""

    def file(self, name: str, text: str) -> None:
        """Write one UTF-8 file under the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        self.written.append(path)

    def asset(self, stem: str, suffix: str, text: str) -> str:
        """Write a file whose name carries its content's hash; give its path."""
        name = f"assets/{stem}.{sha256(text.encode()).hexdigest()[:12]}.{suffix}"
        self.file(name, text)
        return name

    def page(self, template: str, path: str, *, listed: bool = True, changed: str | None = None, **given: Any) -> None:
        """Render a template to ``path/index.html``; ``listed`` pages stand in the sitemap."""
        self._render(template, f"{path}index.html", Links("../" * path.count("/")), path, given | {"listed": listed})
        if listed:
            self.mapped.append((path, changed))

    def missing_page(self) -> None:
        """404.html: shown at any address, so its links start at the site's root."""
        root = urlsplit(site_root(self.bulletin.entity)).path
        self._render("missing.html", "404.html", Links(root, ""), "404.html", {"listed": False})

    def _render(self, template: str, name: str, links: Links, path: str, given: dict[str, Any]) -> None:
        entity = self.bulletin.entity
        instant = self.bulletin.as_of.astimezone(self.bulletin.zone)
        shared = {
            "entity": entity,
            "country": spanish.country_name(entity.country) or entity.country,
            "links": links,
            "path": path,
            "canonical": site_root(entity) + path,
            "csp": CONTENT_SECURITY_POLICY,
            "stylesheet": self.stylesheet,
            "icon_file": self.icon,
            "updated": f"{spanish.long_date(instant.date())}, {instant:%H:%M}",
        }
        self.file(name, _environment().get_template(template).render(shared | given))


def _stylesheet(bulletin: Bulletin) -> str:
    brand = bulletin.entity.brand
    types = bulletin.vocabularies["opportunity_types"].terms
    source, _, _ = PackageLoader("boi_pipeline.publishing").get_source(_environment(), "site.css")
    return token_css(brand.primary, brand.accent, types) + source


def _icon(bulletin: Bulletin) -> str:
    brand = bulletin.entity.brand
    return _environment().get_template("icon.svg").render(tokens=palette(brand.primary, brand.accent, dark=False))


def _closing_soon(bulletin: Bulletin, notes: Iterable[Note]) -> list[Note]:
    last = bulletin.today + CLOSING_WINDOW
    return sorted(
        (note for note in notes if note.closing.is_open and note.closing.day and note.closing.day <= last),
        key=lambda note: (note.closing.day, note.code),
    )


def _home(writer: _Writer, notes: dict[str, Note]) -> None:
    bulletin = writer.bulletin
    latest = bulletin.newest_first[0] if bulletin.editions else None
    shown = [notes[code] for code in _codes(bulletin, latest)] if latest else []
    soon = _closing_soon(bulletin, notes.values())
    today = {note.code for note in shown}
    writer.page(
        "home.html",
        HOME,
        data=structured.site_data(bulletin),
        edition=latest.edition if latest else None,
        edition_words=spanish.weekday_date(latest.edition.edition_date) if latest else "",
        is_today=bool(latest and latest.edition.edition_date == bulletin.today),
        notes=shown,
        soon=soon[:LISTED_CLOSING],
        recent=[note for note in notes.values() if note.code not in today][:LISTED_RECENT],
        open_count=sum(note.closing.is_open for note in notes.values()),
        soon_count=len(soon),
        total_count=len(notes),
        edition_count=len(bulletin.editions),
    )


def _codes(bulletin: Bulletin, edition: PublishedEdition) -> list[str]:
    """The codes of an edition that have a page to show, in its order, each once."""
    ordered = sorted(edition.items, key=lambda item: item.publication.position)
    return list(dict.fromkeys(item.code for item in ordered if item.code in bulletin.current))


@dataclass(frozen=True)
class _Row:
    """One line of an edition's page: the note as it was published that day, or that it was withdrawn."""

    note: Note | None
    code: str
    now: str | None  # what became of it since


def _rows(bulletin: Bulletin, edition: PublishedEdition) -> list[_Row]:
    rows = []
    for item in sorted(edition.items, key=lambda one: one.publication.position):
        if item.code in bulletin.tombstones or item.is_withdrawn:
            rows.append(_Row(None, item.code, None))
            continue
        newest, latest = bulletin.history[item.code][0]
        corrected = (
            newest.seq > edition.edition.seq and latest.publication.snapshot_sha256 != item.publication.snapshot_sha256
        )
        now = None
        if item.code in bulletin.destinations:
            now = f"Ahora es parte de la nota {bulletin.destinations[item.code]}."
        elif corrected:
            now = f"Corregida el {spanish.long_date(newest.edition_date)}: la nota muestra el texto nuevo."
        rows.append(_Row(note_of(bulletin, edition.edition, item), item.code, now))
    return rows


def _archive(writer: _Writer, words: dict[str, str]) -> None:
    """The list of editions: one page a year, the newest year first."""
    years = {
        year: list(part)
        for year, part in groupby(writer.bulletin.newest_first, key=lambda one: one.edition.edition_date.year)
    }
    paths = {year: EDITIONS if place == 0 else f"{EDITIONS}{year}/" for place, year in enumerate(years)}
    for year, shown in years.items() or [(None, [])]:
        months = [
            (spanish.month_name(month), list(part))
            for month, part in groupby(shown, key=lambda one: one.edition.edition_date.replace(day=1))
        ]
        path = paths[year] if year else EDITIONS
        writer.page(
            "editions.html", path, months=months, words=words, edition_path=edition_path, year=year, years=paths
        )


def _editions(writer: _Writer) -> None:
    bulletin, ordered = writer.bulletin, writer.bulletin.newest_first
    words = {one.edition.edition_id: spanish.weekday_date(one.edition.edition_date) for one in ordered}
    _archive(writer, words)
    for place, edition in enumerate(ordered):
        identifier = edition.edition.edition_id
        writer.page(
            "edition.html",
            edition_path(identifier),
            changed=edition.edition.closed_at.date().isoformat(),
            edition=edition.edition,
            words=words,
            rows=_rows(bulletin, edition),
            newer=ordered[place - 1].edition if place else None,
            older=ordered[place + 1].edition if place + 1 < len(ordered) else None,
            edition_path=edition_path,
            page_path=page_path,
        )


def _opportunities(writer: _Writer, notes: dict[str, Note]) -> None:
    bulletin = writer.bulletin
    root = site_root(bulletin.entity)
    for code, note in notes.items():
        item = note.item
        previous, following = item.previous_edition_code, item.next_edition_code
        writer.page(
            "note.html",
            note.path,
            changed=max(note.published_at, bulletin.current[code][0].closed_at).date().isoformat(),
            note=note,
            data=structured.note_data(bulletin, note, root + note.path),
            edition_path=edition_path,
            previous=notes.get(bulletin.destinations.get(previous, previous)) if previous else None,
            following=notes.get(bulletin.destinations.get(following, following)) if following else None,
            related=_notes_of(bulletin, item.see_also, notes),
        )


def _notes_of(bulletin: Bulletin, codes: Iterable[str], notes: dict[str, Note]) -> list[Note]:
    """The notes that stand today for codes, merged ones followed, each once."""
    living = dict.fromkeys(bulletin.destinations.get(code, code) for code in codes)
    return [notes[code] for code in living if code in notes]


def _moved_and_withdrawn(writer: _Writer) -> None:
    bulletin = writer.bulletin
    for old, new in bulletin.destinations.items():
        target = bulletin.current.get(new)
        title = clip(target[1].opportunity.title_es, 200) if target else new
        writer.page("moved.html", page_path(old), listed=False, code=old, new=new, title=title, target=page_path(new))
    for code, stone in bulletin.tombstones.items():
        if code not in bulletin.destinations:
            when = spanish.long_date(stone.withdrawn_at.astimezone(bulletin.zone).date())
            writer.page("withdrawn.html", page_path(code), listed=False, code=code, stone=stone, when=when)


def _sitemap(writer: _Writer) -> str:
    root = site_root(writer.bulletin.entity)
    lines = []
    for path, changed in sorted(writer.mapped):
        stamp = f"<lastmod>{changed}</lastmod>" if changed else ""
        lines.append(f"  <url><loc>{escape(root + path)}</loc>{stamp}</url>\n")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{''.join(lines)}</urlset>\n"
    )


def render_site(bulletin: Bulletin, folder: Path) -> list[Path]:
    """Write the whole site into ``folder``; give the files written, sorted.

    The folder may be empty or not exist; the same bulletin gives the same bytes. Feeds are ``feeds.render_feeds``'s.
    """
    writer = _Writer(bulletin, folder)
    writer.stylesheet = writer.asset("site", "css", _stylesheet(bulletin))
    writer.icon = writer.asset("icon", "svg", _icon(bulletin))
    notes = {code: note_of(bulletin, edition, item) for code, (edition, item) in bulletin.current.items()}
    _home(writer, notes)
    _opportunities(writer, notes)
    _editions(writer)
    _moved_and_withdrawn(writer)
    writer.page("how.html", HOW)
    writer.missing_page()
    writer.file("sitemap.xml", _sitemap(writer))
    writer.file("robots.txt", f"User-agent: *\nAllow: /\n\nSitemap: {site_root(bulletin.entity)}sitemap.xml\n")
    return sorted(writer.written)
