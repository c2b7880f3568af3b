/* ---
description: Públicos del boletín.
grain: [audience]
columns:
  audience:
  label:
  label_en:
  position:
checks:
  - not_null: [label, position]
    scope: set
    advice: A un término le falta su nombre. Complete el vocabulario audiences.
publish: [powerbi]
--- */
select code as audience, label, label_en, position
from staging.stg_terms
where vocabulary = 'audiences'
union all
select 'unknown', 'Sin dato', 'Unknown', count(*) + 1 from staging.stg_terms where vocabulary = 'audiences'
