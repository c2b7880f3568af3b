/* ---
description: La única fila que dice para cuándo y para quién se construyen las tablas.
grain: [entity_id]
columns:
  entity_id: {type: text, label: Entidad, description: Entidad pública que lleva el boletín.}
  as_of:
  as_of_date: {type: date, label: Día de corte, description: Día de corte en la zona de la entidad.}
  entity_timezone: {type: text, label: Zona horaria, description: Zona horaria de la entidad.}
  home_country: {type: text, label: País, description: "País de la entidad (ISO 3166-1)."}
  home_currency: {type: text, label: Moneda, description: "Moneda del país de la entidad (ISO 4217)."}
  reader: {type: text, label: Lector, description: Lector configurado.}
  publication_target_hours: {type: bigint, label: Meta de publicación, description: Horas en que se promete publicar desde que se vio por primera vez.}
  working_weekdays: {type: "bigint[]", label: Días laborables, description: "Días de la semana en que se trabaja; 1 es lunes."}
checks:
  - not_null: [as_of, as_of_date, entity_timezone]
    scope: set
  - min_rows: 1
--- */
select
    entity_id, as_of, as_of_date, entity_timezone, home_country, home_currency, reader, publication_target_hours,
    working_weekdays
from raw.run
