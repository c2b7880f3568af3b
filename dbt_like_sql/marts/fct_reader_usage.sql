/* ---
description: "Qué se pidió cada día a los modelos de lenguaje, qué costó y qué salió mal."
grain: [call_date, purpose, reader_version, outcome]
columns:
  call_date: {type: date, label: Día, description: Día de la corrida en la zona de la entidad.}
  purpose: {type: text, label: Para qué, description: "read (leer un aviso), draft (redactar) o match (opinar si dos anuncios son la misma convocatoria)."}
  reader_version: {type: text, label: Versión, description: "Prompt, esquema y modelo."}
  outcome: {type: text, label: Resultado, description: "ok, repaired, truncated, refused, empty, invalid, oversized, timeout o connection. De lo que no llegó entero no se sabe el costo: cuenta el máximo posible."}
  call_count: {type: bigint, label: Llamadas, description: Respuestas pagadas.}
  prompt_tokens: {type: bigint, label: Tokens de entrada, description: Tokens enviados.}
  cached_tokens: {type: bigint, label: Tokens en caché, description: Tokens enviados que el proveedor tenía en caché.}
  completion_tokens: {type: bigint, label: Tokens de salida, description: Tokens recibidos.}
  cost_usd: {type: "decimal(18,4)", label: Costo (USD), description: Costo en dólares según la lista de precios.}
checks:
  - references: {call_date: marts.dim_date.calendar_date}
    scope: set
  - expression: outcome in ('ok', 'repaired')
    name: answers_were_of_use
    severity: warning
    advice: Hubo respuestas pagadas que no sirvieron. Mire su clase; si se repite, cambie de modelo o de límite de salida.
publish: [powerbi]
--- */
select
    (u.run_as_of at time zone r.entity_timezone)::date as call_date,
    u.purpose,
    u.reader_version,
    u.outcome,
    count(*)::bigint as call_count,
    sum(u.prompt_tokens)::bigint as prompt_tokens,
    sum(u.cached_tokens)::bigint as cached_tokens,
    sum(u.completion_tokens)::bigint as completion_tokens,
    (sum(u.cost_micro_usd) / 1000000)::decimal(18, 4) as cost_usd
from staging.stg_reader_usage u
cross join staging.stg_run r
group by all
