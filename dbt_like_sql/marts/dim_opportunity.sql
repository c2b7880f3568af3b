/* ---
description: La oportunidad para el modelo en estrella, con etiquetas en español.
grain: [opportunity_id]
columns:
  opportunity_id:
  code:
  title_es:
  type_label: {type: text, label: Tipo, description: Tipo de oportunidad.}
  status_label: {type: text, label: Estado, description: Estado a la fecha de corte.}
  home_eligible_label: {type: text, label: ¿Puedo aplicar?, description: Si se puede aplicar desde el país de la entidad.}
  review_label: {type: text, label: Revisión, description: Qué ha decidido el equipo.}
  funder_name:
  source_id:
  close_date:
  days_left:
  currency:
  max_award_amount:
  first_seen_at:
  apply_url:
checks:
  - not_null: [code, title_es, type_label]
publish: [powerbi]
--- */
select
    o.opportunity_id,
    o.code,
    o.title_es,
    type.label as type_label,
    status.label as status_label,
    eligible.label as home_eligible_label,
    review.label as review_label,
    coalesce(o.funder_name, 'Sin dato') as funder_name,
    o.source_id,
    o.close_date,
    o.days_left,
    o.currency,
    o.max_award_amount,
    o.first_seen_at,
    o.apply_url
from marts.opportunities o
left join staging.stg_terms type on type.vocabulary = 'opportunity_types' and type.code = o.opportunity_type
left join staging.stg_terms status on status.vocabulary = 'statuses' and status.code = o.status
left join staging.stg_terms eligible on eligible.vocabulary = 'home_eligible' and eligible.code = o.home_eligible
left join staging.stg_terms review on review.vocabulary = 'review_statuses' and review.code = o.review_status
