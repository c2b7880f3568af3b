"""An archived row as a notice of its archive source: what it tells as ``label: value`` lines that readers can quote.

The same row always gives the same notice content, whatever file, edition or channel it comes in with.
"""

from datetime import datetime

from boi_pipeline.achieved.archive.mapping import ArchiveSource
from boi_pipeline.achieved.archive.rows import ArchivedRow
from boi_pipeline.spanish import long_date
from scrapers.notice import Hint, Link, Notice, compose_text, content_hash, item_id, notice_id, text_hash

PARSER = "archive-1"
PUBLISHED = "Archivo del boletín"
"""The label that tells a reader that a bulletin has published this: it was a call, whatever its words."""


def notice_of(row: ArchivedRow, source: ArchiveSource, batch_id: str, taken_at: datetime) -> Notice:
    """The notice of a row, first seen when its batch was taken in."""
    hints = [*_hints(row), *row.facts, Hint(label=PUBLISHED, value=source.name)]
    links = [Link(url=row.url, text="Enlace de la convocatoria")] if row.url else []
    text = compose_text(row.title, "", hints)
    content = content_hash(text, links)
    item = item_id(source.id, row.item_key)
    return Notice(
        notice_id=notice_id(item, content),
        item_id=item,
        source_id=source.id,
        item_key=row.item_key,
        url=row.url or source.url,
        title=row.title,
        text=text,
        text_sha256=text_hash(text),
        content_sha256=content,
        language=source.language,
        date_order="dmy",
        authority="aggregator",
        fetched_at=taken_at,
        crawl_id=batch_id,
        parser_version=PARSER,
        capture_id="",
        links=links,
        hints=hints,
    )


def _hints(row: ArchivedRow) -> list[Hint]:
    told = []
    if row.funder:
        told.append(Hint(label="Entidad convocante", value=row.funder))
    if day := row.close_date:
        told.append(Hint(label="Fecha de cierre", value=long_date(day)))
    return told
