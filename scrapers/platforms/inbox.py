"""The inbox: what the team drops into the source's folder of the home, as if it were a place on the web.

Lists of links (CSV as Excel writes it, text, ``.url``): each link is an item, its page read politely like any other.
Newsletters (``.eml``): each section with a link of its own is an item, else the mail is. Which files are there is
``scrapers.middlewares.inbox``'s to say, what a mail says ``scrapers.mail``'s.
"""

import csv
import dataclasses
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from scrapy import Request
from scrapy.http import Response

from scrapers.mail import read_mail, without_contacts
from scrapers.middlewares.inbox import TYPES, inbox_url
from scrapers.notice import Hint
from scrapers.platforms import roundup
from scrapers.platforms.anypage import AnyPageSpider
from scrapers.platforms.base import Output, capture_id
from scrapers.platforms.found import Found, notice_of
from scrapers.platforms.options.inbox import InboxOptions
from scrapers.run import Malformed, SourceError
from scrapers.source import INBOX
from scrapers.text import Node, chosen_language, decode, links, page_language, visible
from scrapers.urls import absolute_url, canonical_url

if TYPE_CHECKING:
    from twisted.python.failure import Failure

MAX_ROWS = 5000  # of one file
MAX_NOTE = 1000  # characters
COLUMNS = {
    "url": ("url", "enlace", "link", "vinculo", "direccion"),
    "title": ("title", "titulo", "nombre", "name", "convocatoria"),
    "note": ("note", "nota", "notas", "comentario", "comentarios", "comment", "comments"),
}
_ORDER = ("text/csv", "text/plain", "message/rfc822", "")
_LINK = re.compile(r"https?://[^\s<>\"'|;]{1,2000}", re.IGNORECASE)


class Tip(NamedTuple):
    """A link somebody passed on."""

    url: str
    title: str = ""
    note: str = ""


class InboxSpider(AnyPageSpider[InboxOptions]):
    """Reads the files of its folder and the pages that they name."""

    platform = "inbox"
    version = 1
    options: InboxOptions

    def first_requests(self) -> Iterable[Request]:
        """The folder."""
        return [self.ask(inbox_url(self.source.id), self.parse_folder)]

    def parse_folder(self, response: Response) -> Output:
        """The files of the folder: tables first, which say the most of a link."""
        given = self.json(response)
        names = [name for name in given if isinstance(name, str)] if isinstance(given, list) else []
        yield from self._ask_file(sorted(names, key=lambda name: (_ORDER.index(_kind(name)), name)))

    def _ask_file(self, waiting: list[str]) -> Output:
        """One file after another: which of two tips for a page counts must not depend on what comes first."""
        if waiting:
            # a file that fails is counted like an item: the others go on
            key = f"{INBOX}:{waiting[0]}"
            request = self.ask(
                inbox_url(self.source.id, waiting[0]),
                self.parse_file,
                item_key=key,
                name=waiting[0],
                waiting=waiting[1:],
            )
            yield request.replace(errback=self.miss_file)

    def parse_file(self, response: Response, name: str, waiting: list[str]) -> Output:
        """What one file says, then the next."""
        try:
            yield from self._read_file(response, name)
            self.remember(response)
        except SourceError as error:
            self.run.fail_item(error.outcome, str(error))
        yield from self._ask_file(waiting)

    def miss_file(self, failure: "Failure") -> Output:
        """A file that may not be read."""
        self.note_failure(failure)
        yield from self._ask_file(cast("Any", failure).request.cb_kwargs["waiting"])

    def _read_file(self, response: Response, name: str) -> Output:
        kind = _kind(name)
        if kind == "message/rfc822":
            yield from self._mail(response, name)
        else:
            text = decode(response.body)
            yield from self._ask_tips(read_table(text, name) if kind == "text/csv" else read_links(text))

    def parse_page(self, response: Response, key: str, tip: Tip) -> Output:
        """The page of a link. Its title is the one somebody gave it, where they gave one."""
        if response.status == 304:
            self.run.confirmed(key)
            return
        found = self.read_any(response, key, title=tip.title)
        if found is None:
            return
        if tip.note:
            found = dataclasses.replace(found, hints=(*found.hints, Hint(label="Nota", value=tip.note)))
        yield from self.hand_over(found, roundups=self.options.roundups)
        self.remember(response)

    def _ask_tips(self, tips: Iterable[Tip]) -> Output:
        for tip in tips:
            key = canonical_url(tip.url)
            if not self.run.listed(key) or not self.options.wants(tip.title, []):
                continue
            shown = f"{tip.title}\n{tip.note}"
            if self.asked < self.options.max_details and self.run.needs_page(key, shown, revisit=False):
                self.asked += 1
                is_known = self.run.known.has(key) and self.run.is_read(key, shown)
                yield self.ask(tip.url, self.parse_page, item_key=key, conditional=is_known, key=key, tip=tip)

    def _mail(self, response: Response, name: str) -> Output:
        try:
            mail = read_mail(response.body)
        except ValueError as error:
            raise Malformed(f"{name}: {error}") from None
        title = mail.subject or Path(name).stem
        if not self.run.listed(mail.key) or not self.options.wants(title, []):
            return
        parts = roundup.sections(mail.node, response.url) if self.options.roundups else []
        self.run.reading(mail.key)
        if not parts:
            yield notice_of(self._found(response, mail.key, title, mail.node, mail.sent_at), self.run)
        for number, part in enumerate(parts, 1):
            found = self._found(response, f"{mail.key}#{number}", part.title, part.node, mail.sent_at)
            yield notice_of(found, self.run, parent_key=mail.key)

    def _found(self, response: Response, key: str, title: str, node: Node, sent_at: datetime | None) -> Found:
        where = links(node, response.url)
        return Found(
            item_key=key,
            url=where[0].url if where else "",
            title=title,
            node=node,
            base_url=response.url,
            capture_id=capture_id(response),
            language=chosen_language(self.source.language, self.run.languages, page_language(node)),
            published_at=sent_at if sent_at and sent_at <= self.run.as_of else None,
        )


def _kind(name: str) -> str:
    return TYPES.get(Path(name).suffix.lower(), "")


def read_table(text: str, name: str) -> list[Tip]:
    """The tips of a CSV: any of the usual delimiters, its columns by their names. Raises Malformed."""
    lines = text.lstrip("\ufeff").replace("\x00", "").splitlines(keepends=True)
    stated = re.fullmatch(r"sep=(.)\s*", lines[0], re.IGNORECASE) if lines else None  # Excel's own line
    lines = lines[1:] if stated else lines
    head = next((line for line in lines if line.strip()), "")
    delimiter = stated.group(1) if stated else max(";,\t", key=head.count)
    try:
        rows = [row for row, _ in zip(csv.reader(lines, delimiter=delimiter), range(MAX_ROWS + 1), strict=False)]
    except (csv.Error, ValueError, TypeError) as error:
        raise Malformed(f"{name}: no es un CSV que se pueda leer ({error})") from None
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        return []
    places = {field: _column(rows[0], names) for field, names in COLUMNS.items()}
    if places["url"] is None:
        raise Malformed(f"{name}: falta la columna url (o enlace, o link) en su primera línea")
    return [tip for row in rows[1:] if (tip := _tip(row, places))]


def _column(head: list[str], names: tuple[str, ...]) -> int | None:
    told = [_plain(cell) for cell in head]
    return next((told.index(name) for name in names if name in told), None)


def _plain(cell: str) -> str:
    """A heading in lower case without accents."""
    folded = unicodedata.normalize("NFKD", cell.strip().casefold())
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


def _tip(row: list[str], places: dict[str, int | None]) -> Tip | None:
    cells = {name: row[place] if place is not None and place < len(row) else "" for name, place in places.items()}
    link = _LINK.search(cells["url"])
    url = absolute_url(link.group(0), link.group(0)) if link else None
    return Tip(url, _line(cells["title"]), _line(cells["note"])) if url else None


def _line(cell: str) -> str:
    return without_contacts(visible(cell))[:MAX_NOTE]


def read_links(text: str) -> list[Tip]:
    """The tips of a text: the first link of each line."""
    found = [match.group(0).rstrip(".,;:)]") for line in text.splitlines()[:MAX_ROWS] if (match := _LINK.search(line))]
    return [Tip(url) for link in found if (url := absolute_url(link, link))]
