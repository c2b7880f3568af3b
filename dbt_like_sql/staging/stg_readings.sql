/* ---
description: La lectura que cuenta de cada aviso; cuál cuenta lo decide la etapa de lectura.
grain: [notice_id]
columns:
  notice_id:
  item_id:
  reader: {type: text, label: Lector, description: Quién leyó.}
  reader_version: {type: text, label: Versión del lector, description: "Reglas, modelo, prompt y esquema."}
  input_hash: {type: text, label: Huella de entrada, description: Huella de todo lo que se dio al lector.}
  fallback: {type: boolean, label: De reserva, description: Si leyó el lector de reserva.}
  failure: {type: text, label: Por qué, description: "Por qué no leyó el lector configurado; nulo si leyó."}
  is_opportunity: {type: boolean, label: Es oportunidad, description: Si el aviso anuncia una oportunidad.}
  unclear_fields:
checks:
  - expression: not fallback
    name: read_by_the_configured_reader
    severity: warning
    advice: Leyó el lector de reserva. Mire la causa (presupuesto, servicio, respuesta) en la comprobación «configured_reader_answered» de readings, en Dagster; se reintenta en la próxima corrida.
--- */
select
    r.notice_id, r.item_id, r.reader, r.reader_version, r.input_hash, r.fallback, r.failure, r.is_opportunity,
    r.unclear as unclear_fields
from raw.readings r
