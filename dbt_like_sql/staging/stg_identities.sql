/* ---
description: Las oportunidades del registro.
grain: [opportunity_id]
columns:
  opportunity_id:
  code:
  anchor_item_id: {type: text, label: Anuncio ancla, description: Anuncio del que nació la oportunidad.}
  minted_at: {type: timestamptz, label: Registrada el, description: Cuándo se registró.}
checks:
  - unique: [code]
--- */
select opportunity_id, code, anchor_item_id, minted_at from raw.identities
