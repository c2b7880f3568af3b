/* ---
description: Objetivo del plan de la entidad.
grain: [plan_objective]
columns:
  plan_objective: {type: text, label: Objetivo del plan, description: Código.}
  label:
  label_en:
  position:
publish: [powerbi]
--- */
select code as plan_objective, label, label_en, position
from staging.stg_terms
where vocabulary = 'plan_objectives'
