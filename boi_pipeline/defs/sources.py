"""The sources: one asset each, red with its reason when it fails, and the crawl's log, which the rest of the run depends on.

What is checked of a source, and when it rests in quarantine, is ``scrapers.health``.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import dagster as dg

from boi_pipeline.defs.shared import DATA_TEAM, location, quoted, run_of, telling
from boi_pipeline.stages import crawling
from scrapers.archive import crawl_records
from scrapers.health import CHECK_LABELS, OUR_END, Finding, Quarantine, Visit, check, nobody_answered, visits_by_source
from scrapers.outcome import GOOD, SourceResult
from scrapers.source import Source

CRAWL_LOG = dg.AssetKey("crawl_log")
FRESHNESS = {
    # one visit a working day: a weekend with a holiday is no reason to warn
    "hourly": dg.FreshnessPolicy.time_window(timedelta(days=4, hours=12), timedelta(days=3, hours=12)),
    "daily": dg.FreshnessPolicy.time_window(timedelta(days=4, hours=12), timedelta(days=3, hours=12)),
    "weekly": dg.FreshnessPolicy.time_window(timedelta(days=10), timedelta(days=7)),
    "monthly": dg.FreshnessPolicy.time_window(timedelta(days=40), timedelta(days=31)),
}
"""Cadence → since when the last good visit of a source is too old."""


def source_key(source_id: str) -> dg.AssetKey:
    """The asset of a source."""
    return dg.AssetKey(["sources", source_id])


@dg.definitions
def sources() -> dg.Definitions:
    """The crawl as one step over all sources."""
    here = location()

    @dg.multi_asset(
        name="crawl",
        specs=[
            *(_spec(source) for source in here.sources),
            dg.AssetSpec(
                CRAWL_LOG,
                deps=[source_key(source.id) for source in here.sources],
                description="Qué pasó en cada fuente en el último rastreo: capturas WARC, avisos nuevos y cambiados.",
                group_name="sources",
                owners=DATA_TEAM,
                kinds={"scrapy", "parquet"},
            ),
        ],
        check_specs=[
            dg.AssetCheckSpec(name, asset=source_key(source.id), description=label)
            for source in here.sources
            for name, label in CHECK_LABELS.items()
        ],
        can_subset=True,
    )
    @telling
    def crawl(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        run = run_of(context)
        chosen = [source for source in here.sources if source_key(source.id) in context.selected_asset_keys]
        wanted = {source.id: source for source in chosen if source.verified}
        verified_count = sum(source.verified is not None for source in here.sources)
        results: list[SourceResult] = []
        resting: list[tuple[str, Quarantine]] = []
        if not crawling.may_crawl(run):
            context.log.info(f"{run.as_of:%Y-%m-%d} is past: the notices captured until then are used, no crawl")
            wanted = {}
        elif not len(chosen) == 1 < verified_count:  # a person who selects one source means it, in quarantine too
            resting = [(name, one) for name, one in crawling.quarantined(run).items() if wanted.pop(name, None)]
        for source_id, quarantine in resting:
            context.log.warning(f"{source_id}: {quarantine.told()}")
            yield _resting(source_id, quarantine)
        if wanted:
            visits = visits_by_source(crawl_records(run.home.folder), run.as_of)
            for result in crawling.crawl(run, list(wanted)):
                context.log.info(f"{result.source_id}: {result.outcome} {result.detail}")
                results.append(result)
                now = Visit(run.as_of, result)
                yield from _events(wanted[result.source_id], [*visits.get(result.source_id, []), now])
        if nobody_answered([result.outcome for result in results]):
            context.log.warning(OUR_END)
        if CRAWL_LOG in context.selected_asset_keys:
            yield dg.MaterializeResult(CRAWL_LOG, metadata=crawl_summary(results, resting))

    return dg.Definitions(assets=[crawl])


def _spec(source: Source) -> dg.AssetSpec:
    return dg.AssetSpec(
        source_key(source.id),
        skippable=True,
        description=f"{source.name} · {source.url}"
        + ("" if source.verified else "\n\nSin verificar: no se rastrea hasta `boi source check` con --accept."),
        group_name="sources",
        owners=DATA_TEAM,
        kinds={"scrapy"},
        tags={"platform": source.platform, "authority": source.authority, "language": source.language},
        metadata={"address": _address(source.url), "cadence": source.cadence},
        freshness_policy=FRESHNESS[source.cadence] if source.verified else None,
    )


def _address(url: str) -> dg.MetadataValue:
    return dg.MetadataValue.url(url) if url.startswith("http") else dg.MetadataValue.text(url)


def _events(source: Source, visits: list[Visit]) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """What Dagster is told of the last visit: the asset only when it was good, and every check."""
    key, result = source_key(source.id), visits[-1].result
    counts = {
        "listed": result.listed_count,
        "new": result.new_count,
        "changed": result.changed_count,
        "requests": result.request_count,
        "bytes": result.byte_count,
    }
    if visits[-1].is_good:
        yield dg.MaterializeResult(key, metadata=counts)
    told = {"outcome": result.outcome, "detail": result.detail, **counts}
    for finding in check(source, visits):
        if finding.check != "answered":
            yield _checked(key, finding, {})
        elif finding.passed:
            yield _checked(key, finding, told)
        else:
            yield _checked(key, replace(finding, advice=f"{quoted(result.detail.rstrip('.'))}. {finding.advice}"), told)


def _checked(key: dg.AssetKey, finding: Finding, told: dict[str, str | int]) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=finding.passed,
        asset_key=key,
        check_name=finding.check,
        severity=dg.AssetCheckSeverity.ERROR if finding.check == "answered" else dg.AssetCheckSeverity.WARN,
        description=finding.advice,
        metadata={**told, "count": finding.count, "history": dg.MetadataValue.json(finding.history)},
    )


def _resting(source_id: str, quarantine: Quarantine) -> dg.AssetCheckResult:
    """The check of a source that was not visited because it is in quarantine."""
    return dg.AssetCheckResult(
        passed=False,
        asset_key=source_key(source_id),
        check_name="answered",
        severity=dg.AssetCheckSeverity.ERROR,
        description=quarantine.told(),
        metadata={"outcome": quarantine.outcome, "count": quarantine.failed_count, "since": str(quarantine.since)},
    )


def crawl_summary(results: list[SourceResult], resting: list[tuple[str, Quarantine]]) -> dict[str, dg.MetadataValue]:
    """What came of each source: first those in quarantine, which were not visited, then those that failed."""
    rows = [f"| {name} | {one.outcome}, en cuarentena | | | | {one.told()} |" for name, one in sorted(resting)]
    rows += [
        f"| {r.source_id} | {r.outcome} | {r.listed_count} | {r.new_count} | {r.changed_count} | {quoted(r.detail)} |"
        for r in sorted(results, key=lambda r: (r.outcome in GOOD, r.source_id))
    ]
    table = "\n".join(rows)
    return {
        "sources": dg.MetadataValue.int(len(results)),
        "quarantined": dg.MetadataValue.int(len(resting)),
        "failed": dg.MetadataValue.int(sum(r.outcome not in GOOD for r in results)),
        "new": dg.MetadataValue.int(sum(r.new_count for r in results)),
        "changed": dg.MetadataValue.int(sum(r.changed_count for r in results)),
        "summary": dg.MetadataValue.md(
            f"| fuente | resultado | listados | nuevos | cambiados | detalle |\n|---|---|---|---|---|---|\n{table}"
        ),
    }
