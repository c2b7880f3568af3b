"""The published set: what analysts and publishing jobs read."""

import dagster as dg

from boi_pipeline.defs.shared import DATA_TEAM, location, model_key, run_of, telling
from boi_pipeline.stages import tables

PUBLISHED = dg.AssetKey("published")


@dg.definitions
def published() -> dg.Definitions:
    """The publication step."""
    here = location()

    @dg.asset(
        key=PUBLISHED,
        deps=[model_key(model.table) for model in here.project.models if model.publish],
        group_name="published",
        owners=DATA_TEAM,
        kinds={"parquet", "powerbi"},
        description="El conjunto publicado, entero o nada: tablas curadas, datos abiertos en cada formato y estrella para Power BI, "
        "con su diccionario y sus descriptores (datapackage.json, JSON Schema, DCAT).",
    )
    @telling
    def publish(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        found = tables.publish_set(run_of(context))
        files = "\n".join(f"| {name} | {rows} |" for name, rows in sorted(found.rows.items()))
        return dg.MaterializeResult(
            metadata={
                "set_id": found.set_id,
                "is_new": found.is_new,
                "folder": dg.MetadataValue.path(found.folder),
                "files": dg.MetadataValue.md(f"| archivo | filas |\n|---|---|\n{files}"),
                "dagster/row_count": sum(found.rows.values()),
            }
        )

    return dg.Definitions(assets=[publish])
