/* ---
description: Qué dicen juntas las visitas a cada página y enlace de lo publicado; hacen falta dos días para decir que algo ya no está.
grain: [target_id]
columns:
  target_id: {type: text, label: Visitado, description: "Anuncio cuya página se visitó; si no, la dirección del enlace."}
  item_id:
  source_id:
  url:
  outcome: {type: text, label: Resultado, description: "Lo último que se supo: ok, gone, closed_marker o moved."}
  is_absent: {type: boolean, label: Ya no está, description: "Si en dos días visitados seguidos no estuvo, o dijo que cerró."}
  is_dead: {type: boolean, label: Enlace roto, description: Si en dos días visitados seguidos no llevó a ninguna parte.}
  since_at: {type: timestamptz, label: Desde, description: Primera de esas visitas; nulo si la última salió bien.}
  last_at: {type: timestamptz, label: Última visita, description: Última visita que dijo algo.}
  last_ok_at: {type: timestamptz, label: Última buena, description: Última visita que la encontró.}
  http_status: {type: bigint, label: Código HTTP, description: Código de la última visita.}
  final_url: {type: text, label: Dirección final, description: Adónde llevó la última visita.}
  quote:
--- */
with days as (
    -- the last visit of each day that says anything: a slow or failing server says nothing
    select v.*, (v.checked_at at time zone r.entity_timezone)::date as checked_date
    from staging.stg_rechecks v
    cross join staging.stg_run r
    where v.outcome in ('ok', 'gone', 'closed_marker', 'moved')
    qualify row_number() over (partition by v.target_id, checked_date order by v.checked_at desc, v.crawl_id desc) = 1
),
since as (
    select
        *,
        outcome <> 'ok'
        and checked_date > coalesce(max(checked_date) filter (outcome = 'ok') over (partition by target_id), date '0001-01-01')
            as is_of_end
    from days
),
ends as (
    select
        target_id,
        arg_max(item_id, checked_at) as item_id,
        arg_max(source_id, checked_at) as source_id,
        arg_max(url, checked_at) as url,
        arg_max(outcome, checked_at) as outcome,
        count(*) filter (is_of_end and outcome in ('gone', 'closed_marker')) as absent_day_count,
        count(*) filter (is_of_end and outcome in ('gone', 'moved')) as dead_day_count,
        min(checked_at) filter (is_of_end) as since_at,
        max(checked_at) as last_at,
        max(checked_at) filter (outcome = 'ok') as last_ok_at,
        arg_max(http_status, checked_at) as http_status,
        arg_max(final_url, checked_at) as final_url,
        arg_max(quote, checked_at) filter (quote is not null) as quote
    from since
    group by target_id
)
select
    target_id, item_id, source_id, url, outcome,
    outcome in ('gone', 'closed_marker') and absent_day_count >= 2 as is_absent,
    outcome in ('gone', 'moved') and dead_day_count >= 2 as is_dead,
    since_at, last_at, last_ok_at, http_status, final_url,
    case when outcome = 'closed_marker' then quote end as quote
from ends
