/* ---
description: Cada respuesta pagada de un modelo de lenguaje, sin su texto.
grain: [call_id]
columns:
  call_id: {type: text, label: Llamada, description: Identificador de la llamada (ULID).}
  purpose: {type: text, label: Para qué, description: "read (leer un aviso), draft (redactar) o match (opinar si dos anuncios son la misma convocatoria)."}
  reader_version: {type: text, label: Versión, description: "Prompt, esquema y modelo."}
  notice_id:
  endpoint: {type: text, label: Servicio, description: "Servidor y ruta, sin credenciales."}
  model: {type: text, label: Modelo, description: Nombre del modelo.}
  called_at: {type: timestamptz, label: Instante de la llamada, description: Cuándo se recibió la respuesta.}
  run_as_of: {type: timestamptz, label: Corte de la corrida, description: Instante de la corrida que preguntó.}
  outcome: {type: text, label: Resultado, description: "ok, repaired, truncated, refused, empty, invalid, oversized, timeout o connection. De lo que no llegó entero no se sabe el costo: cuenta el máximo posible."}
  prompt_tokens: {type: bigint, label: Tokens de entrada, description: Tokens enviados.}
  cached_tokens: {type: bigint, label: Tokens en caché, description: Tokens enviados que el proveedor tenía en caché.}
  completion_tokens: {type: bigint, label: Tokens de salida, description: Tokens recibidos.}
  cost_micro_usd: {type: bigint, label: Costo (millonésimas de USD), description: Costo en millonésimas de dólar según la lista de precios.}
  seconds: {type: double, label: Segundos, description: Cuánto tardó la respuesta.}
--- */
select
    call_id, purpose, version as reader_version, notice_id, endpoint, model, called_at, as_of as run_as_of, outcome, prompt_tokens,
    cached_tokens, completion_tokens, cost_micro_usd, seconds
from raw.reader_usage
