/* ---
description: Público del boletín.
grain: [audience]
columns:
  audience: {type: text, label: Público, description: Código.}
  label:
  label_en:
  position:
publish: [powerbi]
--- */
select code as audience, label, label_en, position
from staging.stg_terms
where vocabulary = 'audiences'
