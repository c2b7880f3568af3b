"""The two jobs of a working day, and their schedules in the entity's time zone."""

from datetime import time

import dagster as dg

from boi_pipeline import line as stages
from boi_pipeline.defs.bulletin import SITE
from boi_pipeline.defs.deliveries import DELIVERIES
from boi_pipeline.defs.matching import MATCHES
from boi_pipeline.defs.models import DECISIONS, EDITION, QUARANTINE
from boi_pipeline.defs.published import PUBLISHED
from boi_pipeline.defs.reading import READINGS
from boi_pipeline.defs.rechecks import RECHECKS
from boi_pipeline.defs.shared import location, model_key
from boi_pipeline.defs.sources import CRAWL_LOG, source_key


@dg.definitions
def jobs() -> dg.Definitions:
    """``collect`` and ``publish``, their schedules, and the executor that suits two cores."""
    here = location()
    all_models = [model_key(model.table) for model in here.project.models]
    decided = [model_key(table) for table in sorted(stages.decision_models(here.project))]
    gate_checks = [
        dg.AssetCheckKey(model_key(model.table), check.name)
        for model in here.project.models
        if model.layer == "marts" and model_key(model.table) in decided
        for check in model.checks
    ] + [dg.AssetCheckKey(model_key("marts.opportunities"), QUARANTINE)]
    watched = [source_key(source.id) for source in here.sources if source.verified]
    collected = [*watched, CRAWL_LOG, RECHECKS, READINGS, MATCHES, *all_models, PUBLISHED]
    published = [DECISIONS, EDITION, *decided, PUBLISHED, SITE, DELIVERIES]
    collect = dg.define_asset_job(
        "collect",
        selection=dg.AssetSelection.assets(*collected),
        description="Rastrea, vuelve a mirar lo publicado, lee, une, construye, comprueba y publica las tablas.",
    )
    publish = dg.define_asset_job(
        "publish",
        selection=dg.AssetSelection.assets(*published) | dg.AssetSelection.checks(*gate_checks),
        description="Cierra la edición del día con lo aprobado, hace el boletín y lo envía a los canales con credenciales.",
    )
    return dg.Definitions(
        jobs=[collect, publish],
        schedules=[
            _schedule("collect", here.entity.file.schedule.collect),
            _schedule("publish", here.entity.file.schedule.publish),
        ],
        executor=dg.in_process_executor,
    )


def _schedule(name: str, at: time) -> dg.ScheduleDefinition:
    here = location()

    def is_working_day(context: dg.ScheduleEvaluationContext) -> bool:
        return here.entity.is_working_day(here.entity.today(context.scheduled_execution_time))

    return dg.ScheduleDefinition(
        name=name,
        job_name=name,
        cron_schedule=f"{at.minute} {at.hour} * * *",
        execution_timezone=here.entity.file.timezone,
        should_execute=is_working_day,
        description=f"Días hábiles a las {at:%H:%M} ({here.entity.file.timezone}).",
    )
