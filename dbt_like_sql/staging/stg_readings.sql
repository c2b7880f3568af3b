/* ---
description: La lectura que cuenta de cada aviso; la del lector configurado y más nueva, si no la de reglas.
grain: [notice_id]
columns:
  notice_id:
  item_id:
  reader: {type: text, label: Lector, description: Quién leyó.}
  reader_version: {type: text, label: Versión del lector, description: "Reglas, modelo, prompt y esquema."}
  input_hash: {type: text, label: Huella de entrada, description: Huella de todo lo que se dio al lector.}
  fallback: {type: boolean, label: De reserva, description: Si leyó el lector de reserva.}
  is_opportunity: {type: boolean, label: Es oportunidad, description: Si el aviso anuncia una oportunidad.}
  dropped_count: {type: bigint, label: Campos descartados, description: Campos que el lector propuso y no pudo probar.}
--- */
select
    r.notice_id, r.item_id, r.reader, r.reader_version, r.input_hash, r.fallback, r.is_opportunity,
    len(r.dropped)::bigint as dropped_count
from raw.readings r, raw.run
qualify row_number() over (
    partition by r.notice_id
    order by
        (r.reader = run.reader) desc,
        coalesce(try_cast(regexp_extract(r.reader_version, '(\d+)$', 1) as bigint), 0) desc,
        r.reader_version desc,
        r.input_hash
) = 1
