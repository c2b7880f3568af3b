/* ---
description: Lo que decidió el equipo, sin nombres de personas.
grain: [decision_id]
columns:
  decision_id:
  seq:
  action: {type: text, label: Acción, description: Qué se hizo.}
  opportunity_id:
  role: {type: text, label: Papel, description: Papel de quien decidió.}
  decided_at: {type: timestamptz, label: Decidida el, description: Cuándo se decidió.}
  reason: {type: text, label: Razón, description: Razón escrita por la persona.}
  changed: {type: text, label: Cambios, description: "Campos que la persona cambió, en JSON."}
  seconds_spent: {type: bigint, label: Segundos, description: Tiempo dedicado.}
  edit_share: {type: "decimal(18,4)", label: Parte del texto cambiada, description: "Parte de las palabras del borrador que la persona cambió, de 0 a 1; nulo donde no había borrador o no se midió."}
  snapshot_sha256:
checks:
  - no_personal_data: [reason, changed]
    advice: Una decisión lleva un correo, teléfono o número de documento de una persona. No se publica; decida de nuevo sin ese dato.
  - expression: action not in ('approve', 'amend') or snapshot_sha256 is not null
    name: approval_names_what_was_seen
    scope: set
    advice: Una aprobación no dice qué se aprobó. Ejecute `boi ledger verify` y avise a quien mantiene el sistema.
publish: [powerbi]
--- */
select decision_id, seq, action, opportunity_id, role, decided_at, reason, changed, seconds_spent, edit_share,
    snapshot_sha256
from staging.stg_decisions
