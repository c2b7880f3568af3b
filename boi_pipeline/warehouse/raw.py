"""The raw tables: what the kept state looks like to SQL, with schemas declared even when there are no rows.

Only staging reads them. Who fills them (from Parquet and from the ledger) hands over Arrow tables, or
the files of those that grow large.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
from pydantic import BaseModel

from boi_pipeline.entity import Entity
from boi_pipeline.hosts import KINDS, hosts
from boi_pipeline.records import (
    FACTS,
    ArchivedPublication,
    Decision,
    Draft,
    Edition,
    Fact,
    Identity,
    IdentityItem,
    Import,
    LlmCall,
    Match,
    MatchConflict,
    MatchOpinion,
    MatchQuestion,
    Metric,
    Outcome,
    Publication,
    Rate,
    Reading,
    Redirect,
    Relation,
    Snapshot,
)
from scrapers.notice import Notice
from scrapers.outcome import CrawlRecord
from scrapers.source import Source
from scrapers.tabular import arrow_schema, to_arrow

LEAD_FIELDS = {
    "title": Fact("stated", "text", "lead"),
    "source_url": Fact("computed", "link", "lead"),
    "language": Fact("computed", "text", "lead"),
    "post_date": Fact("computed", "dates", "lead"),
}
"""What SQL takes from the notice itself rather than from its reading, grouped like the facts of a reading."""


class RawRun(BaseModel):
    """The one row that says for when and for whom the tables are built."""

    entity_id: str
    as_of: datetime
    as_of_date: date
    entity_timezone: str
    home_country: str
    home_currency: str
    reader: str
    publication_target_hours: int
    working_weekdays: list[int]


class RawCrawl(BaseModel):
    """What one crawl did at one source."""

    crawl_id: str
    crawled_at: datetime
    source_id: str
    outcome: str
    detail: str
    request_count: int
    byte_count: int
    listed_count: int
    new_count: int
    changed_count: int
    error_count: int


class RawSighting(BaseModel):
    """An item listed by its source in one crawl."""

    crawl_id: str
    crawled_at: datetime
    source_id: str
    item_id: str
    content_sha256: str | None


class RawRecheck(BaseModel):
    """A visit to a page or link of a published call."""

    crawl_id: str
    checked_at: datetime
    source_id: str
    item_id: str | None
    url: str
    outcome: str
    http_status: int | None
    final_url: str | None
    quote: str | None


class RawSource(BaseModel):
    """A source file."""

    source_id: str
    name: str
    platform: str
    url: str
    language: str
    country: str | None
    authority: str
    cadence: str
    complete_listing: bool


class RawTerm(BaseModel):
    """A term of a vocabulary."""

    vocabulary: str
    code: str
    position: int
    label: str
    plural: str | None
    label_en: str | None


class RawLinkHost(BaseModel):
    """A host that a link to apply is judged by."""

    host: str
    host_kind: str


class RawHoliday(BaseModel):
    """A public holiday where the entity is."""

    calendar_date: date


class RawCountry(BaseModel):
    """A country or territory, as people call it."""

    country_code: str
    label: str
    label_en: str


class RawReaderUsage(BaseModel):
    """An LLM's answer that was paid for, without the answer."""

    call_id: str
    purpose: str
    version: str
    notice_id: str
    endpoint: str
    model: str
    called_at: datetime
    as_of: datetime
    outcome: str
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    cost_micro_usd: int
    seconds: float


class RawField(BaseModel):
    """How a field of a reading is proved and grouped."""

    field: str
    kind: str
    field_group: str
    unit: str


RAW_TABLES: Mapping[str, type[BaseModel]] = {
    "run": RawRun,
    "crawls": RawCrawl,
    "sightings": RawSighting,
    "rechecks": RawRecheck,
    "sources": RawSource,
    "terms": RawTerm,
    "fields": RawField,
    "link_hosts": RawLinkHost,
    "holidays": RawHoliday,
    "countries": RawCountry,
    "notices": Notice,
    "readings": Reading,
    "drafts": Draft,
    "reader_usage": RawReaderUsage,
    "matches": Match,
    "relations": Relation,
    "match_questions": MatchQuestion,
    "match_conflicts": MatchConflict,
    "match_opinions": MatchOpinion,
    "identities": Identity,
    "identity_items": IdentityItem,
    "redirects": Redirect,
    "decisions": Decision,
    "snapshots": Snapshot,
    "editions": Edition,
    "publications": Publication,
    "archived_publications": ArchivedPublication,
    "imports": Import,
    "metrics": Metric,
    "outcomes": Outcome,
    "rates": Rate,
}


@dataclass(frozen=True)
class RawFiles:
    """A raw table that stands in files which never change: DuckDB reads those it has not read yet, and no Python object holds a row.

    ``files``: import_id → the Parquet file with its rows. ``others``: rows that stand in no such file, of other import_ids.
    """

    files: Mapping[str, Path]
    others: pa.Table


def raw_schema(name: str) -> pa.Schema:
    """The declared schema of a raw table."""
    return arrow_schema(RAW_TABLES[name])


def raw_table(name: str, records: Iterable[BaseModel]) -> pa.Table:
    """Records as a raw table; none give an empty one with its schema."""
    return to_arrow(records, RAW_TABLES[name])


def raw_crawls(records: Iterable[CrawlRecord]) -> tuple[pa.Table, pa.Table]:
    """The raw tables ``crawls`` and ``sightings`` of the crawls given."""
    crawls, sightings = [], []
    for record in records:
        for result in record.results:
            crawls.append(
                RawCrawl(
                    crawl_id=record.crawl_id,
                    crawled_at=record.as_of,
                    **result.model_dump(include=set(RawCrawl.model_fields)),
                )
            )
            sightings += [
                {
                    "crawl_id": record.crawl_id,
                    "crawled_at": record.as_of,
                    "source_id": result.source_id,
                    "item_id": f"{result.source_id}/{sighting.item_key}",
                    "content_sha256": sighting.content_sha256,
                }
                for sighting in result.sightings
            ]
    return raw_table("crawls", crawls), pa.Table.from_pylist(sightings, schema=raw_schema("sightings"))


def raw_rechecks(records: Iterable[CrawlRecord]) -> pa.Table:
    """The raw table ``rechecks`` of the crawls given."""
    kept = set(RawRecheck.model_fields) - {"crawl_id", "checked_at"}
    return raw_table(
        "rechecks",
        [
            RawRecheck(crawl_id=record.crawl_id, checked_at=record.as_of, **visit.model_dump(include=kept))
            for record in records
            for visit in record.rechecks
        ],
    )


def raw_sources(sources: Iterable[Source]) -> pa.Table:
    """The raw table ``sources``."""
    return raw_table(
        "sources",
        [
            RawSource(source_id=source.id, **source.model_dump(include=set(RawSource.model_fields) - {"source_id"}))
            for source in sources
        ],
    )


def raw_usage(calls: Iterable[LlmCall]) -> pa.Table:
    """The raw table ``reader_usage``."""
    kept = set(RawReaderUsage.model_fields)
    return raw_table("reader_usage", [RawReaderUsage(**call.model_dump(include=kept)) for call in calls])


def raw_entity(entity: Entity, as_of: datetime) -> dict[str, pa.Table]:
    """The raw tables ``run``, ``terms``, ``fields``, ``link_hosts``, ``holidays``, ``countries``: what entity and code say."""
    run = RawRun(
        entity_id=entity.id,
        as_of=as_of,
        as_of_date=entity.today(as_of),
        entity_timezone=entity.file.timezone,
        home_country=entity.file.country,
        home_currency=entity.currency,
        reader=entity.file.reader.name,
        publication_target_hours=entity.file.publication_target_hours,
        working_weekdays=entity.working_weekdays,
    )
    terms = [
        RawTerm(vocabulary=name, code=code, position=position, label=term.label, plural=term.plural, label_en=term.en)
        for name, vocabulary in entity.vocabularies.items()
        for position, (code, term) in enumerate(vocabulary.terms.items(), start=1)
    ]
    fields = [
        RawField(field=name, kind=fact.kind, field_group=fact.group, unit=fact.unit)
        for name, fact in (dict(FACTS) | LEAD_FIELDS).items()
    ]
    return {
        "run": raw_table("run", [run]),
        "terms": raw_table("terms", terms),
        "fields": raw_table("fields", fields),
        "link_hosts": raw_table("link_hosts", _link_hosts(entity)),
        "holidays": raw_table("holidays", [RawHoliday(calendar_date=day) for day in sorted(entity.holidays)]),
        "countries": raw_table("countries", _countries()),
    }


def _link_hosts(entity: Entity) -> list[RawLinkHost]:
    found = [RawLinkHost(host=host, host_kind=kind) for kind in KINDS for host in sorted(hosts(kind))]
    if web := entity.file.web:  # each name of its own web is a site of its own
        found.append(RawLinkHost(host=web.suffix, host_kind="tenants"))
    return found


_NO_COUNTRIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EZ", "IC", "QO", "TA", "XA", "XB", "ZZ"})
"""Two-letter codes of CLDR that stand for no country, nor for a body that convenes (EU, UN)."""


def _countries() -> list[RawCountry]:
    from babel import Locale

    spanish, english = Locale("es").territories, Locale("en").territories
    return [
        RawCountry(country_code=code, label=spanish[code], label_en=english[code])
        for code in sorted(spanish)
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    ]
