"""What matching looks at of one announcement, and how it is taken from a notice and its reading.

Keys made of these fields belong to ``keys``; who belongs together, to ``match``.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from boi_pipeline.records import Reading
from scrapers.notice import Notice


@dataclass(frozen=True, slots=True)
class MatchItem:
    """One announcement, as its newest notice and reading have it. Links are as read; ``keys`` makes them canonical."""

    item_id: str
    source_id: str
    title: str
    text_sha256: str
    first_seen_at: datetime  # UTC; of the item, not of the notice: it never changes
    language: str
    authority: Literal["official", "aggregator"] = "aggregator"
    funder_name: str | None = None
    opportunity_number: str | None = None
    url: str | None = None  # the page of the announcement
    apply_url: str | None = None
    close_date: date | None = None  # the last of its deadlines
    parent_key: str | None = None  # the round-up it was cut from


def match_item(notice: Notice, reading: Reading | None, first_seen_at: datetime) -> MatchItem:
    """What matching looks at of an item: its newest notice, the reading that counts, when it was first seen."""
    closing = [deadline.close_date for deadline in reading.deadlines] if reading else []
    return MatchItem(
        item_id=notice.item_id,
        source_id=notice.source_id,
        title=notice.title,
        text_sha256=notice.text_sha256,
        first_seen_at=first_seen_at,
        language=notice.language,
        authority=notice.authority,
        funder_name=reading.funder_name if reading else None,
        opportunity_number=reading.opportunity_number if reading else None,
        url=notice.url,
        apply_url=reading.apply_url if reading else None,
        close_date=max(closing, default=None),
        parent_key=notice.parent_key,
    )
