/* ---
description: Cada visita a una página o un enlace de una convocatoria publicada que seguía abierta.
grain: [crawl_id, target_id]
columns:
  crawl_id:
  target_id: {type: text, label: Visitado, description: "Anuncio cuya página se visitó; si no, la dirección del enlace."}
  item_id:
  source_id:
  url:
  checked_at: {type: timestamptz, label: Visitada el, description: Instante de la visita.}
  outcome: {type: text, label: Resultado, description: "ok, gone, closed_marker, moved; lo demás no dice nada (timeout, server_error, refused, unreadable)."}
  http_status: {type: bigint, label: Código HTTP, description: Código con que respondió.}
  final_url: {type: text, label: Dirección final, description: Adónde llevó.}
  quote:
--- */
select
    crawl_id, coalesce(item_id, url) as target_id, item_id, source_id, url, checked_at, outcome, http_status, final_url,
    quote
from raw.rechecks
