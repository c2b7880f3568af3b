"""What tests ask of a rendered page."""

from pathlib import Path

import lxml.html

from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.publishing.cards import render_cards
from boi_pipeline.publishing.disk import Disk
from boi_pipeline.publishing.feeds import render_feeds
from boi_pipeline.publishing.pdf import render_pdfs
from boi_pipeline.publishing.site import render_site


def render_pages(bulletin: Bulletin, folder: Path) -> list[Path]:
    """Everything that the pages of the site lead to, and the pages."""
    written = render_site(bulletin, Disk(folder)) + render_feeds(bulletin, Disk(folder)) + render_pdfs(bulletin, folder)
    return written + render_cards(bulletin, Disk(folder))


def parsed(path: Path) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(path.read_bytes(), parser=lxml.html.HTMLParser(encoding="utf-8"))


def words(path: Path) -> str:
    """The text a reader sees, with single spaces."""
    body = parsed(path).body
    return " ".join("".join(body.itertext()).split())


def note_page(site: Path, number: int) -> Path:
    return site / "oportunidades" / f"pal-2026-{number:05d}" / "index.html"
