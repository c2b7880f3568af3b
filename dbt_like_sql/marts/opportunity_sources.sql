/* ---
description: Toda página leída para cada oportunidad, con su huella y su captura.
grain: [notice_id]
columns:
  notice_id:
  opportunity_id:
  item_id:
  url:
  seen_at: {type: timestamptz, label: Leída el, description: Cuándo se leyó por primera vez.}
  text_sha256: {type: text, label: Huella del texto, description: sha256 del texto.}
  capture_id: {type: text, label: Captura, description: Registro WARC de la respuesta.}
checks:
  - not_null: [opportunity_id, url, text_sha256]
publish: [powerbi]
--- */
select n.notice_id, m.opportunity_id, n.item_id, n.url, n.first_seen_at as seen_at, n.text_sha256, n.capture_id
from staging.stg_notices n
join staging.stg_matches m using (item_id)
