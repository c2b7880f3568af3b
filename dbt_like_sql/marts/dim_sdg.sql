/* ---
description: Objetivo de Desarrollo Sostenible.
grain: [sdg_goal]
columns:
  sdg_goal: {type: text, label: ODS, description: Código.}
  label:
  label_en:
  position:
publish: [powerbi]
--- */
select code as sdg_goal, label, label_en, position
from staging.stg_terms
where vocabulary = 'sdg_goals'
