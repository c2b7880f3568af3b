/* ---
description: Lo que hicieron las personas, una fila por decisión.
grain: [seq]
columns:
  seq:
  decision_id:
  action: {type: text, label: Acción, description: "approve, amend, reject, feature, withdraw, clear_flag, same o not_same."}
  opportunity_id:
  item_ids: {type: "text[]", label: Anuncios, description: Anuncios de una respuesta same o not_same.}
  role: {type: text, label: Papel, description: Papel de quien decidió.}
  decided_at: {type: timestamptz, label: Decidida el, description: Cuándo se decidió.}
  reason: {type: text, label: Razón, description: Razón escrita por la persona.}
  changed: {type: text, label: Cambios, description: "Campos que la persona cambió, en JSON."}
  seconds_spent: {type: bigint, label: Segundos, description: Tiempo dedicado.}
  snapshot_sha256:
--- */
select
    seq, decision_id, action, opportunity_id, item_ids, role, decided_at, reason, changed, seconds_spent,
    snapshot_sha256
from raw.decisions
