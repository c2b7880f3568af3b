/* ---
description: Canales de publicación.
grain: [channel]
columns:
  channel:
  label:
  label_en:
  position:
publish: [powerbi]
--- */
select code as channel, label, label_en, position
from staging.stg_terms
where vocabulary = 'channels'
