"""What is compared of an announcement: its normal forms as columns, made of it alone and never of the others.

Because no figure here depends on the rest of the corpus, facts and scores of pairs can be kept from one day to the next
(``store``). Normal forms belong to ``keys`` and ``words``; comparing, to ``score``.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from urllib.parse import urlsplit

import pyarrow as pa
from pydantic import BaseModel, ConfigDict

from boi_pipeline.matching.items import MatchItem
from boi_pipeline.matching.keys import STOP_WORDS, canonical_link, fold, funder_key, number_key, title_key
from boi_pipeline.matching.words import content, names, title_stems, title_words
from scrapers.tabular import arrow_schema

SANE_YEARS = (1990, 2100)
"""Years of a deadline that can be meant; other dates are taken for slips and not compared."""


class Facts(BaseModel):
    """One announcement in normal form. A name here is the name of the column that candidates and scores read."""

    model_config = ConfigDict(frozen=True)

    item_id: str
    source_id: str
    first_seen_at: datetime
    language: str  # two letters
    is_official: bool
    parent_key: str | None
    text_sha256: str
    series: str  # words of the title, in order, without years and cycle
    is_named: bool  # whether the series is long enough to name anything
    years: list[int]
    cycle: int | None
    telling: list[str]
    common: list[str]
    variants: list[str]
    funder: str | None
    funder_words: list[str]
    number: str | None
    is_general_number: bool
    links: list[str]
    host: str | None  # of its own page
    deadlines: list[date]
    absurd_deadline: date | None  # one that cannot be meant
    currency: str | None
    amounts: list[float]
    host_countries: list[str]
    eligible_regions: list[str]
    opportunity_type: str | None
    names: list[str]
    title_stems: list[int]
    places: list[str]  # countries its text names
    rare: list[int]  # stems of its words, as ``words.Content``
    usual: list[int]
    figures: list[int]
    days: list[int]
    sketch: list[int]


SCHEMA: pa.Schema = arrow_schema(Facts)


def facts_table(items: Iterable[MatchItem]) -> pa.Table:
    """The facts of announcements, a row each in the order given; schema ``SCHEMA``."""
    rows = [_row(item) for item in items]
    columns = {name: [row[place] for row in rows] for place, name in enumerate(Facts.model_fields)}
    return pa.table([pa.array(columns[one.name], one.type) for one in SCHEMA], SCHEMA)


def _row(item: MatchItem) -> tuple[object, ...]:
    title, words = title_key(item.title), title_words(item.title)
    number, told = number_key(item.opportunity_number), content(item.text)
    # an official page is the link others point to; the page of a round-up is of no one call
    own = item.url if item.authority == "official" and item.parent_key is None else None
    links = sorted({link for url in (item.apply_url, own, *item.landings) if (link := canonical_link(url))})
    return (
        item.item_id,
        item.source_id,
        item.first_seen_at.astimezone(UTC),
        item.language.split("-")[0].lower(),
        item.authority == "official",
        item.parent_key,
        item.text_sha256,
        " ".join(title.words),
        title.series is not None,
        list(title.years),
        title.cycle,
        list(words.telling),
        list(words.common),
        list(words.variants),
        funder_key(item.funder_name),
        funder_words(item.funder_name),
        number.text if number else None,
        bool(number and number.general),
        links,
        _host(item.url),
        [day for day in item.deadlines if _is_sane(day)],
        next((day for day in item.deadlines if not _is_sane(day)), None),
        item.currency,
        list(item.amounts),
        list(item.host_countries),
        list(item.eligible_regions),
        item.opportunity_type,
        list(names(item.title, item.text)),
        list(title_stems(item.title)),
        list(told.places),
        list(told.rare),
        list(told.usual),
        list(told.figures),
        list(told.days),
        list(told.sketch),
    )


def _is_sane(day: date) -> bool:
    return SANE_YEARS[0] <= day.year <= SANE_YEARS[1]


@lru_cache(maxsize=50_000)
def funder_words(name: str | None) -> list[str]:
    """The words of a convener's name as concepts, sorted, the acronym in brackets among them."""
    if not name:
        return []
    words = title_words(name)
    bare = {word for word in (*words.telling, *words.common) if word not in STOP_WORDS}
    return sorted(bare or set(fold(name).split()))


def _host(url: str | None) -> str | None:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.") or None if url else None
    except ValueError:
        return None
