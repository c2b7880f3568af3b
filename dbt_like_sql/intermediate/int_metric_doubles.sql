/* ---
description: "Lo escrito a mano de una convocatoria, un canal y un día de que ya informa una plataforma: no se cuenta, vale lo de la plataforma."
grain: [channel, metric_date, opportunity_id]
columns:
  channel:
  metric_date:
  opportunity_id:
  impressions: {description: "Impresiones escritas a mano que no se cuentan; nulo si la plataforma no las informa, y entonces se cuentan."}
  clicks: {description: "Clics escritos a mano que no se cuentan; nulo si la plataforma no los informa, y entonces se cuentan."}
  interactions: {description: "Interacciones escritas a mano que no se cuentan; nulo si la plataforma no las informa, y entonces se cuentan."}
checks:
  - expression: coalesce(impressions, clicks, interactions) is null
    name: nothing_is_typed_twice
    severity: warning
    advice: "La tabla escrita a mano repite lo que la plataforma ya informa de esta convocatoria y día: se contó solo lo de la plataforma. Quite esas filas de la tabla."
--- */
with told as (
    select m.channel, m.metric_date, r.opportunity_id, m.layout = 'plain' as is_typed, m.impressions, m.clicks, m.interactions
    from staging.stg_metrics m
    join intermediate.int_metric_references r using (reference_id)
    where r.opportunity_id <> 'unknown'
),
doubled as (
    select distinct channel, metric_date, opportunity_id
    from (from told where is_typed)
    semi join (from told where not is_typed) using (channel, metric_date, opportunity_id)
)
select
    channel,
    metric_date,
    opportunity_id,
    case when count(impressions) filter (not is_typed) > 0 then (sum(impressions) filter (is_typed))::bigint end as impressions,
    case when count(clicks) filter (not is_typed) > 0 then (sum(clicks) filter (is_typed))::bigint end as clicks,
    case when count(interactions) filter (not is_typed) > 0 then (sum(interactions) filter (is_typed))::bigint end as interactions
from told
join doubled using (channel, metric_date, opportunity_id)
group by channel, metric_date, opportunity_id
