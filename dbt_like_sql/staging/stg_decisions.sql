/* ---
description: Lo que hicieron las personas, una fila por decisión.
grain: [seq]
columns:
  seq:
  decision_id:
  action: {type: text, label: Acción, description: "approve, amend, reject, feature, withdraw, clear_flag, same, not_same o pick."}
  opportunity_id:
  item_ids: {type: "text[]", label: Anuncios, description: Anuncios de una respuesta same o not_same.}
  role: {type: text, label: Papel, description: Papel de quien decidió.}
  decided_at: {type: timestamptz, label: Decidida el, description: Cuándo se decidió.}
  reason: {type: text, label: Razón, description: Razón escrita por la persona.}
  changed: {type: text, label: Cambios, description: "Campos que la persona cambió, en JSON."}
  seconds_spent: {type: bigint, label: Segundos, description: Tiempo dedicado.}
  edit_share: {type: "decimal(18,4)", label: Parte del texto cambiada, description: "Parte de las palabras del borrador que la persona cambió, de 0 a 1; nulo donde no había borrador o no se midió."}
  snapshot_sha256:
--- */
select
    seq, decision_id, action, opportunity_id, item_ids, role, decided_at, reason, changed, seconds_spent,
    edit_share::decimal(18, 4) as edit_share, snapshot_sha256
from raw.decisions
