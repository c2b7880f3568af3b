/* ---
description: "Los resultados con la oportunidad a que se refieren: unknown si no se conoce a la fecha de corte."
grain: [outcome_id]
columns:
  outcome_id:
  opportunity_id:
  source_id:
  funder_id:
  reference: {type: text, label: Referencia, description: Anuncio o código con que se nombra la oportunidad.}
checks:
  - expression: opportunity_id <> 'unknown'
    name: outcome_reference_is_known
    severity: warning
    advice: Este resultado nombra un anuncio o un código que no se conoce a la fecha de corte; no se cuenta. Corrija la referencia en la tabla de resultados.
--- */
select
    o.outcome_id,
    coalesce(star.star_id, 'unknown') as opportunity_id,
    coalesce(star.source_id, 'unknown') as source_id,
    coalesce(star.funder_id, 'unknown') as funder_id,
    coalesce(o.item_id, o.code) as reference
from staging.stg_outcomes o
left join staging.stg_matches by_item on by_item.item_id = o.item_id
left join staging.stg_identities by_code on by_code.code = o.code
left join intermediate.int_star star on star.opportunity_id = coalesce(by_item.opportunity_id, by_code.opportunity_id)
