/* ---
description: Objetivos de Desarrollo Sostenible.
grain: [sdg_goal]
columns:
  sdg_goal:
  label: {description: "Número y nombre en español: «4. Educación de calidad»."}
  label_en: {description: "Número y nombre en inglés: «4. Quality education»."}
  position:
checks:
  - not_null: [label, position]
    scope: set
    advice: A un término le falta su nombre. Complete el vocabulario sdg_goals.
publish: [powerbi]
--- */
select code as sdg_goal, code || '. ' || label as label, code || '. ' || label_en as label_en, position
from staging.stg_terms
where vocabulary = 'sdg_goals'
union all
select 'unknown', 'Sin dato', 'Unknown', count(*) + 1 from staging.stg_terms where vocabulary = 'sdg_goals'
