"""The present state of a home in a few numbers, for the end of a run and for ``boi status``.

Reads the crawl records, the warehouse, the published set and the ledger; writes nothing.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from boi_pipeline.settings import DELIVERED_CHANNELS
from boi_pipeline.stages.run import Run
from boi_pipeline.stages.tables import Ask, asking
from scrapers.archive import crawl_records
from scrapers.health import Health, health_of, nobody_answered, visits_by_source
from scrapers.outcome import ADVICE, GOOD, Outcome
from scrapers.source import Source


@dataclass(frozen=True)
class SourceLine:
    """One source in the newest crawl that visited it."""

    source_id: str
    outcome: Outcome
    listed: int
    new: int
    changed: int
    detail: str
    is_good: bool
    advice: str
    quarantine: str | None = None  # since when it rests, and until when
    warnings: list[str] = field(default_factory=list)  # what a good visit is still to be looked at for


@dataclass(frozen=True)
class FailedCheck:
    """A check that found something, errors first."""

    table: str
    check: str
    severity: str
    failed_count: int
    advice: str


@dataclass(frozen=True)
class Summary:
    """The state of one entity's home."""

    entity: str
    as_of: datetime
    sources: list[SourceLine] = field(default_factory=list)
    nobody_answered: bool = False  # so that the fault is at our end
    notices: int = 0
    opportunities: int = 0
    open_opportunities: int = 0
    approved: int = 0
    waiting_for_review: int = 0
    changed_after_approval: list[str] = field(default_factory=list)  # codes
    source_notes: list[str] = field(default_factory=list)  # "CODE: extended …"
    checks: dict[str, int] = field(default_factory=dict)
    failed_checks: list[FailedCheck] = field(default_factory=list)
    inbox: list[str] = field(default_factory=list)  # files that wait in it
    quarantined: int = 0
    set_id: str | None = None
    tables: dict[str, int] = field(default_factory=dict)
    editions: list[str] = field(default_factory=list)
    deliveries: dict[str, int] = field(default_factory=dict)  # state → posts that wait, failed or are uncertain
    paths: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Plain values for ``--json``."""
        return asdict(self)


def summarise(run: Run) -> Summary:
    """Look at a home. Stages that have not run yet simply show nothing."""
    from boi_pipeline.stages.inboxing import waiting
    from boi_pipeline.warehouse.build import CURRENT
    from boi_pipeline.warehouse.publication import current_manifest

    found: dict[str, Any] = {}
    if (run.home.warehouse / CURRENT).is_file():
        with asking(run) as ask:
            found = _from_warehouse(ask)
    manifest = current_manifest(run.home.published)
    site = run.home.site / "index.html"
    paths = {"site": str(site)} if site.is_file() else {}
    if (posts := run.home.outbox / "index.html").is_file():
        paths["outbox"] = str(posts)
    if manifest:
        paths |= {
            "curated": str(run.home.published / "current" / "curated"),
            "powerbi": str(run.home.published / "powerbi"),
            "open data": str(run.home.published / "current" / "open-data"),
            "dashboard": str(run.home.published / "current" / "dashboard" / "index.html"),
        }
    if reports := sorted(run.home.reports.glob("[0-9]*/informe.html")):
        paths["report"] = str(reports[-1])
    sources = sorted(_visited(run), key=lambda one: (one.is_good, one.source_id))
    return Summary(
        entity=run.entity.id,
        as_of=run.as_of,
        sources=sources,
        nobody_answered=nobody_answered([one.outcome for one in sources]),
        set_id=manifest["set_id"] if manifest else None,
        tables={name: file["rows"] for name, file in manifest["files"].items() if "rows" in file} if manifest else {},
        deliveries=_deliveries(run),
        inbox=[one.name for one in waiting(run, datetime.now(UTC))],
        paths=paths,
        **found,
    )


def _deliveries(run: Run) -> dict[str, int]:
    from boi_pipeline.editorial.ledger import LedgerError
    from boi_pipeline.editorial.sending import state_counts
    from boi_pipeline.ledger_care import existing_ledger

    try:
        with existing_ledger(run) as ledger:
            today, days = run.entity.today(run.as_of), run.entity.file.channels.window_days
            return state_counts(ledger, today, days, DELIVERED_CHANNELS)
    except LedgerError:  # none yet, or none that can be opened: the other commands say so
        return {}


def _visited(run: Run) -> Iterator[SourceLine]:
    """The sources that any crawl has visited; of one whose file is gone, what came of it last."""
    records = crawl_records(run.home.folder)
    visits = visits_by_source(records, run.as_of)
    files = {source.id: source for source in run.sources}
    newest = {result.source_id: result for record in records if record.as_of <= run.as_of for result in record.results}
    for source_id, result in newest.items():
        source = files.get(source_id)
        health = health_of(source, visits.get(source_id, [])) if source else None
        yield SourceLine(
            source_id,
            result.outcome,
            result.listed_count,
            result.new_count,
            result.changed_count,
            result.detail,
            result.outcome in GOOD,
            ADVICE[result.outcome],
            quarantine=health.quarantine.told() if health and health.quarantine else None,
            warnings=[finding.advice for finding in health.warnings] if health else [],
        )


@dataclass(frozen=True)
class SourceState:
    """One source file, and how the place has been doing."""

    source: str
    platform: str
    language: str
    authority: str
    verified: bool
    last_visit: str  # its outcome, or "never"
    last_good: date | None
    last_news: date | None  # day of the last visit that brought something new
    quarantine: str | None
    warnings: list[str]


def source_states(run: Run) -> list[SourceState]:
    """Every source of the entity, by id."""
    visits = visits_by_source(crawl_records(run.home.folder), run.as_of)
    return [_state(source, health_of(source, visits.get(source.id, []))) for source in run.sources]


def _state(source: Source, health: Health) -> SourceState:
    return SourceState(
        source=source.id,
        platform=source.platform,
        language=source.language,
        authority=source.authority,
        verified=source.verified is not None,
        last_visit=health.last_visit.result.outcome if health.last_visit else "never",
        last_good=health.last_good.day if health.last_good else None,
        last_news=health.last_news.day if health.last_news else None,
        quarantine=health.quarantine.told() if health.quarantine else None,
        warnings=[finding.advice for finding in health.warnings],
    )


def _from_warehouse(ask: Ask) -> dict[str, Any]:
    (counts,) = ask(
        "select (select count(*) from staging.stg_notices) as notices, count(*) as opportunities, "
        "count(*) filter (status = 'open') as open_opportunities, "
        "count(*) filter (review_status = 'approved') as approved, "
        "count(*) filter (review_status = 'drafted' and status = 'open') as waiting_for_review "
        "from marts.opportunities",
    )
    changed = ask("select code from marts.opportunities where has_unapproved_changes order by code")
    notes = ask(
        "select o.code, n.kind, n.old_value, n.new_value from marts.source_notes n "
        "join marts.opportunities o using (opportunity_id) order by all",
    )
    (checks,) = ask(
        "select count(*) filter (is_passed) as passed, "
        "count(*) filter (not is_passed and severity = 'warning') as warnings, "
        "count(*) filter (not is_passed and severity = 'error') as errors from quality.results",
    )
    failed = ask(
        "select table_name as 'table', check_name as 'check', severity, failed_count, advice from quality.results "
        "where not is_passed order by severity, failed_count desc, table_name, check_name",
    )
    (aside,) = ask("select count(distinct (table_name, row_key)) as rows from quality.quarantine")
    editions = ask(
        "select edition_id, count(distinct code) as calls from marts.fct_publication where not is_archived "
        "group by edition_id order by edition_id",
    )
    return {
        **counts,
        "changed_after_approval": [row["code"] for row in changed],
        "source_notes": [
            f"{row['code']}: {row['kind']}" + (f" {row['old_value']} → {row['new_value']}" if row["new_value"] else "")
            for row in notes
        ],
        "checks": checks,
        "failed_checks": [FailedCheck(**row) for row in failed],
        "quarantined": aside["rows"],
        "editions": [f"{row['edition_id']} ({row['calls']})" for row in editions],
    }
