/* ---
description: "Qué cambió en cada oportunidad, de qué a qué, cuándo se vio, en qué fuente y por qué; el resumen no está: lo escribe el sistema y cambia con los datos."
grain: [opportunity_id, changed_at, field]
columns:
  opportunity_id:
  changed_at: {type: timestamptz, label: Cambió el, description: Cuándo se vio el cambio.}
  field:
  field_group:
  old_value: {type: text, label: Antes, description: "Valor anterior, en JSON; nulo si no había."}
  new_value: {type: text, label: Ahora, description: "Valor nuevo, en JSON; nulo si ya no hay."}
  old_value_es: {type: text, label: Antes en palabras, description: Valor anterior como lo lee una persona.}
  new_value_es: {type: text, label: Ahora en palabras, description: Valor nuevo como lo lee una persona.}
  old_quote: {type: text, label: Cita anterior, description: Palabras que probaban el valor anterior.}
  new_quote: {type: text, label: Cita nueva, description: Palabras que prueban el valor nuevo.}
  item_id:
  source_id:
  source_name:
  cause:
  is_public:
  version_number: {description: Versión que estaba vigente desde este cambio; solo los cambios públicos hacen una nueva.}
checks:
  - not_null: [source_id]
  - expression: cause in ('source', 'reader', 'items')
    name: cause_is_known
  - expression: is_public = (cause = 'source')
    name: only_the_source_makes_a_version
    scope: set
publish: [powerbi]
--- */
select
    c.opportunity_id,
    c.moment_at as changed_at,
    c.field,
    c.field_group,
    c.old_value,
    c.new_value,
    case when c.old_value is not null then before.value_es end as old_value_es,
    case when c.new_value is not null then now.value_es end as new_value_es,
    case when c.old_value is not null then before_q.quote end as old_quote,
    case when c.new_value is not null then now_q.quote end as new_quote,
    c.item_id,
    n.source_id,
    s.source_name,
    c.cause,
    c.is_public,
    c.version_number
from intermediate.int_changes c
join staging.stg_notices n on n.notice_id = c.notice_id
left join staging.stg_sources s on s.source_id = n.source_id
left join intermediate.int_words before on before.notice_id = c.old_notice_id and before.field = c.field
left join intermediate.int_words now on now.notice_id = c.notice_id and now.field = c.field
left join intermediate.int_quotes before_q on before_q.notice_id = c.old_notice_id and before_q.field = c.field
left join intermediate.int_quotes now_q on now_q.notice_id = c.notice_id and now_q.field = c.field
