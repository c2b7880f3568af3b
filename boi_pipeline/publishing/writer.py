"""How a page of the site comes to be: its links, its policy, its template, its file. Which pages there are is ``pages``'s.

A page function takes a ``Writer`` and writes through it. The caller swaps folders; nothing here reads a clock or the network.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from boi_pipeline.entity import EntityFile
from boi_pipeline.palette import palette
from boi_pipeline.publishing import spanish
from boi_pipeline.publishing.bulletin import Bulletin, PublishedItem
from boi_pipeline.publishing.colours import token_css
from boi_pipeline.publishing.disk import Disk
from boi_pipeline.publishing.handed import Attached
from boi_pipeline.publishing.note import Note, note_of, page_path
from boi_pipeline.publishing.standing import fingerprint
from boi_pipeline.publishing.text import plain
from boi_pipeline.records import Edition

_STATIC = Path(__file__).resolve().parent / "static"
_FIGURE = re.compile(r"([^\w\s]{0,3}\d[\d.,]{0,20}\d[^\w\s]{0,3})")  # with its signs: no line begins with «»»
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
CONTENT_SECURITY_POLICY = _POLICY
SCRIPT_POLICY = _POLICY.replace("style-src", "script-src 'self'; style-src", 1)  # of pages that cannot do without
EDITIONS = "ediciones/"
CARDS = "tarjetas/"
BULLETIN_CARD = f"{CARDS}boletin.png"


def form_policy(policy: str, origin: str) -> str:
    """The policy of a page whose form is sent to one place and to no other."""
    return policy.replace("form-action 'none'", f"form-action {origin}")


def edition_path(edition_id: str) -> str:
    """Where an edition's page is, under the site's root: ``ediciones/2026-11-23/``."""
    return f"{EDITIONS}{edition_id}/"


def site_root(entity: EntityFile) -> str:
    """The public address of the site, with its final slash."""
    return entity.site_url.rstrip("/") + "/"


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


@dataclass(frozen=True)
class Picture:
    """The card that stands for a page where it is shared: its path under the root, what it says, its size in pixels."""

    path: str
    alt: str
    width: int = 1200
    height: int = 630


@cache
def environment() -> Environment:
    """The site's templates: everything is escaped, nothing may be missing, no text keeps invisible characters."""
    made = Environment(
        loader=PackageLoader("boi_pipeline.publishing"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value,
        keep_trailing_newline=True,
    )
    made.globals.update(
        count=spanish.count,
        short_date=spanish.short_date,
        month=spanish.month_abbreviation,
        edition_path=edition_path,
        page_path=page_path,
    )
    made.filters["whole_figures"] = whole_figures
    return made


def whole_figures(text: str) -> Markup:
    """A text with its figures apart, each with the signs that touch it, so that a card that has no room hides one whole: «5.000» never becomes «5.00…»."""
    parts = _FIGURE.split(plain(text))
    return Markup("").join(
        Markup('<span class="figure">{}</span>').format(part) if place % 2 else part for place, part in enumerate(parts)
    )


def _stylesheet(bulletin: Bulletin) -> str:
    brand = bulletin.entity.brand
    types = bulletin.vocabularies["opportunity_types"].terms
    source, _, _ = PackageLoader("boi_pipeline.publishing").get_source(environment(), "site.css")
    return token_css(brand.primary, brand.accent, types) + source


def _icon(bulletin: Bulletin) -> str:
    brand = bulletin.entity.brand
    return environment().get_template("icon.svg").render(tokens=palette(brand.primary, brand.accent, dark=False))


class Writer:
    """Writes the pages of one bulletin and remembers which. Its page functions share the notes it makes."""

    def __init__(self, bulletin: Bulletin, disk: Disk) -> None:
        self.bulletin, self.disk = bulletin, disk
        self.mapped: list[tuple[str, str | None]] = []  # (path, last change) for the sitemap
        self._static: dict[str, str] = {}
        entity = bulletin.entity
        self._shared = {
            "entity": entity,
            "country": spanish.country_name(entity.country) or entity.country,
            "stylesheet": self.asset("site", "css", _stylesheet(bulletin)),
            "icon_file": self.asset("icon", "svg", _icon(bulletin)),
            "root": site_root(entity),
            "card": Picture(BULLETIN_CARD, f"{entity.bulletin}: becas, fondos, premios y cursos para {entity.city}."),
        }
        self._same = fingerprint([disk.standing.code_version if disk.standing else "", self._shared])

    @cached_property
    def notes(self) -> dict[str, Note]:
        """Code → the note that stands today, newest editions first."""
        return {code: self.note(edition, item) for code, (edition, item) in self.bulletin.current.items()}

    def note(self, edition: Edition, item: PublishedItem) -> Note:
        """The note of a publication."""
        return note_of(self.bulletin, edition, item)

    def file(self, name: str, content: str | bytes) -> None:
        """Write one file under the folder; text as UTF-8."""
        self.disk.put(name, content.encode() if isinstance(content, str) else content)

    def asset(self, stem: str, suffix: str, text: str) -> str:
        """Write a file whose name carries its content's hash; give its path."""
        name = f"assets/{stem}.{sha256(text.encode()).hexdigest()[:12]}.{suffix}"
        self.file(name, text)
        return name

    def static(self, name: str) -> str:
        """Write a file of ``static/`` as an asset, once; give its path."""
        if name not in self._static:
            stem, _, suffix = name.rpartition(".")
            self._static[name] = self.asset(stem, suffix, (_STATIC / name).read_text(encoding="utf-8"))
        return self._static[name]

    def carry(self, data: Attached, folder: str) -> None:
        """Copy files made elsewhere to ``folder`` under the root, as they are."""
        for one in data.files:
            self.disk.copy(data.folder / one.name, folder + one.name)

    def made(self, name: str, given: Any, make: Callable[[], bytes]) -> None:
        """Write one file that ``make`` makes of nothing but ``given``, or take over the one that was made of the same."""
        self.disk.made(name, fingerprint([self._same, name, given]) if self.disk.standing else "", make)

    def page(
        self,
        template: str,
        path: str,
        *,
        listed: bool = True,
        changed: str | None = None,
        dated: bool = False,
        scripts: bool = False,
        answers_to: str | None = None,
        late: Mapping[str, Callable[[], Any]] | None = None,
        **given: Any,
    ) -> None:
        """Render a template to ``path/index.html`` from what is ``given``: dataclasses, records, texts, numbers, days.

        ``listed`` pages stand in the sitemap, with the day they last ``changed``. A ``dated`` page says when the site
        was made: it is another one each day. ``scripts``: it may run scripts of the site's own. ``answers_to``: the one
        place (scheme, host, port) that its form may send to. ``late``: what is made of nothing but the given and the
        entity, and only when the page is rendered.
        """
        policy = SCRIPT_POLICY if scripts else CONTENT_SECURITY_POLICY
        settings = {"listed": listed, "csp": form_policy(policy, answers_to) if answers_to else policy}
        self._render(template, f"{path}index.html", Links("../" * path.count("/")), path, dated, given | settings, late)
        if listed:
            self.mapped.append((path, changed))

    def missing_page(self) -> None:
        """404.html: shown at any address, so its links start at the site's root."""
        root = urlsplit(site_root(self.bulletin.entity)).path
        settings = {"listed": False, "csp": CONTENT_SECURITY_POLICY}
        self._render("missing.html", "404.html", Links(root, ""), "404.html", False, settings)

    def _updated(self) -> str:
        instant = self.bulletin.as_of.astimezone(self.bulletin.zone)
        return f"{spanish.long_date(instant.date())}, {instant:%H:%M}"

    def _render(
        self,
        template: str,
        name: str,
        links: Links,
        path: str,
        dated: bool,
        given: dict[str, Any],
        late: Mapping[str, Callable[[], Any]] | None = None,
    ) -> None:
        given = given | {"links": links, "path": path, "updated": self._updated() if dated else None}
        given["canonical"] = site_root(self.bulletin.entity) + path

        def make() -> bytes:
            made = {name: make() for name, make in (late or {}).items()}
            return environment().get_template(template).render(self._shared | given | made).encode()

        self.disk.made(name, fingerprint([self._same, template, given]) if self.disk.standing else "", make)
