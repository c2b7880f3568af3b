"""The jobs of a working day, the one of the day a week closes, and their schedules in the entity's time zone."""

from collections.abc import Callable
from datetime import date, time

import dagster as dg

from boi_pipeline.defs.bulletin import SITE
from boi_pipeline.defs.deliveries import DELIVERIES
from boi_pipeline.defs.inbox import INBOX
from boi_pipeline.defs.inbox import JOB as INBOX_JOB
from boi_pipeline.defs.matching import MATCHES
from boi_pipeline.defs.models import DECISIONS, EDITION, QUARANTINE, WEEK
from boi_pipeline.defs.outbox import OUTBOX
from boi_pipeline.defs.published import PUBLISHED
from boi_pipeline.defs.reading import READINGS
from boi_pipeline.defs.rechecks import RECHECKS
from boi_pipeline.defs.report import TEAM_REPORT
from boi_pipeline.defs.shared import location, model_key
from boi_pipeline.defs.sources import CRAWL_LOG, source_key
from boi_pipeline.stages import tables
from boi_pipeline.warehouse.contract import Project


@dg.definitions
def jobs() -> dg.Definitions:
    """``collect``, ``publish``, ``weekly`` and ``inbox``, the schedules, and the executor that suits two cores."""
    here = location()
    all_models = [model_key(model.table) for model in here.project.models]
    decided = [model_key(table) for table in sorted(tables.decision_models(here.project))]
    gate_checks = _gate_of(here.project, decided)
    handed_in = [model_key(table) for table in sorted(tables.achieved_models(here.project))]
    watched = [source_key(source.id) for source in here.sources if source.verified]
    collected = [*watched, CRAWL_LOG, RECHECKS, READINGS, MATCHES, INBOX, *all_models, PUBLISHED]
    published = [DECISIONS, EDITION, *decided, PUBLISHED, SITE, DELIVERIES, OUTBOX]
    collect = dg.define_asset_job(
        "collect",
        selection=dg.AssetSelection.assets(*collected),
        description="Rastrea, vuelve a mirar lo publicado, lee, une, toma lo que hay en el buzón, construye, comprueba y publica las tablas.",
    )
    inbox = dg.define_asset_job(
        INBOX_JOB,
        selection=dg.AssetSelection.assets(INBOX, *handed_in, PUBLISHED)
        | dg.AssetSelection.checks(*_gate_of(here.project, handed_in)),
        description="Toma lo que hay en el buzón, y construye, comprueba y publica las tablas que lo cuentan.",
    )
    publish = dg.define_asset_job(
        "publish",
        selection=dg.AssetSelection.assets(*published) | dg.AssetSelection.checks(*gate_checks),
        description="Cierra la edición del día con lo aprobado, hace el boletín y lo envía a los canales con credenciales.",
    )
    weekly = dg.define_asset_job(
        "weekly",
        selection=dg.AssetSelection.assets(*published, WEEK, TEAM_REPORT) | dg.AssetSelection.checks(*gate_checks),
        description="Lo mismo que publish, y antes cierra la semana con lo que eligió una persona y hace su artículo; al final, el informe del equipo.",
    )
    at = here.entity.file.schedule
    return dg.Definitions(
        jobs=[collect, publish, weekly, inbox],
        schedules=[
            _schedule("collect", at.collect, "Días hábiles", here.entity.is_working_day),
            _schedule("publish", at.publish, "Días hábiles en que no cierra la semana", _is_plain_day),
            _schedule("weekly", at.publish, "El día hábil en que cierra la semana", _closes_the_week),
        ],
        executor=dg.in_process_executor,
    )


def _gate_of(project: Project, chosen: list[dg.AssetKey]) -> list[dg.AssetCheckKey]:
    """The gate's checks of the marts of a job that does not build them all."""
    checks = [
        dg.AssetCheckKey(model_key(model.table), check.name)
        for model in project.models
        if model.layer == "marts" and model_key(model.table) in chosen
        for check in model.checks
    ]
    return [*checks, dg.AssetCheckKey(model_key("marts.opportunities"), QUARANTINE)]


def _closes_the_week(day: date) -> bool:
    return location().entity.week_closing_day(day) == day


def _is_plain_day(day: date) -> bool:
    return location().entity.is_working_day(day) and not _closes_the_week(day)  # then weekly does publish's work


def _schedule(name: str, at: time, days: str, runs_on: Callable[[date], bool]) -> dg.ScheduleDefinition:
    here = location()

    def is_due(context: dg.ScheduleEvaluationContext) -> bool:
        return runs_on(here.entity.today(context.scheduled_execution_time))

    return dg.ScheduleDefinition(
        name=name,
        job_name=name,
        cron_schedule=f"{at.minute} {at.hour} * * *",
        execution_timezone=here.entity.file.timezone,
        should_execute=is_due,
        description=f"{days} a las {at:%H:%M} ({here.entity.file.timezone}).",
    )
