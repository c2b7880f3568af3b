"""The matches: which announcements speak of the same call, and the register that numbers new ones."""

from collections import Counter

import dagster as dg

from boi_pipeline.defs.reading import READINGS, advice_on, kinds_of
from boi_pipeline.defs.shared import DATA_TEAM, listed, run_of, telling
from boi_pipeline.stages.matches import match
from boi_pipeline.stages.opinions import Asking

MATCHES = dg.AssetKey("matches")
ANSWERED = "model_gave_its_opinions"
_DESCRIPTION = """A qué oportunidad pertenece cada anuncio. Las nuevas reciben su identidad en el registro.

- `items`, `opportunities`, `new_opportunities`: anuncios, oportunidades que forman, y las que hoy recibieron código.
- `redirected`: códigos que desde hoy llevan a otro, por ser la misma oportunidad.
- `compared_pairs`: parejas que se compararon por primera vez.
- `neighbour_pairs`, `neighbours_by`: parejas que se parecen entre lenguas, y el modelo que las halló.
- `questions`: parejas que esperan la respuesta de una persona.
- `model_same`, `model_different`, `model_unsure`: parejas que el modelo cree una, cree dos, o no sabe.
- `llm_calls`, `llm_tokens`, `llm_cost_usd`: respuestas pagadas al modelo de lenguaje en esta corrida, y su costo."""
MEANWHILE = (
    "Mientras tanto se decide por reglas: lo que no unen queda para una persona. "
    "Se le pregunta de nuevo al modelo en la próxima corrida."
)


@dg.definitions
def matching() -> dg.Definitions:
    """The matching step."""

    @dg.asset(
        key=MATCHES,
        deps=[READINGS],
        group_name="matching",
        owners=DATA_TEAM,
        kinds={"parquet", "duckdb", "sqlite"},
        description=_DESCRIPTION,
        check_specs=[
            dg.AssetCheckSpec("no_conflicts", asset=MATCHES, description="Nada se contradice al unir anuncios."),
            dg.AssetCheckSpec(
                ANSWERED,
                asset=MATCHES,
                description="El modelo de lenguaje, si la entidad tiene uno, opinó sobre todas las parejas dudosas.",
            ),
        ],
    )
    @telling
    def matches(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        summary = match(run_of(context))
        sample = [f"{one.detail} ({', '.join(one.item_ids[:10])})" for one in summary.conflicts]
        asking, said = summary.asking, Counter(one.verdict for one in summary.opinions)
        advice = " ".join(advice_on(asking.failures, MEANWHILE))
        if asking.failures:
            context.log.warning(f"{_unanswered(asking)} {kinds_of(asking.failures)}; {asking.failed[0]}")
            context.log.warning(advice)
        return dg.MaterializeResult(
            metadata={
                "items": summary.item_count,
                "opportunities": summary.opportunity_count,
                "new_opportunities": summary.minted_count,
                "redirected": summary.redirected_count,
                "compared_pairs": summary.compared_count,
                "neighbour_pairs": summary.near_count,
                "neighbours_by": summary.embedding
                or "sin vecinos entre lenguas: sin el extra `offline`, o con `rules_only`",
                "questions": len(summary.questions),
                "model_same": said["same"],
                "model_different": said["different"],
                "model_unsure": said["unsure"],
                "llm_calls": asking.calls,
                "llm_tokens": asking.tokens,
                "llm_cost_usd": asking.cost_micro_usd / 1_000_000,
                "dagster/row_count": summary.item_count,
            },
            check_results=[
                dg.AssetCheckResult(
                    passed=not summary.conflicts,
                    check_name="no_conflicts",
                    severity=dg.AssetCheckSeverity.WARN,
                    description="Cada fila dice qué se encontró y qué hacer; todas están en `match_conflicts`."
                    if summary.conflicts
                    else None,
                    metadata={
                        "count": len(summary.conflicts),
                        **({"sample": listed(sample[:5])} if sample else {}),
                    },
                ),
                dg.AssetCheckResult(
                    passed=not asking.failures,
                    check_name=ANSWERED,
                    severity=dg.AssetCheckSeverity.WARN,
                    description=f"{_unanswered(asking)} {advice}" if asking.failures else None,
                    metadata={
                        "failed": asking.failures.total(),
                        **({"kinds": kinds_of(asking.failures)} if asking.failures else {}),
                        **({"sample": listed(asking.failed)} if asking.failures else {}),
                    },
                ),
            ],
        )

    return dg.Definitions(assets=[matches])


def _unanswered(asking: Asking) -> str:
    return f"Parejas dudosas sobre las que el modelo no opinó: {asking.failures.total()}."
