/* ---
description: "Con qué claves entra cada oportunidad del registro en el modelo en estrella: la que sigue viva y está entre las de hoy, o unknown."
grain: [opportunity_id]
columns:
  opportunity_id:
  star_id: {type: text, label: Id en la estrella, description: Oportunidad de dim_opportunity; unknown si no está entre las de hoy.}
  source_id: {description: Fuente de la que se toma; unknown si no se sabe.}
  funder_id:
  first_seen_at:
--- */
with listed as (
    select o.opportunity_id, o.source_id, f.funder_id, o.first_seen_at
    from intermediate.int_opportunities o
    join intermediate.int_funders f using (opportunity_id)
    left join intermediate.int_reviews r using (opportunity_id)
    -- a page edited into something else stays while a decision about it stands
    where o.is_opportunity or r.opportunity_id is not null
)
select
    lives.opportunity_id,
    coalesce(l.opportunity_id, 'unknown') as star_id,
    coalesce(l.source_id, 'unknown') as source_id,
    coalesce(l.funder_id, 'unknown') as funder_id,
    l.first_seen_at
from intermediate.int_survivors lives
left join listed l on l.opportunity_id = lives.survivor_id
