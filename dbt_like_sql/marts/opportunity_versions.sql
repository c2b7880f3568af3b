/* ---
description: Qué cambió en cada oportunidad, de qué a qué, cuándo y en qué anuncio.
grain: [opportunity_id, changed_at, field]
columns:
  opportunity_id:
  changed_at: {type: timestamptz, label: Cambió el, description: Cuándo se vio el cambio.}
  field:
  field_group: {type: text, label: Grupo, description: "dates, money, eligibility, link, text o class."}
  old_value: {type: text, label: Antes, description: "Valor anterior, en JSON."}
  new_value: {type: text, label: Ahora, description: "Valor nuevo, en JSON."}
  item_id:
  cause: {type: text, label: Causa, description: "source si cambió el texto; reader si cambió la lectura."}
  is_public: {type: boolean, label: Cambio público, description: Si cambió el texto del mismo anuncio.}
checks:
  - expression: cause in ('source', 'reader')
    name: cause_is_known
publish: [powerbi]
--- */
select
    opportunity_id, moment_at as changed_at, field, field_group, old_value, new_value, item_id, cause, is_public
from intermediate.int_changes
