/* ---
description: Canales de publicación.
grain: [channel]
columns:
  channel:
  label:
  label_en:
  position:
checks:
  - not_null: [label, position]
    scope: set
    advice: A un término le falta su nombre. Complete el vocabulario channels.
publish: [powerbi]
--- */
select code as channel, label, label_en, position
from staging.stg_terms
where vocabulary = 'channels'
union all
select 'unknown', 'Sin dato', 'Unknown', count(*) + 1 from staging.stg_terms where vocabulary = 'channels'
