/* ---
description: "Cuánto se vio y se abrió cada día en cada canal. La oportunidad unknown reúne lo del canal que no se puede atribuir a una: los totales se suman."
grain: [metric_date, channel, opportunity_id]
columns:
  metric_date:
  channel:
  opportunity_id:
  source_id:
  funder_id:
  impressions:
  clicks:
  interactions:
checks:
  - not_null: [metric_date, channel, opportunity_id, source_id, funder_id, impressions, clicks, interactions]
    scope: set
  - references:
      metric_date: marts.dim_date.calendar_date
      channel: marts.dim_channel.channel
      opportunity_id: marts.dim_opportunity.opportunity_id
      source_id: marts.dim_source.source_id
      funder_id: marts.dim_funder.funder_id
    scope: set
    advice: Una fila nombra algo que no está en su dimensión. Avise a quien mantiene el sistema.
  - expression: impressions >= clicks
    name: seen_before_clicked
    severity: warning
    advice: Hay más clics que impresiones. Revise esa fila en la tabla de medidas del canal.
publish: [powerbi]
--- */
select
    metric_date,
    channel,
    opportunity_id,
    source_id,
    funder_id,
    sum(impressions)::bigint as impressions,
    sum(clicks)::bigint as clicks,
    sum(interactions)::bigint as interactions
from intermediate.int_metrics
group by all
