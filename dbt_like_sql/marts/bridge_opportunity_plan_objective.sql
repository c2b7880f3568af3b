/* ---
description: "Qué Objetivo del plan tiene cada oportunidad; el peso suma 1 por oportunidad."
grain: [opportunity_id, plan_objective]
columns:
  opportunity_id:
  plan_objective: {type: text, label: Objetivo del plan, description: Código.}
  position:
  weight: {type: "decimal(18,4)", label: Peso, description: Parte que corresponde; suma 1 por oportunidad.}
checks:
  - references: {opportunity_id: marts.opportunities.opportunity_id, plan_objective: marts.dim_plan_objective.plan_objective}
publish: [powerbi]
--- */
select
    opportunity_id,
    value::varchar as plan_objective,
    position,
    -- the first takes what rounding leaves, so that the weights add up to 1
    case
        when position = 1 then 1 - (total - 1) * round(1.0 / total, 4)
        else round(1.0 / total, 4)
    end::decimal(18, 4) as weight
from (
    select opportunity_id, unnest(plan_objectives) as value, unnest(range(1, len(plan_objectives) + 1))::bigint as position,
        len(plan_objectives) as total
    from marts.opportunities
)
