"""Announcements and their readings made by hand, built with the project's own SQL: what analysts would see of them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import duckdb
import pyarrow as pa

from boi_pipeline.entity import Entity
from boi_pipeline.records import (
    FACTS,
    Draft,
    Evidence,
    Identity,
    Match,
    Reading,
    Redirect,
    Relation,
    opportunity_id,
    sha256_hex,
)
from boi_pipeline.stages.run import load_models
from boi_pipeline.warehouse.build import Build
from boi_pipeline.warehouse.raw import RAW_TABLES, RawSource, raw_entity, raw_schema, raw_table
from boi_pipeline.warehouse.reuse import looked_at
from scrapers.notice import DateOrder, Hint, Notice, compose_text
from tests.warehouse.conftest import AS_OF


@dataclass
class Announced:
    """Raw tables in the making. Days count back from the build's: ``day=-3`` was seen three days before.

    Of several that share a warehouse each has a ``number``, which its items, codes and the ledger's rows carry.
    """

    entity: Entity
    number: int = 0
    notices: list[Notice] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    opportunity_of: dict[str, str] = field(default_factory=dict)  # item → the item its opportunity is named by
    redirects: list[tuple[str, str, Literal["merged", "split"]]] = field(default_factory=list)
    relations: list[tuple[str, str]] = field(default_factory=list)  # (older, newer), named by their items
    more: dict[str, pa.Table] = field(default_factory=dict)
    _codes: dict[str, str] = field(default_factory=dict)

    def item(self, name: str) -> str:
        """``oficial/1`` as it is called in the tables."""
        return name.replace("/", f"/{self.number}-") if self.number else name

    def page(self, name: str) -> str:
        return f"https://{self.item(name).replace('/', '.example/')}"

    def opportunity(self, name: str) -> str:
        """The id of the opportunity that an item names."""
        return opportunity_id(self.item(name))

    @property
    def codes(self) -> dict[str, str]:
        """Item that names an opportunity → its code; who has one keeps it."""
        for name in [*self.opportunity_of.values(), *(name for pair in self.redirects for name in pair[:2])]:
            self._codes.setdefault(name, f"PAL-2026-{self.seq + len(self._codes) + 1:05d}")
        return self._codes

    @property
    def seq(self) -> int:
        """Below the numbers of its rows of the ledger."""
        return self.number * 1000

    def say(
        self,
        item: str,
        *,
        day: int = -1,
        of: str | None = None,
        authority: Literal["official", "aggregator"] | None = None,
        version: str = "rules-1",
        title: str = "Beca de prueba",
        published: datetime | None = None,
        hints: Mapping[str, str] | None = None,
        lines: Sequence[str] = (),
        date_order: DateOrder = "dmy",
        **facts: Any,
    ) -> Notice:
        """``item`` says this from ``day`` on; a fact is a value, or (value, the words that prove it).

        Sources called ``oficial…`` are official, others aggregators. ``hints``: label → value, facts of the source's own. ``lines`` stand below the title. ``of`` names the opportunity by its first item.
        """
        self.opportunity_of[item] = of or self.opportunity_of.get(item, item)
        page, item = self.page(item), self.item(item)
        source, _, key = item.partition("/")
        given = {"is_opportunity": True, "opportunity_type": "scholarship", **facts}
        proved = {name: value if isinstance(value, tuple) else (value, None) for name, value in given.items()}
        quotes = {
            name: quote or f"{name} es {json.dumps(value, default=str)}" for name, (value, quote) in proved.items()
        }
        stated = [Hint(label=label, value=value) for label, value in (hints or {}).items()]
        text = "\n".join(filter(None, [title, *lines, *dict.fromkeys(quotes.values()), compose_text("", "", stated)]))
        links = str(facts.get("apply_url", ""))
        content = sha256_hex(text + links)
        notice = Notice(
            notice_id=f"{item}@{content}",
            item_id=item,
            source_id=source,
            item_key=key,
            url=page,
            title=title,
            text=text,
            text_sha256=sha256_hex(text),
            content_sha256=content,
            language="es",
            date_order=date_order,
            authority=authority or ("official" if source.startswith("oficial") else "aggregator"),
            published_at=published,
            fetched_at=AS_OF + timedelta(days=day),
            crawl_id=f"crawl{day:+d}",
            parser_version="1",
            capture_id="c",
            hints=stated,
        )
        self.notices.append(notice)
        evidence = [
            Evidence(
                field=name,
                notice_id=notice.notice_id,
                start=(start := text.index(quote)),
                end=start + len(quote),
                quote=quote,
                kind=FACTS[name].kind,
                method="rule",
                rule="test",
                confidence=1,
            )
            for name, quote in quotes.items()
        ]
        self.readings.append(
            Reading(
                input_hash=notice.notice_id,
                reader="offline",
                reader_version=version,
                notice_id=notice.notice_id,
                item_id=item,
                evidence=evidence,
                **{name: value for name, (value, _) in proved.items()},
            )
        )
        self.drafts.append(
            Draft(
                input_hash=notice.notice_id,
                drafter="template",
                drafter_version="template-1",
                notice_id=notice.notice_id,
                item_id=item,
                title_es=title,
                summary_es="Una beca.",
                eligibility_es="Todas las personas.",
                digital_source_type="algorithmicMedia",
            )
        )
        return notice

    def raw(self) -> dict[str, pa.Table]:
        return {**raw_entity(self.entity, AS_OF), **self.own()}

    def own(self) -> dict[str, pa.Table]:
        """The raw tables but the entity's."""
        seen = {notice.source_id: notice for notice in self.notices}
        identities = [
            Identity(
                seq=n,
                opportunity_id=self.opportunity(name),
                code=code,
                anchor_item_id=self.item(name),
                minted_at=AS_OF,
            )
            for n, (name, code) in enumerate(self.codes.items(), self.seq + 1)
        ]
        sources = [
            RawSource(
                source_id=name,
                name=name.capitalize(),
                platform="feed",
                url=f"https://{name}.example/",
                language="es",
                country=None,
                authority=notice.authority,
                cadence="daily",
                complete_listing=False,
            )
            for name, notice in seen.items()
        ]
        rows: dict[str, Iterable[Any]] = {
            "notices": self.notices,
            "readings": self.readings,
            "drafts": self.drafts,
            "sources": sources,
            "identities": identities,
            "matches": [
                Match(item_id=self.item(item), opportunity_id=self.opportunity(anchor), reason="alone")
                for item, anchor in self.opportunity_of.items()
            ],
            "redirects": [
                Redirect(
                    seq=n,
                    from_opportunity_id=self.opportunity(old),
                    to_opportunity_id=self.opportunity(new),
                    kind=kind,
                    at=AS_OF,
                )
                for n, (old, new, kind) in enumerate(self.redirects, self.seq + 100)
            ],
            "relations": [
                Relation(
                    opportunity_id=self.opportunity(older),
                    related_opportunity_id=self.opportunity(newer),
                    relation="previous_edition_of",
                    reason="title_funder",
                )
                for older, newer in self.relations
            ],
        }
        return {name: raw_table(name, records) for name, records in rows.items()} | self.more

    def table(self, name: str, folder: Path) -> list[dict[str, Any]]:
        """The rows of a table of the project, built with all it reads."""
        with duckdb.connect(str(self.build(folder, [name])), read_only=True) as connection:
            connection.execute("set TimeZone = 'UTC'")
            return connection.sql(f"from {name}").to_arrow_table().to_pylist()

    def build(self, folder: Path, names: Iterable[str]) -> Path:
        """Build tables of the project with all they read and look at. Returns the warehouse."""
        return build_tables(self.entity, self.raw(), folder, names)


def build_tables(entity: Entity, raw: Mapping[str, pa.Table], folder: Path, names: Iterable[str]) -> Path:
    """Build tables of the project from these raw ones, with all they read and look at. Returns the warehouse.

    In a folder that has one it goes on from there, as a run does from yesterday's.
    """
    project = load_models(entity)
    needed: set[str] = set()
    waiting = list(names)
    while waiting:
        if (one := waiting.pop()) in project.by_table and one not in needed:
            needed.add(one)
            model = project.by_table[one]
            waiting += [*model.dependencies, *(looked_at(model) if model.layer != "marts" else ())]
    terms = {vocabulary: frozenset(one.terms) for vocabulary, one in entity.vocabularies.items()}
    with Build(project, folder, "run", terms) as build:
        # what stood in the others is of another day
        empty = {table: raw_schema(table).empty_table() for table in RAW_TABLES}
        build.load({**empty, **raw})
        stopped = [result.stops for result in build.run({}, needed) if result.stops]
    assert not stopped, "\n".join(stopped)
    return folder / "boi.run.duckdb"
