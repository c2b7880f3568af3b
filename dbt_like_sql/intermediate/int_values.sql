/* ---
description: El valor de cada campo de cada oportunidad en cada instante.
grain: [opportunity_id, moment_at, field]
partitioned: true
columns:
  opportunity_id:
  moment_at: {type: timestamptz, label: Instante, description: Cuándo se vio un texto nuevo.}
  field:
  value:
  item_id:
  notice_id:
  is_current: {type: boolean, label: Es el de hoy, description: Si es el último instante.}
--- */
select w.opportunity_id, w.moment_at, f.field, f.value, w.item_id, w.notice_id, w.is_current
from intermediate.int_winners w
join staging.stg_fields d on d.unit = w.unit
join staging.stg_facts f on f.notice_id = w.notice_id and f.field = d.field
