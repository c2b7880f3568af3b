/* ---
description: Toda cita de todo anuncio de cada oportunidad, y si es la que cuenta.
grain: [notice_id, field, seq]
columns:
  opportunity_id:
  field:
  notice_id:
  seq:
  start_offset: {type: bigint, label: Inicio, description: Primer punto de código de la cita.}
  end_offset: {type: bigint, label: Fin, description: Punto de código siguiente al último.}
  quote:
  kind:
  method: {type: text, label: Método, description: "rule, model o llm."}
  rule: {type: text, label: Regla, description: "Regla, modelo o prompt."}
  confidence: {type: double, label: Confianza, description: Confianza entre 0 y 1.}
  value:
  url:
  is_used: {type: boolean, label: Cuenta, description: Si es el valor que se muestra; los demás se conservan.}
--- */
select
    i.opportunity_id,
    e.field,
    e.notice_id,
    e.seq,
    e.start_offset,
    e.end_offset,
    e.quote,
    e.kind,
    e.method,
    e.rule,
    e.confidence,
    f.value,
    i.url,
    v.notice_id is not null as is_used
from intermediate.int_items i
join staging.stg_evidence e on e.notice_id = i.notice_id
left join staging.stg_facts f on f.notice_id = e.notice_id and f.field = e.field
left join intermediate.int_values v
    on v.opportunity_id = i.opportunity_id and v.is_current and v.field = e.field and v.notice_id = e.notice_id
