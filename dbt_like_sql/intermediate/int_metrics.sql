/* ---
description: "Las medidas de los canales con la oportunidad a que se refieren: unknown si no nombran ninguna, o una que no se conoce a la fecha de corte."
grain: [metric_id]
columns:
  metric_id: {type: text, label: Medida, description: Identificador de la medida.}
  metric_date:
  channel:
  opportunity_id:
  source_id:
  funder_id:
  impressions:
  clicks:
  interactions:
  reference: {type: text, label: Referencia, description: Anuncio o código con que se nombra la oportunidad.}
checks:
  - expression: reference is null or opportunity_id <> 'unknown'
    name: metric_reference_is_known
    severity: warning
    advice: Esta medida nombra un anuncio o un código que no se conoce a la fecha de corte; se cuenta en el total del canal. Corrija la referencia en la tabla de medidas.
--- */
select
    m.metric_id,
    m.metric_date,
    m.channel,
    coalesce(star.star_id, 'unknown') as opportunity_id,
    coalesce(star.source_id, 'unknown') as source_id,
    coalesce(star.funder_id, 'unknown') as funder_id,
    m.impressions,
    m.clicks,
    m.interactions,
    coalesce(m.item_id, m.code) as reference
from staging.stg_metrics m
left join staging.stg_matches by_item on by_item.item_id = m.item_id
left join staging.stg_identities by_code on by_code.code = m.code
left join intermediate.int_star star on star.opportunity_id = coalesce(by_item.opportunity_id, by_code.opportunity_id)
