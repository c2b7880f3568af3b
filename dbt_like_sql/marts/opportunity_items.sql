/* ---
description: Qué anuncios hablan de cada oportunidad y por qué se unieron.
grain: [item_id]
columns:
  item_id:
  opportunity_id:
  source_id:
  authority:
  url:
  language:
  reason: {type: text, label: Razón, description: Por qué se unió.}
  first_seen_at:
  last_verified_at:
  last_modified_at:
  is_vanished:
checks:
  - not_null: [opportunity_id, source_id, url]
publish: [powerbi]
--- */
select
    i.item_id, i.opportunity_id, i.source_id, i.authority, i.url, i.language, m.reason,
    i.first_seen_at, i.last_verified_at, i.last_modified_at, i.is_vanished
from intermediate.int_items i
join staging.stg_matches m using (item_id)
