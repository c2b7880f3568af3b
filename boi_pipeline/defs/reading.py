"""The readings: what was read anew in this run, by which reader, at what cost, and what it could not read."""

from collections import Counter
from collections.abc import Iterator

import dagster as dg

from boi_pipeline.defs.rechecks import RECHECKS
from boi_pipeline.defs.shared import DATA_TEAM, REREAD_TAG, listed, run_of, telling
from boi_pipeline.defs.sources import CRAWL_LOG
from boi_pipeline.stages.readings import version_of
from boi_pipeline.stages.run import read

READINGS = dg.AssetKey("readings")
_DESCRIPTION = """Lo que dice cada aviso, con las palabras que lo prueban, y su borrador en español.

- `read`, `reused`: avisos leídos en esta corrida, y los que ya lo estaban.
- `drafted`: borradores nuevos.
- `dropped_fields`: datos descartados porque ninguna palabra del aviso los prueba.
- `unclear_fields`: datos de los que el lector no estuvo seguro.
- `reader`: el lector configurado y su versión.
- `llm_calls`, `llm_tokens`, `llm_cost_usd`: respuestas pagadas al modelo de lenguaje, y su costo."""
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
        description=_DESCRIPTION,
    )
    @telling
    def readings(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        run = run_of(context)
        reread = "all" if context.run.tags.get(REREAD_TAG) == "all" else "open"
        summary = read(run, lambda done: context.log.info(f"{done} notices read"), reread)
        told, advice = (
            f"Avisos que el lector configurado no leyó: {summary.failures.total()}.",
            list(advice_on(summary.failures, MEANWHILE)),
        )
        if summary.failures:
            context.log.warning(f"{told} {kinds_of(summary.failures)}; {summary.failed[0]}")
            for one in advice:
                context.log.warning(one)
        return dg.MaterializeResult(
            metadata={
                "read": summary.read,
                "reused": summary.reused,
                "drafted": summary.drafted,
                "dropped_fields": summary.dropped.total(),
                "unclear_fields": summary.unclear.total(),
                "reader": f"{run.entity.file.reader.name}/{version_of(run.entity, run.llm)}",
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
                    description=f"{told} {' '.join(advice)}" if summary.failures else None,
                    metadata={
                        "failed": summary.failures.total(),
                        **({"kinds": kinds_of(summary.failures)} if summary.failures else {}),
                        **({"sample": listed(summary.failed)} if summary.failures else {}),
                    },
                )
            ],
        )

    return dg.Definitions(assets=[readings])


def kinds_of(failures: Counter[str]) -> str:
    """What failed and how often, the most frequent first; the kind as tables have it, too."""
    return ", ".join(f"{_NAMES.get(kind, 'otra causa')} ({kind}) {count}" for kind, count in failures.most_common())


def advice_on(failures: Counter[str], meanwhile: str) -> Iterator[str]:
    """What to do about each kind of failure, the most frequent first, said once; what stopped the asking says more than that
    it stopped. Last, what happens ``meanwhile``."""
    causes = [kind for kind, _ in failures.most_common() if kind != "stopped"] or list(failures)
    yield from dict.fromkeys(_ADVICE.get(kind, _OTHERWISE) for kind in causes)
    if failures:
        yield meanwhile


MEANWHILE = "Mientras tanto los lee el lector de reserva, marcados, y se reintenta en la próxima corrida."
_NAMES = {
    "budget": "sin presupuesto",
    "auth": "clave o modelo no aceptados",
    "connection": "sin conexión",
    "server": "error del servicio",
    "timeout": "sin respuesta a tiempo",
    "oversized": "respuesta demasiado larga",
    "stopped": "no se preguntó más",
    "rate_limited": "demasiadas preguntas",
    "rejected": "pregunta rechazada",
    "truncated": "respuesta cortada",
    "invalid": "respuesta sin la forma pedida",
    "empty": "respuesta vacía",
    "refused": "el modelo no quiso responder",
    "waiting": "ya no se insiste",
}
_OTHERWISE = "Mire la causa en la muestra."
_SILENT = "El servicio no respondió, o no como debe. Revise BOI_LLM_BASE_URL y que el servicio esté en marcha."
_UNSEEN = "De una respuesta que no llegó entera no se sabe el costo: en el presupuesto cuenta el máximo posible."
_ADVICE = {
    "budget": "Se acabó el presupuesto de la corrida o del mes. Súbalo en reader.budget de entity.yaml, o espere.",
    "auth": "El servicio no aceptó la clave o no conoce el modelo. Revise BOI_LLM_API_KEY, BOI_LLM_MODEL y BOI_LLM_BASE_URL.",
    "connection": f"{_SILENT} {_UNSEEN}",
    "server": _SILENT,
    "timeout": f"{_SILENT} {_UNSEEN}",
    "oversized": f"La respuesta era demasiado larga para leerla; no se pide otra vez. Use otro modelo. {_UNSEEN}",
    "stopped": _SILENT,
    "rate_limited": "El servicio no acepta tantas preguntas, o se acabó el saldo de la cuenta. Revise el saldo, baje BOI_LLM_CONCURRENCY, o espere.",
    "rejected": "El servicio rechaza la pregunta. Revise en la muestra por qué, y que BOI_LLM_MODEL converse y admita textos largos.",
    "truncated": "La respuesta se cortó por el límite de salida. Si se repite, use un modelo que razone menos o responda más corto.",
    "invalid": "La respuesta no tiene la forma pedida. Si se repite, use un modelo más capaz.",
    "empty": "El modelo respondió sin decir nada. Si se repite, use otro modelo, o uno que razone menos.",
    "refused": "El modelo, o el filtro del servicio, se negó a responder. Lea ese aviso; si se repite con otros, use otro modelo.",
    "waiting": "Varias respuestas pagadas no sirvieron; no se insiste. Para insistir: boi run --only read --reread all.",
}
