/* ---
description: Qué pasó en cada fuente en cada rastreo.
grain: [crawl_id, source_id]
columns:
  crawl_id:
  source_id:
  crawled_at: {type: timestamptz, label: Rastreada el, description: Instante del rastreo.}
  outcome: {type: text, label: Resultado, description: "ok, unchanged o la clase de fallo."}
  is_good: {type: boolean, label: Buena visita, description: Si la fuente respondió como se esperaba.}
  request_count: {type: bigint, label: Peticiones, description: Peticiones hechas.}
  listed_count: {type: bigint, label: Anuncios listados, description: Anuncios que la fuente listó.}
  new_count: {type: bigint, label: Anuncios nuevos, description: Anuncios nuevos.}
  changed_count: {type: bigint, label: Anuncios cambiados, description: Anuncios con texto cambiado.}
--- */
select
    crawl_id, source_id, crawled_at, outcome, outcome in ('ok', 'unchanged') as is_good,
    request_count, listed_count, new_count, changed_count
from raw.crawls
