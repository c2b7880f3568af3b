/* ---
description: "Qué ODS tiene cada oportunidad; el peso suma 1 por oportunidad."
grain: [opportunity_id, sdg_goal]
columns:
  opportunity_id:
  sdg_goal: {type: text, label: ODS, description: Código.}
  position:
  weight: {type: "decimal(18,4)", label: Peso, description: Parte que corresponde; suma 1 por oportunidad.}
checks:
  - references: {opportunity_id: marts.opportunities.opportunity_id, sdg_goal: marts.dim_sdg.sdg_goal}
publish: [powerbi]
--- */
select
    opportunity_id,
    value::varchar as sdg_goal,
    position,
    -- the first takes what rounding leaves, so that the weights add up to 1
    case
        when position = 1 then 1 - (total - 1) * round(1.0 / total, 4)
        else round(1.0 / total, 4)
    end::decimal(18, 4) as weight
from (
    select opportunity_id, unnest(sdg_goals) as value, unnest(range(1, len(sdg_goals) + 1))::bigint as position,
        len(sdg_goals) as total
    from marts.opportunities
)
