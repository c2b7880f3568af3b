"""The matches: which announcements speak of the same call, and the register that numbers new ones."""

import dagster as dg

from boi_pipeline.defs.reading import READINGS
from boi_pipeline.defs.shared import DATA_TEAM, line_of, telling
from boi_pipeline.stages.matches import match

MATCHES = dg.AssetKey("matches")


@dg.definitions
def matching() -> dg.Definitions:
    """The matching step."""

    @dg.asset(
        key=MATCHES,
        deps=[READINGS],
        group_name="matching",
        owners=DATA_TEAM,
        kinds={"parquet", "duckdb", "sqlite"},
        description="A qué oportunidad pertenece cada anuncio. Las nuevas reciben su identidad en el registro.",
        check_specs=[
            dg.AssetCheckSpec("no_conflicts", asset=MATCHES, description="Nada se contradice al unir anuncios."),
        ],
    )
    @telling
    def matches(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        summary = match(line_of(context))
        sample = [f"{one.detail} ({', '.join(one.item_ids[:10])})" for one in summary.conflicts]
        return dg.MaterializeResult(
            metadata={
                "items": summary.item_count,
                "opportunities": summary.opportunity_count,
                "new_opportunities": summary.minted_count,
                "redirected": summary.redirected_count,
                "compared_pairs": summary.compared_count,
                "neighbour_pairs": summary.near_count,
                "neighbours_by": summary.embedding
                or "sin vecinos entre lenguas: sin el extra `offline`, o con `rules_only`",
                "questions": len(summary.questions),
                "dagster/row_count": summary.item_count,
            },
            check_results=[
                dg.AssetCheckResult(
                    passed=not summary.conflicts,
                    check_name="no_conflicts",
                    severity=dg.AssetCheckSeverity.WARN,
                    description="Cada fila dice qué se encontró y qué hacer; todas están en `match_conflicts`."
                    if summary.conflicts
                    else None,
                    metadata={
                        "count": len(summary.conflicts),
                        **({"sample": "\n".join(sample[:5])} if sample else {}),
                    },
                )
            ],
        )

    return dg.Definitions(assets=[matches])
