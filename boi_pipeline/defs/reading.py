"""The readings: what was read anew in this run, and by which reader."""

import dagster as dg

from boi_pipeline import line as stages
from boi_pipeline.defs.shared import DATA_TEAM, line_of
from boi_pipeline.defs.sources import CRAWL_LOG

READINGS = dg.AssetKey("readings")


@dg.definitions
def reading() -> dg.Definitions:
    """The reading step."""

    @dg.asset(
        key=READINGS,
        deps=[CRAWL_LOG],
        group_name="reading",
        owners=DATA_TEAM,
        kinds={"parquet"},
        description="Lo que dice cada aviso, con las palabras que lo prueban, y su borrador en español.",
    )
    def readings(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        line = line_of(context)
        summary = stages.read(line, lambda done: context.log.info(f"{done} notices read"))
        reader = stages.reader_of(line.entity)
        return dg.MaterializeResult(
            metadata={
                "read": summary.read,
                "reused": summary.reused,
                "drafted": summary.drafted,
                "dropped_fields": summary.dropped.total(),
                "reader": f"{reader.name}/{reader.version}",
                "dagster/row_count": summary.read + summary.reused,
            }
        )

    return dg.Definitions(assets=[readings])
