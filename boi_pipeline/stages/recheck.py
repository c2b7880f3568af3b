"""What the re-check visits: the pages and links of every published call that is still open (architecture §7).

Pure: works on the ledger's rows and on notices; the visits are ``scrapers.recheck``, what they add up to is SQL
(``int_rechecks``, ``int_states``).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from boi_pipeline.publishing.spanish import end_of
from boi_pipeline.records import IdentityItem, Publication, PublicOpportunity, Redirect
from scrapers.closing import closed_marker
from scrapers.notice import Notice
from scrapers.recheck import Target


@dataclass(frozen=True)
class Approved:
    """What is approved of an opportunity now."""

    content: PublicOpportunity
    at: datetime


def to_watch(
    approved: Mapping[str, Approved],
    publications: Iterable[Publication],
    open_now: Collection[str],
    as_of: datetime,
    home: ZoneInfo,
) -> dict[str, Approved]:
    """The published calls whose approval stands and that are open: by what was approved, or by what a source says since.

    ``open_now`` are those the last warehouse says are open. An hour without a zone is in the entity's.
    """
    published = {one.opportunity_id for one in publications}
    return {
        identifier: one
        for identifier, one in approved.items()
        if identifier in published and (is_open(one.content, as_of, home) or identifier in open_now)
    }


def is_open(content: PublicOpportunity, as_of: datetime, home: ZoneInfo) -> bool:
    """Whether a deadline is still ahead, each in its own zone; a call without one is open."""
    return not content.deadlines or any(end_of(one, home) > as_of for one in content.deadlines)


def items_of(items: Iterable[IdentityItem], redirects: Iterable[Redirect], wanted: Collection[str]) -> dict[str, str]:
    """item_id → the wanted opportunity it speaks of, one that has become part of another included."""
    merged = {one.from_opportunity_id: one.to_opportunity_id for one in redirects if one.kind == "merged"}
    here = {_survivor(identifier, merged): identifier for identifier in sorted(wanted)}
    newest = {one.item_id: one.opportunity_id for one in sorted(items, key=lambda one: one.seq)}
    return {
        item_id: found for item_id, identifier in newest.items() if (found := here.get(_survivor(identifier, merged)))
    }


def _survivor(identifier: str, merged: Mapping[str, str]) -> str:
    seen = {identifier}
    while (following := merged.get(identifier)) and following not in seen:
        seen.add(following)
        identifier = following
    return identifier


def targets(
    watched: Mapping[str, Approved],
    items: Mapping[str, str],
    histories: Mapping[str, Sequence[Notice]],
    source_ids: Collection[str],
) -> list[Target]:
    """The visits: each item's page, and the links citizens were given.

    ``histories`` are the items' notices, oldest first. Of a source whose file is gone nothing is visited: no spider
    knows the way.
    """
    found: list[Target] = []
    links: dict[str, Target] = {}
    for identifier in sorted(watched):
        approved, pages = watched[identifier], []
        for item_id in sorted(item_id for item_id, owner in items.items() if owner == identifier):
            history = histories.get(item_id)
            if not history or history[-1].source_id not in source_ids or not _is_web(history[-1].url):
                continue
            newest = history[-1]
            seen = [notice for notice in history if notice.fetched_at <= approved.at]
            was_closed = bool(seen) and closed_marker(seen[-1].text.split("\n"), seen[-1].title) is not None
            pages.append(Target(source_id=newest.source_id, url=newest.url, notice=newest, was_closed=was_closed))
        found += pages
        for url in (approved.content.apply_url, approved.content.source_url):
            if url and _is_web(url) and pages and url not in links:
                links[url] = Target(source_id=_owner(pages, approved).source_id, url=url)
    return found + [links[url] for url in sorted(links)]


def _owner(pages: Sequence[Target], approved: Approved) -> Target:
    """The page whose source's spider looks after the links: the one that was published."""
    return next((page for page in pages if page.url == approved.content.source_url), pages[0])


def _is_web(url: str) -> bool:
    return url.startswith(("http://", "https://"))
