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
    advice: Un enlace no es http(s). No lo publique.
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
