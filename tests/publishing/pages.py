"""What tests ask of a rendered page."""

from pathlib import Path

import lxml.html


def parsed(path: Path) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(path.read_bytes(), parser=lxml.html.HTMLParser(encoding="utf-8"))


def words(path: Path) -> str:
    """The text a reader sees, with single spaces."""
    body = parsed(path).body
    return " ".join("".join(body.itertext()).split())


def note_page(site: Path, number: int) -> Path:
    return site / "oportunidades" / f"pal-2026-{number:05d}" / "index.html"
