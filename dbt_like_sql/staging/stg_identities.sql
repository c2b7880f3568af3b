/* ---
description: Las oportunidades del registro.
grain: [opportunity_id]
columns:
  opportunity_id:
  code:
checks:
  - unique: [code]
--- */
select opportunity_id, code from raw.identities
