"""The Notice: an item at one moment, as its source announced it. Its keys, hash and Parquet schema.

How a page becomes a notice belongs to the platforms; what the notice means, to the readers.
"""

import hashlib
import unicodedata
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

DateOrder = Literal["dmy", "mdy", "ymd"]
Authority = Literal["official", "aggregator"]


class Link(BaseModel):
    """A link of the announcement: absolute http(s) URL and its anchor text."""

    model_config = ConfigDict(frozen=True)
    url: str
    text: str = ""


class Hint(BaseModel):
    """A structured fact the source gave beside the prose; it also stands in the text as a line ``label: value``."""

    model_config = ConfigDict(frozen=True)
    label: str
    value: str


class Notice(BaseModel):
    """One item at one moment.

    ``text`` is NFC, begins with the title on its own line, ends with the hints as ``label: value`` lines, and is
    never re-cleaned: evidence points into it in Unicode code points.
    """

    model_config = ConfigDict(frozen=True)

    notice_id: str  # item_id@content_sha256
    item_id: str  # source_id/item_key
    source_id: str
    item_key: str  # the source's own id (guid, post id), else the canonical URL; "#n" inside a round-up
    parent_key: str | None = None  # the round-up post this was cut from
    url: str
    title: str
    text: str
    text_sha256: str
    content_sha256: str  # of the text and of where its links lead: a swapped link is another notice
    language: str  # BCP-47
    date_order: DateOrder
    authority: Authority
    timezone: str | None = None  # IANA zone of the place, where the source file states it
    published_at: datetime | None = None  # UTC
    modified_at: datetime | None = None  # UTC
    fetched_at: datetime  # UTC; the crawl's own instant, the same for all its notices
    crawl_id: str
    parser_version: str
    capture_id: str  # WARC-Record-ID of the response it was read from
    links: list[Link] = Field(default_factory=list)
    hints: list[Hint] = Field(default_factory=list)


def clean_text(text: str) -> str:
    """NFC, no carriage returns, NULs or lone surrogates: the last change a notice's text ever sees."""
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def compose_text(title: str, body: str, hints: list[Hint]) -> str:
    """The stored text: title line, body, then one ``label: value`` line a hint (one line each)."""
    facts = "\n".join(f"{' '.join(hint.label.split())}: {' '.join(hint.value.split())}" for hint in hints)
    return clean_text("\n\n".join(part for part in (" ".join(title.split()), body.strip(), facts) if part))


def text_hash(text: str) -> str:
    """sha256 of the UTF-8 text, in hex."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def item_id(source_id: str, item_key: str) -> str:
    """``source_id/item_key``: an item's identity for ever."""
    return f"{source_id}/{item_key}"


def content_hash(text: str, links: list[Link]) -> str:
    """sha256, in hex, of the text and of where its links lead (fragments aside)."""
    return text_hash("\n".join([text, *sorted({link.url.partition("#")[0] for link in links})]))


def notice_id(item: str, content_sha256: str) -> str:
    """``item_id@content_sha256``: one content of one item."""
    return f"{item}@{content_sha256}"
