"""Delivery: the posts of the edition, sent to the channels with credentials once the site is on disk."""

from collections.abc import Iterator

import dagster as dg

from boi_pipeline.defs.bulletin import SITE
from boi_pipeline.defs.shared import EDITORS, location, quoted, run_of, telling

DELIVERIES = dg.AssetKey("deliveries")
CHECK = "deliveries_sent"


@dg.definitions
def deliveries() -> dg.Definitions:
    """The last step of the publish job. Its failures are told, and change nothing of what is on disk."""

    @dg.asset(
        key=DELIVERIES,
        deps=[SITE],
        group_name="bulletin",
        owners=EDITORS,
        kinds={"email"},
        check_specs=[
            dg.AssetCheckSpec(
                CHECK, asset=DELIVERIES, description="Nada de lo aprobado falló al enviarse ni quedó incierto."
            )
        ],
        description="Los envíos a los canales con credenciales; lo demás se publica a mano desde outbox/.",
    )
    @telling
    def deliveries_step(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        from boi_pipeline.delivery import steps

        run = run_of(context)
        done = steps.deliver(run, location().settings.delivery)
        for told in [one for channel in done.channels for one in channel.problems]:
            context.log.warning(told)
        for name, why in [pair for channel in done.channels for pair in channel.held.items()]:
            context.log.info(f"{name}: {why}")
        counts = {
            f"{channel.channel}_{state}": count for channel in done.channels for state, count in channel.states.items()
        }
        yield dg.MaterializeResult(
            asset_key=DELIVERIES,
            metadata={
                **counts,
                "held": sum(len(channel.held) for channel in done.channels),
                "interrupted": len(done.interrupted),
                "reason": done.reason or "—",
            },
        )
        trouble = steps.trouble(run)
        rows = "\n".join(f"| {name} | {state} | {quoted(why)} |" for name, state, why in trouble)
        yield dg.AssetCheckResult(
            asset_key=DELIVERIES,
            check_name=CHECK,
            passed=not trouble,
            severity=dg.AssetCheckSeverity.WARN,
            description=steps.ADVICE if trouble else "Todo lo enviado llegó.",
            metadata={
                "count": len(trouble),
                "sample": dg.MetadataValue.md(
                    f"| publicación | estado | por qué |\n|---|---|---|\n{rows}" if rows else "—"
                ),
            },
        )

    return dg.Definitions(assets=[deliveries_step])
