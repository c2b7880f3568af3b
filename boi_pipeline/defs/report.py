"""The team's weekly report: what a week published, reached and cost, made after its last set."""

import dagster as dg

from boi_pipeline.defs.bulletin import SITE
from boi_pipeline.defs.published import PUBLISHED
from boi_pipeline.defs.shared import DATA_TEAM, run_of, telling
from boi_pipeline.stages import reporting

TEAM_REPORT = dg.AssetKey("team_report")


@dg.definitions
def report() -> dg.Definitions:
    """The last step of the weekly job; it may be run alone at any time."""

    @dg.asset(
        key=TEAM_REPORT,
        deps=[PUBLISHED, SITE],
        group_name="bulletin",
        owners=DATA_TEAM,
        kinds={"html"},
        description="El informe semanal del equipo (página, PDF y cifras), con las mismas medidas que Power BI: qué se publicó, "
        "cuánto se vio, qué cierra, qué fuentes rindieron, cuánto se tardó y qué necesita atención.",
    )
    @telling
    def team_report(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        written = reporting.write_report(run_of(context))
        told = written.report
        rows = "\n".join(f"| {one.name} | {one.cell.text} | {one.compared} |" for one in told.headline)
        return dg.MaterializeResult(
            metadata={
                "week": told.week,
                "folder": dg.MetadataValue.path(written.folder),
                "figures": dg.MetadataValue.md(f"| medida | semana | comparación |\n|---|---|---|\n{rows}"),
                "concerns": told.concern_count,
            }
        )

    return dg.Definitions(assets=[team_report])
