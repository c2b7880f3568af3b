"""The sources: one asset each, red with its reason when it fails, and the crawl's log that the line goes on from."""

from collections.abc import Iterator

import dagster as dg

from boi_pipeline import line as stages
from boi_pipeline.defs.shared import DATA_TEAM, line_of, location
from scrapers.outcome import ADVICE, GOOD, SourceResult
from scrapers.source import Source

CRAWL_LOG = dg.AssetKey("crawl_log")
CHECK = "answered"


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
            dg.AssetCheckSpec(CHECK, asset=source_key(source.id), description="La fuente respondió como se esperaba.")
            for source in here.sources
        ],
        can_subset=True,
    )
    def crawl(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        line = line_of(context)
        wanted = [
            source.id
            for source in here.sources
            if source_key(source.id) in context.selected_asset_keys and source.verified
        ]
        results: list[SourceResult] = []
        if not stages.may_crawl(line):
            context.log.info(f"{line.as_of:%Y-%m-%d} is past: the notices captured until then are used, no crawl")
        elif wanted:
            for result in stages.crawl(line, wanted):
                context.log.info(f"{result.source_id}: {result.outcome} {result.detail}")
                results.append(result)
                yield from _events(result)
        if CRAWL_LOG in context.selected_asset_keys:
            yield dg.MaterializeResult(CRAWL_LOG, metadata=_summary(results))

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
        metadata={"url": dg.MetadataValue.url(source.url), "cadence": source.cadence},
    )


def _events(result: SourceResult) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    key = source_key(result.source_id)
    counts = {
        "listed": result.listed_count,
        "new": result.new_count,
        "changed": result.changed_count,
        "requests": result.request_count,
        "bytes": result.byte_count,
    }
    good = result.outcome in GOOD
    if good:
        yield dg.MaterializeResult(key, metadata=counts)
    yield dg.AssetCheckResult(
        passed=good,
        asset_key=key,
        check_name=CHECK,
        severity=dg.AssetCheckSeverity.ERROR,
        description=ADVICE[result.outcome],
        metadata={"outcome": result.outcome, "detail": result.detail, **counts},
    )


def _summary(results: list[SourceResult]) -> dict[str, dg.MetadataValue]:
    table = "\n".join(
        f"| {r.source_id} | {r.outcome} | {r.listed_count} | {r.new_count} | {r.changed_count} | {r.detail} |"
        for r in sorted(results, key=lambda r: (r.outcome in GOOD, r.source_id))
    )
    return {
        "sources": dg.MetadataValue.int(len(results)),
        "failed": dg.MetadataValue.int(sum(r.outcome not in GOOD for r in results)),
        "new": dg.MetadataValue.int(sum(r.new_count for r in results)),
        "changed": dg.MetadataValue.int(sum(r.changed_count for r in results)),
        "summary": dg.MetadataValue.md(
            f"| fuente | resultado | listados | nuevos | cambiados | detalle |\n|---|---|---|---|---|---|\n{table}"
        ),
    }
