/* ---
description: Cómo respondió cada fuente cada día.
grain: [source_id, crawl_date]
columns:
  source_id:
  crawl_date: {type: date, label: Día, description: Día del rastreo en la zona de la entidad.}
  is_good: {type: boolean, label: Buena visita, description: Si alguna visita del día salió bien.}
  outcome: {type: text, label: Resultado, description: "ok si alguna visita salió bien; si no, la clase del fallo."}
  new_count: {type: bigint, label: Anuncios nuevos, description: Anuncios nuevos del día.}
  changed_count: {type: bigint, label: Anuncios cambiados, description: Anuncios con texto cambiado en el día.}
checks:
  - references: {source_id: marts.dim_source.source_id, crawl_date: marts.dim_date.calendar_date}
    scope: set
    advice: Una fila nombra algo que no está en su dimensión. Avise a quien mantiene el sistema.
  - expression: is_good
    name: source_answered
    severity: warning
    advice: La fuente no respondió bien. `boi status`, o su comprobación «answered» en Dagster, dice qué pasó y qué hacer.
publish: [powerbi]
--- */
select
    c.source_id,
    (c.crawled_at at time zone r.entity_timezone)::date as crawl_date,
    bool_or(c.is_good) as is_good,
    case when bool_or(c.is_good) then 'ok' else arg_max(c.outcome, c.crawl_id) end as outcome,
    sum(c.new_count)::bigint as new_count,
    sum(c.changed_count)::bigint as changed_count
from staging.stg_crawls c
cross join staging.stg_run r
group by c.source_id, (c.crawled_at at time zone r.entity_timezone)::date
