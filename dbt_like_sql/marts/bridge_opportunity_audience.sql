/* ---
description: "Qué Público tiene cada oportunidad; el peso suma 1 por oportunidad."
grain: [opportunity_id, audience]
columns:
  opportunity_id:
  audience: {type: text, label: Público, description: Código.}
  position:
  weight: {type: "decimal(18,4)", label: Peso, description: Parte que corresponde; suma 1 por oportunidad.}
checks:
  - references: {opportunity_id: marts.opportunities.opportunity_id, audience: marts.dim_audience.audience}
publish: [powerbi]
--- */
select
    opportunity_id,
    value::varchar as audience,
    position,
    -- the first takes what rounding leaves, so that the weights add up to 1
    case
        when position = 1 then 1 - (total - 1) * round(1.0 / total, 4)
        else round(1.0 / total, 4)
    end::decimal(18, 4) as weight
from (
    select opportunity_id, unnest(audiences) as value, unnest(range(1, len(audiences) + 1))::bigint as position,
        len(audiences) as total
    from marts.opportunities
)
