/* ---
description: "Los objetivos del plan de cada oportunidad, en su orden; unknown («Sin dato») si no se sabe. El peso suma 1 por oportunidad."
grain: [opportunity_id, plan_objective]
columns:
  opportunity_id:
  plan_objective:
  position:
  weight:
checks:
  - not_null: [position, weight]
    scope: set
  - references: {opportunity_id: marts.dim_opportunity.opportunity_id, plan_objective: marts.dim_plan_objective.plan_objective}
    scope: set
    advice: Una fila nombra algo que no está en su dimensión. Avise a quien mantiene el sistema.
  - expression: opportunity_id in (select b.opportunity_id from marts.bridge_opportunity_plan_objective b group by b.opportunity_id having sum(b.weight) = 1)
    name: weights_sum_to_one
    scope: set
    advice: Los pesos de una oportunidad no suman 1 y los totales saldrían mal. Avise a quien mantiene el sistema.
publish: [powerbi]
--- */
select opportunity_id, member as plan_objective, position, weight
from intermediate.int_memberships
where dimension = 'plan_objectives'
