"""What is compared of an announcement: its normal forms as columns, made of it alone and never of the others.

Because no figure here depends on the rest of the corpus, facts and scores of pairs can be kept from one day to the next
(``store``). Normal forms belong to ``keys`` and ``words``; comparing, to ``score``.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import pyarrow as pa
from pydantic import BaseModel, ConfigDict

from boi_pipeline.collector import uncollected
from boi_pipeline.matching.content import contents, names, title_stems
from boi_pipeline.matching.items import MatchItem
from boi_pipeline.matching.keys import (
    STOP_WORDS,
    canonical_link,
    fold,
    folded_words,
    funder_key,
    host_of,
    number_key,
    title_key,
)
from boi_pipeline.matching.titles import title_columns
from boi_pipeline.matching.tokens import lists_of
from boi_pipeline.matching.words import TEXT_HEAD, is_moved, title_words
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
    is_moved: bool  # whether the title tells of another closing day, or calls it to mind
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
    worth: list[int]  # of the amounts, roughly and in dollars: two that share one may be the same in two currencies
    host_countries: list[str]
    eligible_regions: list[str]
    opportunity_type: str | None
    names: list[str]
    title_names: list[str]  # those that the title says
    title_stems: list[int]
    places: list[str]  # countries its text names
    rare: list[int]  # stems of its words, as ``words.Content``
    usual: list[int]
    figures: list[int]
    days: list[int]
    sketch: list[int]


SCHEMA: pa.Schema = arrow_schema(Facts)
STEP = 0.12
"""Of worth, as a logarithm: retellings round what they convert, and at the rate of their day."""
_IN_DOLLARS: Mapping[str, float] = {
    "USD": 1, "EUR": 1.12, "GBP": 1.3, "CHF": 1.17, "CAD": 0.72, "AUD": 0.66, "NZD": 0.6, "JPY": 0.0067, "KRW": 0.00072,
    "CNY": 0.14, "TWD": 0.031, "SGD": 0.75, "HKD": 0.128, "INR": 0.0118, "IDR": 0.000062, "THB": 0.029, "MYR": 0.23,
    "SEK": 0.095, "NOK": 0.094, "DKK": 0.15, "PLN": 0.26, "CZK": 0.044, "HUF": 0.0028, "TRY": 0.027, "ILS": 0.27,
    "AED": 0.27, "SAR": 0.27, "QAR": 0.27, "ZAR": 0.055, "MAD": 0.1, "XOF": 0.0017, "KES": 0.0077,
    "BRL": 0.18, "MXN": 0.054, "COP": 0.00024, "CLP": 0.00105, "PEN": 0.27, "UYU": 0.024, "BOB": 0.145, "PYG": 0.00013,
    "CRC": 0.0019, "DOP": 0.0165, "GTQ": 0.13,
}  # fmt: skip
"""Roughly, as of 2026, to tell whether two amounts may be one; nothing is converted for a reader."""


def columns_of(items: Sequence[MatchItem]) -> dict[str, Any]:
    """Field of the announcements → what each has there."""
    fields = MatchItem._fields
    columns: dict[str, Any] = (
        dict(zip(fields, zip(*items, strict=True), strict=True)) if items else dict.fromkeys(fields, ())
    )
    # instants cost more than all else to hand to another process, one by one
    return columns | {"first_seen_at": pa.array(columns["first_seen_at"], SCHEMA.field("first_seen_at").type)}


def facts_table(items: Iterable[MatchItem]) -> pa.Table:
    """The facts of announcements, a row each in the order given; schema ``SCHEMA``."""
    return facts_of(columns_of(list(items)))


def facts_of(of: Mapping[str, Any]) -> pa.Table:
    """The same of their columns, as ``columns_of`` gives them."""
    with uncollected():
        return _table(of)


def _table(of: Mapping[str, Any]) -> pa.Table:
    titles, texts = of["title"], of["text"]
    folded = [folded_words(title[:TEXT_HEAD]) for title in titles]
    keys = list(map(title_key, titles, folded))
    numbers = [number_key(number) for number in of["opportunity_number"]]
    columns: dict[str, object] = {name: of[name] for name in SCHEMA.names if name in of}
    columns |= {
        "language": [language_of(language) for language in of["language"]],
        "is_official": [authority == "official" for authority in of["authority"]],
        "series": [" ".join(key.words) for key in keys],
        "is_named": [key.series is not None for key in keys],
        "is_moved": [is_moved(one) for one in folded],
        "years": [key.years for key in keys],
        "cycle": [key.cycle for key in keys],
        **title_columns([key.words for key in keys]),
        "funder": [funder_key(name) for name in of["funder_name"]],
        "funder_words": [funder_words(name) for name in of["funder_name"]],
        "number": [number.text if number else None for number in numbers],
        "is_general_number": [bool(number and number.general) for number in numbers],
        "links": list(map(_links, *(of[name] for name in ("url", "authority", "parent_key", "apply_url", "landings")))),
        "host": [host_of(url) for url in of["url"]],
        "deadlines": [[day for day in days if _is_sane(day)] for days in of["deadlines"]],
        "absurd_deadline": [next((day for day in days if not _is_sane(day)), None) for days in of["deadlines"]],
        **names(titles, texts),
        "worth": list(map(_worth, of["currency"], of["amounts"])),
        "title_stems": title_stems(folded),
        **contents(texts),
    }
    return pa.table([_column(columns[one.name], one.type) for one in SCHEMA], SCHEMA)


def _column(values: Any, kind: pa.DataType) -> pa.Array:
    if isinstance(values, pa.Array):
        return values
    return lists_of(values, kind.value_type) if pa.types.is_list(kind) else pa.array(values, kind)


def _links(
    url: str | None, authority: str, parent_key: str | None, apply_url: str | None, landings: Sequence[str]
) -> list[str]:
    # an official page is the link others point to; the page of a round-up is of no one call
    own = url if authority == "official" and parent_key is None else None
    return sorted({link for one in (apply_url, own, *landings) if (link := canonical_link(one))})


def _worth(currency: str | None, amounts: Iterable[float]) -> list[int]:
    rate = _IN_DOLLARS.get(currency or "")
    if rate is None:
        return []
    steps = {math.floor(math.log(amount * rate) / STEP) for amount in amounts if amount > 0}
    return sorted(steps | {step + 1 for step in steps})


def language_of(code: str) -> str:
    """The language of a BCP-47 code."""
    return code.split("-")[0].lower()


def _is_sane(day: date) -> bool:
    return SANE_YEARS[0] <= day.year <= SANE_YEARS[1]


@lru_cache(maxsize=50_000)
def funder_words(name: str | None) -> list[str]:
    """The words of a convener's name as concepts, sorted, the acronym in brackets among them."""
    if not name:
        return []
    words = title_words(title_key(name).words)
    bare = {word for word in (*words.telling, *words.common) if word not in STOP_WORDS}
    return sorted(bare or set(fold(name).split()))
