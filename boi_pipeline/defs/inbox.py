"""The inbox: files that channels and bodies hand in, taken in as they arrive."""

from datetime import UTC, datetime

import dagster as dg

from boi_pipeline.achieved.inbox import Result, dropped
from boi_pipeline.defs.shared import DATA_TEAM, location, quoted, run_of, telling, was_killed
from boi_pipeline.stages import inboxing

INBOX = dg.AssetKey("inbox")
JOB = "inbox"
UNDERSTOOD = "files_understood"
_EVERY = 60  # seconds
_AT_WORK = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
_ADVICE = (
    "Un archivo no se tomó, o se apartaron filas. Lea su informe en inbox/refused/ o inbox/done/, corríjalo y vuelva a "
    "dejarlo en inbox/. Lo demás se tomó."
)


@dg.definitions
def inbox() -> dg.Definitions:
    """The step that takes files in, and the sensor that starts its job."""

    @dg.multi_asset(
        name="take_in",  # a step may not be called like a job
        specs=[
            dg.AssetSpec(
                INBOX,
                group_name="achieved",
                owners=DATA_TEAM,
                kinds={"csv", "excel", "parquet"},
                description="Lo que entregan los canales y las entidades: cada archivo se toma entero o no se toma.",
            )
        ],
        check_specs=[
            dg.AssetCheckSpec(
                UNDERSTOOD, asset=INBOX, description="Todo archivo dejado en el buzón se entendió, con todas sus filas."
            )
        ],
    )
    @telling
    def take(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        results = []
        for result in inboxing.take(run_of(context), datetime.now(UTC)):
            context.log.info(f"{result.name}: {result.detail}")
            results.append(result)
        taken = [one.record for one in results if one.outcome == "taken" and one.record]
        faulty = [one for one in results if one.outcome == "refused" or one.faults]
        return dg.MaterializeResult(
            metadata={
                "files": len(taken),
                "refused": sum(one.outcome == "refused" for one in results),
                "waiting": sum(one.outcome == "waiting" for one in results),
                "dagster/row_count": sum(record.row_count for record in taken),
                "rows_set_aside": sum(record.refused_count for record in taken),
                "summary": dg.MetadataValue.md(_table(results)),
            },
            check_results=[
                dg.AssetCheckResult(
                    check_name=UNDERSTOOD,
                    passed=not faulty,
                    severity=dg.AssetCheckSeverity.WARN,
                    description=_ADVICE if faulty else None,
                    metadata={"count": len(faulty), "sample": dg.MetadataValue.md(_table(faulty[:5]))},
                )
            ],
        )

    @dg.sensor(
        name=JOB,
        job_name=JOB,
        minimum_interval_seconds=_EVERY,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Mira el buzón cada minuto y toma lo que ya terminó de llegar, si no hay otra corrida en marcha.",
    )
    def files_arrived(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        files = dropped(location().settings.home().inbox, datetime.now(UTC))
        if not any(not one.reason for one in files):
            return dg.SkipReason("; ".join(f"{one.name}: {one.reason}" for one in files) or "El buzón está vacío.")
        if not all(was_killed(run) for run in context.instance.get_runs(dg.RunsFilter(statuses=_AT_WORK))):
            return dg.SkipReason("Hay otra corrida en marcha; se mira de nuevo cuando termine.")
        return dg.RunRequest()  # without a key: what a locked home refused is tried again

    return dg.Definitions(assets=[take], sensors=[files_arrived])


def _table(results: list[Result]) -> str:
    if not results:
        return "—"
    lines = [
        f"| {quoted(one.name)} | {one.outcome} | {quoted(one.detail)} | {len(one.faults) or ''} |" for one in results
    ]
    return "\n".join(["| archivo | resultado | detalle | filas apartadas |", "|---|---|---|---|", *lines])
