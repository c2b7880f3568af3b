/* ---
description: "Todos los cierres de cada oportunidad aprobada, como los aprobó una persona."
grain: [opportunity_id, seq]
columns:
  opportunity_id:
  code:
  title_es:
  seq:
  close_date:
  close_time:
  close_timezone:
  close_at:
  is_ahead: {type: boolean, label: Por venir, description: Si aún no ha pasado a la fecha de corte.}
checks:
  - not_null: [code, close_date]
  - references: {opportunity_id: marts.approved_opportunities.opportunity_id}
    scope: set
publish: {curated: opportunity_deadlines, open_data: deadlines}
--- */
select
    a.opportunity_id,
    a.code,
    a.title_es,
    d.seq,
    d.close_date,
    d.close_time,
    d.close_timezone,
    d.close_at,
    d.open_until_at > run.as_of as is_ahead
from marts.approved_opportunities a
join intermediate.int_snapshot_deadlines d using (snapshot_sha256)
cross join staging.stg_run run
