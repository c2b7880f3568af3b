/* ---
description: "Los Objetivos de Desarrollo Sostenible de cada oportunidad, en su orden; unknown («Sin dato») si no se sabe. El peso suma 1 por oportunidad."
grain: [opportunity_id, sdg_goal]
columns:
  opportunity_id:
  sdg_goal:
  position:
  weight:
checks:
  - not_null: [position, weight]
    scope: set
  - references: {opportunity_id: marts.dim_opportunity.opportunity_id, sdg_goal: marts.dim_sdg.sdg_goal}
    scope: set
    advice: Una fila nombra algo que no está en su dimensión. Avise a quien mantiene el sistema.
  - expression: opportunity_id in (select b.opportunity_id from marts.bridge_opportunity_sdg b group by b.opportunity_id having sum(b.weight) = 1)
    name: weights_sum_to_one
    scope: set
    advice: Los pesos de una oportunidad no suman 1 y los totales saldrían mal. Avise a quien mantiene el sistema.
publish: [powerbi]
--- */
select opportunity_id, member as sdg_goal, position, weight
from intermediate.int_memberships
where dimension = 'sdg_goals'
