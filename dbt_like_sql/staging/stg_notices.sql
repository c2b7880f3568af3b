/* ---
description: Un anuncio en un momento, con su texto.
grain: [notice_id]
columns:
  notice_id:
  item_id:
  source_id:
  url:
  title:
  text: {type: text, label: Texto, description: Texto guardado del aviso.}
  language:
  authority:
  source_published_at: {type: timestamptz, label: Publicado en la fuente, description: Cuándo lo publicó la fuente.}
  first_seen_at:
  capture_id: {type: text, label: Captura, description: Registro WARC de la respuesta.}
  text_sha256: {type: text, label: Huella del texto, description: sha256 del texto.}
checks:
  - expression: length(title) > 0
    name: title_not_empty
    advice: El aviso no tiene título. Revise los selectores de la fuente.
  - expression: text_sha256 = sha256(text)
    name: text_matches_its_hash
    advice: El texto guardado no coincide con su huella. Recupere los avisos de una copia.
  - expression: regexp_matches(url, '^https?://')
    name: url_is_http
    advice: La dirección no es http(s). Revise la fuente.
--- */
select
    notice_id,
    any_value(item_id) as item_id,
    any_value(source_id) as source_id,
    arg_min(url, fetched_at) as url,
    arg_min(title, fetched_at) as title,
    any_value(text) as text,
    arg_min(language, fetched_at) as language,
    arg_min(authority, fetched_at) as authority,
    min(published_at) as source_published_at,
    min(fetched_at) as first_seen_at,
    arg_min(capture_id, fetched_at) as capture_id,
    any_value(text_sha256) as text_sha256
from raw.notices
group by notice_id
