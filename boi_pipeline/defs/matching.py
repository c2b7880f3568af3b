"""The matches: which announcements speak of the same call, and the register that numbers new ones."""

import dagster as dg

from boi_pipeline import line as stages
from boi_pipeline.defs.reading import READINGS
from boi_pipeline.defs.shared import DATA_TEAM, line_of

MATCHES = dg.AssetKey("matches")


@dg.definitions
def matching() -> dg.Definitions:
    """The matching step."""

    @dg.asset(
        key=MATCHES,
        deps=[READINGS],
        group_name="matching",
        owners=DATA_TEAM,
        kinds={"parquet", "sqlite"},
        description="A qué oportunidad pertenece cada anuncio. Las nuevas reciben su identidad en el registro.",
        check_specs=[
            dg.AssetCheckSpec("no_conflicts", asset=MATCHES, description="Nada se contradice al unir anuncios.")
        ],
    )
    def matches(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        summary = stages.match(line_of(context))
        return dg.MaterializeResult(
            metadata={
                "items": summary.item_count,
                "opportunities": summary.opportunity_count,
                "new_opportunities": summary.minted_count,
                "redirected": summary.redirected_count,
                "dagster/row_count": summary.item_count,
            },
            check_results=[
                dg.AssetCheckResult(
                    passed=not summary.conflicts,
                    check_name="no_conflicts",
                    severity=dg.AssetCheckSeverity.WARN,
                    description="Responda `same` o `not_same` sobre estos anuncios en la revisión.",
                    metadata={"count": len(summary.conflicts), "sample": "\n".join(summary.conflicts[:5])},
                )
            ],
        )

    return dg.Definitions(assets=[matches])
