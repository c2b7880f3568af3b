/* ---
description: A qué oportunidad pertenece hoy cada anuncio y por qué.
grain: [item_id]
columns:
  item_id:
  opportunity_id:
  reason: {type: text, label: Razón, description: Por qué se unió.}
checks:
  - references: {opportunity_id: staging.stg_identities.opportunity_id}
    scope: set
--- */
select item_id, opportunity_id, reason from raw.matches
