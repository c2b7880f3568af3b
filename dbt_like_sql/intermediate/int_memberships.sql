/* ---
description: "A qué ODS, objetivos del plan, públicos y países pertenece cada oportunidad de hoy; sin ninguno, a unknown. El peso suma 1 por oportunidad."
grain: [dimension, opportunity_id, member]
columns:
  dimension: {type: text, label: Dimensión, description: "sdg_goals, plan_objectives, audiences o countries."}
  opportunity_id: {description: Oportunidad de dim_opportunity; unknown incluida.}
  member: {type: text, label: Miembro, description: Código en su dimensión; unknown si no se sabe.}
  position:
  weight:
--- */
with star as (
    select star_id as opportunity_id from intermediate.int_star where star_id = opportunity_id
),
lists as (
    select 'sdg_goals' as dimension, opportunity_id, sdg_goals::varchar[] as members from intermediate.int_opportunities
    union all
    select 'plan_objectives', opportunity_id, plan_objectives from intermediate.int_opportunities
    union all
    select 'audiences', opportunity_id, audiences from intermediate.int_opportunities
    union all
    select 'countries', opportunity_id, host_countries from intermediate.int_opportunities
),
known as (
    select vocabulary as dimension, code as member from staging.stg_terms
    where vocabulary in ('sdg_goals', 'plan_objectives', 'audiences')
    union all
    select 'countries', country_code from staging.stg_countries
),
said as (
    select
        dimension, opportunity_id,
        unnest(if(members = [], ['unknown'], members)) as member,
        unnest(if(members = [], [1], range(1, len(members) + 1))) as place
    from lists
    semi join star using (opportunity_id)
    union all
    -- what cannot be told of any opportunity belongs to no member either
    select unnest(['sdg_goals', 'plan_objectives', 'audiences', 'countries']), 'unknown', 'unknown', 1
),
members as (
    select s.dimension, s.opportunity_id, coalesce(k.member, 'unknown') as member, min(s.place) as place
    from said s
    left join known k using (dimension, member)
    group by all
),
placed as (
    select
        dimension, opportunity_id, member,
        row_number() over (partition by dimension, opportunity_id order by place) as position,
        count(*) over (partition by dimension, opportunity_id) as total
    from members
)
select
    dimension, opportunity_id, member, position,
    -- the first takes what rounding leaves, so that the weights add up to 1
    case
        when position = 1 then 1 - (total - 1) * round(1.0 / total, 4)
        else round(1.0 / total, 4)
    end::decimal(18, 4) as weight
from placed
