"""One announcement as a platform found it, and the notice made of it.

How it is found belongs to the platforms; asking for its documents, and telling one call of a round-up from another, to
``base`` and ``roundup``.
"""

from dataclasses import dataclass
from datetime import datetime

from scrapers.documents import label
from scrapers.notice import Hint, Link, Notice, clean_text, compose_text, content_hash, item_id, notice_id, text_hash
from scrapers.platforms import roundup
from scrapers.run import Malformed, SourceRun
from scrapers.text import Node, block_text, links

MAX_TITLE = 500  # characters
NO_TEXT = "Documento sin texto"  # label of the hint that stands for a document that could not be read


@dataclass(frozen=True)
class Found:
    """One announcement as a platform found it; ``node`` is its cleaned body."""

    item_key: str
    url: str
    title: str
    node: Node
    base_url: str
    capture_id: str
    language: str
    hints: tuple[Hint, ...] = ()
    sections: tuple[str, ...] = ()  # texts of its documents, after the body
    published_at: datetime | None = None
    modified_at: datetime | None = None


def notice_of(found: Found, run: SourceRun, parent_key: str | None = None) -> Notice:
    """The notice of an announcement, as of the run. Raises Malformed where its body cannot be read as text."""
    source = run.source
    try:
        body = block_text(found.node)
    except ValueError as error:
        raise Malformed(f"{found.url}: {error}") from None
    title = clean_text(" ".join(found.title.split())[:MAX_TITLE])
    first, _, rest = body.partition("\n")
    if roundup.unnumbered(first) == title:
        body = rest
    text = compose_text(title, "\n\n".join([body, *found.sections]), list(found.hints))
    where = links(found.node, found.base_url)
    content, item = content_hash(text, where), item_id(source.id, found.item_key)
    return Notice(
        notice_id=notice_id(item, content),
        item_id=item,
        source_id=source.id,
        item_key=found.item_key,
        parent_key=parent_key,
        url=found.url,
        title=title,
        text=text,
        text_sha256=text_hash(text),
        content_sha256=content,
        language=found.language,
        date_order=source.date_order,
        authority=source.authority,
        timezone=source.timezone,
        published_at=found.published_at,
        modified_at=found.modified_at,
        fetched_at=run.as_of,
        crawl_id=run.crawl_id,
        parser_version=run.parser_version,
        capture_id=found.capture_id,
        links=where,
        hints=list(found.hints),
    )


def heading(document: Link) -> str:
    """The line that a document's text begins with in its notice."""
    return f"[PDF: {label(document)}]"


def section_of(notice: Notice, heading: str) -> str:
    """A document's section of an earlier notice, heading included; empty where it has none."""
    facts = compose_text("", "", notice.hints)
    _, found, rest = notice.text.removesuffix(facts).partition(f"\n{heading}\n")
    return f"{heading}\n{rest.partition(chr(10) * 2 + '[PDF: ')[0]}".rstrip() if found else ""
