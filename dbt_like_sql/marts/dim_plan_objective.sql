/* ---
description: Objetivos del plan de la entidad.
grain: [plan_objective]
columns:
  plan_objective:
  label:
  position:
checks:
  - not_null: [label, position]
    scope: set
    advice: A un término le falta su nombre. Complete el vocabulario plan_objectives.
publish: [powerbi]
version: 2
--- */
select code as plan_objective, label, position
from staging.stg_terms
where vocabulary = 'plan_objectives'
union all
select 'unknown', 'Sin dato', count(*) + 1 from staging.stg_terms where vocabulary = 'plan_objectives'
