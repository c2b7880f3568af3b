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
        kinds={"parquet", "duckdb", "sqlite"},
        description="A qué oportunidad pertenece cada anuncio. Las nuevas reciben su identidad en el registro.",
        check_specs=[
            dg.AssetCheckSpec("no_conflicts", asset=MATCHES, description="Nada se contradice al unir anuncios."),
            dg.AssetCheckSpec(
                "no_open_questions", asset=MATCHES, description="De ningún par de anuncios se duda si son la misma."
            ),
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
                "compared_pairs": summary.compared_count,
                "questions": len(summary.questions),
                "dagster/row_count": summary.item_count,
            },
            check_results=[
                _told(
                    "no_conflicts",
                    [f"{one.detail} ({', '.join(one.item_ids[:10])})" for one in summary.conflicts],
                    "Cada fila dice qué se encontró y qué hacer.",
                ),
                _told(
                    "no_open_questions",
                    [
                        f"{one.item_id} · {one.other_item_id} ({100 * one.chance:.0f} % de que sean la misma)"
                        for one in summary.questions
                    ],
                    "Responda `same` o `not_same` sobre cada par de anuncios: vale hasta una respuesta más nueva.",
                ),
            ],
        )

    return dg.Definitions(assets=[matches])


def _told(name: str, rows: list[str], advice: str) -> dg.AssetCheckResult:
    """A warning with its count and its first rows."""
    return dg.AssetCheckResult(
        passed=not rows,
        check_name=name,
        severity=dg.AssetCheckSeverity.WARN,
        description=advice,
        metadata={"count": len(rows), "sample": "\n".join(rows[:10])},
    )
