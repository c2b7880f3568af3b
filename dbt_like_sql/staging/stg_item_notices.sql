/* ---
description: Qué aviso mostró cada anuncio desde cada rastreo que lo encontró nuevo o cambiado.
grain: [item_id, valid_from_at]
columns:
  item_id:
  valid_from_at: {type: timestamptz, label: Desde, description: Desde cuándo se conoce este texto.}
  valid_to_at: {type: timestamptz, label: Hasta, description: Hasta cuándo valió; nulo si vale aún.}
  notice_id:
  source_id:
--- */
with newest_of_moment as (
    select item_id, fetched_at, notice_id, source_id
    from raw.notices
    qualify row_number() over (partition by item_id, fetched_at order by crawl_id desc, notice_id) = 1
)
select
    item_id,
    fetched_at as valid_from_at,
    lead(fetched_at) over (partition by item_id order by fetched_at) as valid_to_at,
    notice_id,
    source_id
from newest_of_moment
