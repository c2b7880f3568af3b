/* ---
description: Lo que un modelo de lenguaje opinó de pares de anuncios.
grain: [item_id, other_item_id]
columns:
  item_id:
  other_item_id: {type: text, label: Otro anuncio, description: El otro anuncio del par.}
  verdict: {type: text, label: Opinión, description: "same (una convocatoria), different (dos) o unsure (no lo sabe)."}
  quote: {type: text, label: Cita, description: Palabras de la página del anuncio en que se apoya; vacío si no lo sabe.}
  other_quote: {type: text, label: Otra cita, description: Palabras de la página del otro anuncio; vacío si no lo sabe.}
  notice_id: {description: El aviso del anuncio que leyó el modelo.}
  other_notice_id: {type: text, label: Otro aviso, description: El aviso del otro anuncio que leyó el modelo.}
  model_version: {type: text, label: Modelo, description: "Instrucciones y modelo que opinaron."}
--- */
select item_id, other_item_id, verdict, quote, other_quote, notice_id, other_notice_id, model_version
from raw.match_opinions
