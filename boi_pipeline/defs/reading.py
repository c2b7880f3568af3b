"""The readings: what was read anew in this run, by which reader, at what cost, and what it could not read."""

from collections import Counter
from collections.abc import Iterator

import dagster as dg

from boi_pipeline.defs.rechecks import RECHECKS
from boi_pipeline.defs.shared import DATA_TEAM, REREAD_TAG, line_of, telling
from boi_pipeline.defs.sources import CRAWL_LOG
from boi_pipeline.line import read
from boi_pipeline.readings import version_of

READINGS = dg.AssetKey("readings")
ANSWERED = "configured_reader_answered"


@dg.definitions
def reading() -> dg.Definitions:
    """The reading step."""

    @dg.asset(
        key=READINGS,
        deps=[CRAWL_LOG, RECHECKS],
        group_name="reading",
        owners=DATA_TEAM,
        kinds={"parquet"},
        check_specs=[
            dg.AssetCheckSpec(
                ANSWERED, asset=READINGS, description="El lector configurado leyó todos los avisos nuevos."
            )
        ],
        description="Lo que dice cada aviso, con las palabras que lo prueban, y su borrador en español.",
    )
    @telling
    def readings(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        line = line_of(context)
        reread = "all" if context.run.tags.get(REREAD_TAG) == "all" else "open"
        summary = read(line, lambda done: context.log.info(f"{done} notices read"), reread)
        return dg.MaterializeResult(
            metadata={
                "read": summary.read,
                "reused": summary.reused,
                "drafted": summary.drafted,
                "dropped_fields": summary.dropped.total(),
                "unclear_fields": summary.unclear.total(),
                "reader": f"{line.entity.file.reader.name}/{version_of(line.entity, line.llm)}",
                "llm_calls": summary.calls,
                "llm_tokens": summary.tokens,
                "llm_cost_usd": summary.cost_micro_usd / 1_000_000,
                "dagster/row_count": summary.read + summary.reused,
            },
            check_results=[
                dg.AssetCheckResult(
                    check_name=ANSWERED,
                    passed=not summary.failures,
                    severity=dg.AssetCheckSeverity.WARN,
                    description=" ".join(_advice(summary.failures)) or None,
                    metadata={
                        "failed": summary.failures.total(),
                        **_sample(summary.failures, summary.failed),
                    },
                )
            ],
        )

    return dg.Definitions(assets=[readings])


def _sample(failures: Counter[str], failed: list[str]) -> dict[str, str]:
    kinds = ", ".join(f"{kind} {count}" for kind, count in failures.most_common())
    return {"kinds": kinds, "sample": "\n".join(failed)} if failures else {}


def _advice(failures: Counter[str]) -> Iterator[str]:
    """What to do about each kind of failure, the most frequent first; said once where several have the same."""
    if failures:
        yield f"{failures.total()} avisos sin leer por el lector configurado."
    yield from dict.fromkeys(_ADVICE.get(kind, _OTHERWISE) for kind, _ in failures.most_common())


_OTHERWISE = (
    "Los leyó el lector de reserva, marcados; se reintentan en la próxima corrida. Mire la causa en la muestra."
)
_ADVICE = {
    "budget": "Se acabó el presupuesto de la corrida o del mes. Súbalo en reader.budget de entity.yaml, o espere; mientras tanto lee el lector de reserva.",
    "auth": "El servicio no aceptó la clave o no conoce el modelo. Revise BOI_LLM_API_KEY, BOI_LLM_MODEL y BOI_LLM_BASE_URL.",
    "stopped": "El servicio dejó de responder y no se le pidió más. Revise que esté en marcha; se reintenta en la próxima corrida.",
    "truncated": "La respuesta se cortó por el límite de salida. Si se repite, use un modelo que razone menos o responda más corto.",
    "waiting": "Varias respuestas pagadas no sirvieron; no se insiste. Para insistir: boi run --only read --reread all.",
}
