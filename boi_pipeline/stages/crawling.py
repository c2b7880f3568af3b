"""The crawling stage: which sources are visited at an instant, and what a re-check of published calls visits.

Passes the entity's settings to the crawl (``scrapers.runner``) and the published calls to ``recheck``; knows no Dagster and
no terminal.
"""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boi_pipeline.records import Decision, IdentityItem, Publication, Redirect, Snapshot
from boi_pipeline.stages.run import Run, iter_notices
from boi_pipeline.stages.tables import warehouse_rows
from scrapers.archive import crawl_records
from scrapers.credentials import gather
from scrapers.health import Quarantine, quarantine_of, visits_by_source
from scrapers.loader import load_sources
from scrapers.notice import Notice

if TYPE_CHECKING:
    from scrapers.recheck import Target
    from scrapers.runner import Crawl


def may_crawl(run: Run, now: datetime | None = None) -> bool:
    """Whether the web can be asked for this instant: today's, or any day of an entity's own web."""
    return run.entity.file.web is not None or run.entity.today(run.as_of) >= run.entity.today(now or datetime.now(UTC))


def quarantined(run: Run) -> dict[str, Quarantine]:
    """The sources that failed too often, and are not due to be tried again at ``as_of``."""
    visits = visits_by_source(crawl_records(run.home.folder), run.as_of)
    found = {source.id: quarantine_of(visits.get(source.id, [])) for source in run.sources}
    return {name: one for name, one in found.items() if one and not one.is_due(run.as_of)}


def crawl(run: Run, source_ids: list[str] | None, sources_folder: Path | None = None, **given: Any) -> "Crawl":
    """Start a crawl; iterate it for the result of each source.

    It visits the sources named, or all that are verified and not in quarantine; ``sources_folder`` stands for the
    entity's own, ``given`` is further of the job. The credentials these sources name come from the environment.
    """
    from scrapers.runner import CrawlJob, run_crawl

    entity = run.entity
    web = entity.file.web
    today = entity.web_day(run.as_of)
    if source_ids is None:
        resting = quarantined(run)
        source_ids = [source.id for source in run.sources if source.verified and source.id not in resting]
    sources = load_sources(sources_folder) if sources_folder else run.sources
    job = CrawlJob(
        home=run.home.folder,
        sources_folder=sources_folder or entity.sources_folder,
        source_ids=source_ids,
        as_of=run.as_of,
        languages=entity.file.languages,
        user_agent=entity.file.user_agent,
        web_folder=entity.web_folder,
        web_suffix=web.suffix if web else None,
        web_days=[web.days[day] for day in sorted(web.days) if today and day <= today] if web else [],
        politeness=web is None,
        secrets=gather([source for source in sources if source.id in source_ids], os.environ),
        **given,
    )
    return run_crawl(job, inherit_fds=[run.hold("crawl")])


def start_ahead(run: Run) -> None:
    """Start the process of the run's next crawl now, which imports for a second and a half before it can begin."""
    from scrapers import runner

    runner.start_ahead(run.home.folder, gather(run.sources, os.environ), [run.hold("crawl")])


def end_ahead() -> None:
    """End the processes that were started ahead and that no crawl needed."""
    from scrapers import runner

    runner.end_ahead()


def has_published(run: Run) -> bool:
    """Whether anything was ever published, so that a re-check is to be expected after the crawl."""
    from boi_pipeline.warehouse.publication import current_manifest

    files = (current_manifest(run.home.published) or {"files": {}})["files"]
    return bool(files.get("curated/publications.parquet", {}).get("rows"))


def recheck_targets(run: Run) -> "list[Target]":
    """The pages and links of the published calls that are open at ``as_of``: what the re-check visits."""
    from boi_pipeline.editorial.review import review_state, snapshot_content
    from boi_pipeline.stages.recheck import Approved, items_of, targets, to_watch

    with run.ledger() as ledger:
        publications = ledger.rows(Publication, as_of=run.as_of)
        if not publications:
            return []
        snapshots = ledger.rows(Snapshot)
        states = review_state(ledger.rows(Decision, as_of=run.as_of), snapshots)
        identity_items, redirects = ledger.rows(IdentityItem), ledger.rows(Redirect, as_of=run.as_of)
    content = {one.snapshot_sha256: one for one in snapshots}
    approved = {
        state.opportunity_id: Approved(snapshot_content(content[state.snapshot_sha256]), state.decided_at)
        for state in states.values()
        if state.snapshot_sha256 and state.decided_at
    }
    watched = to_watch(approved, publications, _open_in_warehouse(run), run.as_of, run.entity.zone)
    items = items_of(identity_items, redirects, set(watched))
    histories: dict[str, list[Notice]] = {}
    for notice in iter_notices(run):  # oldest crawl first
        if notice.item_id in items:
            histories.setdefault(notice.item_id, []).append(notice)
    return targets(watched, items, histories, {source.id for source in run.sources})


def _open_in_warehouse(run: Run) -> set[str]:
    """What the last warehouse says is open: a source may have moved a deadline since it was approved."""
    from boi_pipeline.warehouse.build import CURRENT

    if not (run.home.warehouse / CURRENT).is_file():
        return set()
    rows = warehouse_rows(run, "select opportunity_id from intermediate.int_status where status = 'open'")
    return {row["opportunity_id"] for row in rows}


def recheck(run: Run, visits: "list[Target]") -> "Crawl":
    """Start the visits of a re-check; iterate it for what came of each source's, its ``record`` has every visit."""
    return crawl(run, sorted({target.source_id for target in visits}), rechecks=visits)
