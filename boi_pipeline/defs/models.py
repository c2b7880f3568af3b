"""The SQL models as assets with their contracts, and the gate that stops a bad set.

Two steps over the same files: the inner models that only read what was crawled and read, and the others: those that
also read what people decided, which ``publish`` rebuilds, and the marts, which the gate checks together. Checks of inner layers run with them; marts are checked by the gate.
What is as it was is not built again: its asset is fresh, and says «sin cambios».

Hundreds of checks are told as evaluations, not as results: of a result Dagster also makes an output of the step, which
takes as long again, and which only what waits for a blocking check needs. The one check that the rest of a run waits for,
``quarantine_within_bounds``, is a result.
"""

from collections.abc import Iterable, Iterator
from logging import LogRecord
from typing import TYPE_CHECKING

import dagster as dg
from dagster._core.definitions.asset_checks.asset_check_evaluation import AssetCheckEvaluationTargetMaterializationData

from boi_pipeline.defs.inbox import INBOX
from boi_pipeline.defs.matching import MATCHES
from boi_pipeline.defs.reading import READINGS
from boi_pipeline.defs.rechecks import RECHECKS
from boi_pipeline.defs.shared import DATA_TEAM, REBUILD_TAG, location, model_key, quoted, run_of, telling
from boi_pipeline.defs.sources import CRAWL_LOG
from boi_pipeline.stages import tables
from boi_pipeline.warehouse.build import ModelResult
from boi_pipeline.warehouse.checks import CheckResult
from boi_pipeline.warehouse.contract import BoundCheck, Model

if TYPE_CHECKING:
    from boi_pipeline.warehouse.lineage_file import Lineage

DECISIONS = dg.AssetKey("decisions")
EDITION = dg.AssetKey("edition")
WEEK = dg.AssetKey("week")
QUARANTINE = "quarantine_within_bounds"
_FILLED_BY = {
    "notices": CRAWL_LOG,
    "crawls": CRAWL_LOG,
    "sightings": CRAWL_LOG,
    "rechecks": RECHECKS,
    "readings": READINGS,
    "drafts": READINGS,
    "matches": MATCHES,
    "relations": MATCHES,
    "match_questions": MATCHES,
    "match_conflicts": MATCHES,
    "match_opinions": MATCHES,
    "identities": MATCHES,
    "identity_items": MATCHES,
    "redirects": MATCHES,
    "decisions": DECISIONS,
    "snapshots": DECISIONS,
    "editions": EDITION,
    "publications": EDITION,
    "imports": INBOX,
    "metrics": INBOX,
    "outcomes": INBOX,
}


@dg.definitions
def models() -> dg.Definitions:
    """The two steps over the SQL models, and the gate."""
    here = location()
    late = tables.late_models(here.project)
    first = [model for model in here.project.models if model.table not in late]
    second = [model for model in here.project.models if model.table in late]
    marts = [model for model in here.project.models if model.layer == "marts"]
    return dg.Definitions(
        assets=[_step("models", first), _step("decision_models", second)],
        asset_checks=[_gate(marts)],
    )


def _step(name: str, models: list[Model]) -> dg.AssetsDefinition:
    @dg.multi_asset(
        name=name,
        specs=[_spec(model) for model in models],
        check_specs=[_check_spec(model, check) for model in models if model.layer != "marts" for check in model.checks],
        can_subset=True,
    )
    @telling
    def step(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult | dg.AssetCheckEvaluation]:
        run = run_of(context)
        context.log.addFilter(_is_of_use)
        wanted = {model.table for model in models if model_key(model.table) in context.selected_asset_keys}
        anew = name == "models" and len(wanted) == len(models) and REBUILD_TAG in context.run.tags
        failures, reused_count, others = [], 0, 0
        lineage = tables.lineage_file(run)
        for result in tables.build(run, wanted, fresh=anew):
            reused_count += result.is_reused and result.model.table in wanted
            if result.stops:
                failures.append(result.stops)
                context.log.error(result.stops)
            if result.model.table not in wanted:
                others += 1
                continue
            if result.error is None:
                yield _materialized(result, lineage.of(result.model))
            yield from _check_results(result.checks, context)
        lineage.save()
        if others:
            context.log.info(f"{others} tables more were built: they were not there, or other code had made them")
        if reused_count:
            context.log.info(f"{reused_count} of {len(wanted)} tables are as they were and were not built again")
        if failures:
            tables.set_build_aside(run)
            raise dg.Failure(
                "No se publica nada; sigue valiendo lo publicado antes. " + " · ".join(failures), allow_retries=False
            )
        if not any(key.path[0] == "marts" for key in context.job_def.asset_layer.selected_asset_keys):
            tables.keep_unless_unchecked(run)  # this run has no mart, so no gate follows

    return step


def _gate(marts: list[Model]) -> dg.AssetChecksDefinition:
    specs = [_check_spec(model, check) for model in marts for check in model.checks]
    whole = dg.AssetCheckSpec(
        QUARANTINE,
        asset=model_key("marts.opportunities"),
        description="La cuarentena no pasa del límite y nada detiene la publicación.",
        blocking=True,
    )

    @dg.multi_asset_check(name="gate", specs=[*specs, whole], can_subset=True)
    @telling
    def gate(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult | dg.AssetCheckEvaluation]:
        context.log.addFilter(_is_of_use)
        chosen = {".".join(key.asset_key.path) for key in context.selected_asset_check_keys}
        result = tables.check(run_of(context), chosen)
        yield from _check_results(result.results, context, blocking=True)
        if dg.AssetCheckKey(whole.asset_key, QUARANTINE) not in context.selected_asset_check_keys:
            return
        yield dg.AssetCheckResult(
            passed=result.passed,
            asset_key=whole.asset_key,
            check_name=QUARANTINE,
            severity=dg.AssetCheckSeverity.ERROR,
            description="Nada detiene la publicación."
            if result.passed
            else "No se publica; sigue valiendo lo publicado antes. Mire la tabla en boi.failed.duckdb.",
            metadata={"reasons": "\n".join(result.reasons) or "—", "quarantined_rows": result.quarantined_count},
        )

    return gate


def _spec(model: Model) -> dg.AssetSpec:
    fillers = {_FILLED_BY.get(table.removeprefix("raw.")) for table in model.dependencies if table.startswith("raw.")}
    if EDITION in fillers:
        fillers.add(WEEK)  # on the day a week closes, its edition is written after the day's
    return dg.AssetSpec(
        model_key(model.table),
        skippable=True,
        deps=[
            *(model_key(table) for table in model.dependencies if not table.startswith("raw.")),
            *(key for key in sorted(fillers - {None}, key=str) if key is not None),
        ],
        description=model.description,
        group_name=model.layer,
        owners=DATA_TEAM,
        kinds={"duckdb", "sql"},
        code_version=model.code_version,
        metadata={
            "dagster/column_schema": dg.TableSchema(
                columns=[
                    dg.TableColumn(column.name, column.type.name, description=column.description)
                    for column in model.columns
                ]
            ),
            "dagster/table_name": model.table,
            "key": ", ".join(model.grain),
        },
    )


def _check_spec(model: Model, check: BoundCheck) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(check.name, asset=model_key(model.table), description=f"Si falla: {check.advice}")


def _is_of_use(record: LogRecord) -> bool:
    """Not the line in which Dagster names every check that has no output."""
    return "did not yield or return expected outputs" not in record.getMessage()


def _materialized(result: ModelResult, lineage: "Lineage") -> dg.MaterializeResult:
    return dg.MaterializeResult(
        model_key(result.model.table),
        metadata={
            "dagster/row_count": result.row_count,
            "state": "sin cambios" if result.is_reused else "construida",
            "seconds": round(result.seconds, 3),
            "quarantined": result.quarantined_count,
            "dagster/column_lineage": _lineage(lineage),
            **({"preview": dg.MetadataValue.md(_preview(result))} if result.preview else {}),
        },
        data_version=dg.DataVersion(result.content) if result.content else None,
    )


def _lineage(lineage: "Lineage") -> dg.TableColumnLineage:
    """Lineage as the UI draws it. A raw table is drawn as the asset that fills it."""
    deps: dict[str, list[dg.TableColumnDep]] = {}
    for column, sources in lineage.items():
        deps[column] = []
        for table, source in sources:
            raw = table.removeprefix("raw.")
            key, name = (model_key(table), source) if raw == table else (_FILLED_BY.get(raw), f"{raw}.{source}")
            if key is not None:
                deps[column].append(dg.TableColumnDep(key, name))
    return dg.TableColumnLineage(deps)


def _preview(result: ModelResult) -> str:
    """The first rows as a Markdown table, a column a row: marts are wide and a page is narrow."""
    lines = ["| columna |" + " |" * len(result.preview), "|---|" + "---|" * len(result.preview)]
    for column in result.model.column_names:
        cells = " | ".join(quoted(row[column], 60) for row in result.preview)
        lines.append(f"| {column} | {cells} |")
    return "\n".join(lines)


def _check_results(
    results: Iterable[CheckResult],
    context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext,
    *,
    blocking: bool = False,
) -> Iterator[dg.AssetCheckEvaluation]:
    """Those that this run was asked for: Dagster lets the others through, with a warning for each."""
    for result in results:
        if dg.AssetCheckKey(model_key(result.check.model), result.check.name) in context.selected_asset_check_keys:
            yield _evaluation(result, context, blocking=blocking)


def _evaluation(
    result: CheckResult, context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext, *, blocking: bool
) -> dg.AssetCheckEvaluation:
    check = result.check
    if not result.passed:
        rows = " · ".join(", ".join(f"{name} {value}" for name, value in _plain(row).items()) for row in result.sample)
        told = result.error or f"{result.failed_count} of {result.row_count} rows{f', such as {rows}' if rows else ''}"
        context.log.warning(f"{check.model}: {check.name}: {told}")
    key = model_key(check.model)
    made = context.get_step_execution_context().maybe_fetch_and_get_input_asset_version_info(key)
    return dg.AssetCheckEvaluation(
        passed=result.passed,
        asset_key=key,
        check_name=check.name,
        target_materialization_data=made
        and AssetCheckEvaluationTargetMaterializationData(
            storage_id=made.storage_id, run_id=made.run_id, timestamp=made.timestamp
        ),
        blocking=blocking,
        # a row that fails is quarantined and the run continues; only a failing set stops it
        severity=dg.AssetCheckSeverity.ERROR if result.stops else dg.AssetCheckSeverity.WARN,
        description=result.error or (None if result.passed else f"{_counted(result)} {check.advice}"),
        metadata={
            "rows": result.row_count,
            "failed": result.failed_count,
            "consequence": _CONSEQUENCES[check.severity, check.scope],
            **({"advice": check.advice} if not result.passed else {}),
            **({"sample": dg.MetadataValue.json([_plain(row) for row in result.sample])} if result.sample else {}),
        },
    )


_CONSEQUENCES = {
    ("error", "row"): "La fila que falla no se publica; lo demás sí.",
    ("error", "set"): "Si falla no se publica nada; sigue valiendo lo publicado antes.",
    ("warning", "row"): "Es un aviso: la fila se publica.",
    ("warning", "set"): "Es un aviso: se publica igual.",
}


def _counted(result: CheckResult) -> str:
    """How much failed; of a fall or a lack of rows, how many are missing."""
    if result.check.kind in ("min_rows", "max_fall"):
        return f"Hay {result.row_count} filas; faltan {result.failed_count}."
    if result.check.kind == "max_rise":
        return f"{result.failed_count} de {result.row_count} filas por encima de lo usual."
    return f"{result.failed_count} de {result.row_count} filas."


def _plain(row: dict[str, object]) -> dict[str, str]:
    return {column: str(value) for column, value in row.items()}
