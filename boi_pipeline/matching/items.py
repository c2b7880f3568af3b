"""What matching looks at of one announcement, and how it is taken from a notice and its reading.

Keys made of these fields belong to ``keys``; who belongs together, to ``match``.
"""

import marshal
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Literal, NamedTuple

from boi_pipeline.matching.keys import canonical_link, is_door
from boi_pipeline.matching.words import TEXT_HEAD
from boi_pipeline.records import Reading
from scrapers.notice import Notice
from scrapers.outcome import Recheck


class MatchItem(NamedTuple):
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
    deadlines: tuple[date, ...] = ()  # earliest first
    parent_key: str | None = None  # the round-up it was cut from
    text: str = ""  # its beginning is enough
    opportunity_type: str | None = None
    currency: str | None = None
    amounts: tuple[float, ...] = ()  # of an award or in all, in the currency
    host_countries: tuple[str, ...] = ()
    eligible_regions: tuple[str, ...] = ()
    landings: tuple[str, ...] = ()  # where its links were seen to lead

    @property
    def input_id(self) -> str:
        """Names everything that is compared of it: announcements with equal ids compare alike."""
        at, days = self.first_seen_at.timestamp(), tuple(map(date.toordinal, self.deadlines))
        # faster than repr, and a function of the values alone: this version of the format knows no references
        return sha256(marshal.dumps((*self[:4], at, *self[5:11], days, *self[12:]), 2)).hexdigest()[:32]

    @property
    def close_date(self) -> date | None:
        """The last of its deadlines."""
        return self.deadlines[-1] if self.deadlines else None


def redirects_of(visits: Iterable[Recheck]) -> dict[str, str]:
    """Canonical link → the address that its newest visit ended at, of links that citizens are given; visits oldest first.

    An item's own page is not among them: some platforms ask their interface instead. Nor is what leads to a door.
    """
    found: dict[str, str] = {}
    for visit in visits:
        link = canonical_link(visit.url) if visit.item_id is None and visit.outcome == "ok" else None
        if link is None or visit.final_url is None:
            continue
        landing = canonical_link(visit.final_url)
        found.pop(link, None)
        if landing not in (None, link) and not is_door(visit.final_url):
            found[link] = visit.final_url
    return found


def match_item(
    notice: Notice, reading: Reading | None, first_seen_at: datetime, redirects: Mapping[str, str] | None = None
) -> MatchItem:
    """What matching looks at of an item: its newest notice, the reading that counts, when it was first seen, and where
    links lead (``redirects_of``)."""
    facts = reading or _NOTHING
    links = [link for url in (facts.apply_url, notice.url) if redirects and (link := canonical_link(url))]
    amounts = {facts.min_award_amount, facts.max_award_amount, facts.total_amount_available} - {None}
    return MatchItem(
        item_id=notice.item_id,
        source_id=notice.source_id,
        title=notice.title,
        text_sha256=notice.text_sha256,
        first_seen_at=first_seen_at,
        language=notice.language,
        authority=notice.authority,
        funder_name=facts.funder_name,
        opportunity_number=facts.opportunity_number,
        url=notice.url,
        apply_url=facts.apply_url,
        deadlines=tuple(sorted({deadline.close_date for deadline in facts.deadlines})),
        parent_key=notice.parent_key,
        text=notice.text[:TEXT_HEAD],
        opportunity_type=facts.opportunity_type,
        currency=facts.currency,
        amounts=tuple(sorted(float(amount) for amount in amounts if amount)),
        host_countries=tuple(facts.host_countries),
        eligible_regions=tuple(facts.eligible_regions),
        landings=tuple(sorted({redirects[link] for link in links if link in redirects})) if redirects else (),
    )


_NOTHING = Reading(input_hash="", reader="offline", reader_version="none", notice_id="", item_id="")
