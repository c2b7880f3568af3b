"""The bulletin: what people decided, the day's edition, the week's, and the site rendered from what they approved."""

import dagster as dg

from boi_pipeline.defs.models import DECISIONS, EDITION, WEEK
from boi_pipeline.defs.published import PUBLISHED
from boi_pipeline.defs.shared import EDITORS, model_key, run_of, telling
from boi_pipeline.stages import editing
from boi_pipeline.stages import week as weekly

SITE = dg.AssetKey("site")


@dg.definitions
def bulletin() -> dg.Definitions:
    """The steps of the publish and weekly jobs."""
    about_decisions = (
        "Lo que decidió el equipo: aprobar, corregir, rechazar, retirar. Está en el libro y nunca se borra."
    )

    @dg.asset(
        key=DECISIONS,
        deps=[model_key("intermediate.int_public")],
        group_name="bulletin",
        owners=EDITORS,
        kinds={"sqlite"},
        description=about_decisions,
    )
    @telling
    def decisions(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        taken = editing.take_decisions(run_of(context))
        if taken is None:
            return dg.MaterializeResult(metadata={"from_file": 0})
        for held in taken.refused:
            context.log.warning(f"{held.entry.action} {held.entry.item or held.entry.items}: {held.reason}")
        return dg.MaterializeResult(
            metadata={
                "applied": len(taken.applied),
                "already": len(taken.already),
                "waiting": len(taken.waiting),
                "refused": len(taken.refused),
            }
        )

    @dg.asset(
        key=EDITION,
        deps=[
            model_key("intermediate.int_opportunities"),
            model_key("intermediate.int_status"),
            model_key("intermediate.int_cancellations"),
            DECISIONS,
        ],
        group_name="bulletin",
        owners=EDITORS,
        kinds={"sqlite"},
        description="La edición del día: lo aprobado, en su orden, cerrado en una sola transacción.",
    )
    @telling
    def edition(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        result = editing.close_edition(run_of(context))
        for warning in result.warnings:
            context.log.warning(warning)
        waiting = "\n".join(f"- {one.opportunity_id}: {one.reason}" for one in result.not_included)
        return dg.MaterializeResult(
            metadata={
                "edition": result.edition.edition_id if result.edition else "—",
                "publications": len(result.publications),
                "already_closed": result.already_closed,
                "reason": result.reason or "—",
                "not_included": dg.MetadataValue.md(waiting or "—"),
            }
        )

    @dg.asset(
        key=WEEK,
        deps=[
            model_key("intermediate.int_opportunities"),
            model_key("intermediate.int_status"),
            model_key("intermediate.int_cancellations"),
            DECISIONS,
            EDITION,
        ],
        group_name="bulletin",
        owners=EDITORS,
        kinds={"sqlite"},
        description="La edición de la semana: lo que eligió una persona, en su orden y con sus motivos. Sin elegidas, no hay.",
    )
    @telling
    def week(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        run = run_of(context)
        result = weekly.close_week(run, weekly.week_now(run))
        for warning in result.warnings if result.edition else [result.reason, *result.warnings]:
            context.log.warning(warning)
        return dg.MaterializeResult(
            metadata={
                "week": result.week,
                "edition": result.edition.edition_id if result.edition else "—",
                "publications": len(result.publications),
                "already_closed": result.already_closed,
                "reason": result.reason or "—",
                "warnings": dg.MetadataValue.md("\n".join(f"- {one}" for one in result.warnings) or "—"),
            }
        )

    @dg.asset(
        key=SITE,
        deps=[PUBLISHED, EDITION, model_key("marts.source_notes")],
        group_name="bulletin",
        owners=EDITORS,
        kinds={"html"},
        description="El micrositio con su búsqueda, feeds, calendarios, tarjetas y PDF, hecho solo con lo aprobado.",
    )
    @telling
    def site(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        result = editing.render_bulletin(run_of(context))
        return dg.MaterializeResult(
            metadata={
                "folder": dg.MetadataValue.path(result.folder),
                "files": result.file_count,
                "editions": result.edition_count,
                "opportunities": result.opportunity_count,
            }
        )

    return dg.Definitions(assets=[decisions, edition, week, site])
