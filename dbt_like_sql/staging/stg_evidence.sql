/* ---
description: Las palabras que prueban cada dato.
grain: [notice_id, field, seq]
partitioned: true
ordered: true
columns:
  notice_id:
  field:
  seq:
  start_offset: {type: bigint, label: Inicio, description: "Primer punto de código de la cita en el texto del aviso."}
  end_offset: {type: bigint, label: Fin, description: Punto de código siguiente al último.}
  quote:
  kind:
  method: {type: text, label: Método, description: "rule, model o llm."}
  rule: {type: text, label: Regla, description: "Regla, modelo o prompt."}
  confidence: {type: double, label: Confianza, description: Confianza entre 0 y 1.}
checks:
  - expression: length(quote) <= 300
    name: quote_is_short
    advice: La cita pasa de 300 caracteres y no cuenta como prueba. Avise a quien mantiene el lector.
  - expression: (notice_id, field, seq) not in (select (e.notice_id, e.field, e.seq) from staging.stg_evidence e left join staging.stg_notices n using (notice_id) where not coalesce(e.quote <> '' and e.quote = substring(n.text, e.start_offset + 1, e.end_offset - e.start_offset), false))
    name: quote_stands_in_the_notice
    advice: La cita no está en el texto del aviso que nombra, o ese aviso no existe. No cuenta como prueba. Vuelva a leer el aviso (`boi run --reread all`); si sigue igual, avise a quien mantiene el lector.
--- */
-- sorted and numbered as lists, a notice at a time: a window over all quotes, and sorting them, costs twice as much
with sorted as (
    select
        notice_id,
        list_sort(list_transform(raw.readings.evidence, lambda e: {
            'field': e.field, 'start': e.start, 'end': e.end, 'rule': e.rule,
            'quote': e.quote, 'kind': e.kind, 'method': e.method, 'confidence': e.confidence
        })) as proofs
    from raw.readings
    join staging.stg_readings using (notice_id, reader, reader_version, input_hash)
    order by notice_id
),
named as (
    select *, list_transform(proofs, lambda proof: proof.field) as fields from sorted
),
numbered as (
    select
        notice_id,
        unnest(proofs) as e,
        unnest(list_transform(fields, lambda field, place: place - list_position(fields, field) + 1)) as seq
    from named
)
select
    notice_id,
    e.field,
    seq::bigint as seq,
    e.start as start_offset,
    e.end as end_offset,
    e.quote,
    e.kind,
    e.method,
    e.rule,
    e.confidence
from numbered
