/* ---
description: Objetivos de Desarrollo Sostenible.
grain: [sdg_goal]
columns:
  sdg_goal:
  label:
  label_en:
  position:
checks:
  - not_null: [label, position]
    scope: set
    advice: A un término le falta su nombre. Complete el vocabulario sdg_goals.
publish: [powerbi]
--- */
select code as sdg_goal, label, label_en, position
from staging.stg_terms
where vocabulary = 'sdg_goals'
union all
select 'unknown', 'Sin dato', 'Unknown', count(*) + 1 from staging.stg_terms where vocabulary = 'sdg_goals'
