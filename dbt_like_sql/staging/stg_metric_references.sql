/* ---
description: Cada anuncio, código, dirección o título con que un canal nombra algo.
grain: [reference_id]
columns:
  reference_id: {type: bigint, label: Referencia, description: Número de lo que el canal nombra.}
  channel:
  reference_kind: {type: text, label: Clase de referencia, description: "item, code, url o title."}
  reference: {type: text, label: Con qué se nombra, description: "Anuncio, código, dirección o título."}
  title: {type: text, label: Texto, description: Código o comienzo del texto de una publicación nombrada por su dirección; vacío si no se da.}
checks:
  - unique: [reference_id]
    scope: set
    advice: Dos referencias tienen el mismo número. Avise a quien mantiene el sistema.
--- */
select distinct
    (hash(channel, reference_kind, reference, coalesce(title, '')) >> 1)::bigint as reference_id,
    channel,
    reference_kind,
    reference,
    coalesce(title, '') as title
from raw.metrics
where reference is not null
