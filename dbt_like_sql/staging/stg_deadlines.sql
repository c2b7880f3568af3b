/* ---
description: Los cierres que indica cada aviso.
grain: [notice_id, seq]
columns:
  notice_id:
  seq:
  stage:
  close_date:
  close_time:
  timezone: {type: text, label: Zona horaria, description: "Zona IANA; nula si no se indica."}
  basis:
checks:
  - in_vocabulary: {stage: deadline_stages}
  - expression: timezone in (select name from pg_timezone_names())
    name: timezone_is_known
    advice: La zona horaria no existe. Revise la lectura.
  - expression: close_date between date '2000-01-01' and date '2100-12-31'
    name: close_date_is_plausible
    advice: La fecha de cierre es absurda. Revise la fuente y la lectura.
--- */
select r.notice_id, d.seq, d.stage, d.close_date, d.close_time, d.timezone, d.basis
from (
    select raw.readings.notice_id, unnest(raw.readings.deadlines) as d
    from raw.readings
    join staging.stg_readings using (notice_id, reader, reader_version, input_hash)
) r
