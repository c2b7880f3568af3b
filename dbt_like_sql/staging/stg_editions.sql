/* ---
description: Las ediciones cerradas.
grain: [edition_id]
columns:
  edition_id:
  edition_date: {type: date, label: Fecha, description: Día de la edición.}
  closed_at: {type: timestamptz, label: Cerrada el, description: Cuándo se cerró.}
  label: {description: "Semana ISO, por ejemplo 2026-W48."}
--- */
select edition_id, edition_date, closed_at, label from raw.editions
