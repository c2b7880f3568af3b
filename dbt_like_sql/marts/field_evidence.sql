/* ---
description: Las palabras que prueban cada dato, también las del anuncio cuyo valor no se usa; se publican las de lo aprobado (approved_evidence).
grain: [notice_id, field, seq]
partitioned: true
columns:
  opportunity_id:
  field:
  notice_id:
  seq:
  start_offset: {type: bigint, label: Inicio, description: Primer punto de código de la cita.}
  end_offset: {type: bigint, label: Fin, description: Punto de código siguiente al último.}
  quote:
  kind:
  reader: {type: text, label: Lector, description: "Quién leyó el aviso: offline o llm."}
  method: {type: text, label: Método, description: "rule, model o llm."}
  rule: {type: text, label: Regla, description: "Regla, modelo o prompt."}
  confidence: {type: double, label: Confianza, description: Confianza entre 0 y 1.}
  value:
  url:
  is_used: {type: boolean, label: Cuenta, description: Si es el valor que se muestra.}
checks:
  - not_null: [opportunity_id, quote]
  - expression: length(quote) <= 300
    name: quote_is_short
    advice: La cita pasa de 300 caracteres y no se publica. Avise a quien mantiene el lector.
  - expression: end_offset - start_offset = length(quote)
    name: offsets_fit_the_quote
    advice: La cita y su posición no coinciden. Vuelva a leer el aviso (`boi run --reread all`); si sigue igual, avise a quien mantiene el lector.
  - expression: value is not null
    name: evidence_has_a_value
    advice: La cita prueba un campo que no tiene valor. Vuelva a leer el aviso (`boi run --reread all`); si sigue igual, avise a quien mantiene el lector.
--- */
select
    i.opportunity_id, e.field, e.notice_id, e.seq, e.start_offset, e.end_offset, e.quote, e.kind, i.reader, e.method, e.rule,
    e.confidence, f.value, i.url, v.notice_id is not null as is_used
from (
    select i.opportunity_id, i.notice_id, i.url, r.reader
    from intermediate.int_items i
    join staging.stg_readings r using (notice_id)
) i
join staging.stg_evidence e on e.notice_id = i.notice_id
left join staging.stg_facts f on f.notice_id = e.notice_id and f.field = e.field
left join intermediate.int_values v
    on v.opportunity_id = i.opportunity_id and v.is_current and v.field = e.field and v.notice_id = e.notice_id
