"""The re-check: after the crawl, every page and link of the published calls that are still open is visited."""

from collections import Counter

import dagster as dg

from boi_pipeline.defs.shared import DATA_TEAM, listed, quoted, run_of, telling
from boi_pipeline.defs.sources import CRAWL_LOG
from boi_pipeline.stages import crawling
from scrapers.outcome import GOOD, Recheck, SourceResult
from scrapers.runner import CrawlFailed

RECHECKS = dg.AssetKey("rechecks")
VISITED = "published_calls_were_visited"
_ADVICE = (
    "No se pudo mirar si siguen ahí. Lea el detalle y el registro en logs/; se intenta de nuevo en la próxima corrida "
    "(o ya, con boi run --only recheck). Un fallo aquí no cambia el estado de ninguna convocatoria."
)


@dg.definitions
def rechecks() -> dg.Definitions:
    """The re-check step."""

    @dg.asset(
        key=RECHECKS,
        deps=[CRAWL_LOG],
        group_name="sources",
        owners=DATA_TEAM,
        kinds={"scrapy", "parquet"},
        check_specs=[
            dg.AssetCheckSpec(
                VISITED, asset=RECHECKS, description="Se visitó cada página y enlace de lo publicado que sigue abierto."
            )
        ],
        description="Visitas a las páginas y enlaces de las convocatorias publicadas que siguen abiertas, hasta su cierre.",
    )
    @telling
    def recheck(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        run = run_of(context)
        visits = crawling.recheck_targets(run) if crawling.may_crawl(run) else []
        results: list[SourceResult] = []
        rows: list[Recheck] = []
        failure = ""
        if visits:
            crawl = crawling.recheck(run, visits)
            try:
                for result in crawl:
                    results.append(result)
                    context.log.info(f"{result.source_id}: {result.detail}")
            except CrawlFailed as error:  # what is published stands; the run continues
                failure = str(error)
                context.log.error(failure)
            rows = crawl.record.rechecks if crawl.record else []
        failed = [f"{one.source_id}: {one.detail}" for one in results if one.outcome not in GOOD]
        told = Counter(row.outcome for row in rows)
        return dg.MaterializeResult(
            metadata={
                "asked": len(visits),
                "visited": len(rows),
                "changed": sum(result.changed_count for result in results),
                **dict(sorted(told.items())),
                "summary": dg.MetadataValue.md(_table(rows)),
            },
            check_results=[
                dg.AssetCheckResult(
                    check_name=VISITED,
                    passed=not failed and not failure,
                    severity=dg.AssetCheckSeverity.WARN,
                    description=_ADVICE if failed or failure else None,
                    metadata={
                        "failed": len(failed),
                        **({"sample": listed(failed[:5] or [failure])} if failed or failure else {}),
                    },
                )
            ],
        )

    return dg.Definitions(assets=[recheck])


def _table(rows: list[Recheck]) -> str:
    """What was not found as it should be, a line each."""
    told = [row for row in rows if row.outcome != "ok"]
    if not told:
        return "Todo lo visitado sigue ahí."
    lines = [
        f"| {row.outcome} | {quoted(row.item_id or 'enlace')} | {quoted(row.url)} | {quoted(row.quote or row.detail)} |"
        for row in told
    ]
    return "\n".join(["| resultado | anuncio | dirección | detalle |", "|---|---|---|---|", *lines])
