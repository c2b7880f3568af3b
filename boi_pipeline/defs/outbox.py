"""The outbox: what people post by hand, as the ledger stands once the machine has sent what it could."""

import dagster as dg

from boi_pipeline.defs.bulletin import SITE
from boi_pipeline.defs.deliveries import DELIVERIES
from boi_pipeline.defs.shared import EDITORS, run_of, telling
from boi_pipeline.stages import editing

OUTBOX = dg.AssetKey("outbox")


@dg.definitions
def outbox() -> dg.Definitions:
    """A step after delivery, so that nobody posts again what went out."""

    @dg.asset(
        key=OUTBOX,
        deps=[SITE, DELIVERIES],
        group_name="bulletin",
        owners=EDITORS,
        kinds={"html"},
        description="Lo que se publica a mano: textos, imágenes y correo de cada edición, con una página para seguirlos.",
    )
    @telling
    def outbox_step(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        result = editing.render_outbox(run_of(context))
        return dg.MaterializeResult(
            metadata={
                "folder": dg.MetadataValue.path(result.folder),
                "files": result.file_count,
                "posts": result.post_count,
                "done": result.done_count,
                "problems": dg.MetadataValue.md("\n".join(f"- {one}" for one in result.problems) or "—"),
            }
        )

    return dg.Definitions(assets=[outbox_step])
