/* ---
description: Los cierres de cada registro que una persona aprobó, con su instante.
grain: [snapshot_sha256, seq]
columns:
  snapshot_sha256:
  seq:
  close_date:
  close_time:
  close_timezone:
  close_at:
  open_until_at:
--- */
with told as (
    select
        snapshot_sha256,
        unnest(from_json(
            content -> 'deadlines',
            '[{"close_date": "DATE", "close_time": "TIME", "timezone": "VARCHAR", "seq": "BIGINT"}]'
        )) as d
    from staging.stg_snapshots
)
select
    t.snapshot_sha256,
    t.d.seq,
    t.d.close_date,
    t.d.close_time,
    t.d.timezone as close_timezone,
    (t.d.close_date + t.d.close_time) at time zone coalesce(t.d.timezone, run.entity_timezone) as close_at,
    -- no hour printed: open until the end of that day where the source is
    coalesce(
        (t.d.close_date + t.d.close_time) at time zone coalesce(t.d.timezone, run.entity_timezone),
        (t.d.close_date + interval 1 day) at time zone coalesce(t.d.timezone, run.entity_timezone)
    ) as open_until_at
from told t
cross join staging.stg_run run
