/* ---
description: Las palabras que prueban los datos de lo aprobado, como las vio la persona que aprobó.
grain: [opportunity_id, field, seq]
columns:
  opportunity_id:
  field:
  seq:
  quote:
  kind:
  url:
checks:
  - not_null: [quote, url]
  - expression: regexp_matches(url, '^https?://')
    name: links_are_http
    advice: La página de una cita aprobada no es http(s), y la cita no se publica. Avise a quien mantiene la fuente.
  - expression: exists (select 1 from staging.stg_notices n where n.url = approved_evidence.url and contains(n.text, approved_evidence.quote))
    name: quote_stands_in_a_notice
    advice: La cita aprobada no está en ningún texto guardado de esa página y no se publica. Apruébela de nuevo; si sigue, recupere los avisos de una copia.
  - expression: exists (select 1 from intermediate.int_reviews r where r.opportunity_id = approved_evidence.opportunity_id and coalesce(json_extract(r.content, '$.' || approved_evidence.field)::varchar, 'not public') not in ('null', '[]', '"unclear"'))
    name: evidence_has_a_value
    advice: La cita prueba un campo que lo aprobado no tiene y no se publica. Apruébela de nuevo.
  - no_personal_data: [quote, url]
    advice: La cita lleva un correo, teléfono o número de documento de una persona y no se publica. Avise a quien mantiene el lector.
publish: {curated: field_evidence}
--- */
with quotes as (
    select
        r.opportunity_id,
        unnest(from_json(
            json_extract(r.content, '$.evidence'),
            '[{"field": "VARCHAR", "quote": "VARCHAR", "kind": "VARCHAR", "url": "VARCHAR"}]'
        )) as e
    from intermediate.int_reviews r
    join marts.approved_opportunities a using (opportunity_id)
)
select
    opportunity_id,
    e.field,
    row_number() over (partition by opportunity_id, e.field order by e.url, e.quote, e.kind) as seq,
    e.quote,
    e.kind,
    e.url
from quotes
