/* ---
description: "Qué trae cada fuente frente a su propia historia: cuándo trajo algo nuevo y cuánto lista."
grain: [source_id]
columns:
  source_id:
  source_name:
  cadence: {type: text, label: Cadencia, description: "Cada cuánto publica: hourly, daily, weekly o monthly."}
  last_good_at: {type: timestamptz, label: Última visita buena, description: Cuándo respondió bien por última vez.}
  last_new_at: {type: timestamptz, label: Última novedad, description: "Última visita que trajo algo nuevo; si ninguna lo hizo, la primera."}
  quiet_days: {type: bigint, label: Días sin novedad, description: Días entre la última novedad y la última visita buena.}
  quiet_limit_days: {type: bigint, label: Límite de días, description: Días sin novedad que son normales en su cadencia.}
  visit_age_days: {type: bigint, label: Días sin visita buena, description: Días desde la última visita buena hasta la fecha de corte.}
  listed_count: {type: bigint, label: Anuncios listados, description: Anuncios que listó en su última visita buena.}
  usual_listed_count: {type: double, label: Lo usual, description: "Mediana de lo que listó en las diez visitas buenas anteriores; nulo si son menos de tres o si suele listar menos de cinco."}
checks:
  - expression: quiet_days <= quiet_limit_days
    name: still_brings_news
    severity: warning
    advice: No trae nada nuevo hace más de lo normal en su cadencia. Ábrala; si se mudó corrija su archivo, si publica menos corrija cadence, si murió retírela.
  - expression: visit_age_days <= case cadence when 'monthly' then 40 when 'weekly' then 10 else 5 end
    name: is_visited
    severity: warning
    advice: Hace demasiado que ninguna visita sale bien. Mire su comprobación answered en el grupo de fuentes.
  - expression: listed_count >= usual_listed_count * 0.5
    name: lists_as_usual
    severity: warning
    advice: Lista menos de la mitad de lo usual. Ábrala en el navegador; si la lista es más larga allí, revise paginación, selectores u opciones.
--- */
with visits as (
    select
        c.source_id, c.crawled_at, c.listed_count, c.new_count,
        row_number() over (partition by c.source_id order by c.crawled_at desc, c.crawl_id desc) as place
    from staging.stg_crawls c
    where c.is_good
),
seen as (
    select
        source_id,
        max(crawled_at) as last_good_at,
        coalesce(max(crawled_at) filter (new_count > 0), min(crawled_at)) as last_new_at,
        max(listed_count) filter (place = 1) as listed_count,
        median(listed_count) filter (place between 2 and 11) as usual,
        count(*) filter (place between 2 and 11) as before_count
    from visits
    group by source_id
)
select
    s.source_id,
    s.source_name,
    s.cadence,
    v.last_good_at,
    v.last_new_at,
    date_sub('day', v.last_new_at, v.last_good_at)::bigint as quiet_days,
    case s.cadence when 'hourly' then 7 when 'daily' then 30 when 'weekly' then 90 else 240 end::bigint as quiet_limit_days,
    date_sub('day', v.last_good_at, r.as_of)::bigint as visit_age_days,
    v.listed_count,
    case when v.before_count >= 3 and v.usual >= 5 then v.usual end as usual_listed_count
from staging.stg_sources s
cross join staging.stg_run r
left join seen v using (source_id)
