"""One run of the pipeline: its home, entity and instant, and what every stage asks of it.

The stages of this package are functions of a ``Run``; ``defs`` and ``cli`` are thin over them, and tests call them as well.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from boi_pipeline.entity import Entity
from boi_pipeline.lock import held, hold
from boi_pipeline.settings import ROOT, Home, LlmSettings, Settings
from boi_pipeline.stages.readings import read_notices
from scrapers.archive import crawl_records, notice_files
from scrapers.files import remove_leftovers
from scrapers.loader import load_sources
from scrapers.notice import Notice
from scrapers.source import Source
from scrapers.tabular import read_records

if TYPE_CHECKING:
    from boi_pipeline.editorial.ledger import Ledger
    from boi_pipeline.reading.store import ReadSummary
    from boi_pipeline.stages.readings import Reread
    from boi_pipeline.warehouse.contract import Project

MODELS = ROOT / "dbt_like_sql"


@dataclass(frozen=True)
class Run:
    """One run of the pipeline for one entity, home and instant."""

    entity: Entity
    home: Home
    as_of: datetime  # UTC
    run_id: str
    llm: LlmSettings | None = None

    def hold(self, holder: str) -> int:
        """Take the home's lock, or keep it where this process has it, and clear what killed runs left behind.

        Returns the descriptor a child process inherits. Raises HomeLocked.
        """
        descriptor = held(self.home.lock)
        if descriptor is None:
            from boi_pipeline.warehouse.build import discard_leftovers

            descriptor = hold(self.home.lock, holder)
            remove_leftovers(self.home.folder)
            discard_leftovers(self.home.warehouse, self.run_id)  # they may have filled the disk
        return descriptor

    @cached_property
    def sources(self) -> list[Source]:
        return load_sources(self.entity.sources_folder)

    @cached_property
    def project(self) -> "Project":
        return load_models(self.entity, self.home)

    @cached_property
    def vocabularies(self) -> Mapping[str, frozenset[str]]:
        from boi_pipeline.warehouse.texts import LANGUAGES

        terms = {name: frozenset(vocabulary.terms) for name, vocabulary in self.entity.vocabularies.items()}
        return terms | {LANGUAGES: frozenset(self.entity.file.languages)}

    def check_files(self) -> None:
        """Read every file a person writes for this entity, so that a broken one stops the run before it begins.

        Raises ConfigError.
        """
        from boi_pipeline.achieved.rates import rates_of
        from boi_pipeline.achieved.templates import metrics_of, outcomes_of
        from boi_pipeline.editorial.decision_file import load_decision_file

        today = self.entity.today(self.as_of)
        _ = self.sources, self.project, metrics_of(self.entity, today), outcomes_of(self.entity, today)
        rates_of(self.entity, today)
        if self.entity.decisions_path:
            load_decision_file(self.entity.decisions_path)

    def ledger(self) -> "Ledger":
        """The ledger, open; use it as a context manager."""
        from boi_pipeline.editorial.ledger import Ledger

        self.home.folder.mkdir(parents=True, exist_ok=True)
        return Ledger.open(self.home.ledger_url)


def load_models(entity: Entity, home: Home | None = None) -> "Project":
    """The SQL models, checked against the raw tables and the entity's vocabularies; read once a process. Raises ConfigError.

    ``home`` remembers what each SQL reads, for the next process.
    """
    vocabularies = frozenset(entity.vocabularies)
    if vocabularies not in _LOADED:
        from boi_pipeline.warehouse.loading import load_project
        from boi_pipeline.warehouse.raw import RAW_TABLES

        kept = home.warehouse / "sql_reads.json" if home else None
        _LOADED[vocabularies] = load_project(MODELS, set(RAW_TABLES), set(vocabularies), kept)
    return _LOADED[vocabularies]


_LOADED: "dict[frozenset[str], Project]" = {}


def instant_of(settings: Settings, entity: Entity, day: date | None = None, now: datetime | None = None) -> datetime:
    """The instant a run stands for: the day asked for, else the setting, else now.

    An entity with a web of its own stands still at the last day that was run, first at the first day of its web.
    """
    now = now or datetime.now(UTC)
    if day is not None:
        return now if day == entity.today(now) and entity.file.web is None else entity.at(day)
    if settings.as_of is not None:
        return settings.as_of
    if entity.file.web is not None:
        crawls = crawl_records(settings.home().folder)
        return max((crawl.as_of for crawl in crawls), default=entity.at(min(entity.file.web.days)))
    return now


def iter_notices(run: Run) -> Iterator[Notice]:
    """Every notice known at ``as_of``, file after file, so that memory does not grow with them."""
    for path in notice_files(run.home.folder):
        yield from (notice for notice in read_records([path], Notice) if notice.fetched_at <= run.as_of)


def notices(run: Run) -> list[Notice]:
    """Every notice known at ``as_of``, in the order they were seen."""
    return sorted(
        iter_notices(run),
        key=lambda notice: (notice.fetched_at, notice.crawl_id, notice.notice_id),
    )


def read(run: Run, progress: Callable[[int], None] | None = None, reread: "Reread" = "open") -> "ReadSummary":
    """Read the notices that the configured reader's present version has not read yet; draft their Spanish text."""
    return read_notices(
        run.entity, run.home, lambda: iter_notices(run), run.as_of, run.llm, progress=progress, reread=reread
    )
