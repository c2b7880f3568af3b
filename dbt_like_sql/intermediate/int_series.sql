/* ---
description: "Las ediciones de cada convocatoria que vuelve: cuál va antes, cuál después y cuándo se abrió por última vez."
grain: [opportunity_id]
columns:
  opportunity_id:
  series_id: {type: text, label: Serie, description: "Oportunidad de código más antiguo entre las ediciones de la misma convocatoria; agrupa la serie."}
  edition_number: {type: bigint, label: Edición en la serie, description: "Lugar entre las ediciones conocidas, la más antigua es 1."}
  edition_count: {type: bigint, label: Ediciones conocidas, description: Cuántas ediciones se conocen.}
  opened_date:
  status:
  previous_opportunity_id: {type: text, label: Edición anterior, description: Oportunidad que fue la edición anterior.}
  next_opportunity_id: {type: text, label: Edición siguiente, description: Oportunidad que es la edición siguiente.}
  previous_opened_date: {type: date, label: Apertura anterior, description: Cuándo se abrió la edición anterior.}
  last_opened_date:
--- */
with recursive edges as (
    select opportunity_id as older_id, related_opportunity_id as newer_id
    from staging.stg_relations
    where relation = 'previous_edition_of'
),
editions as (
    select
        o.opportunity_id,
        o.code,
        s.status,
        s.status = 'open' as is_open,
        -- a page that says neither when it opened nor when it was posted was open when first seen, at the latest until it closed
        least(coalesce(s.opening_date, o.post_date, (o.first_seen_at at time zone r.entity_timezone)::date), d.close_date) as opened_date,
        r.as_of_date
    from intermediate.int_opportunities o
    join intermediate.int_status s using (opportunity_id)
    left join (
        select opportunity_id, max(close_date) as close_date from intermediate.int_deadlines group by opportunity_id
    ) d using (opportunity_id)
    cross join staging.stg_run r
),
neighbours as (
    select older_id as one_id, newer_id as other_id from edges
    union
    select newer_id, older_id from edges
),
walk(opportunity_id, member_id) as (
    select opportunity_id, opportunity_id from editions
    union
    select w.opportunity_id, n.other_id
    from walk w
    join neighbours n on n.one_id = w.member_id
),
series as (
    select
        w.opportunity_id,
        arg_min(m.opportunity_id, m.code) as series_id,
        count(*)::bigint as edition_count,
        bool_or(m.is_open) as is_open,
        max(m.opened_date) filter (m.opened_date <= m.as_of_date) as last_opened_date
    from walk w
    join editions m on m.opportunity_id = w.member_id
    group by w.opportunity_id
),
previous as (
    select e.newer_id as opportunity_id, m.opportunity_id as previous_id, m.opened_date
    from edges e
    join editions m on m.opportunity_id = e.older_id
    qualify row_number() over (partition by e.newer_id order by m.opened_date desc nulls last, m.code desc) = 1
),
following as (
    select e.older_id as opportunity_id, m.opportunity_id as next_id
    from edges e
    join editions m on m.opportunity_id = e.newer_id
    qualify row_number() over (partition by e.older_id order by m.opened_date nulls last, m.code) = 1
)
select
    e.opportunity_id,
    s.series_id,
    row_number() over (partition by s.series_id order by e.opened_date nulls first, e.code) as edition_number,
    s.edition_count,
    e.opened_date,
    e.status,
    p.previous_id as previous_opportunity_id,
    f.next_id as next_opportunity_id,
    p.opened_date as previous_opened_date,
    case when not s.is_open then s.last_opened_date end as last_opened_date
from editions e
join series s using (opportunity_id)
left join previous p using (opportunity_id)
left join following f using (opportunity_id)
