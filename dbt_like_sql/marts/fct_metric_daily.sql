/* ---
description: "Cuánto se vio y se abrió cada día en cada canal. La oportunidad unknown («Sin dato») reúne lo del canal que no se puede atribuir a una: los totales se suman. De una publicación, lo reunido desde su día se cuenta en ese día; es nulo lo que el canal no informa."
grain: [metric_date, channel, opportunity_id]
grows: true
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
  - not_null: [metric_date, channel, opportunity_id, source_id, funder_id]
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
  - max_fall: 0.2
    severity: warning
    advice: "Hay bastantes menos filas que en las tablas publicadas antes. Revise si falta un archivo de medidas o si uno nuevo corrigió días que no trae."
publish: [powerbi]
--- */
with calls as (
    select reference_id, opportunity_id, source_id, funder_id, dense_rank() over (order by opportunity_id) as place
    from intermediate.int_metric_references
    where opportunity_id <> 'unknown'
),
-- added up by a number: of millions of rows, the names of their calls are most of what there is to compare
summed as (
    select
        m.metric_date,
        m.channel,
        c.place,
        sum(m.impressions)::bigint as impressions,
        sum(m.clicks)::bigint as clicks,
        sum(m.interactions)::bigint as interactions
    from staging.stg_metrics m
    join calls c using (reference_id)
    group by all
)
select
    s.metric_date,
    s.channel,
    c.opportunity_id,
    c.source_id,
    c.funder_id,
    s.impressions - coalesce(d.impressions, 0) as impressions,
    s.clicks - coalesce(d.clicks, 0) as clicks,
    s.interactions - coalesce(d.interactions, 0) as interactions
from summed s
join (select distinct place, opportunity_id, source_id, funder_id from calls) c using (place)
left join intermediate.int_metric_doubles d on
    d.metric_date = s.metric_date and d.channel = s.channel and d.opportunity_id = c.opportunity_id
union all
select metric_date, channel, 'unknown', 'unknown', 'unknown', rest_impressions, rest_clicks, rest_interactions
from intermediate.int_metric_days
where coalesce(rest_impressions, rest_clicks, rest_interactions) is not null
