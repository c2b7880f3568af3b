/* ---
description: Los cierres de cada oportunidad hoy, con su instante.
grain: [opportunity_id, seq]
columns:
  opportunity_id:
  seq:
  stage:
  close_date:
  close_time:
  close_timezone:
  basis:
  close_at:
  open_until_at:
  notice_id:
--- */
select
    w.opportunity_id,
    d.seq,
    d.stage,
    d.close_date,
    d.close_time,
    d.timezone as close_timezone,
    d.basis,
    (d.close_date + d.close_time) at time zone coalesce(d.timezone, r.entity_timezone) as close_at,
    -- no hour printed: open until the end of that day where the source is
    coalesce(
        (d.close_date + d.close_time) at time zone coalesce(d.timezone, r.entity_timezone),
        (d.close_date + interval 1 day) at time zone coalesce(d.timezone, r.entity_timezone)
    ) as open_until_at,
    w.notice_id
from intermediate.int_winners w
join staging.stg_deadlines d on d.notice_id = w.notice_id
cross join staging.stg_run r
where w.unit = 'deadlines' and w.is_current
