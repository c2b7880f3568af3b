/* ---
description: Datos en que dos anuncios de la misma oportunidad no coinciden; se muestra el oficial o el más nuevo y se conserva el otro.
grain: [opportunity_id, field, other_notice_id]
columns:
  opportunity_id:
  field:
  value: {description: "Valor que se muestra, en JSON."}
  other_value: {type: text, label: Otro valor, description: "Valor que no se usa, en JSON."}
  other_notice_id: {type: text, label: Otro aviso, description: Aviso que da el otro valor.}
  other_url: {type: text, label: Otra página, description: Página que da el otro valor.}
  is_resolved: {type: boolean, label: Resuelto, description: Si no queda conflicto que mirar.}
checks:
  - expression: is_resolved
    name: sources_agree
    severity: warning
    advice: Dos fuentes no coinciden en este dato. Ábralas y decida cuál vale antes de aprobar.
--- */
select
    v.opportunity_id,
    v.field,
    v.value,
    f.value as other_value,
    i.notice_id as other_notice_id,
    i.url as other_url,
    false as is_resolved
from intermediate.int_values v
join intermediate.int_items i on i.opportunity_id = v.opportunity_id and i.notice_id <> v.notice_id
join staging.stg_facts f on f.notice_id = i.notice_id and f.field = v.field
where
    v.is_current
    and v.field in (
        'deadlines', 'currency', 'max_award_amount', 'min_award_amount', 'total_amount_available', 'home_eligible',
        'apply_url', 'opportunity_number', 'opportunity_type'
    )
    and f.value <> v.value
