/* ---
description: Los días festivos del país de la entidad.
grain: [calendar_date]
columns:
  calendar_date: {type: date, label: Fecha, description: Día festivo.}
--- */
select calendar_date from raw.holidays
