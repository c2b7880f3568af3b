/* ---
description: "Lo que un archivo de años anteriores dice que se publicó: una fila por convocatoria, edición y canal."
grain: [publication_id]
columns:
  publication_id:
  edition_id: {description: "Del archivo: archivo- y el día de la edición."}
  edition_date:
  item_id:
  channel:
  batch_id: {type: text, label: Lote, description: Lote del archivo con que entró.}
  address: {type: text, label: Dirección, description: "De lo publicado en su canal, donde el archivo la trae; nula si no."}
checks:
  - in_vocabulary: {channel: channels}
--- */
select
    'archivo-' || edition_date || '/' || channel || '/' || item_id as publication_id,
    'archivo-' || edition_date as edition_id,
    edition_date, item_id, channel, batch_id, address
from raw.archived_publications
where edition_date is not null -- when it was published is not known: a call of years gone by, and no publication
